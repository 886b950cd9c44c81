"""One file a section of the report: data in, blocks out."""
