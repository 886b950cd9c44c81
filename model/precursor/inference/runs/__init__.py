"""A finished fit on disk: its files, its summary, and the tables that it holds."""
