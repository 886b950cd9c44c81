"""Precursor."""
