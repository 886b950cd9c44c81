"""Stances: the same compiled model, listening to some of the answers only.

Whom one listens to decides the answer (model.md, section 5), and no data say whom.  So the prior (nobody), the premises
of either side, each camp and everybody stand side by side, with the linear pool of the camps:

* **premises**: the answers of one survey, our readings of one side's authors;
* **a camp**: the answers of the people whose ``experts.csv`` says that they belong to it, whatever the survey; a camp's
  own centre is then the belief that is learned (`Decisions.camp`), not the middle between it and the other;
* **the default**: everybody, in one fit.  A camp's members stand a worldview's distance from the belief, one camp as
  far below as the other above (``-w`` and ``+w``, w being the question's own), so that between two camps the belief is
  the *middle of their log-odds*, however many members either has.  People without a camp, and published groups, stand
  at that middle, and count by what they say and how exactly.  That camps weigh alike is a convention;
* **the linear pool**: the mixture of the camps' posteriors, one part each: with probability one half one camp is right
  entirely, else the other.  Draws of the camps' fits, put together; nothing is fitted.

These camps are fits to what a camp's members answered to all questions.  `analysis.camps` is something else: the prior,
tilted to a camp's bottom line (``camp:NAME:RUN``).

A stance is fitted with fewer draws than the default and says so, and with more where the first were not enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from precursor.inference.answers.observations import Observations
from precursor.inference.answers.rows import Unit
from precursor.inference.fits.checks import Check, checks_of
from precursor.inference.fits.fit import Fit, Progress, Sampler, Settings
from precursor.inference.fits.headline import headline_logits


@dataclass(frozen=True, slots=True)
class Stance:
    """Whom to listen to: the answers of some surveys, or the people of a camp."""

    name: str
    title: str
    description: str
    surveys: tuple[str, ...] = ()
    camp: str = ""

    def listens_to(self, survey: str, unit: Unit) -> bool:
        """Return whether an answer of a survey, by a unit, counts."""
        return unit.camp == self.camp if self.camp else survey in self.surveys


PREMISES = (
    Stance(
        "argument_premises", "The argument’s premises alone",
        "Our readings of what its author says of single steps; the bottom line is not used.", ("argument_premises",),
    ),
    Stance(
        "critics_premises", "Its critics’ premises alone",
        "Our readings of what its critics say of single steps; their bottom lines are not used.", ("critics_premises",),
    ),
)  # fmt: skip
CAMP = "camp_"
# A stance is a shorter run: it is read to two digits, not certified like the default.
STANCE_SETTINGS = Settings(draws=400, tune=200, chains=2, target_accept=0.8)
STANCE_R_HAT = 1.05
LONGER = 2


@dataclass(frozen=True)
class StanceFit:
    """A stance's draws and checks."""

    stance: Stance
    fit: Fit
    checks: tuple[Check, ...]


def stances_of(observations: Observations) -> list[Stance]:
    """Return the stances that answers allow: premises whose surveys are present, and camps where there are two.

    One that would listen to everybody is the default, and none of its own.
    """
    answers = observations.answers
    camps = sorted({answer.unit.camp for answer in answers} - {""})
    known = [*PREMISES, *(map(_of_camp, camps) if len(camps) > 1 else ())]
    heard = [sum(stance.listens_to(answer.survey, answer.unit) for answer in answers) for stance in known]
    return [stance for stance, count in zip(known, heard, strict=True) if 0 < count < len(answers)]


def _of_camp(camp: str) -> Stance:
    people = camp.replace("_", " ")
    description = (
        f"What the people of the {people} camp answered, and nobody else; their own centre is what is learned."
    )
    return Stance(f"{CAMP}{camp}", f"The {people} camp alone", description, camp=camp)


def fit_stances(sampler: Sampler, seed: int, say: Progress, settings: Settings = STANCE_SETTINGS) -> list[StanceFit]:
    """Return a fit for every stance that the model's answers allow (`stances_of`)."""
    found = []
    for stance in stances_of(sampler.plan.observations):
        active = [stance.listens_to(answer.survey, answer.unit) for answer in sampler.plan.observations.answers]
        decisions = replace(sampler.plan.decisions, camp=stance.camp)
        one = sampler.listening(np.array(active), decisions)
        fit, checks = sampled_until_readable(one, replace(settings, seed=seed), say, f"Stance {stance.name}")
        found.append(StanceFit(stance, fit, checks))
    return found


def sampled_until_readable(
    sampler: Sampler, settings: Settings, say: Progress, what: str
) -> tuple[Fit, tuple[Check, ...]]:
    """Return a short fit and its checks; if it cannot be read, one that is `LONGER` times as long, readable or not."""
    for times in (1, LONGER):
        length = replace(settings, draws=times * settings.draws, tune=times * settings.tune)
        fit = sampler.sample(length, say, what=what if times == 1 else f"{what}, longer")
        checks = checks_of(fit, headline_logits(fit, fit.flat).reshape(*fit.latent.shape[:2], -1))
        if readable(checks):
            break
    return fit, checks


def readable(checks: tuple[Check, ...]) -> bool:
    """Return whether a shorter run may be read: R-hat below 1.05 and no divergence."""
    worst = next(check for check in checks if check.name == "r_hat_max")
    return worst.value < STANCE_R_HAT and all(check.passed for check in checks if check.name == "divergences")
