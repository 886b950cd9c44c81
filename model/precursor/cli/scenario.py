"""``precursor scenario list / show / diff``: named sets of parameter values, laid out and compared."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError, Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's actions, each with the common options as well."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, (purpose, names) in _ACTIONS.items():
        action = actions.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.", allow_abbrev=False)
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
        action.add_argument("--root", metavar="DIR", default=argparse.SUPPRESS, help="the data folder")
        for scenario in names:
            action.add_argument(scenario.lower(), metavar=scenario, help="a scenario's name, or a .toml file")


def run(arguments: argparse.Namespace) -> Outcome:
    """List the scenarios, show one, or compare two."""
    return {"list": _list, "show": _show, "diff": _diff}[arguments.action](arguments)


_ACTIONS = {
    "list": ("list the scenarios", ()),
    "show": ("show a scenario's values and what follows from them", ("NAME",)),
    "diff": ("show where two scenarios differ, and what follows from either", ("A", "B")),
}


def _list(arguments: argparse.Namespace) -> Outcome:
    from precursor.analysis.scenario_table import scenario_rows

    rows = scenario_rows(arguments.root)
    header = ("scenario", "given", "prior medians", "assumptions set")
    lines = table([header, *(_list_cells(row) for row in rows)]) if rows else ("There are no scenarios.",)
    return Outcome({"scenarios": rows}, lines)


def _list_cells(row: dict[str, Any]) -> tuple[str, ...]:
    if row["errors"]:
        return (row["name"], "", "", f"unusable: {row['errors'][0]['message']}")
    return (row["name"], str(row["parameters"]), str(row["defaults"]), str(len(row["regime"])))


def _show(arguments: argparse.Namespace) -> Outcome:
    from precursor.analysis.scenario_table import described, read

    found = described(read(arguments.name, arguments.root), arguments.root)
    defaults = set(found["defaults_used"])
    parameters = [
        (name, f"{value:.6g}", "(prior median)" if name in defaults else "")
        for name, value in found["parameters"].items()
    ]
    regime = [*found["regime"].items()] or [("no assumption is set", "")]
    answers = [(_shown(item["probability"]), item["query"]) for item in found["headline"]]
    parts = {"headline": answers, "regime": regime, "parameters": parameters}
    return Outcome(found, (found["scenario"], *(line for title, rows in parts.items() for line in _part(title, rows))))


def _diff(arguments: argparse.Namespace) -> Outcome:
    from precursor.analysis.scenario_table import compared, read

    a, b = _both(arguments, read)
    found = compared(a, b, arguments.root)
    header = (found["a"], found["b"], "")
    rows = {
        "headline": [(_shown(row["a"]), _shown(row["b"]), row["query"]) for row in found["headline"]],
        "regime": [(row["a"] or "not set", row["b"] or "not set", row["node"]) for row in found["regime"]],
        "parameters": [(_shown(row["a"]), _shown(row["b"]), row["parameter"]) for row in found["parameters"]],
    }
    parts = {title: [header, *part] if part else [("the same",)] for title, part in rows.items()}
    return Outcome(found, tuple(line for title, part in parts.items() for line in _part(title, part)))


def _both(arguments: argparse.Namespace, read: Any) -> list[Any]:  # noqa: ANN401 - scenarios; the reader is imported late
    """Return both scenarios; what is wrong with either is said at once."""
    found, problems = [], list[Problem]()
    for name in (arguments.a, arguments.b):
        try:
            found.append(read(name, arguments.root))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _part(title: str, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return (f"{title}:", *(f"  {line}" for line in table(rows)))


def _shown(number: float | None) -> str:
    return "ruled out by the regime" if number is None else f"{number:.6g}"
