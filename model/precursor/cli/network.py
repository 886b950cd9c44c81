"""``precursor network export / query / convert``: the argument's network for other tools, and any network in a file."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from precursor.network.discrete import DiscreteNetwork

_SECONDS_BETWEEN_MESSAGES = 5.0
_ACTIONS = {
    "export": "write the argument's network to a .bif, .xmlbif or .xdsl file",
    "query": "ask a network in a file, exactly",
    "convert": "write a network in a file in another format",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's actions, each with the common options as well."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, purpose in _ACTIONS.items():
        action = actions.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.", allow_abbrev=False)
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
        action.add_argument("--root", metavar="DIR", default=argparse.SUPPRESS, help="the data folder")
        action.add_argument("file", metavar="FILE", help="the network's file; its suffix says in which format")
        if name == "query":
            action.add_argument("queries", metavar="QUERY", nargs="+", help='such as "P(HYPOVOLEMIA=TRUE | CVP=HIGH)"')
        elif name == "convert":
            action.add_argument("out", metavar="OUT", help="the file to write")
        else:
            action.add_argument("--scenario", metavar="NAME", help="at a scenario: its name, or a .toml file")
            action.add_argument("--run", metavar="RUN", help="or of a run: the mean tables over its draws")
            action.add_argument("--draw", metavar="N", type=int, help="of a run: one draw, counted from 0")


def run(arguments: argparse.Namespace) -> Outcome:
    """Export, ask or convert."""
    return {"export": _export, "query": _query, "convert": _convert}[arguments.action](arguments)


def _export(arguments: argparse.Namespace) -> Outcome:
    from precursor.network.files import format_of, write_network

    format_of(Path(arguments.file))  # before long work
    if (arguments.scenario is None) == (arguments.run is None):
        raise InputError(Problem("An export is of one thing.", allowed="either --scenario NAME or --run RUN"))
    if arguments.draw is not None and arguments.run is None:
        raise InputError(Problem("A scenario has no draws.", allowed="--draw with --run"))
    network, of, passed = _at_scenario(arguments) if arguments.run is None else _of_run(arguments)
    write_network(network, arguments.file)
    return replace(_written(arguments.file, network, of), passed=passed)


def _at_scenario(arguments: argparse.Namespace) -> tuple[DiscreteNetwork, dict[str, Any], bool]:
    from precursor.argument.export import network_at
    from precursor.elicitation.store import find_root
    from precursor.inference.scenarios import open_scenario, shared_indicators

    data = find_root(arguments.root)
    indicators = shared_indicators(data)
    scenario = open_scenario(data, arguments.scenario, indicators)
    return network_at(scenario, indicators), {"scenario": scenario.name}, True


def _of_run(arguments: argparse.Namespace) -> tuple[DiscreteNetwork, dict[str, Any], bool]:
    from precursor.argument.export import mean_network
    from precursor.argument.parameters import parameter_space
    from precursor.cli.main import progress
    from precursor.inference.runs.run import Run
    from precursor.inference.runs.stance_draws import stance_converged

    opened = Run.open(arguments.run, arguments.root)
    draws, which = opened.draws(), arguments.draw
    if which is not None:
        if not 0 <= which < len(draws):
            raise InputError(Problem(f"There is no draw {which}.", allowed=f"0 to {len(draws) - 1}"))
        draws = draws[which : which + 1]
    indicators = opened.indicator_events
    progress("Making the tables ...")
    network = mean_network(parameter_space(indicators), draws, {}, indicators, _estimate(len(draws)))
    passed = stance_converged(opened, None)
    if not passed:
        progress(f"Warning: the run {opened.name} did not pass its checks.")
    return network, {"run": opened.name, "draws": len(draws), "draw": which}, passed


def _estimate(draws: int) -> Callable[[int], None]:
    """Return what says, now and then, how many of the draws' tables are made, and how long the rest will take."""
    from precursor.cli.main import progress
    from precursor.inference.fits.fit import duration

    start = last = time.monotonic()

    def told(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_MESSAGES and done < draws:
            last = now
            progress(
                f"Tables: {done:,} of {draws:,} draws, about {duration((now - start) / done * (draws - done))} left."
            )

    return told


def _query(arguments: argparse.Namespace) -> Outcome:
    from precursor.discrete.network import read_network

    network = read_network(arguments.file)
    found, problems = [], list[Problem]()
    for text in arguments.queries:
        try:
            value = network.query(text)
        except InputError as error:
            problems += error.problems
            continue
        if isinstance(value, float):
            found.append({"query": text, "network": arguments.file, "value": value})
        else:
            states = [str(state) for state in value.coords[value.dims[0]].values]
            shares = dict(zip(states, value.values.tolist(), strict=True))
            found.append({"query": text, "network": arguments.file, "distribution": shares})
    if problems:
        raise InputError(problems)
    lines = tuple(line for item in found for line in _lines(item))
    return Outcome(found[0] if len(found) == 1 else found, lines)


def _lines(item: dict[str, Any]) -> tuple[str, ...]:
    if "value" in item:
        return (item["query"], f"  {item['value']:.6g}")
    return (item["query"], *(f"  {state}  {share:.6g}" for state, share in item["distribution"].items()))


def _convert(arguments: argparse.Namespace) -> Outcome:
    from precursor.network.files import format_of, read_network, write_network

    format_of(Path(arguments.out))
    network = read_network(arguments.file)
    write_network(network, arguments.out)
    return _written(arguments.out, network, {"from": arguments.file})


def _written(file: str, network: DiscreteNetwork, of: dict[str, Any]) -> Outcome:
    document = {"file": file, "nodes": len(network.states), **of}
    return Outcome(document, (f"{file}: {len(network.states)} nodes.",))
