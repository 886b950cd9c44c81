"""The effective number of experts: one of clones, all of the independent, the textbook's in between."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.inference.audit.effective import effective_experts, effective_number, overall
from precursor.inference.audit.posterior import AuditedPosterior
from precursor.inference.decisions import Decisions
from precursor.inference.plan import plan_model

QUESTION = "human_extinction_by_2100"


@settings(deadline=None, max_examples=25)
@given(n=st.integers(1, 40), sd=st.floats(0.1, 10))
def test_clones_count_once(n, sd):
    assert effective_number(np.full((n, n), sd**2)) == pytest.approx(1.0)


@settings(deadline=None, max_examples=25)
@given(sds=st.lists(st.floats(0.2, 5), min_size=1, max_size=12))
def test_independents_count_each(sds):
    assert effective_number(np.diag(np.square(sds))) == pytest.approx(len(sds))


@settings(deadline=None, max_examples=25)
@given(n=st.integers(1, 60), rho=st.floats(0.0, 0.95), sd=st.floats(0.1, 10))
def test_equal_correlations_count_as_in_clemen_and_winkler(n, rho, sd):
    covariance = sd**2 * ((1 - rho) * np.eye(n) + rho)
    assert effective_number(covariance) == pytest.approx(n / (1 + (n - 1) * rho))
    if rho > 0:
        assert effective_number(covariance) <= 1 / rho + 1e-9


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 1000), n=st.integers(2, 8))
def test_a_clone_adds_nothing_and_a_new_expert_something(seed, n):
    rng = np.random.default_rng(seed)
    covariance = np.diag(rng.uniform(0.5, 2, n)) + 0.3
    information = 1 / effective_number(covariance)
    cloned = np.append(np.arange(n), 0)
    with_clone = covariance[np.ix_(cloned, cloned)]
    # The clone changes whose mean it is compared with, and nothing else.
    alone = 1 / np.diag(covariance)
    expected = alone.mean() / np.append(alone, alone[0]).mean() / information
    assert effective_number(with_clone) == pytest.approx(expected, rel=1e-6)
    wider = np.pad(covariance, (0, 1))
    wider[-1, -1] = 1 / alone.mean()
    assert effective_number(wider) > effective_number(covariance) + 0.5


def _posterior(make, n, decisions, same_group):
    rows = [f"a{i},{QUESTION},point,{i + 1}%," for i in range(n)]
    # People of one survey without camps are one group, which has a bias of its own.
    surveys = [make("one", "\n".join(rows))] if same_group else [make(f"s{i}", row) for i, row in enumerate(rows)]
    plan = plan_model(surveys, decisions)
    latent = np.random.default_rng(1).standard_normal((20, len(plan.layout.names)))
    return AuditedPosterior(plan, latent)


def test_without_shared_error_or_common_group_each_counts(make):
    (found,) = effective_experts(_posterior(make, 5, Decisions(shared_error=0.0), same_group=False))
    assert found.units == 5
    assert found.number == pytest.approx(5.0, rel=1e-9)
    assert math.isinf(found.limit)


def test_shared_error_and_a_common_bias_cost_experts(make):
    (alone,) = effective_experts(_posterior(make, 5, Decisions(), same_group=False))
    (together,) = effective_experts(_posterior(make, 5, Decisions(), same_group=True))
    (more,) = effective_experts(_posterior(make, 5, Decisions(shared_error=3.0), same_group=True))
    assert 5 > alone.number > together.number > more.number > 1
    assert alone.number < alone.limit


def test_woodbury_agrees_with_the_whole_matrix(make):
    posterior = _posterior(make, 6, Decisions(), same_group=True)
    (found,) = effective_experts(posterior)
    plan, terms = posterior.plan, posterior.terms()
    numbers = []
    for d in range(len(posterior.latent)):
        omega = 0.5 * math.exp(0.15 * posterior.latent[d, plan.layout.names.index("scale: shared_error")])
        own = [terms.variance[d, i] for i in range(6)]
        for e, row in enumerate(plan.sharing.rows):
            own[row] += terms.entries[d, e] ** 2
        # Student's t with four degrees of freedom is as informative as a Normal 7 / 5 as wide; a group's bias is 0.5.
        whole = np.diag(np.array(own) * 7 / 5) + omega**2 + 0.5**2
        numbers.append(effective_number(whole))
    assert found.number == pytest.approx(np.mean(numbers), rel=1e-9)


def test_overall_is_the_share_that_counts(make):
    (found,) = effective_experts(_posterior(make, 5, Decisions(), same_group=True))
    assert overall([found], 5) == pytest.approx(found.number)
    assert overall([], 5) is None
