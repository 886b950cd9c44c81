"""Each person's effects, recovered: against the dense formula, and drawn back from simulated answers."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy.stats import kstest, t

from precursor.elicitation.survey import Survey
from precursor.inference.density.person_effects import EFFECTS, conditional_draws, person_effects
from precursor.inference.fits.fit import Fit, Settings
from precursor.inference.runs.expert_table import MEASURES, expert_table
from tests.inference.conftest import Built, built
from tests.oracles import experts

Surveys = tuple[Survey, ...]
DRAWS = 4000


@pytest.fixture(scope="module")
def small(many_sided: Surveys) -> Built:
    return built(many_sided)


@pytest.fixture(scope="module")
def named(small: Built) -> dict[str, float]:
    """One vector of latents by name."""
    (latents,) = small.draws(seed=1, n=1, spread=0.5)
    return small.named(latents)


@pytest.fixture(scope="module")
def effects(small: Built, named: dict[str, float]) -> xr.Dataset:
    """Many conditional draws at that one vector."""
    return person_effects(small.plan, np.tile(list(named.values()), (DRAWS, 1)), seed=2)


@pytest.mark.parametrize("person", ["p0", "p1", "p3", "first/outsider"])
def test_effects_have_the_dense_formulas_moments(
    small: Built, named: dict[str, float], effects: xr.Dataset, person: str
) -> None:
    person = next(row.unit.id for row in small.plan.observations.rows if person.endswith(row.unit.id))
    found, moments = effects.sel(person=person), experts.effect_moments(small.setting, named, person)
    for name in EFFECTS:
        mean, variance = moments[name]
        draws = found["tendency"].sel(effect=name).values
        assert draws.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / DRAWS))
        assert draws.var() == pytest.approx(variance, rel=0.2)
    mean, variance = moments["tail_scale"]
    assert found["tail_scale"].values.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / DRAWS))


def test_residuals_have_the_dense_formulas_moments(small: Built, named: dict[str, float], effects: xr.Dataset) -> None:
    about = zip(effects["residual_person"].values, effects["residual_target"].values, strict=True)
    checked = [(i, person, target) for i, (person, target) in enumerate(about) if person in {"p0", "p2", "p3"}]
    assert len(checked) > 10
    for i, person, target in checked:
        mean, variance = experts.residual_moments(small.setting, named, person, target)
        draws = effects["target_residual"].values[:, i]
        assert draws.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / DRAWS))
        assert draws.var() == pytest.approx(variance, rel=0.25)


def test_another_persons_moments_are_noticed(small: Built, named: dict[str, float], effects: xr.Dataset) -> None:
    draws = effects.sel(person="p0", effect="bias")["tendency"].values
    mean, variance = experts.effect_moments(small.setting, named, "p1")["bias"]
    assert abs(draws.mean() - mean) > 5 * np.sqrt(variance / DRAWS)


def simulated(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return residuals, variances, loadings and the effects that made them, for ``n`` people of six answers."""
    variance, loading = rng.uniform(0.2, 2.0, (n, 6)), rng.normal(0.0, 1.2, (n, 6, 3))
    tail = rng.gamma(2.0, 0.5, n)
    effects = rng.standard_normal((n, 3)) / np.sqrt(tail)[:, None]
    noise = np.sqrt(variance / tail[:, None]) * rng.standard_normal((n, 6))
    return np.einsum("nik,nk->ni", loading, effects) + noise, variance, loading, effects


def test_conditional_draws_marginalise_back() -> None:
    rng = np.random.default_rng(5)
    residual, variance, loading, truth = simulated(rng, 4000)
    tail, effects = conditional_draws(residual, variance, loading, rng)
    assert kstest(tail, "gamma", args=(2.0, 0.0, 0.5)).pvalue > 1e-3
    for column in range(3):
        assert kstest(effects[:, column], t(4).cdf).pvalue > 1e-3
        assert np.corrcoef(effects[:, column], truth[:, column])[0, 1] > 0.3


def test_draws_given_too_small_a_noise_do_not_marginalise_back() -> None:
    rng = np.random.default_rng(5)
    residual, variance, loading, _ = simulated(rng, 4000)
    tail, effects = conditional_draws(residual, variance / 4, loading, rng)
    assert kstest(tail, "gamma", args=(2.0, 0.0, 0.5)).pvalue < 1e-6
    assert min(kstest(effects[:, column], t(4).cdf).pvalue for column in range(3)) < 1e-3


def fit_at(model: Built, latents: np.ndarray) -> Fit:
    """Return a fit whose draws are given, (draws, latent)."""
    settings = Settings(draws=len(latents) // 2, chains=2, seed=1)
    return Fit(model.plan, settings, latents.reshape(2, -1, latents.shape[-1]), {})


def test_table_has_every_person_once_and_no_published_group(small: Built) -> None:
    table = expert_table(fit_at(small, small.draws(seed=6, n=200)))
    persons = {row.unit.id for row in small.plan.observations.answers if not row.unit.is_group}
    assert sorted(entry["person"] for entry in table) == sorted(persons)
    assert sum(entry["answers"] for entry in table) == sum(
        not answer.unit.is_group for answer in small.plan.observations.judged
    )
    for entry in table:
        for name in MEASURES:
            assert entry[name]["low"] < entry[name]["median"] < entry[name]["high"]


def test_only_what_answers_bear_on_is_touched(small: Built) -> None:
    table = {entry["person"]: entry for entry in expert_table(fit_at(small, small.draws(seed=7, n=1000, spread=0.2)))}
    assert table["p0"]["bias"]["touched"]
    assert table["p0"]["extremity"]["touched"]
    # The judge gave a ranking alone: it says nothing of a person.
    judge = next(name for name in table if name.endswith("judge"))
    assert not any(table[judge][name]["touched"] for name in MEASURES)
    assert not table["p2"]["width_factor"]["touched"]
