"""The one document from which every number of the report comes (``report.json``).

Keys: ``schema``; ``run`` (name, draws, whether quick, converged, synthetic); ``headline``; ``stances`` and
``stance_range``; ``nodes`` and ``edges``; ``emergence``; ``pathways``; ``regimes``; ``parameters`` and ``untouched``;
``prior_predictive``; ``judgements`` and ``whose``; ``decisions`` (the headline under others), ``scales`` and
``experts`` (what is decided and learned of who answers); ``audit``; ``held_out`` (authors' bottom lines); ``waiting``
(answers that are not fitted); ``surveys``; ``checks``; ``provenance``; ``labels`` (plain words for
names); ``analyses`` (see `report_analyses`); ``drivers`` and ``cautions`` of page one.  `precursor.report` adds
``document``: what the pages say, block by block.

An estimate is ``{mean, median, low, high}`` with an equal-tailed 90 % interval; where it answers a query, ``query`` is
the query's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.analysis.answers import RunLike, answers_of
from precursor.analysis.document import emergence, headline, nodes, regimes
from precursor.analysis.document.drivers import cautions, drivers
from precursor.analysis.document.experts import judgements, whose
from precursor.analysis.estimates import plain
from precursor.analysis.pathways import pathways
from precursor.analysis.sensitivity.learning import parameters
from precursor.analysis.words.labels import LABELS

SCHEMA = "precursor-report/2"
_SECTIONS = (headline, nodes, emergence, pathways, regimes)


def report_data(run: RunLike, analyses: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return every number of the report, as JSON can hold it (see the module for the keys).

    Parameters
    ----------
    analyses
        What `precursor.analysis.document.report_analyses.analyses` found, if it was asked.
    """
    answers = answers_of(run, (query for section in _SECTIONS for query in section.queries()))
    summary = run.summary
    rows, stances = judgements(run.judgements), headline.stances(summary.get("stances", []))
    unconstrained = run.draws()
    data = plain(
        {
            "schema": SCHEMA,
            "run": _run(run, len(unconstrained), rows),
            "headline": headline.headline(answers, summary.get("headline", []), headline.prior_of(stances)),
            "stances": stances,
            "stance_range": {id_: headline.stance_range(stances, id_) for id_ in ("deceptive", "catastrophe")},
            "nodes": nodes.nodes(answers),
            "edges": nodes.edges(),
            "emergence": {**emergence.emergence(answers), "correction_window": emergence.correction_window(run)},
            "pathways": pathways.pathways(answers),
            "regimes": regimes.regimes(answers),
            "parameters": parameters(answers, unconstrained, set(run.untouched)),
            "untouched": sorted(run.untouched),
            "prior_predictive": headline.prior_predictive(answers),
            "judgements": rows,
            "whose": whose(rows),
            "decisions": headline.decisions(summary.get("decisions", [])),
            "scales": summary.get("scales", []),
            "experts": summary.get("experts", []),
            "audit": summary.get("audit"),
            "held_out": summary.get("stated", []),
            "waiting": summary.get("waiting", []),
            "surveys": summary.get("surveys", []),
            "checks": summary.get("checks", []),
            "provenance": run.provenance,
            "labels": dict(LABELS),
            "analyses": dict(analyses or {}),
        }
    )
    return {**data, "drivers": drivers(data), "cautions": cautions(data)}


def _run(run: RunLike, draws: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    surveys = run.summary.get("surveys", [])
    synthetic = [survey["id"] for survey in surveys if survey.get("synthetic")]
    return {
        "name": run.name,
        "draws": draws,
        "quick": bool(run.summary.get("quick", False)),
        "converged": bool(run.summary.get("converged", False)),
        "synthetic": bool(synthetic) or any(row.get("synthetic") for row in rows),
        "synthetic_surveys": synthetic,
        "indicators": run.indicators,
    }
