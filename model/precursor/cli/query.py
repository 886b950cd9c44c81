"""``precursor query "P(...)" ...``: exact answers, at a scenario or over the draws of a run."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from precursor.cli.outcome import Outcome, table

if TYPE_CHECKING:
    import numpy as np

    from precursor.inference.ask import Answer, AtScenario, OverRun

MASS = 0.9
_MOST_NAMED = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("queries", metavar="QUERY", nargs="+", help='such as "P(model_outcome=deceptive)"')
    parser.add_argument("--scenario", metavar="NAME", help="the scenario to ask: its name, or a .toml file")
    parser.add_argument("--run", metavar="RUN", help="the run to ask: its name, or its folder")
    parser.add_argument("--stance", metavar="NAME", help="of the run, whom to listen to: critics_premises, prior, ...")


def run(arguments: argparse.Namespace) -> Outcome:
    """Answer every query, or say everything that is wrong with any of them."""
    from precursor.inference.ask import AtScenario, ask

    asked = ask(
        arguments.queries,
        scenario=arguments.scenario,
        run=arguments.run,
        stance=arguments.stance,
        root=arguments.root,
    )
    if isinstance(asked.source, AtScenario):
        found = [_at_scenario(answer, asked.source) for answer in asked.answers]
        lines, passed = [_scenario_lines(item) for item in found], True
    else:
        found = [_over_run(answer, asked.source) for answer in asked.answers]
        lines, passed = [_run_lines(item) for item in found], asked.source.converged
    what = f"stance {arguments.stance} of run" if arguments.stance else "run"
    _say_warnings(asked.answers, None if passed else f"{what} {arguments.run}")
    return Outcome(found[0] if len(found) == 1 else found, tuple(line for part in lines for line in part), passed)


def _say_warnings(answers: tuple[Answer, ...], failed: str | None) -> None:
    from precursor.cli.main import progress

    for answer in answers:
        for warning in answer.warnings:
            progress(f"Warning: {answer.text}: {warning}")
    if failed is not None:
        progress(f"Warning: the {failed} did not pass its checks.")


def _at_scenario(answer: Answer, source: AtScenario) -> dict[str, Any]:
    from precursor.inference.named import nodes_named
    from precursor.inference.scenarios import defaults_used

    value = answer.value
    finite = {name: _finite(number) for name, number in value.items()} if isinstance(value, dict) else _finite(value)
    return {
        "query": answer.text,
        "scenario": source.scenario.name,
        _key(answer): finite,
        "defaults_used": defaults_used(source.scenario, nodes_named(answer.query)),
        **_warnings(answer),
    }


def _over_run(answer: Answer, source: OverRun) -> dict[str, Any]:
    value: Any = answer.value
    if isinstance(value, dict):
        found = {"distribution": {state: _summary(draws) for state, draws in value.items()}}
        draws = len(next(iter(value.values())))
    else:
        found, draws = _summary(value), len(value)
    stance = {} if source.stance is None else {"stance": source.stance}
    return {"query": answer.text, "run": source.run.name, **stance, **found, "draws": draws, **_warnings(answer)}


def _key(answer: Answer) -> str:
    from precursor.network.grammar import ProbabilityQuery

    if isinstance(answer.value, dict):
        return "distribution"
    return "probability" if isinstance(answer.query, ProbabilityQuery) else "value"


def _warnings(answer: Answer) -> dict[str, list[str]]:
    return {"warnings": list(answer.warnings)} if answer.warnings else {}


def _summary(draws: np.ndarray) -> dict[str, Any]:
    """Return mean, median and the equal-tailed interval of draws."""
    import numpy as np

    with np.errstate(invalid="ignore"):
        low, median, high = np.quantile(draws, [(1 - MASS) / 2, 0.5, (1 + MASS) / 2])
    interval = {"mass": MASS, "low": _finite(low), "high": _finite(high)}
    return {"mean": _finite(np.mean(draws)), "median": _finite(median), "interval": interval}


def _finite(number: Any) -> float | None:  # noqa: ANN401 - Python's or NumPy's
    """Return a number as JSON can hold it: an infinite ratio (its warning says so) as ``None``."""
    return float(number) if math.isfinite(number) else None


def _scenario_lines(item: dict[str, Any]) -> tuple[str, ...]:
    defaults = item["defaults_used"]
    which = ", ".join(defaults) if len(defaults) <= _MOST_NAMED else f"{len(defaults)} parameters (--json names them)"
    note = f"; prior medians for {which}" if defaults else ""
    head = f"{item['query']}  [scenario {item['scenario']}{note}]"
    if "distribution" in item:
        return (head, *_indented([(state, _shown(value)) for state, value in item["distribution"].items()]))
    return (head, f"  {_shown(item['probability'] if 'probability' in item else item['value'])}")


def _run_lines(item: dict[str, Any]) -> tuple[str, ...]:
    whom = f", stance {item['stance']}" if "stance" in item else ""
    head = f"{item['query']}  [run {item['run']}{whom}, {item['draws']} draws]"
    columns = ("mean", "median", f"{MASS:.0%} interval")
    if "distribution" in item:
        rows = [(state, *_cells(summary)) for state, summary in item["distribution"].items()]
        return (head, *_indented([("", *columns), *rows]))
    return (head, *_indented([columns, _cells(item)]))


def _cells(summary: dict[str, Any]) -> tuple[str, str, str]:
    low, high = (_shown(summary["interval"][end]) for end in ("low", "high"))
    return _shown(summary["mean"]), _shown(summary["median"]), f"{low} to {high}"


def _indented(rows: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(f"  {line}" for line in table(rows))


def _shown(number: float | None) -> str:
    return "infinite" if number is None else f"{number:.6g}"
