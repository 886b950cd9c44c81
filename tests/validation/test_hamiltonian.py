"""A Hamiltonian transition leaves its density as it is; a wrong gradient only makes it accept less."""

from __future__ import annotations

import numpy as np
from scipy import stats

from precursor.validation.hamiltonian import Density, Steps, transition


def skewed(shift: float = 0.0, slope: float = 1.0) -> Density:
    """Return the density of independent Gumbel variables, (latent,), moved by ``shift``, and its gradient."""

    def density(x: np.ndarray) -> tuple[float, np.ndarray]:
        z = x - shift
        steep = np.exp(np.minimum(-z, 300.0))
        return float(-(z + steep).sum()), slope * (steep - 1.0)

    return density


def after(density: Density, transitions: int = 6, chains: int = 1500) -> np.ndarray:
    """Return where chains stand that started from the Gumbel distribution, (chain * latent,)."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(chains):
        x = rng.gumbel(size=2)
        for _ in range(transitions):
            x, _ = transition(density, x, Steps(0.7, 4), rng)
        found.append(x)
    return np.concatenate(found)


def test_draws_stay_draws() -> None:
    assert stats.kstest(after(skewed()), stats.gumbel_r.cdf).pvalue > 0.01


def test_a_wrong_gradient_keeps_the_density_by_accepting_less() -> None:
    assert stats.kstest(after(skewed(slope=0.7)), stats.gumbel_r.cdf).pvalue > 0.01
    start, rng = np.zeros(2), np.random.default_rng(2)
    accepted = [
        np.mean([transition(skewed(slope=slope), start, Steps(0.7, 4), rng)[1] for _ in range(300)])
        for slope in (1.0, -1.0)
    ]
    assert accepted[0] > accepted[1] + 0.1


def test_another_density_is_seen() -> None:
    assert stats.kstest(after(skewed(shift=0.5)), stats.gumbel_r.cdf).pvalue < 1e-6
