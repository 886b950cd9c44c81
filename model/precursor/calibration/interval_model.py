r"""How wide stated intervals ought to have been, learned from quantities that became known.

On the logarithmic scale, expert e states of quantity q the median ``m`` and a central interval whose half-width, as a
standard deviation, is ``w``; the truth is ``y``::

    m[e, q] - y[q] = alpha + a[e] + d[group of q] + error,    error ~ StudentT(4, k[e] w[e, q])

``a`` is a person's bias, ``d`` the error that everyone shares about one group of quantities (a week), ``log k`` is
partially pooled over persons: their width factor.  Without d all that is missed is put down to the person: the factor
by which widths fall short as statements about the truth.  Both are reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from precursor.calibration.expert_model import Settings
from precursor.calibration.quantities import MEDIAN, ResolvedQuantities
from precursor.problems import InputError

NARROWEST = 1e-3
DEGREES_OF_FREEDOM = 4.0
_TARGET_ACCEPT = 0.95


@dataclass(frozen=True, eq=False)
class Widths:
    """Medians less the truth and widths, on the logarithmic scale, (answer,)."""

    error: np.ndarray
    width: np.ndarray


@dataclass(frozen=True, eq=False)
class IntervalFit:
    """Draws, (draw,), and how the sampling went.

    ``width_factor`` is the typical k, ``sd_log_width_factor`` its spread over persons, ``sd_bias`` that of a,
    ``shared_error`` that of d; logarithms of the quantity.
    """

    width_factor: np.ndarray
    sd_log_width_factor: np.ndarray
    sd_bias: np.ndarray
    shared_error: np.ndarray
    r_hat: float
    divergences: int


def widths_of(quantities: ResolvedQuantities) -> Widths:
    """Return errors of the medians and stated standard deviations; raise `InputError` if there are no logarithms.

    The width is that of a normal distribution of the logarithm with the outermost two quantiles.
    """
    from scipy.special import ndtri

    if not quantities.positive:
        raise InputError("Widths are learned on a logarithmic scale: every quantile and outcome has to be above zero.")
    levels = np.array(quantities.levels)
    logs = np.log(quantities.quantiles)
    spread = (logs[:, -1] - logs[:, 0]) / (ndtri(levels[-1]) - ndtri(levels[0]))
    middle = logs[:, list(quantities.levels).index(MEDIAN)]
    return Widths(middle - np.log(quantities.realised)[quantities.question], np.maximum(spread, NARROWEST))


def fit_intervals(quantities: ResolvedQuantities, settings: Settings, *, shared: bool) -> IntervalFit:
    """Return the posterior of the width factor; ``shared``: with an error common to all on a group of quantities."""
    import nutpie
    import pymc as pm
    import pytensor
    import pytensor.tensor as pt

    # Order-dependent rewrites would give other draws from a cold than from a warm cache.
    pytensor.config.numba__fastmath = False
    data = widths_of(quantities)
    names = list(dict.fromkeys(quantities.group))
    group = np.array([names.index(name) for name in quantities.group])[quantities.question]
    experts = len(quantities.experts)
    with pm.Model() as model:
        alpha = pm.Normal("alpha", 0.0, 0.5)
        sd_bias = pm.LogNormal("sd_bias", log(0.2), 0.7)
        factor = pm.LogNormal("width_factor", log(1.5), 0.7)
        sd_factor = pm.LogNormal("sd_log_width_factor", log(0.3), 0.7)
        sd_shared = pm.LogNormal("shared_error", log(0.2), 0.7)
        # Centred: every group has many answers; the person's effects are not, since many persons answered once.
        error = pm.Normal("error", 0.0, sd_shared, shape=len(names))
        raw_bias = pm.Normal("raw_bias", 0.0, 1.0, shape=experts)
        raw_factor = pm.Normal("raw_factor", 0.0, 1.0, shape=experts)
        location = alpha + (sd_bias * raw_bias)[quantities.expert] + (error[group] if shared else 0.0)
        log_scale = (pt.log(factor) + sd_factor * raw_factor)[quantities.expert] + np.log(data.width)
        misfit = (data.error - location) * pt.exp(-log_scale)
        half = (DEGREES_OF_FREEDOM + 1) / 2
        pm.Potential("answers", -(log_scale + half * pt.log1p(misfit**2 / DEGREES_OF_FREEDOM)).sum())
    tree = nutpie.sample(
        nutpie.compile_pymc_model(model), draws=settings.draws, tune=settings.tune, chains=settings.chains,
        cores=settings.cores, seed=settings.seed, target_accept=_TARGET_ACCEPT, progress_bar=False,
        save_warmup=False,
    )  # fmt: skip
    from arviz import rhat

    wanted = ("width_factor", "sd_log_width_factor", "sd_bias", "shared_error")
    draws = {name: tree["posterior"][name].values.reshape(-1) for name in wanted}
    worst = max(float(value) for value in rhat(tree["posterior"].to_dataset()[list(wanted)]).data_vars.values())
    return IntervalFit(**draws, r_hat=worst, divergences=int(tree["sample_stats"]["diverging"].values.sum()))
