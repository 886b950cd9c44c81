"""The compiled model of some surveys, once in every process: workers read the surveys from their folders."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from precursor.elicitation.survey import Survey
from precursor.inference.decisions import Decisions
from precursor.inference.fits.fit import Sampler
from precursor.inference.plan import Plan, plan_model
from precursor.inference.surveys import open_reader
from precursor.problems import InputError, Problem

_DESCRIBES = ("surveys", "hashes", "decisions", "round", "root")


def described(plan: Plan, root: str | None) -> dict[str, Any]:
    """Return what a task is told of a plan: where its surveys lie, their hashes, decisions, round and data root."""
    surveys = plan.observations.surveys
    return {
        "surveys": [str(survey.folder.resolve()) for survey in surveys],
        "hashes": [dict(sorted(survey.hashes.items())) for survey in surveys],
        "decisions": asdict(plan.decisions),
        "round": plan.observations.up_to_round,
        "root": root,
    }


def compiled(settings: Mapping[str, Any]) -> Sampler:
    """Return the compiled model of a task's settings (`described`), further settings ignored.

    Raises `InputError` where a survey is no longer the one that was described.
    """
    return _compiled(json.dumps({name: settings[name] for name in _DESCRIBES}, sort_keys=True))


@cache
def _compiled(text: str) -> Sampler:
    settings = json.loads(text)
    reader = open_reader(settings["root"])
    surveys = [_read(reader.read, *known) for known in zip(settings["surveys"], settings["hashes"], strict=True)]
    plan = plan_model(surveys, Decisions(**settings["decisions"]), up_to_round=settings["round"])
    return Sampler.compiled_from(plan, lambda _message: None)


def _read(read: Callable[[Path], Survey], folder: str, hashes: Mapping[str, str]) -> Survey:
    survey = read(Path(folder))
    if dict(survey.hashes) != dict(hashes):
        raise InputError(
            Problem(f"The survey {survey.id} is not the one that is to be fitted.", "the same files", folder)
        )
    return survey
