"""Who answered: rows that count, an alias for each person, and nothing copied that says who they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from precursor.elicitation.answers.numbers import whole_number
from precursor.elicitation.findings import Place
from precursor.elicitation.imports.columns import Column, Table
from precursor.elicitation.imports.grid import Row
from precursor.elicitation.imports.mapping import ExportMapping
from precursor.elicitation.imports.texts import clean, folded, is_identity, unrunnable

_KEEP = "[expert] pseudonyms = true in the mapping (or keep_identities = true, if they agreed)"


@dataclass(frozen=True, slots=True)
class Respondent:
    """One row that counts: whose it is, in which round, and what the survey notes of the person."""

    expert: str
    round: int | None
    attributes: Mapping[str, str]
    row: Row


def kept_rows(table: Table, mapping: ExportMapping, place: Place, noted: Place) -> Iterator[Row]:
    """Yield the rows that the mapping does not drop; what is wrong with the mapping is noted at ``noted``."""
    drops = [(table.column(name, noted.at(column="drop")), values) for name, values in mapping.drop.items()]
    unwanted = [(column, {folded(value) for value in values}) for column, values in drops if column is not None]
    lines = {row.line for row in table.rows}
    for line in mapping.drop_rows:
        if line not in lines:
            noted.at(column="drop_rows").error(f"The export has no answers in row {line}.", "rows with answers")
    dropped = 0
    for row in table.rows:
        if row.line in mapping.drop_rows or any(folded(table.cell(row, c)) in values for c, values in unwanted):
            dropped += 1
        else:
            yield row
    if dropped:
        place.warn(f"Rows dropped, as the mapping says: {dropped}.", "what [drop] and drop_rows say")


def respondents(table: Table, mapping: ExportMapping, place: Place, noted: Place) -> tuple[Respondent, ...]:
    """Return the people who answered; what is wrong in the export is noted at ``place``, in the mapping at ``noted``.

    A person stands in one row only, unless a column holds the round.
    """
    people = mapping.people
    rows = tuple(kept_rows(table, mapping, place, noted))
    column = None if people.column is None else table.column(people.column, noted.at(column="expert"))
    rounds = None if people.round is None else table.column(people.round, noted.at(column="expert"))
    if people.column is None and not people.pseudonyms:
        message = "No column names the expert."
        noted.at(column="expert").error(message, "[expert] column = ..., or pseudonyms = true to number people")
        return ()
    if people.column is not None and column is None:
        return ()
    attributes = {
        name: found
        for name, reference in mapping.attributes.items()
        if (found := table.column(reference, noted.at(column="attributes"))) is not None
    }
    aliases: dict[str, str] = {}
    first: dict[tuple[str, int | None], int] = {}
    found_people = []
    for row in rows:
        here = place.at(row=row.line)
        name = f"row {row.line}" if column is None else clean(table.cell(row, column))
        if column is not None and not _usable(name, people.pseudonyms, people.keep_identities, column, here):
            continue
        round_ = None if rounds is None else _round(clean(table.cell(row, rounds)), here.at(column=rounds.shown))
        if (name, round_) in first and column is not None:
            shown = "This person" if people.pseudonyms else f"'{name}'"
            here.at(column=column.shown).error(
                f"{shown} stands in two rows: {first[name, round_]} and {row.line}.",
                "one row a person: drop_rows in the mapping says which not to read",
            )
        first.setdefault((name, round_), row.line)
        aliases.setdefault(name, f"p{len(aliases) + 1}" if people.pseudonyms else name)
        noted_of = _attributes(table, row, attributes, mapping, here)
        found_people.append(Respondent(aliases[name], round_, noted_of, row))
    return tuple(found_people)


def _usable(name: str, pseudonyms: bool, keep: bool, column: Column, place: Place) -> bool:
    here = place.at(column=column.shown)
    if not name:
        here.error("No expert is named.", "a name or alias, or the row in drop_rows of the mapping")
    elif name.startswith("=") and unrunnable(name) != name:
        here.error("The expert's name is a formula.", "a name or alias")
    elif is_identity(name) and not pseudonyms and not keep:
        here.error("The expert is named by an e-mail or IP address, which is not copied.", _KEEP)
    else:
        return True
    return False


def _round(text: str, place: Place) -> int | None:
    digits = text.removesuffix(".0")
    if (number := whole_number(digits, 1, 9_999)) is not None:
        return number
    place.error(f"{text!r} is no round." if text else "The round is blank.", "a whole number from 1")
    return None


def _attributes(
    table: Table, row: Row, columns: Mapping[str, Column], mapping: ExportMapping, place: Place
) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, column in columns.items():
        text = clean(table.cell(row, column))
        if is_identity(text) and not mapping.people.keep_identities:
            place.at(column=column.shown).error("An e-mail or IP address is not copied.", "another column, or none")
        elif text:
            found[name] = unrunnable(text)
    return found
