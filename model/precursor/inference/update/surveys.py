"""The surveys that a run was fitted to, found again by their ids, and only if they are as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from precursor.elicitation.survey import Survey
from precursor.inference.runs.run import Run, shared_hashes
from precursor.inference.surveys import SurveyReader
from precursor.problems import InputError, Problem


def surveys_of_run(run: Run, reader: SurveyReader, elsewhere: Sequence[Survey] = ()) -> tuple[Survey, ...]:
    """Return the surveys that a run was fitted to.

    They are looked for among ``elsewhere`` (those read from other folders), then by id in the data folder.  Raises one
    `InputError` that names every survey that is missing, cannot be read, or is not as it was.
    """
    found, problems = [], []
    for entry in run.summary["surveys"]:
        id_ = str(entry["id"])
        hashes = hashes_of(run, id_)
        given = [survey for survey in elsewhere if survey.id == id_ and dict(survey.hashes) == hashes]
        try:
            survey = given[0] if given else reader.read(id_)
        except InputError as error:
            problems.append(
                Problem(
                    f"The survey {id_} of run {run.name} cannot be read: {error.problems[0].message}",
                    "the survey as it was when the run was made",
                )
            )
            continue
        if dict(survey.hashes) != hashes:
            changed = sorted(
                {name for name in {*hashes, *survey.hashes} if hashes.get(name) != survey.hashes.get(name)}
            )
            problems.append(
                Problem(
                    f"The survey {id_} is not what run {run.name} was fitted to: {', '.join(changed)} changed.",
                    "the survey as it was, or a new run of it as it is: precursor fit",
                )
            )
        found.append(survey)
    if problems:
        raise InputError(problems)
    return tuple(found)


def hashes_of(run: Run, id_: str) -> dict[str, str]:
    """Return the SHA-256 of every file of a survey that a run was fitted to, by name."""
    inputs: Mapping[str, str] = run.provenance.get("inputs", {})
    start = f"surveys/{id_}/"
    return {name.removeprefix(start): hash_ for name, hash_ in inputs.items() if name.startswith(start)}


def changed_shared_files(run: Run, reader: SurveyReader) -> tuple[str, ...]:
    """Return shared questions, indicators and lexicons that are not as they were when the run was made."""
    now = shared_hashes(reader.data)
    inputs: Mapping[str, str] = run.provenance.get("inputs", {})
    then = {name: hash_ for name, hash_ in inputs.items() if not name.startswith("surveys/")}
    return tuple(sorted(name for name in {*now, *then} if now.get(name) != then.get(name)))


def with_survey(surveys: Sequence[Survey], run: Run, new: Survey) -> tuple[Survey, ...]:
    """Return the surveys with a new one, which replaces an earlier version of itself.

    Raises `InputError` if the run was fitted to the survey as it is.
    """
    if any(survey.id == new.id and dict(survey.hashes) == dict(new.hashes) for survey in surveys):
        raise InputError(
            Problem(
                f"The run {run.name} was fitted to {new.id} as it is.", "a survey, or a version of one, that is new"
            )
        )
    return (*(survey for survey in surveys if survey.id != new.id), new)
