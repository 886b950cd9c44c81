"""Seed questions teach how far a person can be trusted: what they say elsewhere then counts for more or for less.

Few latents matter here, so the posterior is had by weighting draws of the prior: no sampler.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import multivariate_normal, norm

from precursor.inference.density.pointwise import pointwise
from precursor.inference.fits.fit import Fit, Settings
from precursor.inference.plan import Plan, plan_model
from precursor.inference.runs.expert_table import expert_table
from tests.inference.conftest import Make

DRAWS, KEPT = 40_000, 1000
GUARD = """
[[question]]
id = "guarding"
wording = "How far?"
query = "parameter(guard)"
forms = ["point", "quantiles"]
"""
PAPERS = """
[[question]]
id = "papers{i}"
wording = "How many?"
seed = true
realised = 100
unit = "papers"
scale = "log"
forms = ["quantiles"]
"""
EVENT = """
[[question]]
id = "event{i}"
wording = "Did it happen?"
seed = true
outcome = {outcome}
forms = ["point"]
"""
SEEDS = 8


def posterior(plan: Plan) -> Fit:
    """Return weighted draws, resampled, of what seeds and one answer inform; every other latent is held at zero.

    Importance sampling twice: from the prior, then from a wider normal around where the first weights lie.
    """
    layout, rng = plan.layout, np.random.default_rng(1)
    guard = layout.names.index("parameter: guard")
    free = [*range(layout.seed.start, layout.seed.stop), *range(layout.width.start, layout.width.stop), guard]
    mean, covariance = np.zeros(len(free)), np.eye(len(free))
    for _ in range(3):
        drawn = multivariate_normal(mean, covariance).rvs(DRAWS, random_state=rng).reshape(DRAWS, -1)
        latents = np.zeros((DRAWS, len(layout.names)))
        latents[:, free] = drawn
        log_ratio = norm.logpdf(drawn).sum(axis=1) - multivariate_normal(mean, covariance).logpdf(drawn)
        weights = softmax(pointwise(plan, latents).total + log_ratio)
        mean = weights @ drawn
        covariance = 1.5 * np.atleast_2d(np.cov(drawn.T, aweights=weights)) + 0.01 * np.eye(len(free))
    assert 1 / (weights**2).sum() > 100
    chosen = latents[rng.choice(DRAWS, KEPT, p=weights)]
    settings = Settings(draws=KEPT // 2, chains=2, seed=2)
    return Fit(plan, settings, chosen.reshape(2, KEPT // 2, -1), {})


def guard_of(found: Fit) -> float:
    """Return the mean of the guard's latent: zero is the prior's."""
    return float(found.latent[..., found.plan.layout.names.index("parameter: guard")].mean())


def who_says(make: Make, seeds: Sequence[str], answer: str, questions: str) -> Fit:
    lines = [*(f"ann,{line}," for line in seeds), f"ann,guarding,{answer},"]
    return posterior(plan_model([make("seeds", "\n".join(lines), questions=GUARD + questions)]))


def counted(factors: Sequence[float]) -> list[str]:
    """Return intervals of a factor of 1.5 either way around medians off by the factors given."""
    middles = [100 * factor for factor in factors]
    return [f"papers{i},quantiles,5%: {m / 1.5:.6g}; 50%: {m:.6g}; 95%: {m * 1.5:.6g}" for i, m in enumerate(middles)]


NARROWLY = (1.1, 0.9, 1.3, 0.8, 1.2, 1.0, 0.75, 1.15)
WIDELY = (6.0, 0.1, 9.0, 0.15, 5.0, 0.08, 12.0, 0.2)


@pytest.fixture(scope="module")
def by_quantities(make: Make) -> dict[str, Fit]:
    questions = "".join(PAPERS.format(i=i) for i in range(SEEDS))
    answer = "quantiles,5%: 0.6; 50%: 0.8; 95%: 0.91"
    return {
        name: who_says(make, counted(factors), answer, questions)
        for name, factors in (("calibrated", NARROWLY), ("overconfident", WIDELY))
    }


def test_who_misses_known_quantities_counts_for_less_elsewhere(by_quantities: dict[str, Fit]) -> None:
    (good,), (bad,) = (expert_table(by_quantities[name]) for name in ("calibrated", "overconfident"))
    assert bad["width_factor"]["median"] > 1.15 * good["width_factor"]["median"]
    assert bad["noise_multiplier"]["median"] > 1.1 * good["noise_multiplier"]["median"]
    assert bad["width_factor"]["touched"]
    assert bad["noise_multiplier"]["touched"]
    moved = {name: guard_of(found) for name, found in by_quantities.items()}
    assert 0 < moved["overconfident"] < 0.8 * moved["calibrated"]


def test_without_seeds_of_theirs_two_people_count_alike(make: Make) -> None:
    # The same answers, but the seeds are somebody else's: then they say nothing of Ann.
    questions = "".join(PAPERS.format(i=i) for i in range(SEEDS))
    moved = []
    for factors in (NARROWLY, WIDELY):
        others = [f"bob,{line}," for line in counted(factors)]
        lines = [*others, "ann,guarding,quantiles,5%: 0.6; 50%: 0.8; 95%: 0.91,"]
        moved.append(guard_of(posterior(plan_model([make("seeds", "\n".join(lines), questions=GUARD + questions)]))))
    assert moved[0] == pytest.approx(moved[1], abs=0.1)


def test_outcomes_inform_bias_extremity_and_noise(make: Make) -> None:
    outcomes = [1, 0, 1, 0, 1, 0]
    questions = "".join(EVENT.format(i=i, outcome=outcome) for i, outcome in enumerate(outcomes))

    def said(right: Sequence[str]) -> list[str]:
        return [f"event{i},point,{text}" for i, text in enumerate(right)]

    answers = {
        "moderate": ["70%" if outcome else "30%" for outcome in outcomes],
        "extreme": ["97%" if outcome else "3%" for outcome in outcomes],
        "wrong": ["5%" if outcome else "95%" for outcome in outcomes],
        "gloomy": ["99%" if outcome else "93%" for outcome in outcomes],
    }
    found = {name: who_says(make, said(texts), "point,80%", questions) for name, texts in answers.items()}
    table = {name: expert_table(fit)[0] for name, fit in found.items()}
    assert table["extreme"]["extremity"]["median"] > table["moderate"]["extremity"]["median"] + 0.1
    assert table["gloomy"]["bias"]["median"] > table["moderate"]["bias"]["median"] + 0.3
    assert table["wrong"]["noise_multiplier"]["median"] > 1.1 * table["moderate"]["noise_multiplier"]["median"]
    assert guard_of(found["wrong"]) < guard_of(found["moderate"])
    assert table["wrong"]["noise_multiplier"]["touched"]
