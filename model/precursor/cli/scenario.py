"""``precursor scenario list / show / diff``: named sets of parameter values, laid out and compared."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from precursor.cli.outcome import Outcome, table
from precursor.problems import for_each


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's actions, each with the common options as well."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, (purpose, names) in _ACTIONS.items():
        action = actions.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.", allow_abbrev=False)
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
        action.add_argument("--root", metavar="DIR", default=argparse.SUPPRESS, help="the data folder")
        for scenario in names:
            action.add_argument(scenario.lower(), metavar=scenario, help="a scenario's name, or a .toml file")
        if name == "diff":
            action.add_argument(
                "--query",
                metavar="QUERY",
                action="append",
                help="why answers differ; A and B may then be runs, prior:RUN, stance:NAME:RUN, camp:NAME:RUN too",
            )


def run(arguments: argparse.Namespace) -> Outcome:
    """List the scenarios, show one, or compare two."""
    return {"list": _list, "show": _show, "diff": _diff}[arguments.action](arguments)


_ACTIONS = {
    "list": ("list the scenarios", ()),
    "show": ("show a scenario's values and what follows from them", ("NAME",)),
    "diff": ("show where two scenarios differ, and what follows from either", ("A", "B")),
}


def _list(arguments: argparse.Namespace) -> Outcome:
    from precursor.analysis.tables.scenario_table import scenario_rows

    rows = scenario_rows(arguments.root)
    header = ("scenario", "given", "prior medians", "assumptions set")
    lines = table([header, *(_list_cells(row) for row in rows)]) if rows else ("There are no scenarios.",)
    return Outcome({"scenarios": rows}, lines)


def _list_cells(row: dict[str, Any]) -> tuple[str, ...]:
    if row["errors"]:
        return (row["name"], "", "", f"unusable: {row['errors'][0]['message']}")
    return (row["name"], str(row["parameters"]), str(row["defaults"]), str(len(row["regime"])))


def _show(arguments: argparse.Namespace) -> Outcome:
    from precursor.analysis.tables.scenario_table import described, read

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
    from precursor.analysis.tables.scenario_table import compared, read

    if arguments.query:
        return _why(arguments)
    a, b = for_each(lambda name: read(name, arguments.root), (arguments.a, arguments.b))
    found = compared(a, b, arguments.root)
    header = (found["a"], found["b"], "")
    rows = {
        "headline": [(_shown(row["a"]), _shown(row["b"]), row["query"]) for row in found["headline"]],
        "regime": [(row["a"] or "not set", row["b"] or "not set", row["node"]) for row in found["regime"]],
        "parameters": [(_shown(row["a"]), _shown(row["b"]), row["parameter"]) for row in found["parameters"]],
    }
    parts = {title: [header, *part] if part else [("the same",)] for title, part in rows.items()}
    return Outcome(found, tuple(line for title, part in parts.items() for line in _part(title, part)))


def _why(arguments: argparse.Namespace) -> Outcome:
    """Divide the difference of each query's answers among groups of beliefs."""
    from precursor.analysis.disagreement.difference import difference
    from precursor.analysis.opening import open_sources
    from precursor.cli.main import all_converged, progress

    a, b = open_sources([arguments.a, arguments.b], arguments.root)
    found = []
    for query in arguments.query:
        progress(f"Why {a.name} and {b.name} differ on {query}.")
        found.append(difference(a, b, query))
    document = {"a": a.name, "b": b.name, "differences": found}
    return Outcome(document, tuple(line for one in found for line in _gap(one)), passed=all_converged([a, b]))


def _gap(found: dict[str, Any]) -> list[str]:
    from precursor.cli.narrow import narrow, percent, wrapped

    sides = ", ".join(f"{found[side]['name']} {percent(found[side]['answer'])}" for side in ("a", "b"))
    lines = [*wrapped(found["query"]), *wrapped(f"{sides}; apart by {found['gap']:.2f} in log-odds", 2)]
    error = () if found["exact"] else ("error",)
    rows = [("in log-odds", "share", *error, "alone", "last")]
    keys = ("share", *error, "alone", "last")
    rows += [(row["group"], *(f"{row[key]:.2f}" for key in keys)) for row in found["groups"]]
    between = found["interactions"]
    rows.append(
        ("what no group moves alone", "", *("" for _ in error), f"{between['from_a']:.2f}", f"{between['to_b']:.2f}")
    )
    lines += narrow(rows)
    for side, other in (("a", "b"), ("b", "a")):
        best = next((b for b in found["half"][f"from_{side}"]["best"] if b["closed"] >= 0.5), None)  # noqa: PLR2004
        who = f"{found[side]['name']}, moving towards {found[other]['name']}"
        if best is None:
            steps = found["half"][f"from_{side}"]["greedy"]
            lines += wrapped(f"{who}: no three beliefs close half of the gap ({len(steps)} taken one by one do).", 2)
        else:
            names = ", ".join(best["beliefs"])
            lines += wrapped(f"{who}: {names} close {percent(best['closed'])} of the gap.", 2)
    return lines


def _part(title: str, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return (f"{title}:", *(f"  {line}" for line in table(rows)))


def _shown(number: float | None) -> str:
    return "ruled out by the regime" if number is None else f"{number:.6g}"
