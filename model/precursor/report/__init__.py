"""The report: a run's one document of numbers, set by Typst into an accessible PDF."""
