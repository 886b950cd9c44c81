"""The three things that drive a run's numbers and the three that caution against them, computed for page one.

Numbers and names only: what is said of them is the report's.  Where an analysis is missing, another driver takes its
place, so that there are always three of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from precursor.analysis.queries import DECEPTIVE
from precursor.analysis.words.parameter_groups import group_of
from precursor.analysis.words.parameter_words import parameter_words

Document = Mapping[str, Any]
COUNT = 3


def drivers(data: Document) -> list[dict[str, Any]]:
    """Return what moves the numbers most: three entries, each with its ``kind``.

    ``uncertainty``: the group of beliefs with the largest share of the variance of deception's log-odds, and within it
    the parameter whose 5-95 % moves it furthest.  ``pathway``: the largest share of the existential risk.  ``gap``: the
    group with most of the gap between the two sides.  In their place, if need be, ``training``: the training choice
    with the largest difference; ``learned``: the parameter that the answers taught most.
    """
    return list(islice(_drivers(data), COUNT))


def cautions(data: Document) -> list[dict[str, Any]]:
    """Return what to doubt first: three entries, each with its ``kind``.

    ``outcomes``: what no outcome has checked, with the range of the headline under other decisions.  ``voices``: how
    much is our reading of how few.  ``prior``: what the answers hardly touched, headline quantities first.
    """
    return [_outcomes(data), _voices(data), _prior(data)]


def _drivers(data: Document) -> Iterator[dict[str, Any]]:
    found = data["analyses"]
    if _has(found, "sensitivity"):
        yield _uncertainty(found["sensitivity"]["queries"][0])
    rows = data["pathways"]["pathways"]
    largest = max(rows, key=lambda row: row["share_of_total"])
    deception = next(row for row in rows if row["pathway"] == "deception_catastrophe")
    yield {
        "kind": "pathway", "pathway": largest["pathway"], "share": largest["share_of_total"],
        "deception": deception["share_of_total"],
    }  # fmt: skip
    if _has(found, "difference") and found["difference"]["groups"]:
        yield _gap(found["difference"])
    yield _training(data)
    yield _learned(data)


def _has(found: Document, name: str) -> bool:
    return bool(found.get(name, {}).get("available"))


def _uncertainty(query: Document) -> dict[str, Any]:
    group = query["shapley_effects"]["groups"][0]
    own = [bar for bar in query["tornado"] if group_of(bar["parameter"]) == group["group"]]
    bar = max(own or query["tornado"], key=lambda bar: abs(bar["moved"]["swing"]))
    return {
        "kind": "uncertainty", "query": query["query"], "group": group["group"], "meaning": group["meaning"],
        "share": group["share"], "parameter": bar["parameter"], "words": parameter_words(bar["parameter"]),
        "low": bar["low"], "high": bar["high"], "at_low": bar["moved"]["low"], "at_high": bar["moved"]["high"],
    }  # fmt: skip


def _gap(found: Document) -> dict[str, Any]:
    group = max(found["groups"], key=lambda row: row["share"] / found["gap"] if found["gap"] else 0.0)
    return {
        "kind": "gap", "query": found["query"], "a": found["a"]["name"], "b": found["b"]["name"],
        "at_a": found["a"]["answer"], "at_b": found["b"]["answer"], "group": group["group"],
        "meaning": group["meaning"], "share": group["share"] / found["gap"] if found["gap"] else 0.0,
    }  # fmt: skip


def _training(data: Document) -> dict[str, Any]:
    rows = [
        (abs(state["against_reference"]["mean"]), group["assumption"], state)
        for group in data["regimes"]
        for state in group["states"]
        # Without such examples nothing counts as deception: a matter of definition, not a way of training.
        if not state["reference"] and group["assumption"] != "differential_adversarial_examples"
    ]
    _, assumption, state = max(rows, key=lambda row: row[0])
    return {
        "kind": "training", "query": state["query"], "assumption": assumption, "state": state["state"],
        "difference": state["against_reference"], "posterior": state["posterior"],
    }  # fmt: skip


def _learned(data: Document) -> dict[str, Any]:
    row = max(data["parameters"], key=lambda row: row["bits"] or 0.0)
    keys = ("name", "words", "scale", "bits", "prior", "posterior")
    return {"kind": "learned", **{key: row[key] for key in keys}}


def _outcomes(data: Document) -> dict[str, Any]:
    ranges = {}
    for id_ in ("deceptive", "catastrophe"):
        means = [d["headline"][id_]["posterior"]["mean"] for d in data["decisions"] if id_ in d["headline"]]
        ranges[id_] = {"low": min(means), "high": max(means)} if len(means) > 1 else None
    unsound = sum(not d["converged"] for d in data["decisions"])
    return {"kind": "outcomes", "seeds": data["whose"]["seeds"], "decisions": ranges, "not_converged": unsound}


def _voices(data: Document) -> dict[str, Any]:
    whose = data["whose"]
    keys = ("answers", "people", "our_reading", "about_training", "most_about_training")
    return {"kind": "voices", **{key: whose[key] for key in keys}}


def _prior(data: Document) -> dict[str, Any]:
    rows = data["parameters"]
    sensitivity = data["analyses"].get("sensitivity", {})
    pulls = {
        query["query"]: query["power_scaling"]["diagnosis"]
        for query in (sensitivity["queries"] if sensitivity.get("available") else [])
    }
    return {
        "kind": "prior",
        "parameters": len(rows),
        "dominated": sum(row["prior_dominated"] for row in rows),
        "headline": [entry["id"] for entry in data["headline"] if entry["prior_dominated"]],
        "diagnosis": pulls.get(DECEPTIVE),
    }
