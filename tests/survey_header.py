"""The header of a survey that a test makes up."""

from __future__ import annotations


def header(id_: str | None = None, protocol: str = "single_round") -> str:
    """Return the text of a `survey.toml`: every required key, the id only if one is given."""
    named = f'id = "{id_}"\n' if id_ else ""
    return f"""{named}title = "A survey"
population = "people"
protocol = "{protocol}"
elicited = "May 2024"
source = "made up"
licence = "CC0"
synthetic = true
fit_by_default = false
"""
