"""Rows for a terminal and for pages: of fits, runs, scenarios and rounds."""
