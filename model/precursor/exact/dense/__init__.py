"""Exact sums of products of dense tables: order of elimination, plan of contractions, sweeps, maximisation."""
