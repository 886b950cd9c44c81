"""What is ranked: everything unknown that answers bear on, the headline, and quantities that look at the answers too.

Ranks of parameters alone would pass a fit that ignores the answers, for then draws and truths are both from the prior.
So the joint log-likelihood is ranked as well (Modrák et al. 2023, doi 10.1214/23-BA1404), and, because a likelihood
that is wrong would be wrong there too, quantities that are computed from answers and network without it: how far each
form's answers lie from the truth, how the camps part, and how dense the answers of a form are, each alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import t

from precursor.exact.circuit import Circuit
from precursor.inference.answers.rows import Ranked, Row
from precursor.inference.density.person_kernel import DEGREES_OF_FREEDOM
from precursor.inference.density.pointwise import pointwise
from precursor.inference.fits.fit import unconstrained_of
from precursor.inference.fits.headline import HEADLINE, REFERENCE, headline_circuit, logits_of
from precursor.inference.plan import Plan
from precursor.inference.simulation.replication import Replicator

LOG_LIKELIHOOD, LOG_DENSITY = "joint log-likelihood", "joint log-density"
PARTING = "parting of the camps, times its mean loading"
_FAMILY = {"parameter": "parameters", "headline": "headline", "quantity": "quantities asked about"}


@dataclass(frozen=True)
class RankedQuantities:
    """The tested quantities of a plan; the answers are those of the plan that `at` is given."""

    plan: Plan

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in order; the word before the colon says which family."""
        plan = self.plan
        return (
            *(f"parameter: {plan.space.names[i]}" for i in self._asked),
            *(plan.layout.names[i] for i in self._expert_model),
            *(f"quantity: {name}" for name in plan.quantities.names),
            *(f"headline: {text}" for text in HEADLINE),
            LOG_LIKELIHOOD,
            LOG_DENSITY,
            *(f"distance from the truth: {form}" for form in self._forms),
            PARTING,
            *(f"log-density, each answer alone: {form}" for form in self._forms_of_rows),
        )

    def at(self, fitted: Plan, latent: np.ndarray, active: np.ndarray | None = None) -> np.ndarray:
        """Return the tested quantities, (draw, quantity), at latents, (draw, latent).

        ``fitted`` is the plan whose density was sampled, with the answers that it was given, of which those were fitted
        that are ``active``, (answer,).
        """
        unconstrained = unconstrained_of(self.plan, latent)
        quantities = self.plan.quantities.over(unconstrained)
        likelihood = pointwise(fitted, latent, active)
        rows = self._distances(fitted, latent, quantities)
        alone = self._alone(fitted, latent)
        return np.column_stack(
            [
                unconstrained[:, self._asked],
                latent[:, self._expert_model],
                quantities,
                logits_of(self._headline, unconstrained),
                likelihood.total - likelihood.gain,
                likelihood.total - 0.5 * (latent**2).sum(axis=1),
                *rows,
                *alone,
            ]
        )

    @cached_property
    def _asked(self) -> np.ndarray:
        """Positions of the parameters that the quantities asked about depend on."""
        plan = self.plan
        there = plan.space.prior_draws(np.random.default_rng(1), 1)
        moved = there + 0.5 * np.eye(len(plan.space.names))
        values = plan.quantities.over(np.concatenate([there, moved]))
        spread = np.abs(plan.space.loadings).sum(axis=1) > 0
        return np.flatnonzero((values[1:] != values[0]).any(axis=1) & spread)

    @cached_property
    def _expert_model(self) -> np.ndarray:
        """Positions of the latents that are not the network's parameters."""
        return np.arange(self.plan.layout.parameters.stop, len(self.plan.layout.names))

    @cached_property
    def _headline(self) -> Circuit:
        return headline_circuit(self.plan.space, self.plan.observations.indicators)

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        rows = {form_of(row) for _, row in self._compared}
        events = ["outcome"] if self.plan.observations.seeds else []
        return (*sorted(rows), *(["ranking"] if self.plan.observations.ranked else []), *events)

    @cached_property
    def _compared(self) -> tuple[tuple[int, Row], ...]:
        """The rows that are compared with something unknown, with their positions."""
        kinds = ("quantity", "likelihood_ratio", "contrast", "event_seed")
        return tuple((i, row) for i, row in enumerate(self.plan.observations.rows) if row.kind in kinds)

    def _distances(self, fitted: Plan, latent: np.ndarray, quantities: np.ndarray) -> list[np.ndarray]:
        """Return, by form, how far answers lie from the truth, and at last the parting, (draw,) each."""
        truth = self._truths(latent, quantities)
        said, facing = fitted.stated, self.plan.facing
        beyond = said.location - truth
        side = np.zeros(len(said.location))
        side[self.plan.columns.bounded] = said.outward
        # Of a bound: how far its limit lies from the truth, on the side of the answer.
        away = np.where(side != 0, side * beyond, np.abs(beyond))
        found: dict[str, list[np.ndarray]] = {}
        for i, row in self._compared:
            found.setdefault(form_of(row), []).append(away[:, i])
        parts = [np.sum(found[form], axis=0) for form in sorted(found)]
        if self.plan.observations.ranked:
            parts.append(self._surprise(said.orders, quantities))
        if self.plan.observations.seeds:
            parts.append((said.outcome * latent[:, self.plan.layout.seed]).sum(axis=1))
        apart = facing.turn * self.plan.columns.side * self.plan.columns.worldview * facing.push * beyond
        stated = apart[:, side == 0].sum(axis=1)
        return [*parts, stated * latent[:, self.plan.layout.loading_mean.start]]

    @cached_property
    def _forms_of_rows(self) -> tuple[str, ...]:
        """The forms of all answers that are rows, those about known quantities included."""
        return tuple(sorted({form_of(row) for row in self.plan.observations.rows}))

    def _alone(self, fitted: Plan, latent: np.ndarray) -> list[np.ndarray]:
        """Return, by form, the summed log-density of every answer as if it stood alone, (draw,) each.

        Location and scale are the simulator's, not the likelihood's: what a fit leaves out is still looked at here.
        """
        places = [self._replicator.alone(one) for one in latent]
        location, scale = (np.array(part) for part in zip(*places, strict=True))
        said, bounded = fitted.stated, self.plan.columns.bounded
        densities = t.logpdf(said.location, DEGREES_OF_FREEDOM, location, scale)
        from_limit = said.outward * (location - said.location)[:, bounded] / scale[:, bounded]
        densities[:, bounded] = t.logcdf(from_limit, DEGREES_OF_FREEDOM)
        forms = np.array([form_of(row) for row in self.plan.observations.rows])
        return [densities[:, forms == form].sum(axis=1) for form in self._forms_of_rows]

    @cached_property
    def _replicator(self) -> Replicator:
        return Replicator(self.plan)

    def _truths(self, latent: np.ndarray, quantities: np.ndarray) -> np.ndarray:
        """Return what each row is compared with, (draw, row), on its unconstrained scale; seeds by their latent."""
        zero = np.zeros((len(latent), 1))
        return np.hstack([quantities, latent[:, self.plan.layout.seed], zero])[:, self.plan.facing.position]

    def _surprise(self, orders: np.ndarray, quantities: np.ndarray) -> np.ndarray:
        """Return the network's log-probability of the orders that rankings name, summed, (draw,)."""
        tables = self.plan.rankings
        masses = np.exp(quantities[:, tables.quantity])
        share = masses / (tables.of_question.T @ (tables.of_question @ masses.T)).T
        named = (tables.of_ranking @ (orders * share[:, tables.cell_order]).T).T
        return np.log(np.maximum(named, 1e-300)).sum(axis=1)


def form_of(answer: Row | Ranked) -> str:
    """Return the form in which an answer was given; of a published group ``summary``."""
    return str(getattr(answer.judgement, "form", "summary"))


def family_of(name: str) -> str:
    """Return what kind of quantity a name stands for."""
    head = name.partition(":")[0]
    if head in _FAMILY:
        return _FAMILY[head]
    looks = name in (LOG_LIKELIHOOD, LOG_DENSITY, PARTING) or head.startswith(("distance from", "log-density, each"))
    return "quantities that look at the answers" if looks else "expert model"


def short_name(name: str) -> str:
    """Return a name with the eleven assumptions at their reference states said in three words."""
    return name.replace(REFERENCE, "all at reference")
