"""Checks of the fits themselves: simulated answers fitted again, many times (`campaigns`)."""
