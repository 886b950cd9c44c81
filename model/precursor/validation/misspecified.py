"""How far answers that break the expert model move its conclusion, beside plain mean and median of what was stated.

One crowd answers as the model has it; then some of them do not, everything else being the same:

* ``block``: a quarter of the people repeat one source, which is wrong by three units of log-odds towards bad news;
* ``outliers``: a tenth of the people are off by six units on every answer, either way;
* ``troll_0``, ``troll_1``: one more person states 0, or 1, to everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Campaign, Result
from precursor.inference.answers.stated import Stated
from precursor.inference.decisions import Decisions
from precursor.inference.fits.fit import unconstrained_of
from precursor.inference.plan import Plan
from precursor.validation.crowds import QUERIES, TROLL
from precursor.validation.recovery import answers_at, crowd_of, settings_of, truth_latent

SEED, REPEATS = 20_261_126, 20
SCENARIOS = ("argument", "critic")
PEOPLE = 20
KINDS = ("as_modelled", "block", "outliers", "troll_0", "troll_1")
ESTIMATES = ("model", "mean", "median")
_SOURCE_OFF, _OUTLIERS_OFF = 3.0, 6.0
_BLOCK, _OUTLIERS = 0.25, 0.1
_HALF_A_PERCENT = float(np.log(0.005 / 0.995))


def campaign(scenario: str, repeats: int = REPEATS, seed: int = SEED) -> Campaign:
    """Return the campaign of truths around a scenario."""
    settings = {"people": PEOPLE, "scenario": scenario, "draws": 250, "tune": 250}
    return Campaign(f"misspecified-{scenario}", f"{__name__}:misspecified", seed, settings, repeats)


def misspecified(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return what model, mean and median say of the first query, answers being as modelled and in every way not.

    ``settings``: ``people``, ``scenario``, ``draws``, ``tune``.

    Returns
    -------
    Result
        ``truth`` (); ``estimate`` (kind, estimate), all in log-odds: the posterior's median, the mean of the stated
        probabilities, their median; ``held`` (kind,): whether the 90 % interval holds the truth.
    """
    crowd = crowd_of("lumped_chain", settings["people"], settings["scenario"], troll=True)
    rng = np.random.default_rng(seed)
    latent = truth_latent(crowd.plan, settings["scenario"], seed, rng)
    honest = answers_at(crowd.plan, Decisions(), latent, rng).stated
    theta = crowd.plan.quantities.over(unconstrained_of(crowd.plan, latent[None]))[0][crowd.plan.facing.position]
    truth = float(crowd.logits(latent[None])[0, 0])
    estimates, held = [], []
    for kind in KINDS:
        stated, active = broken(crowd.plan, honest, theta, kind, rng)
        fitted = crowd.sampler.given(stated).sample(settings_of(settings, seed), lambda _message: None, active)
        low, middle, high = np.quantile(crowd.logits(fitted.latent[0])[:, 0], (0.05, 0.5, 0.95))
        estimates.append([middle, *_pooled(crowd.plan, stated, active)])
        held.append(low <= truth <= high)
    return {"truth": np.array(truth), "estimate": np.array(estimates), "held": np.array(held)}


def broken(
    plan: Plan, honest: Stated, theta: np.ndarray, kind: str, rng: np.random.Generator
) -> tuple[Stated, np.ndarray]:
    """Return answers of which some break the model, and which answers count, (answer,).

    ``theta`` is the truth of what each row answers, as stated, (row,).
    """
    people = [row.unit.id for row in plan.observations.rows]
    honest_people = [name for name in dict.fromkeys(people) if not name.endswith(TROLL)]
    trolls = np.array([name.endswith(TROLL) for name in people])
    if kind == "block":
        chosen = _of(people, honest_people[: round(_BLOCK * len(honest_people))])
        return _restated(plan, honest, chosen, theta + _SOURCE_OFF * plan.facing.turn), (~trolls).astype(float)
    if kind == "outliers":
        chosen = _of(people, honest_people[: max(1, round(_OUTLIERS * len(honest_people)))])
        off = _OUTLIERS_OFF * rng.choice([-1.0, 1.0], len(theta))
        return _restated(plan, honest, chosen, theta + off), (~trolls).astype(float)
    if kind in ("troll_0", "troll_1"):
        # 0 and 1 are read as below and above half a percent from the end.
        end = _HALF_A_PERCENT if kind == "troll_0" else -_HALF_A_PERCENT
        location = np.where(trolls, end, honest.location)
        outward = np.where(trolls[plan.columns.bounded], np.sign(end), honest.outward)
        return replace(honest, location=location, outward=outward), np.ones(len(people))
    return honest, (~trolls).astype(float)


def _restated(plan: Plan, honest: Stated, rows: np.ndarray, values: np.ndarray) -> Stated:
    """Return the answers with other values in some rows; a bound states on which side of its limit the value lies."""
    bounded = plan.columns.bounded
    limits = np.zeros(len(rows), dtype=bool)
    limits[bounded] = True
    location = np.where(rows & ~limits, values, honest.location)
    side = np.where(values[bounded] < honest.location[bounded], -1.0, 1.0)
    return replace(honest, location=location, outward=np.where(rows[bounded], side, honest.outward))


def _of(people: list[str], chosen: list[str]) -> np.ndarray:
    return np.array([name in chosen for name in people])


def _pooled(plan: Plan, stated: Stated, active: np.ndarray) -> tuple[float, float]:
    """Return log-odds of mean and median of the probabilities stated on the first question; a troll's is 0 or 1."""
    first = next(iter(QUERIES))
    side = dict(zip(plan.columns.bounded.tolist(), stated.outward.tolist(), strict=True))
    values = []
    for i, row in enumerate(plan.observations.rows):
        if row.question.id != first or not active[i]:
            continue
        if row.unit.id.endswith(TROLL):
            values.append(0.0 if side[i] < 0 else 1.0)
        elif i not in side:
            values.append(1 / (1 + float(np.exp(-stated.location[i]))))
    return _logit(float(np.mean(values))), _logit(float(np.median(values)))


def _logit(probability: float) -> float:
    return float(np.log(probability) - np.log1p(-probability))
