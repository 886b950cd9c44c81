"""Four mistakes planted in what is fitted, while answers keep coming from the right model.

Each takes a plan and returns one whose log-density is wrong; the fit, and the log-likelihood that is ranked, are the
wrong plan's, as they would be if the mistake were in the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Result
from precursor.inference.answers.sharing import KINDS
from precursor.inference.answers.stated import Stated
from precursor.inference.fits.fit import Sampler
from precursor.inference.plan import Plan
from precursor.validation.expert_model import simulated_from_prior, small_plan
from precursor.validation.simulated_fit import Bench
from precursor.validation.tested import form_of

DROPPED = "quantiles"


def wrong_sign(plan: Plan) -> Plan:
    """A person's worldview acts the wrong way round on what is expected of them."""
    return replace(plan, columns=replace(plan.columns, side=-plan.columns.side))


def ignored_censoring(plan: Plan) -> Plan:
    """A bound is read as if its limit had been stated as a point."""
    return replace(plan, columns=replace(plan.columns, bounded=np.zeros(0, dtype=np.int64)))


def no_worldview(plan: Plan) -> Plan:
    """The worldview factor is left out: of what is expected, and of what a person's answers share."""
    factors = np.where(plan.sharing.kinds == KINDS.index("loading"), 0.0, plan.sharing.factors)
    columns = replace(plan.columns, worldview=np.zeros_like(plan.columns.worldview))
    return replace(plan, columns=columns, sharing=replace(plan.sharing, factors=factors))


def as_it_is(plan: Plan) -> Plan:
    return plan


MISTAKES: Mapping[str, Callable[[Plan], Plan]] = {
    "wrong_sign": wrong_sign,
    "ignored_censoring": ignored_censoring,
    "no_worldview": no_worldview,
    "dropped_form": as_it_is,
}


class Uncensored(Sampler):
    """A sampler of a model in which no answer lies beyond a limit."""

    def given(self, stated: Stated) -> Sampler:
        known = {name: array for name, array in stated.data.items() if name != "stated_outward"}
        return replace(self, plan=replace(self.plan, stated=stated), compiled=self.compiled.with_data(**known))


def fit_with_mistake(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return one simulated fit with ``settings["mistake"]`` planted."""
    length = {name: value for name, value in settings.items() if name != "mistake"}
    return simulated_from_prior(mistaken_bench(settings["mistake"]), seed, length)


@cache
def mistaken_bench(mistake: str) -> Bench:
    """Return the bench, compiled once a process."""
    plan = small_plan()
    bench = Bench.of(plan, MISTAKES[mistake](plan))
    if mistake == "ignored_censoring":
        made = bench.sampler
        return replace(bench, sampler=Uncensored(made.plan, made.compiled, made.seconds))
    if mistake == "dropped_form":
        kept = [float(form_of(answer) != DROPPED) for answer in plan.observations.answers]
        return replace(bench, active=np.array(kept))
    return bench
