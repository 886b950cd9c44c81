"""A mapping drafted from an export: what is unambiguous is filled in, the rest is left to a person and named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from precursor.elicitation.imports.columns import Column, Table
from precursor.elicitation.imports.draft_forms import answer_columns, questions_in_parts
from precursor.elicitation.imports.filled import is_filled_sheet
from precursor.elicitation.imports.grid import Grid, Row
from precursor.elicitation.imports.mapping import AnswerColumns, ExportMapping, People
from precursor.elicitation.imports.matching import Match, Matcher
from precursor.elicitation.imports.numbers import has_comma, surely_decimal
from precursor.elicitation.imports.texts import clean, folded, is_identity
from precursor.elicitation.responses import Setting
from precursor.elicitation.toml_text import toml_list

_EXPERT = (
    "expert", "expertid", "alias", "pseudonym", "participant", "participantid", "respondent", "respondentid",
    "responseid", "token", "id", "emailaddress", "email", "username",
)  # fmt: skip
_ATTRIBUTES = ("camp", "institution", "affiliation", "group", "country", "field", "expertise", "person", "role")
_METADATA = frozenset(
    {
        "timestamp", "startdate", "enddate", "submitdate", "datesubmitted", "datestarted", "datelastaction",
        "datestamp", "lastpage", "startlanguage", "seed", "refurl", "referrerurl", "interviewtime", "totaltime",
        "status", "progress", "finished", "recordeddate", "distributionchannel", "userlanguage", "durationinseconds",
        "externalreference", "externaldatareference", "score", "id", "responseid", "token",
    }
)  # fmt: skip
_IDENTITIES = frozenset(
    {
        "ipaddress", "ipaddr", "ip", "email", "emailaddress", "recipientemail", "recipientfirstname",
        "recipientlastname", "recipientname", "name", "firstname", "lastname", "surname", "fullname", "yourname",
        "username", "phone", "phonenumber", "locationlatitude", "locationlongitude", "latitude", "longitude",
    }
)  # fmt: skip
_TESTS = {
    "status": {"surveypreview", "surveytest", "spam", "spamresponse"},
    "distributionchannel": {"preview", "test"},
}
_UNFINISHED = {
    "finished": frozenset({"false", "0", "no"}),
    "submitdate": frozenset({""}),
    "datesubmitted": frozenset({""}),
}
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})")
_TIMING = re.compile(r"(?:group|question)?time(?:[\d:_]|\b).*|.*(?:page submit|(?:first|last) click|click count)", re.I)
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted mapping; ``undecided`` columns and ``notes`` are for the person who completes it."""

    mapping: ExportMapping
    undecided: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: dict[str, str] = field(default_factory=dict)


def draft_filled(grids: Sequence[Grid]) -> Draft:
    """Return the mapping for filled sheets: nothing but what ``survey.toml`` says."""
    mapping = ExportMapping(layout="filled", survey=_survey([grid.file for grid in grids], NOT_STATED))
    return Draft(mapping, notes=_about_survey())


def draft_wide(grid: Grid, table: Table, setting: Setting) -> Draft:
    """Return a mapping for a wide export, as far as it can be told from names, wordings and cells."""
    drop = _tests(table)
    table = replace(table, rows=tuple(row for row in table.rows if not _dropped(table, row, drop)))
    matcher = Matcher(setting.declared.questions)
    matches = {c.index: match for c in table.columns if (match := matcher.match(c)) is not None}
    columns = {column.index: column for column in table.columns}
    expert = _expert(table, matches)
    answers, left, notes = _answers(table, columns, matches, setting)
    taken = {table.find(name)[0].index for answer in answers for name in answer.references}
    taken |= {table.find(answer.comment)[0].index for answer in answers if answer.comment}
    attributes: dict[str, str] = {}
    ignored: list[str] = []
    undecided: list[str] = []
    for column in table.columns:
        name = table.reference(column)
        if column.index in taken or (expert is not None and column.index == expert.index):
            continue
        if column.index in left:
            undecided.append(name)
        elif not any(row.cells[column.index].strip() for row in table.rows):
            ignored.append(name)
        elif folded(column.name) in _ATTRIBUTES and not _identities(table, column):
            attributes[folded(column.name)] = name
        elif _not_an_answer(column, table):
            ignored.append(name)
        else:
            undecided.append(name)
            if near := matcher.nearest(column):
                notes.append(f"'{column.shown[:60]}' is no question that is known; the nearest id is '{near}'.")
    mapping = ExportMapping(
        sheet=grid.sheet if len(grid.sheets) > 1 else None,
        header_rows=table.header_rows,
        decimal_comma=_decimal_comma(table, taken, notes),
        ignore=tuple(ignored),
        survey=_survey([grid.file], _when(table)),
        people=_people(table, expert, notes),
        attributes=attributes,
        drop=drop,
        answers=answers,
    )
    notes += _unfinished(table)
    return Draft(mapping, tuple(undecided), (*notes, *_about_survey()))


def looks_filled(grid: Grid) -> bool:
    """Return whether a file is a filled sheet rather than a wide export."""
    return is_filled_sheet(grid)


def _answers(
    table: Table, columns: dict[int, Column], matches: dict[int, Match], setting: Setting
) -> tuple[tuple[AnswerColumns, ...], set[int], list[str]]:
    """Return the answers mapped, the columns that could not be placed, and what to say of both."""
    answers: list[AnswerColumns] = []
    left: set[int] = set()
    notes: list[str] = []
    comments = {match.question: index for index, match in matches.items() if match.comment}
    by_question: dict[str, list[tuple[Column, Match]]] = {}
    for index, match in matches.items():
        if not match.comment:
            by_question.setdefault(match.question, []).append((columns[index], match))
            if not match.surely:
                notes.append(f"'{columns[index].shown[:60]}' is taken for '{match.question}': much alike or cut short.")
    for id_, held in by_question.items():
        question, context = setting.declared.questions[id_], setting.context(setting.declared.questions[id_])
        whole = [column for column, match in held if not match.part]
        if len(whole) > 1 or (whole and len(held) > 1):
            named = ", ".join(f"'{column.shown[:40]}'" for column, _ in held)
            notes.append(f"Several columns ask '{id_}': {named}. Rounds? Then an [[answer]] with its round for each.")
            left |= {column.index for column, _ in held}
            continue
        if whole:
            answer, said = answer_columns(question, context, table, whole[0])
        else:
            answer, said = questions_in_parts(question, context, table, [(c, match.part) for c, match in held])
        notes += said
        if answer is None:
            left |= {column.index for column, _ in held}
            continue
        comment = comments.pop(id_, None)
        name = None if comment is None else table.reference(columns[comment])
        answers.append(replace(answer, comment=name))
    left |= set(comments.values())
    return tuple(answers), left, notes


def _expert(table: Table, matches: dict[int, Match]) -> Column | None:
    by_name = {folded(c.name): c for c in reversed(table.columns) if c.index not in matches}
    for name in _EXPERT:
        column = by_name.get(name)
        if column is not None and all(row.cells[column.index].strip() for row in table.rows):
            return column
    return None


def _people(table: Table, expert: Column | None, notes: list[str]) -> People:
    if expert is None:
        notes.append("No column names the expert: people are numbered.")
        return People(pseudonyms=True)
    hidden = _identities(table, expert) or folded(expert.name) in _IDENTITIES
    if hidden:
        notes.append(f"'{expert.shown}' says who people are: they are numbered instead.")
    return People(column=table.reference(expert), pseudonyms=hidden)


def _identities(table: Table, column: Column) -> bool:
    return any(is_identity(clean(row.cells[column.index])) for row in table.rows)


def _not_an_answer(column: Column, table: Table) -> bool:
    name = folded(column.name)
    known = name in _METADATA or name in _IDENTITIES or _TIMING.fullmatch(column.name) is not None
    return known or _identities(table, column)


def _tests(table: Table) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for column in table.columns:
        unwanted = _TESTS.get(folded(column.name), set())
        values = {clean(row.cells[column.index]) for row in table.rows}
        if marked := sorted(value for value in values if folded(value) in unwanted):
            found[table.reference(column)] = tuple(marked)
    return found


def _dropped(table: Table, row: Row, drop: Mapping[str, tuple[str, ...]]) -> bool:
    return any(clean(table.cell(row, table.find(name)[0])) in values for name, values in drop.items())


def _unfinished(table: Table) -> Iterator[str]:
    for column in table.columns:
        unfinished = _UNFINISHED.get(folded(column.name), frozenset())
        values = [clean(row.cells[column.index]) for row in table.rows]
        if found := sorted({value for value in values if folded(value) in unfinished}):
            count = sum(value in found for value in values)
            how = f"[drop] {table.reference(column)} = {toml_list(found)}"
            yield f"Responses that were not submitted are kept: {count}. To leave them out: {how}"


def _decimal_comma(table: Table, taken: set[int], notes: list[str]) -> bool | None:
    cells = [clean(row.cells[index]) for row in table.rows for index in taken]
    with_comma = [cell for cell in cells if has_comma(cell)]
    if not with_comma:
        return None
    if any(surely_decimal(cell) for cell in with_comma):
        return True
    notes.append(f"Is the comma in '{with_comma[0][:30]}' a decimal comma? decimal_comma = true or false.")
    return None


def _when(table: Table) -> str:
    for column in table.columns:
        if folded(column.name) in ("submitdate", "datesubmitted", "recordeddate", "enddate", "startdate", "timestamp"):
            days = sorted(m[1] for row in table.rows if (m := _DATE.match(row.cells[column.index].strip())))
            if days:
                return days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return NOT_STATED


def _survey(files: Sequence[str], elicited: str) -> dict[str, object]:
    named = files[0] if len(files) == 1 else f"{len(files)} files"
    return {
        "title": f"Answers from {named}",
        "population": NOT_STATED,
        "protocol": "single_round",
        "elicited": elicited,
        "source": NOT_STATED,
        "licence": NOT_STATED,
        "synthetic": False,
        "fit_by_default": False,
    }


def _about_survey() -> tuple[str, ...]:
    return ("[survey] is what the draft could tell: say who was asked, when, and under which licence.",)
