"""What a source would answer with some of its parameters set to given values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from precursor.analysis.estimates import estimate, plain
from precursor.analysis.pathways.interventions import effect
from precursor.analysis.sources import Source, log_odds_over, natural_of, parse_single, unconstrained_of
from precursor.argument.scenario import make_scenario
from precursor.problems import InputError, Problem


def with_settings(source: Source, texts: Sequence[str], settings: Sequence[str]) -> dict[str, Any]:
    """Return ``{source, set, answers: [{query, before, after, effect}]}``, estimates over the source's draws.

    Parameters
    ----------
    settings
        Each ``parameter=value``, natural scale.

    Raises
    ------
    InputError
        For an unknown parameter, a value outside its range, or a single state of a distribution.
    """
    values = read_settings(settings, source)
    natural = np.repeat(source.space.natural(source.space.mean)[None, :], 1, axis=0)
    positions = [source.space.names.index(name) for name in values]
    natural[0, positions] = list(values.values())
    moved = np.array(source.unconstrained)
    moved[:, positions] = unconstrained_of(source.space, natural)[0, positions]
    after = replace(source, unconstrained=moved)
    rows = []
    for text in texts:
        query = parse_single(text, source.indicators)
        both = [
            natural_of(query, one.space, log_odds_over([query], one, allow_certain=True)[:, 0])
            for one in (source, after)
        ]
        rows.append(
            {
                "query": text,
                "before": estimate(both[0]),
                "after": estimate(both[1]),
                "effect": effect(both[1] - both[0]),
            }
        )
    return plain({"source": source.name, "kind": source.kind, "set": values, "answers": rows})


def read_settings(settings: Sequence[str], source: Source) -> dict[str, float]:
    """Return the values of ``parameter=value`` settings by name, checked like a scenario's."""
    values: dict[str, float] = {}
    problems = []
    for text in settings:
        name, equals, number = text.partition("=")
        try:
            values[name.strip()] = float(number)
        except ValueError:
            problems.append(Problem(f"--set {text!r} is not a setting.", "parameter=number"))
            continue
        if not equals:
            problems.append(Problem(f"--set {text!r} is not a setting.", "parameter=number"))
    if problems:
        raise InputError(problems)
    make_scenario({"parameters": values}, source.indicators)
    return values
