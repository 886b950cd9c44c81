"""The names of a survey's files."""

from __future__ import annotations

HEADER, QUESTIONS, INDICATORS = "survey.toml", "questions.toml", "indicators.toml"
RESPONSES, SUMMARIES, EXPERTS = "responses.csv", "summaries.csv", "experts.csv"
# What is left of a survey that was retracted.
TOMBSTONE = "retracted.toml"
