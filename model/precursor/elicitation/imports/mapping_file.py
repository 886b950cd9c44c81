"""Reading a mapping file (`mapping`): every key by name and type, and what does not fit noted with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from precursor.elicitation.answers import FORMS
from precursor.elicitation.fields import Fields, describe
from precursor.elicitation.findings import Place
from precursor.elicitation.imports.mapping import (
    DECLINED,
    HEADER_KEYS,
    IN_PARTS,
    AnswerColumns,
    ExportMapping,
    People,
)
from precursor.elicitation.imports.units import UNITS
from precursor.elicitation.toml_files import entries, key_lines, read_toml
from precursor.problems import did_you_mean

_TOP = (
    "layout", "sheet", "header_rows", "decimal_comma", "declined", "ignore", "undecided", "drop_rows", "survey",
    "expert", "attributes", "drop", "answer",
)  # fmt: skip
_ANSWER = ("question", "form", "unit", "column", "parts", "slots", "labels", "round", "comment", "sure")
_EXPERT = ("column", "pseudonyms", "keep_identities", "round")
_MOST_HEADER_ROWS = 10


def read_mapping(path: Path, place: Place) -> ExportMapping | None:
    """Return a mapping file, or None after noting at ``place`` why it cannot be read at all."""
    document = read_toml(path, place)
    if document is None:
        return None
    top = Fields(document.table, place, key_lines(document))
    top.only(_TOP)
    undecided = _texts(top, "undecided")
    if undecided:
        named = ", ".join(repr(name) for name in undecided)
        message = f"It is not decided what these columns are: {named}."
        top.at("undecided").error(message, "each in 'ignore', in [attributes] or in an [[answer]]; undecided = []")
    drop = _table(top, "drop")
    return ExportMapping(
        layout=_layout(top),
        sheet=top.text("sheet"),
        header_rows=_whole(top, "header_rows", most=_MOST_HEADER_ROWS),
        decimal_comma=top.flag("decimal_comma") if "decimal_comma" in document.table else None,
        declined=_texts(top, "declined") if "declined" in document.table else DECLINED,
        ignore=_texts(top, "ignore"),
        drop_rows=_lines(top, "drop_rows"),
        survey=_survey(top),
        people=_people(top),
        attributes=_text_by_text(top, "attributes"),
        drop={key: _texts(Fields(drop, top.at("drop")), key) for key in drop},
        answers=tuple(_answer(fields) for fields in entries(document, "answer", place)),
        sha256=document.source.sha256,
        file=path.name,
    )


def _layout(top: Fields) -> Literal["wide", "filled"]:
    layout = top.text("layout") or "wide"
    if layout not in ("wide", "filled"):
        top.at("layout").error(f"Unknown layout {layout!r}.", '"wide" (one row a person) or "filled"')
    return "filled" if layout == "filled" else "wide"


def _survey(top: Fields) -> Mapping[str, object]:
    table = _table(top, "survey")
    fields = Fields(table, top.at("survey"))
    if "id" in table:
        fields.at("id").error("The id is the folder's name.", "no id here")
    for key in HEADER_KEYS:
        if key in ("synthetic", "fit_by_default"):
            fields.required_flag(key)
        else:
            fields.required_text(key)
    for key, value in table.items():
        if key not in HEADER_KEYS and not isinstance(value, str | bool | int | float):
            fields.at(key).error(f"'{key}' is {describe(value)}.", "text, a number, true or false")
    return table


def _people(top: Fields) -> People:
    fields = Fields(_table(top, "expert"), top.at("expert"))
    fields.only(_EXPERT)
    return People(
        column=fields.text("column"),
        pseudonyms=fields.flag("pseudonyms"),
        keep_identities=fields.flag("keep_identities"),
        round=fields.text("round"),
    )


def _answer(fields: Fields) -> AnswerColumns:
    fields.only(_ANSWER)
    forms, unit = _forms(fields), fields.text("unit") if fields.table.get("unit") != "" else None
    if unit is not None and unit not in UNITS:
        fields.at("unit").error(f"Unknown unit {unit!r}.", ", ".join(UNITS))
        unit = None
    answer = AnswerColumns(
        question=fields.required_text("question"),
        forms=forms,
        unit=unit,
        column=fields.text("column"),
        parts=_text_by_text(fields, "parts"),
        slots=_texts(fields, "slots"),
        labels=_text_by_text(fields, "labels"),
        round=_whole(fields, "round") or 1,
        comment=fields.text("comment"),
        sure=fields.flag("sure"),
        line=fields.place.row,
    )
    _check_places(answer, fields)
    return answer


def _forms(fields: Fields) -> tuple[str, ...]:
    value = fields.table.get("form")
    forms = fields.words("form") if isinstance(value, list) else (fields.required_text("form"),)
    for form in forms:
        if form and form not in FORMS:
            fields.at("form").error(f"Unknown form '{form}'.", did_you_mean(form, FORMS, 8))
    return tuple(form for form in forms if form in FORMS)


def _check_places(answer: AnswerColumns, fields: Fields) -> None:
    stated = [key for key in ("column", "parts", "slots") if getattr(answer, key)]
    if len(stated) != 1:
        fields.at("column").error("An answer stands in one place.", "one of column, parts and slots")
    elif stated == ["slots"] and answer.forms and answer.forms != ("ranking",):
        fields.at("slots").error("Slots hold what comes first, second, ...", 'form = "ranking"')
    elif stated == ["parts"] and answer.forms and not (len(answer.forms) == 1 and answer.forms[0] in IN_PARTS):
        fields.at("parts").error("This form does not come in parts.", f"one of {', '.join(IN_PARTS)}")


def _table(fields: Fields, key: str) -> Mapping[str, object]:
    value = fields.table.get(key, {})
    if isinstance(value, dict):
        return value
    fields.at(key).error(f"'{key}' is {describe(value)}.", f"a table: [{key}]")
    return {}


def _text_by_text(fields: Fields, key: str) -> Mapping[str, str]:
    table = _table(fields, key)
    for name, value in table.items():
        if not isinstance(value, str) or not value.strip():
            fields.at(key).error(f"'{name}' is {describe(value)}.", "text in double quotes, not blank")
    return {name: value for name, value in table.items() if isinstance(value, str) and value.strip()}


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    value = fields.table.get(key, [])
    if isinstance(value, str) and value:
        return (value,)
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return tuple(value)
    fields.at(key).error(f"'{key}' is {describe(value)}.", "a list of texts")
    return ()


def _whole(fields: Fields, key: str, most: int = 9999) -> int | None:
    value = fields.table.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most):
        return value
    fields.at(key).error(f"'{key}' is {describe(value)}.", f"a whole number from 1 to {most}")
    return None


def _lines(fields: Fields, key: str) -> tuple[int, ...]:
    value = fields.table.get(key, [])
    if isinstance(value, list) and all(isinstance(line, int) and not isinstance(line, bool) for line in value):
        return tuple(value)
    fields.at(key).error(f"'{key}' is {describe(value)}.", "a list of lines of the export, such as [7, 12]")
    return ()
