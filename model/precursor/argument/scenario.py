"""Scenarios: a named set of parameter values and, if wanted, a training regime, evaluated exactly without sampling."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from precursor.argument.nodes import ASSUMPTIONS
from precursor.argument.parameters import Parameter, ParameterSpace, parameter_space
from precursor.network.grammar import Event
from precursor.problems import InputError, Problem, did_you_mean, refuse_what_is_no_file

LARGEST_SCENARIO = 1_000_000
_SUM_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Scenario:
    """Parameter values by dotted name (complete), the regime set as ``do``, and which values are prior medians."""

    name: str
    parameters: Mapping[str, float]
    regime: Mapping[str, str] = field(default_factory=dict)
    defaults_used: tuple[str, ...] = ()


def read_scenario(path: Path, indicators: Mapping[str, Event] | None = None) -> Scenario:
    """Return the scenario in a TOML file.

    Raises `InputError` with every problem: unreadable file, unknown name (with the nearest), value out of range,
    distribution that does not sum to one.
    """
    try:
        document = tomllib.loads(_content(path).decode("utf-8"))
    except InputError:
        raise
    # Besides what is no TOML: numbers of thousands of digits, and brackets in brackets without end.
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(Problem(f"Cannot read the scenario: {error}.", file=path.name)) from error
    return make_scenario(document, indicators, default_name=path.stem, file=path.name)


def _content(path: Path) -> bytes:
    refuse_what_is_no_file(path, "a scenario's .toml file")
    with path.open("rb") as stream:
        content = stream.read(LARGEST_SCENARIO + 1)
    if len(content) > LARGEST_SCENARIO:
        raise InputError(Problem("The scenario is too large.", f"up to {LARGEST_SCENARIO:,} bytes", path.name))
    return content


def make_scenario(
    document: Mapping[str, Any],
    indicators: Mapping[str, Event] | None = None,
    *,
    default_name: str = "scenario",
    file: str | None = None,
) -> Scenario:
    """Return the scenario in a parsed document with the keys ``name``, ``parameters``, ``regime``."""
    space = parameter_space(indicators)
    problems = [
        Problem(
            f"There is no key {key!r} in a scenario.", allowed="name, description, [parameters], [regime]", file=file
        )
        for key in document
        if key not in {"name", "description", "parameters", "regime"}
    ]
    tables = {key: document.get(key, {}) for key in ("parameters", "regime")}
    problems += [
        Problem(f"{key!r} must be a table.", allowed=f"[{key}]", file=file)
        for key, table in tables.items()
        if not isinstance(table, Mapping)
    ]
    if problems:
        raise InputError(problems)
    given = dict(_flat(tables["parameters"]))
    problems = [*_parameter_problems(given, space, file), *_regime_problems(tables["regime"], file)]
    if problems:
        raise InputError(problems)
    values = {**space.medians(), **{name: float(value) for name, value in given.items()}}
    missing = tuple(sorted(name for name in space.names if name not in given))
    return Scenario(str(document.get("name", default_name)), values, dict(tables["regime"]), missing)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _parameter_problems(given: Mapping[str, Any], space: ParameterSpace, file: str | None) -> Iterator[Problem]:
    known = {parameter.name: parameter for parameter in space.parameters}
    for name, value in given.items():
        if name not in known:
            yield Problem(f"There is no parameter {name!r}.", allowed=did_you_mean(name, known), file=file)
        elif problem := _value_problem(known[name], value):
            yield Problem(f"{name} = {value!r}: {problem[0]}.", allowed=problem[1], file=file)
    groups = {parameter.group for parameter in space.parameters if parameter.scale == "simplex"}
    for group in sorted(groups):
        members = [name for name in known if name.startswith(f"{group}.") and known[name].group == group]
        present = [name for name in members if name in given]
        if present and len(present) < len(members):
            absent = ", ".join(name for name in members if name not in given)
            yield Problem(
                f"{group} needs every state; {absent} is missing.", allowed="all states, summing to one", file=file
            )
        elif present and all(_is_number(given[name]) for name in members):
            total = sum(float(given[name]) for name in members)
            if not abs(total - 1.0) <= _SUM_TOLERANCE:
                yield Problem(f"{group} sums to {total:.6g}.", allowed="states summing to one", file=file)


def _value_problem(parameter: Parameter, value: Any) -> tuple[str, str] | None:  # noqa: ANN401 - anything TOML can hold
    if not _is_number(value):
        return "not a number", "a finite number"
    number = float(value)
    if parameter.scale == "log":
        return (
            None if math.isfinite(number) and number >= 0 else ("not a finite non-negative number", "0 or more, finite")
        )
    if not 0.0 <= number <= 1.0:
        return "not a probability", "0 to 1"
    if parameter.hazard and number >= 1.0:
        return "a probability that stands for a hazard must be below one", "0 to below 1"
    return None


def _is_number(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, int | float) and not isinstance(value, bool)


def _regime_problems(regime: Mapping[str, Any], file: str | None) -> Iterator[Problem]:
    for node, state in regime.items():
        if node not in ASSUMPTIONS:
            yield Problem(
                f"[regime]: {node!r} is not an assumption.", allowed=did_you_mean(node, ASSUMPTIONS), file=file
            )
        elif state not in ASSUMPTIONS[node]:
            yield Problem(
                f"[regime]: {node!r} has no state {state!r}.", allowed=" or ".join(ASSUMPTIONS[node]), file=file
            )
