"""Fitting, and what is read off a fit: its checks, the headline, stances, other decisions, weights of structures."""
