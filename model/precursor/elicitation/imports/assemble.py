"""Exports and a mapping become a survey's folder; or, without a mapping, a draft of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from precursor.elicitation.findings import Findings, Place, in_reading_order
from precursor.elicitation.header import is_survey_id
from precursor.elicitation.imports.columns import read_table
from precursor.elicitation.imports.convert import Responses, convert_wide
from precursor.elicitation.imports.draft import NOT_STATED, Draft, draft_filled, draft_wide
from precursor.elicitation.imports.filled import convert_filled, is_filled_sheet
from precursor.elicitation.imports.grid import Grid
from precursor.elicitation.imports.mapping import ExportMapping
from precursor.elicitation.imports.mapping_file import read_mapping
from precursor.elicitation.imports.read_export import TEXTS, WORKBOOKS, read_grid
from precursor.elicitation.responses import Setting
from precursor.elicitation.survey import Survey
from precursor.elicitation.survey_names import EXPERTS, HEADER, RESPONSES
from precursor.elicitation.toml_text import toml_list, toml_pairs
from precursor.elicitation.writing import csv_text, write_survey
from precursor.problems import InputError, Problem
from precursor.writing import refuse_existing


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote: how many answers (declined ones not counted) of how many experts to how many questions."""

    folder: Path
    answers: int
    experts: int
    questions: int
    warnings: tuple[Problem, ...]


def export_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files to read: those named, and of each folder the sheets in it, by name."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in (*TEXTS, *WORKBOOKS))
        # A spreadsheet leaves such a file beside one that is open.
        sheets = [p for p in inside if not p.name.startswith(("~$", "."))]
        if not sheets:
            message = f"The folder {str(path)!r} holds no sheet."
            raise InputError(Problem(message, f"files that end in {', '.join((*TEXTS, *WORKBOOKS))}"))
        found += sheets
    return tuple(found)


def draft_mapping(paths: Sequence[Path], setting: Setting) -> Draft:
    """Return a mapping drafted from exports; raise `InputError` if they cannot be read."""
    findings = Findings()
    grids = [grid for grid, _ in _grids(paths, findings, None)]
    findings.raise_errors()
    if all(is_filled_sheet(grid) for grid in grids):
        return draft_filled(grids)
    _check_single(paths)
    return draft_wide(grids[0], read_table(grids[0]), setting)


def import_survey(
    paths: Sequence[Path], mapping_file: Path, out: Path, setting: Setting, check: Callable[[Path], Survey]
) -> Imported:
    """Write the survey that exports and a mapping make to ``out``, which must not exist.

    ``check`` reads the finished folder as a survey.  Raises one `InputError` with every problem of the exports and of
    the mapping; then nothing is written.
    """
    findings = Findings()
    noted = Place(findings, mapping_file.name)
    mapping = read_mapping(mapping_file, noted)
    if not is_survey_id(out.absolute().name):
        noted.note([Problem(f"{out.name!r} is no id for a survey.", "letters, digits, _ - and .", file=str(out))])
    with Place(findings, str(out)).noting():
        refuse_existing(out)
    if mapping is None:
        findings.raise_errors()
        raise AssertionError
    grids = _grids(paths, findings, mapping.sheet)
    responses = _responses(grids, mapping, setting, noted, len(paths)) if len(grids) == len(paths) else None
    _check_stated(mapping, noted)
    findings.raise_errors()
    assert responses is not None
    if not responses.answers:
        raise InputError(Problem("There is no answer in what was imported.", "a row for each person"))
    survey = write_survey(out, _files(out, mapping, responses, [grid for grid, _ in grids]), check)
    given = [response for response in responses.answers if response.answer]
    return Imported(
        out,
        len(given),
        len({response.expert for response in given}),
        len({response.question for response in given}),
        in_reading_order([*findings.warnings, *survey.warnings]),
    )


def _grids(paths: Sequence[Path], findings: Findings, sheet: str | None) -> list[tuple[Grid, Place]]:
    names = [path.name for path in paths]
    places = [Place(findings, path.name if names.count(path.name) == 1 else str(path)) for path in paths]
    read = [(read_grid(path, place, sheet), place) for path, place in zip(paths, places, strict=True)]
    for grid, place in read:
        if grid is not None and not grid.rows:
            place.error("There is nothing in the file.", "a header and rows of answers")
    return [(grid, place) for grid, place in read if grid is not None and grid.rows]


def _responses(
    grids: Sequence[tuple[Grid, Place]], mapping: ExportMapping, setting: Setting, noted: Place, files: int
) -> Responses:
    if mapping.layout == "filled":
        return convert_filled(grids, mapping, setting, noted)
    if files > 1:
        noted.at(column="layout").error("Several wide exports cannot be read at once.", "one export, or filled sheets")
    grid, place = grids[0]
    return convert_wide(grid, mapping, setting, place, noted)


def _check_single(paths: Sequence[Path]) -> None:
    if len(paths) > 1:
        raise InputError(Problem("Several wide exports cannot be read at once.", "one export, or filled sheets"))


def _check_stated(mapping: ExportMapping, noted: Place) -> None:
    missing = [key for key, value in mapping.survey.items() if value == NOT_STATED]
    if missing:
        noted.at(column="survey").warn(f"Not stated: {', '.join(missing)}.", "what the survey is, in [survey]")


def _files(out: Path, mapping: ExportMapping, responses: Responses, grids: Sequence[Grid]) -> Mapping[str, str]:
    header = toml_pairs({"id": out.absolute().name, **mapping.survey})
    header += [f"imported_sha256 = {toml_list(sorted(grid.sha256 for grid in grids))}"]
    attributes = list(dict.fromkeys(name for noted in responses.experts.values() for name in noted))
    rounds = any(response.round > 1 for response in responses.answers)
    comments = any(response.comment for response in responses.answers)
    columns = ["expert", "question", "form", "answer", *(["round"] * rounds), *(["comment"] * comments)]
    rows = ([getattr(response, column) for column in columns] for response in responses.answers)
    people = ([expert, *(noted.get(a, "") for a in attributes)] for expert, noted in responses.experts.items())
    return {
        HEADER: "\n".join(header) + "\n",
        RESPONSES: csv_text(columns, rows),
        EXPERTS: csv_text(["expert", *attributes], people),
    }
