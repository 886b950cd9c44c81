"""A large survey: 1,320 experts and 40 questions, read, planned, evaluated and (with ``--fit``) fitted.

The survey is SYNTHETIC: answers are drawn from the expert model at the prior's centre, from a seed; three in four are
points, the rest bounds and quantiles.  Prints seconds for reading and planning, milliseconds for the log-density and
its gradient (all of the processor's time), and the peak of memory; with ``--fit`` the time of a short fit of two chains
on two cores, and its checks.

With ``--sizes 330 1320 5280 20000`` each number of experts is measured in a process of its own, and the exponents
between one size and the next are printed: 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytensor
from timing import seconds_each

from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.elicitation.questions import Question
from precursor.elicitation.survey import Survey
from precursor.inference.density.model import model_of
from precursor.inference.fits.fit import Fit, Sampler, Settings
from precursor.inference.plan import Plan, plan_model
from precursor.inference.runs.summary import summarise
from precursor.inference.surveys import SurveyReader, open_reader
from precursor.network.grammar import ProbabilityQuery

SURVEY = """id = "large"
title = "A large survey"
population = "SYNTHETIC experts"
protocol = "single_round"
elicited = "never: drawn from the expert model"
source = "benchmarks/scale.py"
licence = "CC0"
synthetic = true
fit_by_default = false
"""
BOUNDS, QUANTILES = 0.1, 0.15
SEED = 1
# Seconds of processor time by step.
COSTS: dict[str, float] = {}


STEPS = (
    "read and check the survey", "plan the model", "log-density", "log-density and gradient", "memory for the survey",
)  # fmt: skip


def main() -> None:
    """Print what the survey costs."""
    arguments = _arguments()
    if arguments.sizes:
        compare(arguments.sizes, arguments.questions)
        return
    reader = open_reader()
    with tempfile.TemporaryDirectory() as folder:
        asked = questions(reader, arguments.questions)
        write_survey(Path(folder) / "large", asked, arguments.experts, camps=arguments.camps)
        survey = timed("read and check the survey", lambda: reader.read(Path(folder) / "large"))
    plan = timed("plan the model", lambda: plan_model([survey]))
    bounds, latents = len(plan.columns.bounded), len(plan.layout.names)
    print(f"  {survey.answers:,} answers, {bounds:,} bounds, {len(plan.sharing.rows):,} entries, {latents:,} unknowns")
    if arguments.fit:
        fitted = sample(plan, arguments.draws)
        print_fit(fitted, survey)
    else:
        time_density(plan)
    print(f"peak memory {_peak() / 2**20:.2f} GB")
    if arguments.json:
        print(json.dumps(COSTS | {"memory for the survey": _peak() / 2**20}))


def compare(sizes: Sequence[int], asked: int) -> None:
    """Print seconds, gigabytes and exponents of every step over numbers of experts."""
    found = []
    for size in sorted(sizes):
        command = [sys.executable, __file__, "--experts", str(size), "--questions", str(asked), "--json"]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        found.append((size, json.loads(lines[-1])))
        print("\n".join([f"{size} experts:", *(f"  {line.strip()}" for line in lines[:-1])]), flush=True)
    for (small, before), (large, after) in pairwise(found):
        exponents = {name: math.log(after[name] / before[name]) / math.log(large / small) for name in STEPS}
        print(f"{small} -> {large}: " + "; ".join(f"{name} {value:.2f}" for name, value in exponents.items()))


def _peak() -> int:
    """Return the peak of this process's memory, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experts", type=int, default=1320)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--camps", action="store_true", help="half of the people in two camps; else none")
    parser.add_argument("--fit", action="store_true", help="fit the survey, too")
    parser.add_argument("--sizes", type=int, nargs="+", help="several numbers of experts, and exponents between them")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON: seconds and gigabytes by step")
    parser.add_argument("--draws", type=int, default=200, help="draws of each of two chains, after as many to tune")
    return parser.parse_args()


def questions(reader: SurveyReader, n: int) -> list[Question]:
    """Return the first ``n`` shared questions of a probability that take points, bounds and quantiles."""
    wanted = {"point", "bound", "quantiles"}
    found = [
        question
        for question in reader.shared.questions.values()
        if isinstance(question.query, ProbabilityQuery) and wanted <= set(question.forms) and not question.offset
    ]
    return found[:n]


def write_survey(folder: Path, asked: Sequence[Question], experts: int, *, camps: bool) -> None:
    """Write the survey's files, its answers drawn from the expert model."""
    rng = np.random.default_rng(SEED)
    space = parameter_space()
    answers = answer_over([question.query for question in asked], space, space.mean[None, :])
    truth = np.log([float(p[0]) / (1 - float(p[0])) for p in answers])
    sides = rng.choice([-1.0, 0.0, 0.0, 1.0], experts) if camps else np.zeros(experts)
    loading = rng.normal(1.0, 0.5, len(asked))
    tail = np.sqrt(4 / rng.chisquare(4, experts))[:, None]
    bias, slope = 0.5 * rng.standard_normal((experts, 1)), 0.25 * rng.standard_normal((experts, 1))
    own = bias + slope * truth + 1.0 * rng.standard_normal((experts, len(asked)))
    shared = 0.5 * rng.standard_normal(len(asked))
    stated = truth + shared + sides[:, None] * loading + tail * own
    folder.mkdir()
    (folder / "survey.toml").write_text(SURVEY, encoding="utf-8")
    names = {-1.0: "skeptical", 0.0: "", 1.0: "concerned"}
    people = [f"e{e},{names[side]}" for e, side in enumerate(sides)]
    (folder / "experts.csv").write_text("\n".join(["expert,camp", *people]) + "\n", encoding="utf-8")
    form = rng.random(stated.shape)
    rows = [
        f"e{e},{question.id},{typed(stated[e, q], form[e, q])}"
        for e in range(experts)
        for q, question in enumerate(asked)
    ]
    (folder / "responses.csv").write_text("\n".join(["expert,question,form,answer", *rows]) + "\n", encoding="utf-8")


def typed(log_odds: float, chance: float) -> str:
    """Return form and answer as a person would type them."""
    if chance < BOUNDS:
        return f"bound,<{percent(log_odds + 0.7)}"
    if chance < BOUNDS + QUANTILES:
        levels = ((5, -0.8), (50, 0.0), (95, 0.8))
        return "quantiles," + "; ".join(f"{level}%: {percent(log_odds + shift)}" for level, shift in levels)
    return f"point,{percent(log_odds)}"


def percent(log_odds: float) -> str:
    """Return a probability to two digits, from a thousandth to all but a thousandth of a percent."""
    share = 100 / (1 + np.exp(-np.clip(log_odds, -11.0, 11.0)))
    return f"{share:.2g}%" if share < 99 else f"{share:.5g}%"


def time_density(plan: Plan) -> None:
    """Print the cost of the log-density, alone and with its gradient."""
    pytensor.config.numba__fastmath = False
    model = model_of(plan)
    free, density = model.value_vars, model.logp()
    gradient = pytensor.grad(density, free[0])
    latents = 0.3 * np.random.default_rng(SEED).standard_normal(len(plan.layout.names))
    for what, outputs in (("log-density", density), ("log-density and gradient", [density, gradient])):
        f = timed(f"compile {what}", lambda o=outputs: pytensor.function(free, o, mode="NUMBA", trust_input=True))
        f(latents)
        COSTS[what] = seconds_each(lambda f=f: f(latents), repeats=3, clock=time.process_time)
        print(f"  {what}: {1e3 * COSTS[what]:.1f} ms")


def sample(plan: Plan, draws: int) -> Fit:
    """Return a short fit."""
    sampler = Sampler.compiled_from(plan, print)
    settings = Settings(draws=draws, tune=draws, chains=2, target_accept=0.8)
    return timed(f"fit: 2 chains of {draws} draws after {draws}", lambda: sampler.sample(settings, print))


def print_fit(fitted: Fit, survey: Survey) -> None:
    """Print steps, and whether the draws pass the checks of a run."""
    print(f"  {fitted.statistics['n_steps'].mean():.0f} steps a draw")
    summary = timed("summarise", lambda: summarise(fitted, (), (), quick=True))
    for check in summary["checks"]:
        print(f"  {check['name']} {check['value']:.4g}")
    assert summary["surveys"][0]["fitted"] == survey.answers


def timed[Result](what: str, run: Callable[[], Result]) -> Result:
    """Return what ``run`` returns, after printing how long it took."""
    start = time.process_time()
    result = run()
    COSTS[what] = time.process_time() - start
    print(f"{what}: {COSTS[what]:.1f} s", flush=True)
    return result


if __name__ == "__main__":
    main()
