"""What moved between two posteriors, and who moved it: the path attribution, from their draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from precursor.argument.answer import record_odds
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.inference.comparison.bridges import Population, Say, bridged
from precursor.inference.comparison.changes import Changes, changes_between
from precursor.inference.comparison.path import Legs, Pooled, Split, jackknife_error, split
from precursor.inference.comparison.sides import Bridge, Side, bridge_between, difference_at, effects_of_side
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.reweighting.effects import Effects
from precursor.network.grammar import Event, parse_query

MOST_DRAWS, FEWEST_DRAWS, _CELLS = 2000, 600, 400_000
LEAST_EFFECTIVE = 100.0
_SEED = 20_240_229
_BLOCKS = 20


@dataclass(frozen=True)
class Move:
    """How one quantity moved, on one scale: ``scale`` is ``probability`` or ``log_odds``.

    ``before``, ``after`` are draws, (draw,); ``parts``, ``errors`` the players' parts, (player,); ``structure`` what
    the same answers, otherwise surrounded, did; ``residual`` what remains of the difference of means.
    """

    query: str
    scale: str
    before: np.ndarray
    after: np.ndarray
    parts: np.ndarray
    errors: np.ndarray
    structure: float
    structure_error: float
    residual: float
    error: float

    @property
    def change(self) -> float:
        """The difference of the means."""
        return float(self.after.mean() - self.before.mean())


@dataclass(frozen=True)
class ParameterMove:
    """How a parameter moved: ``shift`` of its mean in prior standard deviations; the medians on its natural scale."""

    name: str
    shift: float
    shift_error: float
    before: float
    after: float


@dataclass(frozen=True)
class Comparison:
    """Two posteriors compared.

    ``moves`` come in pairs, probability and log-odds of each query.  ``split`` has the errors of sums of parts; its
    functions are in the order of the moves.  ``implied`` is, by query of the changed answers, the mean log-odds (for a
    ratio its log) before and after.  ``bridges`` counts the populations that were needed in between.
    """

    names: tuple[str, str]
    changes: Changes
    queries: tuple[str, ...]
    moves: tuple[Move, ...]
    split: Split
    implied: dict[str, tuple[float, float]]
    parameters: tuple[ParameterMove, ...]
    draws: tuple[int, int]
    bridges: int

    @property
    def trusted(self) -> bool:
        """Whether the two posteriors overlap enough for the split to be believed."""
        return not self.changes.players or self.split.least_effective >= LEAST_EFFECTIVE


def compare_sides(
    before: Side, after: Side, queries: Sequence[str] = HEADLINE, *, say: Say | None = None
) -> Comparison:
    """Return what moved from one posterior to another, and who moved it; ``say`` is told what takes time."""
    changes = changes_between(before.surveys, after.surveys, (before.decisions, after.decisions))
    bridge = bridge_between(changes)
    # A comparison from nothing evaluates every answer in many orders: then fewer draws do.
    most = int(np.clip(_CELLS // max(len(bridge.union.rows), 1), FEWEST_DRAWS, MOST_DRAWS))
    thin = before.thinned(most), after.thinned(most)
    rng = np.random.default_rng(_SEED)
    observed = changes.before.observations, changes.after.observations
    effects = [
        bridge.completed(effects_of_side(side, own, bridge.asked), rng)
        for side, own in zip(thin, observed, strict=True)
    ]
    population = _population(bridge, effects, rng, say or (lambda _message: None))
    pooled, source = population.effects, population.source
    quantities = bridge.quantities(pooled)
    difference = difference_at(bridge, pooled, quantities)
    indicators = changes.union.indicators
    space = parameter_space(indicators)
    functions = headline_functions(queries, space, indicators, pooled)
    zero = np.zeros(pooled.draws)
    found = split(
        functions,
        Pooled(np.outer(population.states, difference.total), source),
        Legs(zero, difference.restructured, difference.parts, difference.total),
    )
    parameters = [_parameters(side, space, rng) for side in (before, after)]
    everything = [headline_functions(queries, space, indicators, found_there) for found_there in parameters]
    return Comparison(
        (before.name, after.name),
        changes,
        tuple(queries),
        tuple(_move(i, queries, everything, found) for i in range(len(functions))),
        found,
        _implied(bridge.union.plan.quantities.names, quantities, source),
        _parameter_moves(space, *parameters),
        (len(before.latent), len(after.latent)),
        len(population.states) - 2,
    )


def _population(bridge: Bridge, effects: Sequence[Effects], rng: np.random.Generator, say: Say) -> Population:
    """Return the draws of both sides, with populations in between where they are needed."""
    pooled = effects[0].joined(effects[1])
    source = np.repeat([0, 1], [side.draws for side in effects])
    total = difference_at(bridge, pooled, bridge.quantities(pooled), divided=False).total
    return bridged(bridge, Population(pooled, total, source, np.array([0.0, 1.0])), rng, say)


def headline_functions(
    queries: Sequence[str], space: ParameterSpace, indicators: dict[str, Event], effects: Effects
) -> np.ndarray:
    """Return probabilities, then log-odds, of each query at draws of the parameters' effects, (2 queries, draw)."""
    latent = np.stack([effects.values[f"parameter: {name}"] for name in space.latents], axis=1)
    circuit = record_odds([parse_query(text) for text in queries], space, indicators)
    masses = circuit.evaluate(space.mean + latent @ space.loadings.T)
    log_odds = np.log(masses[:, 0::2]) - np.log(masses[:, 1::2])
    return np.concatenate([0.5 * (1.0 + np.tanh(0.5 * log_odds)), log_odds], axis=1).T


def _parameters(side: Side, space: ParameterSpace, rng: np.random.Generator) -> Effects:
    """Return a side's draws of the parameters; of those that it does not have, draws of the prior."""
    at = {name: i for i, name in enumerate(side.names)}
    wanted = [f"parameter: {name}" for name in space.latents]
    values = {
        name: side.latent[:, at[name]] if name in at else rng.standard_normal(len(side.latent)) for name in wanted
    }
    return Effects(len(side.latent), values)


def _parameter_moves(space: ParameterSpace, before: Effects, after: Effects) -> tuple[ParameterMove, ...]:
    """Return every parameter with a spread, those that moved most first."""
    draws = [
        space.mean + np.stack([side.values[f"parameter: {name}"] for name in space.latents], axis=1) @ space.loadings.T
        for side in (before, after)
    ]
    sd = np.sqrt((space.loadings**2).sum(axis=1))
    natural = [np.median(space.natural(side), axis=0) for side in draws]
    found = [
        ParameterMove(
            name,
            float((draws[1][:, i].mean() - draws[0][:, i].mean()) / sd[i]),
            float(np.hypot(mean_error(draws[0][:, i]), mean_error(draws[1][:, i])) / sd[i]),
            float(natural[0][i]),
            float(natural[1][i]),
        )
        for i, name in enumerate(space.names)
        if sd[i] > 0
    ]
    return tuple(sorted(found, key=lambda move: -abs(move.shift)))


def _move(i: int, queries: Sequence[str], everything: Sequence[np.ndarray], found: Split) -> Move:
    before, after = (values[i] for values in everything)
    change = float(after.mean() - before.mean())
    return Move(
        queries[i % len(queries)],
        "probability" if i < len(queries) else "log_odds",
        before,
        after,
        found.parts[i],
        found.part_errors[i],
        float(found.structure[i]),
        float(found.structure_errors[i]),
        change - float(found.parts[i].sum() + found.structure[i]),
        float(np.hypot(mean_error(before), mean_error(after))),
    )


def mean_error(values: np.ndarray) -> float:
    """Return the standard error of a mean of dependent draws, (draw,): a jackknife over consecutive blocks."""
    blocks = np.array_split(values, _BLOCKS)
    left_out = np.array([(values.sum() - b.sum()) / max(len(values) - len(b), 1) for b in blocks])
    return float(jackknife_error(left_out, np.zeros(len(left_out))))


def _implied(names: Sequence[str], quantities: np.ndarray, source: np.ndarray) -> dict[str, tuple[float, float]]:
    return {
        name: (float(quantities[source == 0, i].mean()), float(quantities[source == 1, i].mean()))
        for i, name in enumerate(names)
    }
