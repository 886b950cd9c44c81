"""Exact marginalisation: one algorithm, run on numbers (a scenario, or many draws) or recorded as a circuit."""
