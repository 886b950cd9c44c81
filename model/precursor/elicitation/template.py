"""A sheet of questions for one expert to fill in: its rows, and the sheet as CSV.

A CSV sheet is a ``responses.csv`` as it is once the expert and the answers are filled in; the columns ``wording`` and
``how_to_answer`` are for the person who answers, and no reader reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from precursor.elicitation.answers import AnswerContext
from precursor.elicitation.answers.numbers import ALLOWED
from precursor.elicitation.imports.texts import unrunnable
from precursor.elicitation.lexicon import Lexicon
from precursor.elicitation.questions import Question
from precursor.elicitation.writing import csv_text
from precursor.problems import InputError, Problem, did_you_mean

COLUMNS = ("expert", "question", "form", "answer", "comment", "wording", "how_to_answer")
_PHRASES_SHOWN = 5

EXPLAINED: Mapping[str, str] = {
    "point": "one number",
    "bound": "only an upper or a lower limit: <1%, <=1% or >90%",
    "quantiles": "the values below which the truth lies with 5, 50 and 95 % probability: "
    "5%: 0.001; 50%: 0.02; 95%: 0.2",
    "verbal": "a phrase from the list",
    "ranking": "what comes first stands first, < between, = for a tie; leave out what you cannot rank",
    "distribution": "a probability for every possibility, one in all",
    "chips": "chips in bins: 0-0.1: 5; 0.1-0.2: 3; 0.2-0.5: 2",
    "likelihood_ratio": "how many times as likely: 3, ~3 (roughly), 1/4, 2 to 6 (90 % sure), >1 or <1/3",
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One question of a sheet: ``form`` is the one proposed, ``forms`` those that may take its place."""

    question: str
    form: str
    forms: tuple[str, ...]
    wording: str
    how_to_answer: str


def sheet_rows(questions: Sequence[Question], contexts: Sequence[AnswerContext]) -> tuple[SheetRow, ...]:
    """Return the rows of a sheet; ``contexts`` are those in which the questions' answers are read."""
    return tuple(
        SheetRow(question.id, question.forms[0], question.forms, full_wording(question), _how(question, context))
        for question, context in zip(questions, contexts, strict=True)
    )


def full_wording(question: Question) -> str:
    """Return what the expert reads: the wording, with definition, horizon and unit where they are stated apart."""
    unit = f"Unit: {question.unit}." if question.unit else None
    return " ".join(part for part in (question.wording, question.definition, question.horizon, unit) if part)


def template_csv(rows: Sequence[SheetRow], expert: str = "", round_: int | None = None) -> str:
    """Return a sheet as CSV; no cell is one that a spreadsheet would run."""
    columns = COLUMNS if round_ is None else (*COLUMNS[:4], "round", *COLUMNS[4:])
    cells = [{**_cells(row), "expert": expert, "answer": "", "comment": "", "round": round_} for row in rows]
    return csv_text(columns, [[cell[column] for column in columns] for cell in cells])


def choose_questions(
    questions: Mapping[str, Question], names: Sequence[str], among: Sequence[str] = ()
) -> tuple[Question, ...]:
    """Return the questions named: ids, or files of questions (``core.toml``), each question once, in order.

    ``among`` are ids chosen already.  Raises `InputError` with every name that is unknown, or if nothing is chosen.
    """
    files: dict[str, list[str]] = {}
    for id_, question in questions.items():
        files.setdefault((question.source_file or "").rpartition("/")[2], []).append(id_)
    chosen, problems = list(among), []
    for name in names:
        if name in questions:
            chosen.append(name)
        elif name in files:
            chosen += files[name]
        else:
            nearest = did_you_mean(name, [*questions, *(file for file in files if file)])
            problems.append(Problem(f"There is no question or file of questions {name[:200]!r}.", nearest))
    if problems:
        raise InputError(problems)
    if not chosen:
        listed = "; ".join(f"{file}: {', '.join(ids)}" for file, ids in files.items())
        raise InputError(Problem("No question is chosen.", f"ids, files of questions, or --survey: {listed}"))
    return tuple(questions[id_] for id_ in dict.fromkeys(chosen))


def phrases_in_order(lexicon: Lexicon) -> tuple[str, ...]:
    """Return the phrases of a lexicon, from the least to the most probable."""
    return tuple(sorted(lexicon, key=lambda phrase: (lexicon[phrase].location, phrase)))


def check_expert(expert: str) -> None:
    """Raise `InputError` if an expert's alias is one that a spreadsheet would run."""
    if expert != unrunnable(expert):
        raise InputError(Problem(f"{expert!r} is no alias.", "one that does not begin with =, +, - or @"))


def _cells(row: SheetRow) -> dict[str, object]:
    texts = {"wording": unrunnable(row.wording), "how_to_answer": unrunnable(row.how_to_answer)}
    return {"question": row.question, "form": row.form, **texts}


def _how(question: Question, context: AnswerContext) -> str:
    return " | ".join(f"{form}: {_example(form, context)}" for form in question.forms)


def _example(form: str, context: AnswerContext) -> str:
    if form == "point":
        return f"{EXPLAINED[form]}: {ALLOWED[context.scale]}"
    if form == "verbal":
        phrases = [phrase for phrase in ("very unlikely", "about even", "likely") if phrase in context.phrases]
        return ", ".join(phrases or sorted(context.phrases)[:_PHRASES_SHOWN])
    if form == "ranking":
        names = context.properties
        tied = f" = {names[2]}" if len(names) > 2 else ""  # noqa: PLR2004
        rest = f"; besides: {', '.join(names[3:])}" if len(names) > 3 else ""  # noqa: PLR2004
        return f"{names[0]} < {names[1]}{tied} ({EXPLAINED[form]}{rest})"
    if form == "distribution":
        return f"{'; '.join(f'{state}: ...%' for state in context.states)} ({EXPLAINED[form]})"
    if context.scale != "probability" and form in ("quantiles", "bound", "chips"):
        return {"quantiles": "5%: 2; 50%: 4; 95%: 10", "bound": ">1 or <1/3", "chips": "0-2: 5; 2-5: 3"}[form]
    return EXPLAINED[form]
