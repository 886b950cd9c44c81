"""Fitting: compile a model once, sample it with nutpie, and check what came out.

The same seed gives the same draws whatever the number of cores and whether or not the compiled code was cached: fast
but order-dependent floating-point rewrites are switched off before anything is compiled.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.inference.answers.observations import Round
from precursor.inference.answers.stated import Stated
from precursor.inference.decisions import Decisions
from precursor.inference.density.model import decided_data, model_of
from precursor.inference.plan import Plan, listening, plan_model

if TYPE_CHECKING:
    import xarray as xr

    from precursor.elicitation.survey import Survey

Progress = Callable[[str], None]
_SECONDS_BETWEEN_MESSAGES = 5.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How long to sample; the defaults are what the shipped surveys need to pass every check."""

    draws: int = 1000
    tune: int = 400
    chains: int = 4
    seed: int = 20_261_121
    target_accept: float = 0.9
    cores: int = 2


QUICK = Settings(draws=200, tune=250, target_accept=0.8)


@dataclass(frozen=True)
class Fit:
    """Draws of the standard-normal latents, (chain, draw, latent), and the sampler's statistics, (chain, draw).

    ``statistics`` has ``diverging``, ``energy`` and ``n_steps``; a fit without answers is drawn from the prior directly
    and has none.
    """

    plan: Plan
    settings: Settings
    latent: np.ndarray
    statistics: dict[str, np.ndarray]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def unconstrained(self) -> np.ndarray:
        """Draws of the argument's parameters on their unconstrained scales, (chain, draw, parameter)."""
        return unconstrained_of(self.plan, self.latent)

    @property
    def flat(self) -> np.ndarray:
        """The same, (draws, parameter)."""
        return self.unconstrained.reshape(-1, len(self.plan.space.names))

    def draws(self) -> np.ndarray:
        """Return the same, as a finished run does: what `precursor.query` asks."""
        return self.flat

    @property
    def indicators(self) -> dict[str, str]:
        """By indicator, the event it bears on, as text."""
        return {id_: str(event) for id_, event in self.plan.observations.indicators.items()}

    @property
    def posterior(self) -> xr.DataTree:
        """The draws as a DataTree: ``posterior`` (latents, natural parameters) and ``sample_stats``."""
        from precursor.inference.fits.store import tree_of

        return tree_of(self)


def unconstrained_of(plan: Plan, latent: np.ndarray) -> np.ndarray:
    """Return the argument's parameters, (..., parameter), from latents, (..., latent)."""
    return plan.space.mean + latent[..., plan.layout.parameters] @ plan.space.loadings.T


def fit(
    surveys: Sequence[Survey],
    settings: Settings | None = None,
    *,
    decisions: Decisions | None = None,
    up_to_round: Round = None,
    progress: Progress | None = None,
) -> Fit:
    """Return the posterior given surveys; without surveys, draws of the prior.

    A later round of a survey replaces an earlier one; rounds after ``up_to_round`` count as not held yet.  ``progress``
    is told, now and then, how far sampling is and how long it will take.
    """
    say = progress or (lambda _message: None)
    plan = plan_model(surveys, decisions, up_to_round=up_to_round)
    chosen = settings or Settings()
    if not plan.observations.answers:
        return prior_fit(plan, chosen)
    return Sampler.compiled_from(plan, say).sample(chosen, say)


def compile_model(
    surveys: Sequence[Survey], *, decisions: Decisions | None = None, progress: Progress | None = None
) -> Sampler:
    """Return the compiled model of surveys, to be sampled as often as wanted: compiling takes most of a small fit."""
    return Sampler.compiled_from(plan_model(surveys, decisions), progress or (lambda _message: None))


def prior_fit(plan: Plan, settings: Settings) -> Fit:
    """Return independent draws of the prior."""
    shape = (settings.chains, settings.draws, len(plan.layout.names))
    return Fit(plan, settings, np.random.default_rng(settings.seed).standard_normal(shape), {})


@dataclass(frozen=True)
class Sampler:
    """A compiled model, to be sampled as often as wanted with some answers switched off."""

    plan: Plan
    compiled: Any
    seconds: float

    @classmethod
    def compiled_from(cls, plan: Plan, say: Progress) -> Sampler:
        """Compile the model of a plan (some half a minute, a few seconds when the compiled code is cached)."""
        import nutpie
        import pytensor

        # Order-dependent rewrites would give other draws from a cold than from a warm cache.
        pytensor.config.numba__fastmath = False
        say(f"Compiling the model: {len(plan.observations.answers)} answers, {len(plan.layout.names)} unknowns ...")
        start = time.monotonic()
        compiled = nutpie.compile_pymc_model(model_of(plan), var_names=["standard_normal"])
        seconds = time.monotonic() - start
        say(f"Compiled in {seconds:.0f} s.")
        return cls(plan, compiled, seconds)

    def given(self, stated: Stated) -> Sampler:
        """Return the same compiled model of other answers to the same questions."""
        plan = replace(self.plan, stated=stated)
        return replace(self, plan=plan, compiled=self.compiled.with_data(**stated.data))

    def listening(self, active: np.ndarray, decisions: Decisions) -> Sampler:
        """Return the same compiled model that listens to the active answers only, (answer,), and decides otherwise.

        Questions that nobody active answers well are no longer centred: unlike `sample`'s ``active``, this may change
        what the latents stand for, and the fit's plan says so.
        """
        plan = listening(self.plan, active, decisions)
        data = {"answer_active": active.astype(float), **decided_data(plan)}
        return replace(self, plan=plan, compiled=self.compiled.with_data(**self._known(data)))

    def _known(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the data without what the compiled graph lacks.

        What nothing depends on is no part of it: in a small survey, whether errors are centred.
        """
        known = {variable.name for variable in self.compiled.shared_var_keys}
        return {name: value for name, value in data.items() if name in known}

    def sample(
        self,
        settings: Settings,
        say: Progress = lambda _message: None,
        active: np.ndarray | None = None,
        what: str = "Sampling",
        *,
        decisions: Decisions | None = None,
    ) -> Fit:
        """Return draws; ``active`` (0 or 1 for each answer) switches answers off, ``decisions`` decides otherwise."""
        import nutpie

        data: dict[str, Any] = {} if active is None else {"answer_active": active.astype(float)}
        plan = self.plan if decisions is None else replace(self.plan, decisions=decisions)
        if decisions is not None:
            data |= self._known(decided_data(plan))
        compiled = self.compiled.with_data(**data) if data else self.compiled
        start = time.monotonic()
        sampler = nutpie.sample(
            compiled, draws=settings.draws, tune=settings.tune, chains=settings.chains, cores=settings.cores,
            seed=settings.seed, target_accept=settings.target_accept, progress_bar=False, save_warmup=False,
            blocking=False,
            progress_callback=_reporter(say, what, start), progress_rate=1000,
        )  # fmt: skip
        try:
            tree = sampler.wait()
        except KeyboardInterrupt:
            sampler.abort()
            raise
        seconds = {"compile": self.seconds, "sample": time.monotonic() - start}
        statistics = {name: tree["sample_stats"][name].values for name in ("diverging", "energy", "n_steps")}
        return Fit(plan, settings, tree["posterior"]["standard_normal"].values, statistics, seconds)


def _reporter(say: Progress, what: str, start: float) -> Callable[[Sequence[Any]], None]:
    last = [start]

    def report(chains: Sequence[Any]) -> None:
        now = time.monotonic()
        if now - last[0] < _SECONDS_BETWEEN_MESSAGES:
            return
        last[0] = now
        done, total = sum(chain.finished_draws for chain in chains), sum(chain.total_draws for chain in chains)
        share = done / max(total, 1)
        left = (now - start) * (1 - share) / share if share > 0 else float("nan")
        estimate = f", about {duration(left)} left" if share > 0.02 else ""  # noqa: PLR2004 - too early to tell before
        say(f"{what}: {100 * share:.0f} % ({done:,} of {total:,} steps){estimate}.")

    return report


def duration(seconds: float) -> str:
    """Return seconds in words: ``2 min 10 s``."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"  # noqa: PLR2004 - a minute
