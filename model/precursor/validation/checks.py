"""The checks that ``precursor validate`` can run, by name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from precursor.campaigns.campaign import Campaign, Result
from precursor.campaigns.results import ResultsFolder
from precursor.campaigns.run import Say, run
from precursor.campaigns.schedulers import Scheduler
from precursor.problems import InputError, Problem
from precursor.writing import write_file

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a check.

    Attributes
    ----------
    fits, seed
        How many simulated fits, and the campaign's seed; ``None`` for the check's own.
    folder
        Where results are kept; results that are there already are used.
    """

    folder: Path
    scheduler: Scheduler
    say: Say
    fits: int | None = None
    seed: int | None = None
    root: str | None = None

    def seed_or(self, usual: int) -> int:
        """Return the seed that was asked for, or the check's own."""
        return usual if self.seed is None else self.seed

    def results(self, planned: Campaign, group: str = "") -> Result:
        """Return the stacked results of a campaign, kept in the folder, or in that of a group in it."""
        return run(planned, ResultsFolder(self.folder / group), self.scheduler, say=self.say)


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what it asks, and what runs it and returns its document, with ``passed`` in it."""

    asks: str
    run: Callable[[Request], Document]


def expert_model(request: Request) -> Document:
    """Run simulation-based calibration of the expert model (`expert_model`)."""
    from precursor.validation.expert_model import FITS, SEED, campaign
    from precursor.validation.simulated_fit import Length
    from precursor.validation.verdict import verdict

    planned = campaign(request.fits or FITS, request.seed_or(SEED))
    folder = ResultsFolder(request.folder)
    found = run(planned, folder, request.scheduler, say=request.say)
    return verdict(found, Length().thinned, folder.manifest)


def full_model(request: Request) -> Document:
    """Run posterior simulation-based calibration of the whole model (`full_model`)."""
    from precursor.validation import full_model as whole
    from precursor.validation.verdict import verdict

    folder = ResultsFolder(request.folder)
    seed = request.seed_or(whole.SEED)
    if folder.exists:
        truths = folder.manifest["each"]
        if request.fits not in (None, len(truths)):
            known = f"--fits {len(truths)}, or another folder (--out)"
            raise InputError(Problem(f"{folder.folder} holds a campaign of {len(truths)} fits.", known))
        planned = whole.campaign_again(truths, seed, root=request.root)
    else:
        drawn = whole.truths_of_posterior(request.fits or whole.FITS, seed, request.say, request.root)
        planned = whole.campaign(drawn, seed, root=request.root)
    found = run(planned, folder, request.scheduler, say=request.say, inputs=whole.hashes_of_surveys(request.root))
    return verdict(found, whole.LENGTH.thinned, folder.manifest)


def _joint(surveys: str, request: Request) -> Document:
    """Run the joint-distribution test (`joint_chain`) of the small survey or of all."""
    from precursor.validation import joint_chain
    from precursor.validation.joint_verdict import joint_document

    seed = request.seed_or(joint_chain.SEED)
    planned = joint_chain.campaign(surveys, request.fits or joint_chain.CHAINS, seed)
    found = request.results(planned)
    names = joint_chain.statistics_of(joint_chain.PLANS[surveys]())
    return joint_document(found, names, joint_chain.CHECKPOINTS)


def _recovery(whole: bool, request: Request) -> Document:
    """Run fits of known truths, group by group (`recovery`), of small surveys or of the whole model."""
    from precursor.validation import recovery as known
    from precursor.validation.recovery_document import group_document, recovery_document

    seed = request.seed_or(known.SEED)
    named, fits = (known.WHOLE_GROUPS, known.WHOLE_FITS) if whole else (known.GROUPS, known.FITS)
    groups = []
    for name in named:
        planned = known.campaign(name, request.fits or fits, seed)
        groups.append(group_document(planned.settings, request.results(planned, name)))
    return recovery_document(groups)


def crowd(request: Request) -> Document:
    """Run fits of a hundred and of a thousand people, and find the floor that infinitely many leave (`recovery`)."""
    from precursor.validation import many_people as limit
    from precursor.validation import recovery as known
    from precursor.validation.crowd_document import crowd_document, crowd_group
    from precursor.validation.recovery_document import group_document

    seed = request.seed_or(known.SEED)
    groups = []
    for name in known.CROWD_GROUPS:
        planned = known.campaign(name, request.fits or known.CROWD_FITS, seed)
        groups.append(crowd_group(planned.settings, request.results(planned, name)))
    floor = limit.campaign("lumped_chain", known.CROWD_SCENARIO, request.fits or limit.TRUTHS, seed)
    return crowd_document(groups, group_document(floor.settings, request.results(floor, "floor")))


def many_people(request: Request) -> Document:
    """Find what shared error leaves open however many people answer (`many_people`)."""
    from precursor.validation import many_people as limit
    from precursor.validation.recovery_document import group_document, recovery_document

    seed = request.seed_or(limit.SEED)
    groups = []
    for survey in limit.SURVEYS:
        for scenario in limit.SCENARIOS:
            planned = limit.campaign(survey, scenario, request.fits or limit.TRUTHS, seed)
            groups.append(group_document(planned.settings, request.results(planned, f"{survey}-{scenario}")))
    return recovery_document(groups)


def misspecified(request: Request) -> Document:
    """Run fits of answers that break the expert model (`misspecified`)."""
    from precursor.validation import misspecified as broken
    from precursor.validation.misspecified_document import misspecified_document, misspecified_group

    seed = request.seed_or(broken.SEED)
    groups = []
    for scenario in broken.SCENARIOS:
        planned = broken.campaign(scenario, request.fits or broken.REPEATS, seed)
        groups.append(misspecified_group(scenario, broken.PEOPLE, request.results(planned, scenario)))
    return misspecified_document(groups)


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "expert_model": Check("Are fits of simulated answers calibrated, every form of answer at work?", expert_model),
        "full_model": Check("Are fits of the whole model calibrated, around its real posterior?", full_model),
        "joint": Check("Do density and simulated answers describe one distribution?", partial(_joint, "small")),
        "joint_whole": Check("The same of all carried surveys' answers", partial(_joint, "whole")),
        "recovery": Check("Are known truths found again, and how far does the prior pull?", partial(_recovery, False)),
        "recovery_whole": Check("The same of the core questionnaire, thirty people", partial(_recovery, True)),
        "crowd": Check("Does a thousand people's scatter bring the certainty that shared error forbids?", crowd),
        "many_people": Check("What stays open however many people answer?", many_people),
        "misspecified": Check("How far do answers move the conclusion that break the expert model?", misspecified),
    }
)


_COLUMNS = ("name", "family", "p_value", "passed", "within_band", "mean", "spread", "lag")


def write_document(folder: Path, document: Document) -> None:
    """Write a check's document beside its results, and its quantities as a table."""
    write_file(folder / "verdict.json", (json.dumps(document, allow_nan=False) + "\n").encode())
    if "quantities" in document:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([_cell(entry[name]) for name in _COLUMNS] for entry in document["quantities"])
        write_file(folder / "ranks.csv", text.getvalue().encode())


def _cell(value: object) -> str:
    return (
        f"{value:.4g}"
        if isinstance(value, float)
        else "yes"
        if value is True
        else "no"
        if value is False
        else str(value)
    )
