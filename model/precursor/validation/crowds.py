"""Crowds of any size that answer the same questions: who is asked what, for fits of simulated answers.  SYNTHETIC.

What stands in the answers is the scenario's truth; the checks replace it, but the sampler's origin is placed by it
(`inference.answers.centres`), as it would be by real answers.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from precursor.argument.answer import answer_at
from precursor.argument.nodes import ASSUMPTIONS
from precursor.argument.scenario import Scenario
from precursor.elicitation.indicators import events as events_of
from precursor.elicitation.survey import Survey
from precursor.inference.scenarios import completed
from precursor.inference.simulation import Population, simulate, truths_at, write_survey
from precursor.inference.surveys import SurveyReader
from precursor.network.grammar import parse_query

# Every assumption is set: one training run, on few lumped states, so that a fit takes a second.
_SET = ", ".join(f"do({node}={states[0]})" for node, states in ASSUMPTIONS.items())
QUERIES = {
    "deceptive_here": f"P(model_outcome=deceptive | {_SET})",
    "deceptive_if_aware_here": (
        f"P(model_outcome=deceptive | situationally_aware@short_horizon_fine_tuning=yes, {_SET})"
    ),
    "base_goal_here": f"P(model_outcome=base_goal | {_SET})",
    "understood_late_here": f"P(long_term_goals < base_goal_understood | {_SET})",
    "unaware_here": f"P(situationally_aware@long_horizon_fine_tuning=no | {_SET})",
}
TROLL = "troll"
_CAMPS = ("skeptical", "concerned")
_HEADER = """id = "crowd"
title = "SYNTHETIC: a crowd"
population = "SYNTHETIC people"
protocol = "single_round"
elicited = "never: simulated"
source = "precursor.validation.crowds"
licence = "CC0"
synthetic = true
fit_by_default = false
"""


def lumped_crowd(reader: SurveyReader, people: int, truth: Scenario, *, troll: bool = False) -> Survey:
    """Return a survey of people of two camps who answer `QUERIES` by points, quantiles (every fourth) and a bound.

    With ``troll`` one more person states of everything that it is impossible.
    """
    odds = {name: _inside(answer_at(parse_query(query), truth)) for name, query in QUERIES.items()}
    rows = list(_responses(people, odds))
    experts = [f"p{i},{_CAMPS[i % 2]}" for i in range(people)]
    if troll:
        rows += [f"{TROLL},{name},bound,<0.5%" for name in QUERIES]
        experts.append(f"{TROLL},")
    forms = 'forms = ["point", "quantiles", "bound"]'
    questions = [
        f'[[question]]\nid = "{name}"\nwording = "{name}?"\nquery = "{query}"\n{forms}\n'
        for name, query in QUERIES.items()
    ]
    files = {
        "survey.toml": _HEADER,
        "questions.toml": "\n".join(questions),
        "experts.csv": "\n".join(["expert,camp", *experts]) + "\n",
        "responses.csv": "\n".join(["expert,question,form,answer", *rows]) + "\n",
    }
    return _read(reader, files)


def core_crowd(reader: SurveyReader, people: int, truth: Scenario, seed: int) -> Survey:
    """Return a survey of people of two camps who answer the whole core questionnaire."""
    events = events_of(reader.shared.indicators.values())
    asked = [q for q in reader.shared.questions.values() if q.source_file == "questions/core.toml"]
    truths = truths_at(asked, completed(truth, events), events)
    simulation = simulate(truths, people, seed, population=Population(), camps=True)
    with tempfile.TemporaryDirectory() as folder:
        return reader.read(write_survey(simulation, Path(folder) / "crowd"))


def _responses(people: int, odds: dict[str, float]) -> Iterator[str]:
    for i in range(people):
        for j, (name, value) in enumerate(odds.items()):
            if (i + j) % 4 == 0:
                levels = "; ".join(
                    f"{level}%: {_share(value + shift)}" for level, shift in ((5, -1.0), (50, 0.0), (95, 1.0))
                )
                yield f"p{i},{name},quantiles,{levels}"
            elif (i + 2 * j) % 7 == 0:
                yield f"p{i},{name},bound,<{_share(value)}"
            else:
                yield f"p{i},{name},point,{_share(value)}"


def _read(reader: SurveyReader, files: dict[str, str]) -> Survey:
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder) / "crowd"
        inside.mkdir()
        for name, text in files.items():
            (inside / name).write_text(text, encoding="utf-8")
        return reader.read(inside)


def _inside(probability: object) -> float:
    assert isinstance(probability, float)
    return min(max(math.log(probability) - math.log1p(-probability), -15.0), 15.0)


def _share(log_odds: float) -> str:
    return f"{1 / (1 + math.exp(-log_odds)):.10f}"


__all__: Sequence[str] = ["QUERIES", "TROLL", "core_crowd", "lumped_crowd"]
