"""The headline quantities: probability, interval, next expert, shares below 1, 5, 10 %; and the prior beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate, learned, share_below
from precursor.analysis.queries import DECEPTIVE, DECEPTIVE_AT_REFERENCE, HEADLINE, meaning
from precursor.inference.runs.stance_draws import PRIOR

_NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
_PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
_OF_A_STANCE = ("name", "title", "description", "surveys", "quick", "converged")


def queries() -> list[str]:
    """Return the queries that this page needs."""
    return [query for _, query in HEADLINE.values()]


def headline(
    answers: Answers, stated: Sequence[Mapping[str, Any]], before: Mapping[str, Mapping[str, Any]] = _NOTHING
) -> list[dict[str, Any]]:
    """Return one entry per headline quantity.

    Parameters
    ----------
    stated
        The run's own headline (``summary.json``): the next expert is only there, and its figures take precedence, so
        that no quantity has two values.
    before
        Likewise, by the quantity's id, what the run's own stance of the prior alone says of it.
    """
    known = {meaning(item["query"]): item for item in stated}
    return [
        _entry(answers, id_, known.get(meaning(query), {}), before.get(id_, {})) for id_, (_, query) in HEADLINE.items()
    ]


def _entry(answers: Answers, id_: str, known: Mapping[str, Any], prior: Mapping[str, Any]) -> dict[str, Any]:
    label, query = HEADLINE[id_]
    values, before = answers.values(query), answers.prior_values(query)
    own = {key: prior["posterior"][key] for key in estimate(before) if prior}
    return {
        "id": id_,
        **learned(before, values),
        "label": label,
        "query": query,
        "prior": {
            **estimate(before),
            **own,
            **known.get("prior", {}),
            "share_below": {**share_below(before), **prior.get("share_below", {})},
        },
        "posterior": {**estimate(values), **known.get("posterior", {})},
        "share_below": {**share_below(values), **known.get("share_below", {})},
        "next_expert": known.get("next_expert"),
    }


def stances(stated: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each stance with its estimate of every headline quantity it has, by the quantity's id."""
    found = []
    for stance in stated:
        known = _by_id(stance.get("headline", []))
        found.append({**{key: stance.get(key) for key in _OF_A_STANCE}, "headline": known})
    return found


def prior_of(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """Return what the stance of the prior alone says of each headline quantity, nothing without such a stance."""
    return next((stance["headline"] for stance in found if stance["name"] == PRIOR), _NOTHING)


def decisions(stated: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the headline under each set of decisions, its estimates by the quantity's id."""
    return [{**entry, "headline": _by_id(entry["headline"])} for entry in stated]


def _by_id(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    ids = ids_of_queries([item["query"] for item in items])
    return {id_: item for id_, item in zip(ids, items, strict=True) if id_}


def ids_of_queries(queries: Sequence[str]) -> list[str | None]:
    """Return the id of the headline quantity that each query means, ``None`` for others."""
    ids = {meaning(query): id_ for id_, (_, query) in HEADLINE.items()}
    return [ids.get(meaning(query)) for query in queries]


def stance_range(found: Sequence[Mapping[str, Any]], id_: str = "deceptive") -> dict[str, Any] | None:
    """Return the lowest and the highest probability (posterior mean) that any stance gives a headline quantity."""
    means = [(s["headline"][id_]["posterior"]["mean"], s["title"]) for s in found if id_ in s["headline"]]
    if not means:
        return None
    (low, lowest), (high, highest) = min(means), max(means)
    return {"id": id_, "low": low, "lowest": lowest, "high": high, "highest": highest}


def prior_predictive(answers: Answers) -> list[dict[str, Any]]:
    """Return what the prior alone says of deception, at the reference assumptions and over all regimes.

    ``log10_odds`` is a histogram (share of draws by bin) of the base-10 log-odds.
    """
    return [
        {"label": label, **prior_spread(answers.prior_values(query), query)}
        for label, query in (("Reference assumptions", DECEPTIVE_AT_REFERENCE), ("All regimes", DECEPTIVE))
    ]


def prior_spread(values: np.ndarray, query: str) -> dict[str, Any]:
    """Return percentiles, shares below 1, 5, 10 % and a histogram of the log-odds of prior draws."""
    edges = np.linspace(-6.0, 3.0, 37)
    odds = np.clip(np.log10(values) - np.log1p(-values) / np.log(10), edges[0], edges[-1])
    counts, _ = np.histogram(odds, edges)
    percentiles = np.percentile(values, _PERCENTILES)
    return {
        "query": query,
        "percentiles": {str(level): float(value) for level, value in zip(_PERCENTILES, percentiles, strict=True)},
        "share_below": share_below(values),
        "log10_odds": {"edges": edges.tolist(), "share": (counts / len(values)).tolist()},
    }
