"""Every query that the report needs, answered once over the prior's draws and once over the posterior's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import xarray as xr

from precursor.analysis.estimates import by_state, estimate, evenly, learned
from precursor.argument.answer import answer_over
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.network.grammar import parse_event, parse_query

MOST_PRIOR_DRAWS = 2000
Values = np.ndarray | dict[str, np.ndarray]


class RunLike(Protocol):
    """What the analysis reads of a run (see `precursor.inference.runs.run.Run`)."""

    @property
    def name(self) -> str:
        """The run's name."""

    @property
    def folder(self) -> Path:
        """Where it lies."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """What ``summary.json`` holds."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What ``provenance.json`` holds."""

    @property
    def indicators(self) -> Mapping[str, str]:
        """By indicator, the event it bears on."""

    @property
    def judgements(self) -> xr.Dataset:
        """Every answer that was fitted, and what the model expected."""

    @property
    def untouched(self) -> Sequence[str]:
        """Parameters that no answer informs."""

    def draws(self) -> np.ndarray:
        """Return posterior draws of the unconstrained parameters, (draws, parameters)."""

    def prior_draws(self) -> np.ndarray:
        """Return prior draws, likewise."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by query text, over prior and posterior draws, and the draws themselves.

    ``prior_parameters`` and ``posterior_parameters`` are natural values, (draws, parameters), in the order of
    ``space``; row i belongs to draw i of every answer.
    """

    space: ParameterSpace
    prior: Mapping[str, Values]
    posterior: Mapping[str, Values]
    prior_parameters: np.ndarray
    posterior_parameters: np.ndarray

    def values(self, query: str) -> np.ndarray:
        """Return the posterior draws of a query with one value."""
        found = self.posterior[query]
        if isinstance(found, dict):
            raise TypeError(f"{query} has a distribution, not one value.")
        return found

    def prior_values(self, query: str) -> np.ndarray:
        """Return the prior draws of a query with one value."""
        found = self.prior[query]
        if isinstance(found, dict):
            raise TypeError(f"{query} has a distribution, not one value.")
        return found

    def states(self, query: str) -> dict[str, np.ndarray]:
        """Return the posterior draws of a distribution query, by state."""
        found = self.posterior[query]
        if not isinstance(found, dict):
            raise TypeError(f"{query} has one value, not a distribution.")
        return found

    def both(self, query: str) -> dict[str, Any]:
        """Return ``{query, prior, posterior}``: estimates, or lists of estimates by state."""
        sides = {"prior": self.prior[query], "posterior": self.posterior[query]}
        found = {"query": query} | {
            name: by_state(values) if isinstance(values, dict) else estimate(values) for name, values in sides.items()
        }
        return found | _learned(*sides.values())


def _learned(before: Values, after: Values) -> dict[str, Any]:
    """Return what was learned of a value, or of the state of a distribution of which most was learned."""
    if isinstance(before, dict) and isinstance(after, dict):
        return max((learned(before[state], after[state]) for state in after), key=lambda found: float(found["bits"]))
    assert isinstance(before, np.ndarray)
    assert isinstance(after, np.ndarray)
    return learned(before, after)


def answers_of(run: RunLike, queries: Iterable[str]) -> Answers:
    """Return the answers of a run to queries of the grammar, each asked once."""
    texts = list(dict.fromkeys(queries))
    trees = [parse_query(text) for text in texts]
    indicators = {name: parse_event(about) for name, about in run.indicators.items()}
    space = parameter_space(indicators)
    posterior, prior = run.draws(), evenly(run.prior_draws(), MOST_PRIOR_DRAWS)
    return Answers(
        space,
        dict(zip(texts, answer_over(trees, space, prior, indicators), strict=True)),
        dict(zip(texts, answer_over(trees, space, posterior, indicators), strict=True)),
        space.natural(prior),
        space.natural(posterior),
    )
