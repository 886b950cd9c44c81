"""Stated against expected, and surveys against each other: formulas, a planted conflict, the rate of false ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from precursor.inference.audit.conflict import Conflict, conflicts, predicted_residuals
from precursor.inference.audit.expected import expected_answers, given_the_others, log_student
from precursor.inference.audit.posterior import AuditedPosterior, scale_matrix
from precursor.inference.density.likelihood import Terms
from precursor.inference.plan import plan_model
from precursor.inference.reweighting.density import Densities
from tests.inference.audit.posteriors import Prior, prior_of, stating

QUESTION, OTHER = "human_extinction_by_2100", "extinction_given_catastrophe"


@pytest.fixture(scope="module")
def prior(make):
    """Two surveys of three and two people on one question; two of them answered another as well.

    Few enough that no latent's place depends on what is stated.
    """
    first = make(
        "first",
        f"""a,{QUESTION},point,2%,
        b,{QUESTION},point,5%,
        b,{OTHER},point,30%,
        c,{QUESTION},point,3%,""",
    )
    second = make(
        "second",
        f"""d,{QUESTION},point,4%,
        d,{OTHER},point,50%,
        e,{QUESTION},point,8%,""",
    )
    return prior_of(plan_model((first, second)), 4000, 11)


@pytest.fixture(scope="module")
def terms(prior):
    return prior.audited.terms()


def _asked(plan, survey):
    return [i for i, row in enumerate(plan.observations.rows) if row.survey == survey and row.question.id == QUESTION]


def _posterior(
    prior: Prior, terms: Terms, oriented: np.ndarray, seed: int, draws: int = 600, mask: np.ndarray | None = None
) -> AuditedPosterior:
    """The posterior of other numbers, stated facing bad news, (row,)."""
    plan = stating(prior.plan, prior.plan.facing.turn * oriented)
    densities = Densities(plan, replace(terms, residual=oriented - terms.expected), len(prior.latent))
    log_density = densities.unit_log_densities(np.ones(len(oriented)) if mask is None else mask).sum(axis=1)
    there = Prior(plan, prior.latent, prior.quantities)
    return there.posterior(there.chosen(log_density, draws, seed))


def test_given_the_others_is_the_ratio_of_joint_densities(prior):
    plan, draws = prior.plan, 40
    few = AuditedPosterior(plan, prior.latent[:draws])
    found = few.terms()
    first = plan.sharing.first_row
    unit = int(np.flatnonzero(np.diff(first) == 2)[0])
    rows = range(int(first[unit]), int(first[unit + 1]))
    location, scale, degrees = given_the_others(plan, found, draws, rows)
    assert degrees == 5.0
    n = len(plan.observations.answers)
    for j, i in enumerate(rows):
        both, other = np.zeros(n), np.zeros(n)
        both[list(rows)] = other[list(rows)] = 1.0
        other[i] = 0.0
        joint, rest = few.log_densities([both, other])
        np.testing.assert_allclose(
            log_student(found.residual[:, i], location[:, j], scale[:, j], degrees), joint - rest, rtol=1e-9, atol=1e-9
        )


def test_predicted_residuals_have_the_conditional_distribution(prior):
    plan, copies = prior.plan, 20_000
    one = AuditedPosterior(plan, prior.latent[:1]).terms()
    repeated = {
        name: np.repeat(np.broadcast_to(getattr(one, name), (1, getattr(one, name).shape[-1])), copies, axis=0)
        for name in ("residual", "expected", "variance", "entries")
    }
    found = replace(one, **repeated)
    first = plan.sharing.first_row
    unit = int(np.flatnonzero(np.diff(first) == 2)[0])
    i, j = int(first[unit]), int(first[unit]) + 1
    drawn = predicted_residuals(plan, found, copies, [i], [j], np.random.default_rng(2))[:, 0]
    location, scale, degrees = given_the_others(plan, found, copies, [i, j])
    for level in (0.1, 0.5, 0.9):
        at = location[0, 0] + scale[0, 0] * np.quantile(np.random.default_rng(3).standard_t(degrees, 200_000), level)
        assert (drawn < at).mean() == pytest.approx(level, abs=0.02)
    assert scale_matrix(plan, found, copies, [i, j])[0, 0, 1] > 0


def test_a_planted_conflict_is_found_and_agreement_is_none(prior, terms):
    middle = np.quantile(terms.expected, 0.5, axis=0)
    agreeing = _on_extinction(prior, terms, middle, 1)
    assert {(one.survey, one.others, one.answers) for one in agreeing} == {
        ("first", ("second",), 3), ("second", ("first",), 2),
    }  # fmt: skip
    assert not any(one.named for one in agreeing)
    assert all(one.tail > 0.2 for one in agreeing)
    apart = middle.copy()
    apart[_asked(prior.plan, "second")] += 14.0
    planted = _on_extinction(prior, terms, apart, 2)
    (named,) = [one for one in planted if one.named]
    assert named.survey == "second"
    assert not named.predicted[0] < named.pooled < named.predicted[2]
    # Without a fit of their own, nothing is said where weights do not reach.
    alone = conflicts(_posterior(prior, terms, apart, 2))
    assert all((one.tail is None) == (one.predicted is None) for one in alone)


def _on_extinction(prior: Prior, terms: Terms, oriented: np.ndarray, seed: int) -> list[Conflict]:
    """Conflicts on the question that both surveys asked; a refit resamples the prior anew."""

    def refit(mask: np.ndarray, _label: str) -> AuditedPosterior:
        return _posterior(prior, terms, oriented, seed, mask=mask)

    found = conflicts(_posterior(prior, terms, oriented, seed), refit)
    return [one for one in found if "extinction=yes)" in one.query]


def test_an_answer_that_does_not_fit_the_persons_others_is_named_first(prior, terms):
    middle = np.quantile(terms.expected, 0.5, axis=0)
    odd = next(i for i, row in enumerate(prior.plan.observations.rows) if row.question.id == OTHER)
    middle[odd] += 6.0
    found = sorted(expected_answers(_posterior(prior, terms, middle, 3)), key=lambda one: one.tail)
    assert found[0].row == odd
    assert abs(found[0].distance) > 2 > max(abs(one.distance) for one in found if one.row != odd)
    assert found[0].expected[0] < found[0].expected[1] < found[0].expected[2]


@pytest.mark.slow
def test_tails_are_uniform_when_the_model_holds(prior, terms):
    """Answers drawn from the model: a tenth of the tails is below a tenth, in conflicts and in expectations."""
    rng = np.random.default_rng(7)
    plan, first = prior.plan, prior.plan.sharing.first_row
    between, within = [], []
    for simulation in range(70):
        truth = int(rng.integers(len(prior.latent)))
        oriented = terms.expected[truth].copy()
        own = AuditedPosterior(plan, prior.latent[truth : truth + 1]).terms()
        for unit in range(len(first) - 1):
            rows = list(range(int(first[unit]), int(first[unit + 1])))
            matrix = scale_matrix(plan, own, 1, rows)[0]
            stretch = np.sqrt(4 / rng.chisquare(4))
            oriented[rows] += np.linalg.cholesky(matrix) @ rng.standard_normal(len(rows)) * stretch
        posterior = _posterior(prior, terms, oriented, simulation, 400)

        # What weights do not reach is fitted anew: to leave it out would leave out the small tails.
        def refit(mask: np.ndarray, _label: str, at=oriented, seed=simulation) -> AuditedPosterior:
            return _posterior(prior, terms, at, seed, 400, mask)

        between += [one.tail for one in conflicts(posterior, refit)]
        within += [one.tail for one in expected_answers(posterior)]
    for tails, slack in ((between, 0.07), (within, 0.04)):
        assert len(tails) > 100
        for level in (0.1, 0.3, 0.5, 0.8):
            assert np.mean(np.array(tails) < level) == pytest.approx(level, abs=slack + 0.02)
