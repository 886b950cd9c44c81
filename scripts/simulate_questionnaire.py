"""How far would people who answer the core questionnaire move and narrow the headline?  By simulation.

For every truth (a set of parameters), simulated people answer the whole questionnaire; the expert model is fitted
to the first 10, 30, 100 of them, and its posterior of P(deceptive) is set beside truth and prior.  Truths are drawn
around the scenarios ``argument`` and ``critic``, or are draws of a run's posterior (``posterior``).

Every finished fit is a row of ``precision.csv``; a fit whose row is there is not made again, so the script may be
interrupted and started anew.  ``precision.md`` is made of the rows.  Nobody is asked: all of it is SYNTHETIC.

    python scripts/simulate_questionnaire.py --people 10 30 100 --truths argument critic posterior --repeats 3
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import shlex
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from precursor.argument.answer import answer_at, answer_over
from precursor.argument.scenario import Scenario
from precursor.elicitation.indicators import events as events_of
from precursor.elicitation.questions import Question
from precursor.inference.fits.checks import checks_of, converged
from precursor.inference.fits.fit import Settings, fit
from precursor.inference.runs.run import Run
from precursor.inference.scenarios import completed, open_scenario
from precursor.inference.simulation import (
    Population,
    Simulation,
    around,
    scenario_of_draw,
    simulate,
    truths_at,
    write_survey,
)
from precursor.inference.surveys import SurveyReader, open_reader
from precursor.network.grammar import Event, parse_query

ROOT = Path(__file__).resolve().parents[1]
HEADLINE = parse_query("P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)")
TRUTHS = ("argument", "critic", "posterior")
CROWD = 100
PRIOR_DRAWS = 4000
SURVEY = "synthetic_core"
KEY = ("truth", "repeat", "people", "draws", "tune", "chains", "target_accept", "spread", "population", "seed")
FOUND = (
    "true", "prior_low", "prior_median", "prior_high", "low", "median", "high", "answers", "converged", "r_hat_max",
    "divergences", "seconds",
)  # fmt: skip
Row = dict[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make every fit that is still missing, write both files, and return 0."""
    options = _options(arguments)
    table, page = options.out / "precision.csv", options.out / "precision.md"
    options.out.mkdir(parents=True, exist_ok=True)
    rows = _read(table)
    reader = open_reader(ROOT / "data")
    for key in _keys(options):
        if any(all(row[name] == value for name, value in key.items()) for row in rows):
            continue
        sys.stderr.write(f"{key['people']} people, truth {key['truth']}, repeat {key['repeat']} ...\n")
        rows.append({**key, **_measured(key, reader, options)})
        _write(table, _csv(rows))
    _write(page, _page(rows, shlex.join(["python", "scripts/simulate_questionnaire.py", *(arguments or sys.argv[1:])])))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[10, 30, 100], help=f"up to {CROWD}")
    parser.add_argument("--truths", nargs="+", choices=TRUTHS, default=list(TRUTHS))
    parser.add_argument("--repeats", type=int, default=3, help="truths of each kind, each with people of its own")
    parser.add_argument(
        "--spread", type=float, default=0.3, help="how far truths lie around a scenario (unconstrained)"
    )
    parser.add_argument("--population", choices=("typical", "drawn"), default="typical", help="scales of the people")
    parser.add_argument("--run", default="baseline", help="the run that posterior truths are draws of")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--tune", type=int, default=400)
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--target-accept", type=float, default=0.9)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--seed", type=int, default=20_261_121)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "questionnaire")
    options = parser.parse_args(arguments)
    if not all(0 < people <= CROWD for people in options.people) or options.repeats < 1:
        parser.error(f"--people takes 1 to {CROWD}, --repeats 1 or more.")
    return options


def _keys(options: argparse.Namespace) -> Iterable[Row]:
    """Yield what tells the fits apart, the cheap ones first."""
    for people in sorted(options.people):
        for repeat in range(options.repeats):
            for truth in options.truths:
                values = {**vars(options), "truth": truth, "repeat": repeat, "people": people}
                yield {name: str(values[name]) for name in KEY}


def _measured(key: Mapping[str, str], reader: SurveyReader, options: argparse.Namespace) -> Row:
    """Return what one fit finds."""
    events = events_of(reader.shared.indicators.values())
    questions = [q for q in reader.shared.questions.values() if q.source_file == "questions/core.toml"]
    # One seed a truth and repeat: the ten people are among the thirty, and those among the hundred.
    seed = int(
        np.random.SeedSequence([options.seed, TRUTHS.index(key["truth"]), int(key["repeat"])]).generate_state(1)[0]
    )
    truth = _truth(key["truth"], seed, reader, events, options)
    simulation = _first(_crowd(questions, truth, events, seed, options.population), int(key["people"]))
    with tempfile.TemporaryDirectory() as folder:
        survey = reader.read(write_survey(simulation, Path(folder) / SURVEY, truth=truth.name))
    settings = Settings(options.draws, options.tune, options.chains, seed % 2**31, options.target_accept, options.cores)
    found = fit([survey], settings, progress=_say)
    space = found.plan.space
    (posterior,) = answer_over([HEADLINE], space, found.flat)
    (prior,) = answer_over([HEADLINE], space, space.prior_draws(np.random.default_rng(options.seed), PRIOR_DRAWS))
    assert isinstance(posterior, np.ndarray)
    assert isinstance(prior, np.ndarray)
    log_odds = np.log(posterior) - np.log1p(-posterior)
    checks = checks_of(found, log_odds.reshape(options.chains, options.draws, 1))
    by_name = {check.name: check.value for check in checks}
    values: dict[str, object] = {
        "true": answer_at(HEADLINE, truth, events),
        **dict(zip(("prior_low", "prior_median", "prior_high"), np.quantile(prior, (0.05, 0.5, 0.95)), strict=True)),
        **dict(zip(("low", "median", "high"), np.quantile(posterior, (0.05, 0.5, 0.95)), strict=True)),
        "answers": len(survey.judgements),
        "converged": "yes" if converged(checks) else "no",
        "r_hat_max": by_name["r_hat_max"],
        "divergences": by_name["divergences"],
        "seconds": sum(found.seconds.values()),
    }
    return {name: f"{value:.5g}" if isinstance(value, float) else str(value) for name, value in values.items()}


def _truth(
    kind: str, seed: int, reader: SurveyReader, events: Mapping[str, Event], options: argparse.Namespace
) -> Scenario:
    if kind != "posterior":
        return around(open_scenario(reader.data, kind, events), events, spread=options.spread, seed=seed)
    run = Run.open(options.run, ROOT)
    draws = run.draws()
    return completed(scenario_of_draw(run.space, draws[seed % len(draws)], name=f"a draw of {run.name}"), events)


def _crowd(
    questions: Sequence[Question], truth: Scenario, events: Mapping[str, Event], seed: int, population: str
) -> Simulation:
    people = Population.drawn(seed) if population == "drawn" else Population()
    return simulate(truths_at(questions, truth, events), CROWD, seed, population=people, camps=True)


def _first(simulation: Simulation, count: int) -> Simulation:
    people = simulation.people[:count]
    kept = {person.id for person in people}
    answers = tuple(answer for answer in simulation.answers if answer.expert in kept)
    return replace(simulation, people=people, answers=answers)


def _page(rows: Sequence[Row], command: str) -> str:
    """Return the table in Markdown: each kind of truth by number of people, medians over repeats."""
    lines = [
        "# How far answers to the core questionnaire narrow the headline",
        "",
        "**SYNTHETIC**: simulated people, nobody was asked. P(deceptive given prosaic transformative AI by 2100),",
        "fitted to their answers alone, from the prior. Medians over repeats; *held*: repeats in which the 90 %",
        "interval holds the truth; *width*: of that interval, in log-odds, as a share of the prior's. The people are",
        "drawn from the expert model that is fitted (tails aside): real people are less regular, so the width is the",
        "best to hope for.",
        "",
        "Truths are drawn around scenarios that the prior finds unlikely, and the prior pulls: `VALIDATION.md` says",
        "how far and how often intervals then hold them, beside truths that are drawn from the prior.",
        "",
        f"Made by `{command}`; every fit is a row of `precision.csv`.",
        "",
        "| truth around | people | repeats | true | median | 5 % | 95 % | held | width | converged |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    groups = sorted({(row["truth"], int(row["people"])) for row in rows})
    for truth, people in groups:
        chosen = [row for row in rows if row["truth"] == truth and int(row["people"]) == people]
        figures = " | ".join(f"{_median(chosen, name):.3g}" for name in ("true", "median", "low", "high"))
        held = sum(float(row["low"]) <= float(row["true"]) <= float(row["high"]) for row in chosen)
        width = np.median([_width(row, "") / _width(row, "prior_") for row in chosen])
        passed = sum(row["converged"] == "yes" for row in chosen)
        lines.append(
            f"| {truth} | {people} | {len(chosen)} | {figures} | {held} of {len(chosen)} | {width:.2f} "
            f"| {passed} of {len(chosen)} |"
        )
    if rows:
        prior = ", ".join(f"{_median(rows, f'prior_{name}'):.3g}" for name in ("median", "low", "high"))
        lines += ["", f"The prior, before any answer: median, 5 % and 95 % are {prior}."]
    return "\n".join(lines) + "\n"


def _median(rows: Sequence[Row], name: str) -> float:
    return float(np.median([float(row[name]) for row in rows]))


def _width(row: Row, which: str) -> float:
    low, high = (float(row[f"{which}{end}"]) for end in ("low", "high"))
    return float(np.log(high / (1 - high)) - np.log(low / (1 - low)))


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, (*KEY, *FOUND), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _say(message: str) -> None:
    sys.stderr.write(f"  {message}\n")


if __name__ == "__main__":
    sys.exit(main())
