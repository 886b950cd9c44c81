"""Every parameter before and after, for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.analysis.words.parameter_words import parameter_words
from precursor.report.blocks import Section, code, from_run, row, section, table
from precursor.report.words import NONE, upper_first, value, values_between


def every_parameter(data: Mapping[str, Any]) -> Section:
    """Return the section on every parameter, with the reason for its prior."""
    return section(
        "all-parameters",
        "Every parameter",
        table(
            "all-parameters",
            "Every parameter before and after, with the reason for its prior.",
            "Medians and 90 %.",
            head=("Parameter|l*", "Prior|r", "90 %|r", "Posterior|r", "90 %|r", "Bits|r", "Why this prior|l"),
            rows=_rows(data),
            source=from_run("posterior.nc"),
        ),
        place="page",
    )


def _rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        row(
            [upper_first(parameter_words(p["name"])), " ", code(p["name"])],
            value(p["scale"], p["prior"]["median"]),
            values_between(p["scale"], p["prior"]),
            value(p["scale"], p["posterior"]["median"]),
            values_between(p["scale"], p["posterior"]),
            NONE if p["bits"] is None else f"{p['bits']:.2f}",
            p["reason"],
            about=[p["name"]],
        )
        for p in data["parameters"]
    ]
