"""Answers drawn anew have the density that the likelihood gives them: every unit's, whitened, are one Student-t."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from precursor.elicitation.survey import Survey
from precursor.inference.decisions import Decisions
from precursor.inference.density.pointwise import terms_over
from precursor.inference.plan import Plan, plan_model
from precursor.inference.simulation.replication import Replicated, Replicator

DRAWS = 2000


@pytest.fixture(scope="module", params=[0.0, 1.0], ids=["error_added", "error_amplified"])
def plan(request: pytest.FixtureRequest, many_sided: tuple[Survey, ...]) -> Plan:
    return plan_model(many_sided, Decisions(shared_error=3.0, amplified_error=request.param))


@pytest.fixture(scope="module")
def latent(plan: Plan) -> np.ndarray:
    return 0.6 * np.random.default_rng(1).standard_normal(len(plan.layout.names))


@pytest.fixture(scope="module")
def replicated(plan: Plan, latent: np.ndarray) -> list[Replicated]:
    replicator, rng = Replicator(plan), np.random.default_rng(2)
    quantities = replicator.quantities(latent)
    return [replicator.draw(latent, rng, quantities) for _ in range(DRAWS)]


@pytest.fixture(scope="module")
def stated(plan: Plan, replicated: list[Replicated]) -> np.ndarray:
    """Fresh answers as they face bad news, bounds where their values lie, (draw, row)."""
    found = []
    for answers in replicated:
        location = answers.stated.location.copy()
        location[plan.columns.bounded] += answers.stated.outward * np.logaddexp(0.0, 2 * answers.bound)
        found.append(plan.facing.turn * location)
    return np.array(found)


def whitened(plan: Plan, latent: np.ndarray, stated: np.ndarray) -> list[np.ndarray]:
    """Return every unit's residuals from what the likelihood expects, times the inverse root of its scale matrix."""
    terms, sharing = terms_over(plan, latent[None]), plan.sharing
    expected, variance, entries = (
        np.broadcast_to(x, (1, x.shape[-1]))[0] for x in (terms.expected, terms.variance, terms.entries)
    )
    found = []
    for u, n_columns in enumerate(sharing.n_columns):
        rows = slice(sharing.first_row[u], sharing.first_row[u + 1])
        loading = np.zeros((rows.stop - rows.start, n_columns))
        for e in range(sharing.first_entry[u], sharing.first_entry[u + 1]):
            loading[sharing.rows[e] - rows.start, sharing.columns[e]] += entries[e]
        scale = np.diag(variance[rows]) + loading @ loading.T
        found.append(np.linalg.solve(np.linalg.cholesky(scale), (stated[:, rows] - expected[rows]).T).T)
    return found


def worst_p(parts: list[np.ndarray]) -> float:
    """Return the smallest p-value, times their number: distances are F, and signs of whitened answers independent."""
    found = []
    for part in parts:
        n = part.shape[1]
        found.append(stats.kstest((part**2).sum(axis=1) / n, stats.f(n, 4).cdf).pvalue)
        found += [stats.kstest(part[:, i], stats.t(4).cdf).pvalue for i in range(n)]
        signs = np.sign(part)
        together = np.abs(np.triu(signs.T @ signs, 1)[np.triu_indices(n, 1)]) / np.sqrt(len(part))
        found += (2 * stats.norm.sf(together)).tolist()
    return min(found) * len(found)


def test_every_units_answers_are_jointly_students_t(plan: Plan, latent: np.ndarray, stated: np.ndarray) -> None:
    assert worst_p(whitened(plan, latent, stated)) > 0.01


def _without_worldview(plan: Plan) -> Plan:
    return replace(plan, columns=replace(plan.columns, worldview=0 * plan.columns.worldview))


def _without_residuals(plan: Plan) -> Plan:
    kept = np.where(np.isin(plan.sharing.kinds, [3]), 0.0, plan.sharing.factors)
    return replace(plan, sharing=replace(plan.sharing, factors=kept))


def _without_phrases(plan: Plan) -> Plan:
    kept = np.where(np.isin(plan.sharing.kinds, [6]), 0.0, plan.sharing.factors)
    return replace(plan, sharing=replace(plan.sharing, factors=kept))


def _amplified_the_other_way(plan: Plan) -> Plan:
    decided = replace(plan.decisions, amplified_error=1.0 - plan.decisions.amplified_error)
    return replace(plan, decisions=decided)


@pytest.mark.parametrize(
    "mistaken", [_without_worldview, _without_residuals, _without_phrases, _amplified_the_other_way]
)
def test_a_mistake_in_the_likelihood_would_be_seen(
    mistaken: Callable[[Plan], Plan], plan: Plan, latent: np.ndarray, stated: np.ndarray
) -> None:
    assert worst_p(whitened(mistaken(plan), latent, stated)) < 1e-4


def test_a_bound_keeps_its_limit_and_rankings_are_of_their_question(plan: Plan, latent: np.ndarray) -> None:
    answers = Replicator(plan).draw(latent, np.random.default_rng(3)).stated
    bounded = plan.columns.bounded
    assert (answers.location[bounded] == plan.stated.location[bounded]).all()
    assert set(answers.outward) <= {-1.0, 1.0}
    assert set(answers.outcome) <= {-1.0, 1.0}
    named = plan.rankings.of_ranking @ answers.orders
    assert ((named > 0) & (named < plan.rankings.of_ranking.sum(axis=1))).all()


def test_orders_come_with_the_probability_that_the_likelihood_gives_them(
    plan: Plan, latent: np.ndarray, replicated: list[Replicated]
) -> None:
    own = [plan.rankings.of_ranking[[i]].indices for i in range(len(plan.rankings.asked))]
    first = plan.stated.orders
    held = np.mean(
        [[(answers.stated.orders[cells] == first[cells]).all() for cells in own] for answers in replicated], axis=0
    )
    expected = np.exp(terms_over(plan, latent[None]).rankings[0])
    assert held == pytest.approx(expected, abs=4 * np.sqrt(0.25 / DRAWS))


def test_every_answer_alone_is_students_t(plan: Plan, latent: np.ndarray, stated: np.ndarray) -> None:
    location, scale = Replicator(plan).alone(latent)
    alone = (stated - plan.facing.turn * location) / scale
    assert min(stats.kstest(column, stats.t(4).cdf).pvalue for column in alone.T) * alone.shape[1] > 0.01
