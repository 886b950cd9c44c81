"""A simulation as a survey folder, read back like any other; everything in it says that nobody was asked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from precursor.elicitation.header import is_survey_id
from precursor.inference.simulation.answers import Simulation
from precursor.problems import InputError, Problem
from precursor.writing import new_folder

_COMMENT = "SYNTHETIC: simulated, nobody was asked"


def write_survey(simulation: Simulation, folder: Path, *, truth: str = "") -> Path:
    """Write a simulation as a survey and return its folder, whose name is the survey's id.

    ``truth`` says, for the survey's ``source``, what the answers were simulated from.  The folder is written beside its
    place and moved there.  Raises `InputError` if the name cannot be an id or the folder exists.
    """
    if not is_survey_id(folder.name):
        raise InputError(Problem(f"{folder.name!r} is no id for a survey.", "letters, digits, _ - and ."))
    if folder.exists():
        raise InputError(Problem(f"{folder.name} exists, and a survey is not overwritten.", "another folder"))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with new_folder(folder) as inside:
        (inside / "survey.toml").write_text(_header(simulation, folder.name, truth), encoding="utf-8")
        answers = ((a.expert, a.question, a.form, a.answer, _COMMENT) for a in simulation.answers)
        _write(inside / "responses.csv", ("expert", "question", "form", "answer", "comment"), answers)
        people = ((person.id, person.camp, _COMMENT) for person in simulation.people)
        _write(inside / "experts.csv", ("expert", "camp", "note"), people)
    return folder


def _header(simulation: Simulation, id_: str, truth: str) -> str:
    source = f"precursor.inference.simulation, seed {simulation.seed}" + (f", truth: {truth}" if truth else "")
    keys: dict[str, str | bool] = {
        "id": id_,
        "title": f"SYNTHETIC survey of {len(simulation.people)} simulated people",
        "population": "SYNTHETIC: simulated people; nobody was asked",
        "protocol": "single_round",
        "elicited": "never: simulated",
        "source": source,
        "licence": "CC0",
        "synthetic": True,
        "fit_by_default": False,
    }
    # JSON strings and booleans are TOML ones, as long as nothing is escaped but quotes, backslashes and controls.
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())


def _write(path: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
