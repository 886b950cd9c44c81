"""What plans have in common: the same effects, whatever latents a plan puts them on.

The latents of two plans do not match one by one: a bound's latent is numbered by its row, and a question that many
answered is *centred* (`shared_questions`), so that its latents place its answers rather than its shared error.  An
*effect* is a standard normal that means the same in every plan::

    d[q] = omega x,    w[q] = mean + spread x,

with the latents of parameters, scales, noises, biases and offsets as they are, and each bound's known by what was
stated.  A priori all effects are independent standard normals (a seed question's event has its outcome's probability as
well), so a plan's posterior is that prior times the density of its answers, and effects that its answers do not touch
can be drawn from the prior exactly.  The exchange of densities that centring brings (``Terms.gain``) cancels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from precursor.inference.answers.observations import Observations
from precursor.inference.answers.rows import Row
from precursor.inference.decisions import SCALES, SEED_LOGIT_MEAN, SEED_LOGIT_SD
from precursor.inference.density.arrays import Arrays
from precursor.inference.density.shared_questions import SharedQuestions, shared_questions
from precursor.inference.plan import Plan

_SHARED, _LOADING, _BOUND, _SEED = "shared error: ", "loading: ", "bound: ", "seed: "


@dataclass(frozen=True)
class Effects:
    """Draws of effects by name, each (draw,), and how many draws there are."""

    draws: int
    values: Mapping[str, np.ndarray]

    def taken(self, which: np.ndarray) -> Effects:
        """Return some of the draws."""
        return Effects(len(which), {name: values[which] for name, values in self.values.items()})

    def joined(self, other: Effects) -> Effects:
        """Return these draws followed by another's; only effects that both have."""
        both = [name for name in self.values if name in other.values]
        return Effects(
            self.draws + other.draws,
            {name: np.concatenate([self.values[name], other.values[name]]) for name in both},
        )

    def completed(self, plans: Iterable[Plan], rng: np.random.Generator) -> Effects:
        """Return the effects with those that the plans want besides, drawn from the prior."""
        values = dict(self.values)
        for plan in plans:
            outcome = seed_outcomes(plan.observations)
            for name in effect_names(plan):
                if name not in values:
                    values[name] = _from_prior(rng, self.draws, outcome.get(name))
        return Effects(self.draws, values)


def _from_prior(rng: np.random.Generator, draws: int, outcome: bool | None) -> np.ndarray:
    """Return prior draws; of a seed question's event given its outcome, by rejection."""
    found = rng.standard_normal(draws)
    if outcome is None:
        return found
    wrong = np.arange(draws)
    while len(wrong):
        found[wrong] = rng.standard_normal(len(wrong))
        log_odds = SEED_LOGIT_MEAN + SEED_LOGIT_SD * found[wrong]
        happens = rng.random(len(wrong)) < 0.5 * (1 + np.tanh(0.5 * log_odds))
        wrong = wrong[happens != outcome]
    return found


def seed_outcomes(observations: Observations) -> dict[str, bool]:
    """Return the outcome of every seed question's event, by its effect."""
    rows = [row for row in observations.rows if row.kind == "event_seed"]
    return {f"{_SEED}{_meaning(row)}": bool(row.question.outcome) for row in rows}


def _meaning(row: Row) -> str:
    """Return what tells a row's question from every other: its key, what it means, which contrast."""
    return f"{row.asked} {row.question.meaning}"


def effect_names(plan: Plan) -> tuple[str, ...]:
    """Return the effect that stands for each latent of a plan, in their order."""
    return names_of_effects(plan.observations, plan.layout.names)


def names_of_effects(observations: Observations, latents: Sequence[str]) -> tuple[str, ...]:
    """Return the effect that stands for each latent; ``observations`` are what the latents were laid out for."""
    asked = {row.asked: _meaning(row) for row in observations.rows}
    keys = {row.key: _meaning(row) for row in observations.rows if row.kind == "event_seed"}
    bounds: dict[str, str] = {}
    seen: dict[str, int] = {}
    for i, row in enumerate(observations.rows):
        if row.statement.censored != "none":
            name = f"{_BOUND}{row.unit.id} {_meaning(row)} {row.statement.location!r}"
            seen[name] = seen.get(name, 0) + 1
            bounds[f"{_BOUND}row {i}"] = f"{name} {seen[name]}"

    def name_of(latent: str) -> str:
        if latent.startswith(_BOUND):
            return bounds.get(latent, latent)
        for kind, known in ((_SHARED, asked), (_LOADING, asked), (_SEED, keys)):
            if latent.startswith(kind):
                question = latent.removeprefix(kind)
                return f"{kind}{known.get(question, question)}"
        return latent

    return tuple(map(name_of, latents))


def quantities_at(plan: Plan, effects: Effects) -> np.ndarray:
    """Return the network's quantities of a plan, (draw, quantity), at effects that have all its parameters."""
    latent = np.stack([effects.values[f"parameter: {name}"] for name in plan.space.latents], axis=1)
    return plan.quantities.over(plan.space.mean + latent @ plan.space.loadings.T)


def latents_at(plan: Plan, effects: Effects, quantities: np.ndarray) -> np.ndarray:
    """Return the latents of a plan, (draw, latent), that have given effects; `quantities` as `quantities_at`."""
    latent = np.stack([effects.values[name] for name in effect_names(plan)], axis=1)
    for family, mapped in _maps(plan, latent, quantities):
        latent[:, family] = mapped.latent(latent[:, family])
    return latent


def effects_of(plan: Plan, latent: np.ndarray) -> Effects:
    """Return the effects at a plan's latents, (draw, latent)."""
    found = np.array(latent, dtype=float)
    unconstrained = plan.space.mean + found[:, plan.layout.parameters] @ plan.space.loadings.T
    for family, mapped in _maps(plan, found, plan.quantities.over(unconstrained)):
        found[:, family] = mapped.effect(found[:, family])
    return Effects(len(found), dict(zip(effect_names(plan), found.T, strict=True)))


@dataclass(frozen=True)
class _Map:
    """From latents x of a family to what they place: ``start + stretch leading x``; an effect is that over ``scale``.

    Arrays are (draw, question); ``leading`` is unit-triangular up to the order of the questions.
    """

    start: np.ndarray
    stretch: np.ndarray
    leading: np.ndarray
    scale: np.ndarray

    def latent(self, effect: np.ndarray) -> np.ndarray:
        placed = (self.scale * effect - self.start) / self.stretch
        return np.linalg.solve(self.leading, placed.T).T

    def effect(self, latent: np.ndarray) -> np.ndarray:
        return (self.start + self.stretch * (latent @ self.leading.T)) / self.scale


def _maps(plan: Plan, latent: np.ndarray, quantities: np.ndarray) -> list[tuple[slice, _Map]]:
    """Return how the latents of shared errors and of loadings place them, given all the other latents."""
    if not plan.observations.shared_questions:
        return []
    layout, scales = plan.layout, _scales(plan, latent)
    in_widths = plan.shared_centres.in_widths
    omega = in_widths * scales["known_shared_error"] + (1 - in_widths) * scales["shared_error"]
    found = []
    for family, part, centres, scale in (
        (layout.shared_error, "shared_error", plan.shared_centres, omega),
        (layout.loading, "loading", plan.placed_centres, scales["loading_spread"]),
    ):
        leading = centres.leading.toarray()
        if not len(leading):
            continue
        # What places them is affine in the family's latents: two points show it.
        probe = np.sqrt(np.arange(2.0, len(leading) + 2.0))
        start = getattr(_placed(plan, latent, family, 0.0, quantities, scales), part)
        there = getattr(_placed(plan, latent, family, probe, quantities, scales), part)
        stretch = (there - start) / (leading @ probe)
        # Decided away: the effect acts on nothing, and is its latent.
        none = np.broadcast_to(scale == 0.0, stretch.shape)
        leading[none.any(axis=0)] = np.eye(len(leading))[none.any(axis=0)]
        whole = np.where(none, 1.0, np.broadcast_to(scale, stretch.shape))
        found.append((family, _Map(np.where(none, 0.0, start), np.where(none, 1.0, stretch), leading, whole)))
    return found


def _scales(plan: Plan, latent: np.ndarray) -> dict[str, np.ndarray]:
    """Return the scales by name, (draw, 1)."""
    at = plan.layout.scales.start
    return {
        name: plan.decisions.times(name) * np.exp(prior.log_median + prior.log_sd * latent[:, at + i : at + i + 1])
        for i, (name, prior) in enumerate(SCALES.items())
    }


def _placed(
    plan: Plan,
    latent: np.ndarray,
    family: slice,
    value: float | np.ndarray,
    quantities: np.ndarray,
    scales: Mapping[str, np.ndarray],
) -> SharedQuestions:
    there = latent.copy()
    there[:, family] = value
    zero = np.zeros((len(there), 1))
    events = SEED_LOGIT_MEAN + SEED_LOGIT_SD * there[:, plan.layout.seed]
    compared = np.concatenate([quantities, events, zero], axis=1)[:, plan.facing.position]
    offsets = plan.observations.offsets
    shift = np.array([o.mean for o in offsets]) + np.array([o.sd for o in offsets]) * there[:, plan.layout.offset]
    shifts = np.concatenate([shift, zero], axis=1)[:, plan.columns.offset]
    oriented = plan.facing.turn * (compared + shifts)
    return shared_questions(plan, Arrays(), there, oriented, scales, plan.decisions.values)
