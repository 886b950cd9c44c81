"""``precursor whatif A B``: what A would answer if it gave way to B, in part; ``whatif A --set NAME=VALUE``."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, wrapped
from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem, did_you_mean

_SOURCE = "a scenario (name or .toml file), a run, prior:RUN, stance:NAME:RUN or camp:NAME:RUN"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("a", metavar="A", help=_SOURCE)
    parser.add_argument("b", metavar="B", nargs="?", help="the side that A gives way to")
    parser.add_argument("--query", metavar="QUERY", action="append", help="what is asked (default: deception)")
    parser.add_argument("--share", metavar="S", action="append", type=float, help="how far, 0 to 1 (.25 .5 .75 1)")
    parser.add_argument(
        "--belief", metavar="NAME", action="append", help="give way in this parameter or group only; may be repeated"
    )
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", help="set a parameter instead")


def run(arguments: argparse.Namespace) -> Outcome:
    """Tabulate partial concessions, or the answers with parameters set."""
    from precursor.analysis.disagreement.concessions import SHARES, concessions
    from precursor.analysis.opening import open_sources
    from precursor.analysis.queries import DECEPTIVE
    from precursor.analysis.settings import with_settings
    from precursor.cli.main import all_converged

    if (arguments.b is None) == (arguments.set is None):
        raise InputError(Problem("whatif needs B, or --set, and not both.", "precursor whatif argument critic"))
    queries = arguments.query or [DECEPTIVE]
    if arguments.set is not None:
        (source,) = open_sources([arguments.a], arguments.root)
        document = with_settings(source, queries, arguments.set)
        return Outcome(document, tuple(_settings(document)), passed=all_converged([source]))
    shares = arguments.share or SHARES
    if any(not 0 <= share <= 1 for share in shares):
        raise InputError(Problem("--share is a share of the way.", "0 to 1"))
    a, b = open_sources([arguments.a, arguments.b], arguments.root)
    parts = _parts(a.space, arguments.belief)
    found = [concessions(a, b, query, shares=shares, parts=parts) for query in queries]
    lines = tuple(line for one in found for line in _table(one))
    return Outcome({"whatif": found}, lines, passed=all_converged([a, b]))


def _parts(space: Any, names: list[str] | None) -> dict[str, Any] | None:  # noqa: ANN401 - imported late
    from precursor.analysis.words.parameter_groups import beliefs_of, groups_of

    if names is None:
        return None
    known = {**groups_of(space), **beliefs_of(space)}
    problems = [
        Problem(f"There is no belief {name!r}.", did_you_mean(name, known)) for name in names if name not in known
    ]
    if problems:
        raise InputError(problems)
    return {name: known[name] for name in names}


def _table(found: dict[str, Any]) -> list[str]:
    sides = f"{found['a']['name']} {percent(found['a']['mean'])}, {found['b']['name']} {percent(found['b']['mean'])}"
    head = ("if it gave way in", *(f"{share:.0%}" for share in found["shares"]))
    rows = [(row["part"], *(percent(answer["mean"]) for answer in row["answers"])) for row in found["rows"]]
    return [*wrapped(found["query"]), *wrapped(sides, 2), *narrow([head, *rows])]


def _settings(document: dict[str, Any]) -> list[str]:
    lines = list(wrapped(f"{document['source']} with {', '.join(f'{k} = {v:g}' for k, v in document['set'].items())}"))
    for row in document["answers"]:
        lines += wrapped(row["query"])
        lines += narrow([("before", percent(row["before"]["mean"])), ("after", percent(row["after"]["mean"]))])
    return lines
