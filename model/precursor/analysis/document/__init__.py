"""The report's one document (``report.json``): its parts, each computed from a run, and their assembly."""
