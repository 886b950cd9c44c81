"""A drafted mapping as TOML, with what is left to decide said where it is to be decided."""

from __future__ import annotations

from collections.abc import Iterator

from precursor.elicitation.imports.draft import Draft
from precursor.elicitation.imports.mapping import DECLINED, AnswerColumns, ExportMapping
from precursor.elicitation.toml_text import toml_key, toml_list, toml_pairs, toml_value

_UNIT = "# probability (0 to 1), percent, odds, odds_against, one_in"


def mapping_text(draft: Draft) -> str:
    """Return the text of a mapping file."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    mapping = draft.mapping
    yield "# Drafted by `precursor import`: look through it, complete it, and run the command again."
    yield from (f"# * {_one_line(note)}" for note in draft.notes)
    yield ""
    yield f"layout = {toml_value(mapping.layout)}"
    if mapping.sheet is not None:
        yield f"sheet = {toml_value(mapping.sheet)}"
    if mapping.layout == "wide":
        yield f"header_rows = {mapping.header_rows or 1}"
    comma = mapping.decimal_comma
    yield "# decimal_comma = true" if comma is None else f"decimal_comma = {toml_value(comma)}"
    yield f"declined = {toml_list(DECLINED)}  # besides blank cells"
    if mapping.layout == "wide":
        yield f"ignore = {toml_list(mapping.ignore)}"
        if draft.undecided:
            yield "# Move each to 'ignore', to [attributes] or to an [[answer]]:"
        yield f"undecided = {toml_list(draft.undecided)}"
    yield "drop_rows = []  # lines of the export"
    yield ""
    yield "[survey]"
    yield from toml_pairs(mapping.survey)
    yield ""
    yield from _people(mapping)
    if mapping.layout == "wide":
        yield ""
        yield "[attributes]  # columns of experts.csv, such as camp and institution"
        yield from toml_pairs(mapping.attributes)
        yield ""
        yield "[drop]  # rows in which a column holds one of these values"
        yield from (f"{toml_key(column)} = {toml_list(values)}" for column, values in mapping.drop.items())
        for answer in mapping.answers:
            yield ""
            yield from _answer(answer)


def _people(mapping: ExportMapping) -> Iterator[str]:
    people = mapping.people
    yield "[expert]"
    if people.column is not None:
        yield f"column = {toml_value(people.column)}"
    yield f"pseudonyms = {toml_value(people.pseudonyms)}  # true: p1, p2, ..."


def _answer(answer: AnswerColumns) -> Iterator[str]:
    yield "[[answer]]"
    yield f"question = {toml_value(answer.question)}"
    yield f"form = {toml_value(answer.forms[0]) if len(answer.forms) == 1 else toml_list(answer.forms)}"
    if answer.unit is not None and answer.unit != "number":
        yield f"unit = {toml_value(answer.unit)}"
    elif answer.unit is None and not set(answer.forms) <= {"verbal", "ranking", "chips"}:
        yield f'unit = ""  {_UNIT}'
    if answer.column is not None:
        yield f"column = {toml_value(answer.column)}"
    if answer.slots:
        yield f"slots = {toml_list(answer.slots)}"
    if answer.comment is not None:
        yield f"comment = {toml_value(answer.comment)}"
    if answer.parts:
        yield "[answer.parts]"
        yield from toml_pairs(answer.parts)


def _one_line(text: str) -> str:
    return " ".join(text.split())
