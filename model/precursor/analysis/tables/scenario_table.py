"""A scenario laid out: its values, its regime, and what the headline quantities are under it; two of them compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from precursor.analysis.queries import HEADLINE
from precursor.argument.scenario import Scenario
from precursor.elicitation.store import find_root
from precursor.inference.ask import ask
from precursor.inference.scenarios import (
    defaults_used,
    indicator_of,
    open_scenario,
    scenario_files,
    shared_indicators,
)
from precursor.problems import InputError

Row = dict[str, Any]


def read(name_or_path: str, root: str | Path | None = None) -> Scenario:
    """Return a scenario by name or path, with the shared indicators."""
    data = find_root(root)
    return open_scenario(data, name_or_path, shared_indicators(data))


def scenario_rows(root: str | Path | None = None) -> list[Row]:
    """Return one row a scenario of the data folder; one that cannot be used has its name and ``errors``."""
    return [_row(name, root) for name in scenario_files(find_root(root))]


def described(scenario: Scenario, root: str | Path | None = None) -> Row:
    """Return a scenario's parameters, regime, defaults and headline; indicators only where it gives them a value."""
    return {
        "scenario": scenario.name,
        "parameters": _parameters(scenario),
        "regime": dict(scenario.regime),
        "defaults_used": defaults_used(scenario),
        "headline": headline(scenario, root),
    }


def compared(a: Scenario, b: Scenario, root: str | Path | None = None) -> Row:
    """Return where two scenarios differ, in parameters and regime, and the headline under both."""
    sides = zip(headline(a, root), headline(b, root), strict=True)
    return {
        "a": a.name,
        "b": b.name,
        "parameters": [{"parameter": name, "a": x, "b": y} for name, x, y in _apart(_parameters(a), _parameters(b))],
        "regime": [{"node": node, "a": x, "b": y} for node, x, y in _apart(dict(a.regime), dict(b.regime))],
        "headline": [{"query": x["query"], "a": x["probability"], "b": y["probability"]} for x, y in sides],
    }


def headline(scenario: Scenario, root: str | Path | None = None) -> list[Row]:
    """Return the probability of every headline query; ``None`` where the scenario's regime rules its evidence out."""
    return [{"query": text, "probability": _probability(text, scenario, root)} for _, text in HEADLINE.values()]


def _probability(text: str, scenario: Scenario, root: str | Path | None) -> float | None:
    try:
        (answer,) = ask([text], scenario=scenario, root=root).answers
    except InputError:
        return None
    assert isinstance(answer.value, float)
    return answer.value


def _row(name: str, root: str | Path | None) -> Row:
    try:
        scenario = read(name, root)
    except InputError as error:
        return {"name": name, "errors": [problem.as_json() for problem in error.problems]}
    defaults = defaults_used(scenario)
    given = len(_parameters(scenario)) - len(defaults)
    return {"name": name, "parameters": given, "defaults": len(defaults), "regime": dict(scenario.regime), "errors": []}


def _parameters(scenario: Scenario) -> dict[str, float]:
    unused = {name for name in scenario.defaults_used if indicator_of(name) is not None}
    return {name: value for name, value in scenario.parameters.items() if name not in unused}


def _apart(left: dict[str, Any], right: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the keys whose values differ, in order, with both values; ``None`` where there is none."""
    names = list(dict.fromkeys([*left, *right]))
    return [(name, left.get(name), right.get(name)) for name in names if left.get(name) != right.get(name)]
