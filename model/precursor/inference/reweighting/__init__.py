"""Reweighting a run's draws: smoothed importance weights, and the density of answers that a run has not seen."""
