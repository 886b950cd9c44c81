"""What the model holds before any answer and after all of them, and what the answers taught."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    Block,
    Section,
    by_medium,
    figure,
    from_queries,
    from_run,
    heading,
    paragraph,
    section,
)
from precursor.report.words import pct

_TAUGHT = 14
_SEEN = (
    " “Seen if it holds”, “seen if not”: how probable that observation is if what it bears on happens, and if it does "
    "not."
)


def moved(data: Mapping[str, Any]) -> Section:
    """Return the section on what the answers changed."""
    spread = data["prior_predictive"]
    own, over_all = spread[0], spread[-1]
    entry = data["headline"][0]
    return section(
        "before-and-after",
        "Before and after the answers",
        paragraph(
            "What the model holds before any answer, what it holds after all of them, and what one more person would "
            "be expected to say.",
        ),
        figure(
            "headline",
            f"The answers moved deception from {pct(entry['prior']['mean'])} to {pct(entry['posterior']['mean'])} "
            f"({entry['bits']:.1f} bits).",
            "A thick bar as wide as the thin one above it: the answers said little. The dotted line is wider than the "
            "bar because people differ and are noisy; more experts would narrow the bar, not the line.",
            source=from_queries(*(e["query"] for e in data["headline"])),
            about=[e["query"] for e in data["headline"]],
        ),
        paragraph(
            "The prior is meant to take no side. In the argument’s own case it puts deception anywhere from "
            f"{pct(own['percentiles']['1'])} (1st percentile) to {pct(own['percentiles']['99'])} (99th), "
            f"{pct(own['share_below']['0.01'])} of it below 1 % and {pct(1 - own['share_below']['0.1'])} above 10 %; "
            f"with training regimes averaged, from {pct(over_all['percentiles']['1'])} to "
            f"{pct(over_all['percentiles']['99'])}.",
        ),
        figure(
            "prior_predictive",
            "Before any answer, both sides of the debate are possible.",
            "What the prior alone says of deception, in log-odds. Look for mass at the argument’s 1 % and at its "
            "critics’ tens of per cent.",
            source=from_queries(own["query"], over_all["query"]),
        ),
        *_learnt(data),
    )


def _learnt(data: Mapping[str, Any]) -> list[Block]:
    rows = data["parameters"]
    dominated = [p for p in rows if p["prior_dominated"]]
    most = sorted(rows, key=lambda p: -(p["bits"] or 0))[:_TAUGHT]
    return [
        heading("What the answers taught"),
        paragraph(
            f"The network has {len(rows)} parameters. On {len(data['untouched'])} no answer bears at all, and on "
            f"{len(dominated)} the answers taught less than a tenth of a bit: there the report shows the prior and "
            "nothing else. ",
            by_medium(
                "The HTML page lists all of them with the reason for each prior.",
                "All of them are listed below with the reason for each prior.",
                "all-parameters",
            ),
        ),
        figure(
            "parameters",
            "The answers taught most about these parameters.",
            "Thin and open: prior. Thick: posterior. Right: bits learnt."
            + (_SEEN if any(p["name"].startswith("p_indicator.") for p in most) else ""),
            source=from_run("posterior.nc"),
            about=[p["name"] for p in most if not p["prior_dominated"]],
        ),
    ]
