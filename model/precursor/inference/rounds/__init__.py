"""Rounds: who moved between them, and towards whom."""
