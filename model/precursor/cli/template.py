"""``precursor template QUESTION ... --out FILE``: a sheet of chosen questions to fill in, CSV or XLSX by the suffix."""

from __future__ import annotations

import argparse
from pathlib import Path

from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem

_SUFFIXES = (".csv", ".xlsx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "questions", metavar="QUESTION", nargs="*", help="ids of questions, or files of questions such as core.toml"
    )
    parser.add_argument("--survey", metavar="SURVEY", help="every question that this survey asks or declares")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="the sheet: .csv or .xlsx")
    parser.add_argument("--expert", metavar="ALIAS", default="", help="the alias of the person who will answer")
    parser.add_argument("--round", metavar="N", type=int, help="the round (IDEA, Delphi)")


def run(arguments: argparse.Namespace) -> Outcome:
    """Write the sheet."""
    from precursor.elicitation.responses import Setting
    from precursor.elicitation.template import (
        check_expert,
        choose_questions,
        phrases_in_order,
        sheet_rows,
        template_csv,
    )
    from precursor.inference.surveys import open_reader
    from precursor.writing import write_file

    if arguments.out.suffix.lower() not in _SUFFIXES:
        raise InputError(Problem(f"{str(arguments.out)!r} is no name for a sheet.", "one that ends in .csv or .xlsx"))
    if arguments.round is not None and arguments.round < 1:
        raise InputError(Problem(f"There is no round {arguments.round}.", "a whole number from 1"))
    check_expert(arguments.expert)
    reader = open_reader(arguments.root)
    known, lexicon = reader.shared.questions, reader.lexicon
    among: tuple[str, ...] = ()
    if arguments.survey is not None:
        survey = reader.read(arguments.survey)
        own = (id_ for id_ in survey.questions if id_ not in reader.shared.questions)
        known, lexicon, among = survey.questions, survey.lexicon, (*survey.answered, *own)
    chosen = choose_questions(known, arguments.questions, among)
    setting = Setting("template", reader.shared, None, reader.vocabulary, lexicon)
    rows = sheet_rows(chosen, [setting.context(question) for question in chosen])
    if arguments.out.suffix.lower() == ".csv":
        content = template_csv(rows, arguments.expert, arguments.round).encode("utf-8-sig")
    else:
        from precursor.elicitation.template_workbook import template_xlsx

        content = template_xlsx(rows, phrases_in_order(lexicon), arguments.expert, arguments.round)
    write_file(arguments.out, content, new=True)
    document = {"out": str(arguments.out), "questions": [row.question for row in rows]}
    return Outcome(document, (f"{arguments.out}: questions: {len(rows)}; each answer goes in the column 'answer'.",))
