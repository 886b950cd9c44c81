"""Is a known truth found again?  Fits of fresh answers to one crowd's questions, the truth drawn around a scenario.

A 90 % interval holds nine truths in ten if truths are drawn from the *prior*.  Around a scenario that the prior finds
unlikely it need not: the prior pulls.  So both are measured, the prior's truths being the control: fits that are right
must hold those in the stated share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from precursor.argument.answer import record_odds
from precursor.argument.scenario import Scenario
from precursor.campaigns.campaign import Campaign, Result
from precursor.elicitation.survey import Survey
from precursor.inference.decisions import Decisions
from precursor.inference.fits.fit import Fit, Sampler, Settings, unconstrained_of
from precursor.inference.fits.headline import DECEPTIVE, HEADLINE
from precursor.inference.plan import Plan, plan_model
from precursor.inference.reweighting.effects import Effects, effect_names, latents_at
from precursor.inference.scenarios import open_scenario
from precursor.inference.simulation import unconstrained_near
from precursor.inference.simulation.replication import Replicated, Replicator
from precursor.inference.surveys import SurveyReader, open_reader
from precursor.network.grammar import Event, parse_query
from precursor.validation.crowds import QUERIES, core_crowd, lumped_crowd

SEED = 20_261_126
FITS = 40
# One group of fits each: who answers which questions, where truths come from, and shared error as told and as believed.
GROUPS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        **{
            f"{scenario}-{people}": {"scenario": scenario, "people": people}
            for people in (5, 20, 100)
            for scenario in ("argument", "critic", "prior")
        },
        "argument-100-error-not-believed": {"scenario": "argument", "people": 100, "shared_error": [1.0, 0.0]},
    }
)
# The whole model: thirty people answer the core questionnaire.
WHOLE_GROUPS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        f"core-{scenario}": {"survey": "core", "scenario": scenario, "people": 30, "draws": 200, "tune": 250}
        for scenario in ("argument", "critic")
    }
)
WHOLE_FITS = 20
# One truth in, a crowd's scatter out: is the error that all share added to what people state, or stretched with it?
ADDED, STRETCHED = 0.0, 1.0
CROWD_SCENARIO, CROWD_FITS = "critic", 12
CROWD_GROUPS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        f"crowd-{people}-{name}": {"scenario": CROWD_SCENARIO, "people": people, **of_both}
        for people in (100, 1000)
        for name, of_both in (
            ("no-error", {"shared_error": [0.0, 0.0]}),
            ("added", {"amplified_error": [ADDED, ADDED]}),
            ("stretched", {"amplified_error": [STRETCHED, STRETCHED]}),
            ("stretched-not-believed", {"amplified_error": [STRETCHED, ADDED]}),
        )
    }
)
_SMALL = {
    "survey": "lumped_chain", "draws": 300, "tune": 300, "shared_error": [1.0, 1.0], "amplified_error": [ADDED, ADDED],
}  # fmt: skip
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
PRIOR = "prior"
_SPREAD = 0.3
_CROWD_SEED = 20_261_125


def campaign(group: str, fits: int = FITS, seed: int = SEED) -> Campaign:
    """Return the campaign of one of the `GROUPS`, `WHOLE_GROUPS` or `CROWD_GROUPS`."""
    settings = {**_SMALL, **{**GROUPS, **WHOLE_GROUPS, **CROWD_GROUPS}[group]}
    return Campaign(f"recovery-{group}", f"{__name__}:recovery", seed, settings, fits)


@dataclass(frozen=True)
class Crowd:
    """A compiled model of one crowd's answers, and what is asked of its fits."""

    sampler: Sampler
    queries: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """The plan of the model."""
        return self.sampler.plan

    def logits(self, latent: np.ndarray) -> np.ndarray:
        """Return log-odds of the queries, (draw, query), at latents, (draw, latent)."""
        circuit = record_odds(
            [parse_query(text) for text in self.queries], self.plan.space, self.plan.observations.indicators
        )
        masses = circuit.evaluate(unconstrained_of(self.plan, latent))
        return np.asarray(np.log(masses[:, 0::2]) - np.log(masses[:, 1::2]))


@lru_cache(maxsize=2)
def crowd_of(survey: str, people: int, scenario: str, *, troll: bool = False) -> Crowd:
    """Return the crowd of ``lumped_chain`` or ``core`` questions, compiled once in a process."""
    reader = open_reader()
    near = _scenario(reader, "argument" if scenario == PRIOR else scenario)
    asked: Survey
    queries: tuple[str, ...]
    if survey == "core":
        asked, queries = core_crowd(reader, people, near, _CROWD_SEED), (DECEPTIVE, *HEADLINE[1:])
    else:
        asked, queries = lumped_crowd(reader, people, near, troll=troll), tuple(QUERIES.values())
    return Crowd(Sampler.compiled_from(plan_model([asked]), lambda _message: None), queries)


def recovery(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return what one fit of fresh answers finds.

    ``settings``: ``survey``, ``people``, ``scenario`` (or ``prior``), ``draws``, ``tune``, and, of the answers and of
    the fit, ``shared_error``, by which its scale is multiplied, and ``amplified_error`` (`Decisions`).

    Returns
    -------
    Result
        ``truth``, ``mean``, ``sd`` (query,) and ``quantiles`` (query, level), in log-odds; ``prior_sd`` (query,);
        ``divergences``, ``steps``.
    """
    crowd = crowd_of(settings["survey"], settings["people"], settings["scenario"])
    rng = np.random.default_rng(seed)
    told, believed = (
        Decisions(shared_error=times, amplified_error=share)
        for times, share in zip(settings["shared_error"], settings["amplified_error"], strict=True)
    )
    latent = truth_latent(crowd.plan, settings["scenario"], seed, rng)
    answers = answers_at(crowd.plan, told, latent, rng)
    fitted = crowd.sampler.given(answers.stated).sample(
        settings_of(settings, seed), lambda _message: None, decisions=believed
    )
    return found(crowd, fitted, latent)


def answers_at(plan: Plan, decisions: Decisions, latent: np.ndarray, rng: np.random.Generator) -> Replicated:
    """Return fresh answers at a truth; ``latent`` holds effects, whatever the plan is centred on."""
    decided = replace(plan, decisions=decisions)
    effects = Effects(1, {name: latent[i : i + 1] for i, name in enumerate(effect_names(decided))})
    quantities = plan.quantities.over(unconstrained_of(plan, latent[None]))
    return Replicator(decided).draw(latents_at(decided, effects, quantities)[0], rng, quantities[0])


def truth_latent(plan: Plan, scenario: str, seed: int, rng: np.random.Generator) -> np.ndarray:
    """Return a truth as effects, (latent,): parameters near the scenario, all else drawn from the prior."""
    latent = rng.standard_normal(len(plan.layout.names))
    if scenario != PRIOR:
        near = _scenario(open_reader(), scenario, plan.observations.indicators)
        place = unconstrained_near(plan.space, near, spread=_SPREAD, seed=seed)
        latent[plan.layout.parameters] = np.linalg.lstsq(plan.space.loadings, place - plan.space.mean, rcond=None)[0]
    return latent


def found(crowd: Crowd, fitted: Fit, latent: np.ndarray) -> Result:
    """Return the truth beside what a fit says of it."""
    truth = crowd.logits(latent[None])[0]
    draws = crowd.logits(fitted.latent.reshape(-1, fitted.latent.shape[-1]))
    return {
        "truth": truth,
        "mean": draws.mean(axis=0),
        "sd": draws.std(axis=0),
        "quantiles": np.quantile(draws, LEVELS, axis=0).T,
        "divergences": fitted.statistics["diverging"].sum(),
        "steps": fitted.statistics["n_steps"].mean(),
    }


def settings_of(settings: Mapping[str, Any], seed: int) -> Settings:
    """Return how long one chain is sampled: ``draws`` and ``tune`` of a task's settings."""
    return Settings(settings["draws"], settings["tune"], chains=1, seed=seed % 2**31, target_accept=0.85, cores=1)


def _scenario(reader: SurveyReader, name: str, indicators: Mapping[str, Event] | None = None) -> Scenario:
    return open_scenario(reader.data, name, indicators)
