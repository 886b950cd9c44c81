"""Cruxes, and what to ask next: the value of learning indicators and of asking questions, over a run's draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.camps import camp_sources, camps_of
from precursor.analysis.estimates import plain
from precursor.analysis.queries import CATASTROPHE, DECEPTIVE, EXTINCTION
from precursor.analysis.source_answers import answers_at
from precursor.analysis.sources import Source, extended, log_odds_over, parse_single, require_spread, source_of_run
from precursor.analysis.value.evidence_library import (
    chances,
    event_of,
    event_queries,
    evidence_library,
    masses,
    observable,
)
from precursor.analysis.value.expert_noise import expert_noise
from precursor.analysis.value.forecasters_value import forecasters_value, parts_of, read_triples
from precursor.analysis.value.information_value import discrimination, indicator_value, triple
from precursor.analysis.value.question_survey import Survey, question_section
from precursor.elicitation.indicators import events
from precursor.inference.runs.run import Run
from precursor.inference.surveys import open_reader
from precursor.network.grammar import ProbabilityQuery, parse_query
from precursor.network.indicators import Indicators
from precursor.problems import InputError, Problem, for_each

EXPERTS, COUNT = 10, 5
TARGETS = (DECEPTIVE, CATASTROPHE)
FORECASTS = "fri_adversarial_collaboration.csv"
Say = Callable[[str], None]


def value_of_information(
    run: Run,
    targets: Sequence[str] = TARGETS,
    *,
    experts: int = EXPERTS,
    count: int = COUNT,
    root: str | Path | None = None,
    say: Say = lambda _: None,
) -> dict[str, Any]:
    """Return what would be worth learning, as one document.

    Keys: ``run``, ``draws``, ``camps`` (name, members, log_odds), ``camps_left_out`` (why, if they are),
    ``indicators`` (for each target, most bits first),
    ``questions`` (for each target, see `question_survey`), ``forecasters`` (their own formula beside the model's
    value, and ``parts``: by what factors the model's differs from that of their pooled belief),
    ``evidence`` (see `evidence_library`).  Raises `InputError` for targets that are not probabilities.

    Parameters
    ----------
    experts
        How many experts a question would be put to.
    count
        How many questions the next survey is to hold.
    """
    reader = open_reader(root)
    declared = reader.shared.indicators
    source = extended(source_of_run(run), events(declared.values()))
    _require_probabilities(targets, source)
    require_spread(targets, log_odds_over([parse_query(text) for text in targets], source), run.name)
    say("Indicators and experiments.")
    every = dict.fromkeys([*targets, EXTINCTION])
    about = {event_of(id_, source.indicators) for id_ in source.indicators}
    asked = [text for target in every for event in about for text in event_queries(target, event)]
    answers = answers_at(source, asked)
    tilted, reason = camp_sources(run)
    camps = [extended(camp, source.indicators) for camp in tilted]
    sides = [answers_at(camp, asked) for camp in camps]
    say("Questions.")
    survey = Survey(reader.shared.questions.values(), expert_noise(run), experts, count)
    questions = question_section(survey, source, targets, camps)
    return plain(
        {
            "run": run.name,
            "draws": len(source.unconstrained),
            "camps": [
                {"name": camp.name, "members": camp.members, "log_odds": camp.log_odds} for camp in camps_of(run)
            ],
            "camps_left_out": reason,
            "indicators": [
                {"target": target, "rows": _indicators(target, source, answers, sides, run)} for target in targets
            ],
            "questions": questions,
            "forecasters": _forecasters(reader.data.surveys.parent / "sources" / FORECASTS, source, answers),
            "evidence": evidence_library(
                answers,
                {text: str(parse_query(text)) for text in targets},
                source.indicators,
                declared,
                set(run.indicators),
            ),
        }
    )


def _require_probabilities(targets: Sequence[str], source: Source) -> None:
    def required(text: str) -> None:
        if not isinstance(parse_single(text, source.indicators), ProbabilityQuery):
            raise InputError(Problem(f"{text} is not a probability.", "P(event | ...)"))

    for_each(required, targets)


def _indicators(
    target: str, source: Source, answers: Answers, sides: Sequence[Answers], run: Run
) -> list[dict[str, Any]]:
    rows = []
    for id_ in observable(source.indicators):
        event = event_of(id_, source.indicators)
        p_u, p_e, both = masses(answers, target, event)
        p_c, u_and_c = triple(p_u, p_e, both, *chances(answers, id_, source.indicators))
        believed = [_believed(side, target, id_, source.indicators) for side in sides]
        gap = abs(believed[0][0] - believed[1][0]) if believed else 0.0
        found = indicator_value(p_u, p_c, u_and_c)
        rows.append(
            {
                "indicator": id_,
                "about": str(event),
                "queries": list(event_queries(target, event)),
                "fitted": id_ in run.indicators,
                **found,
                "share_of_entropy": found["predictive"]["bits"] / _entropy(found["predictive"]["p_u"]),
                "discrimination": discrimination(*believed) if gap else None,
                "discrimination_share": discrimination(*believed) / gap if gap else None,
            }
        )
    return sorted(rows, key=lambda row: -float(row["predictive"]["bits"]))


def _entropy(p: float) -> float:
    return float(-p * np.log2(p) - (1 - p) * np.log2(1 - p))


def _believed(answers: Answers, target: str, id_: str, indicators: Indicators) -> tuple[float, float, float]:
    """Return a camp's P(U), P(c), P(U | c)."""
    p_u, p_e, both = masses(answers, target, event_of(id_, indicators))
    p_c, u_and_c = triple(p_u, p_e, both, *chances(answers, id_, indicators))
    u, c, joint = (float(part.mean()) for part in (p_u, p_c, u_and_c))
    return u, c, joint / c


def _forecasters(path: Path, source: Source, answers: Answers) -> list[dict[str, Any]]:
    """Return the forecasters' own values, and the model's of the same indicators and the same ultimate question."""
    if not path.is_file():
        return []
    rows = forecasters_value(read_triples(path))
    for row in rows:
        id_ = row["indicator"]
        row["model"] = row["parts"] = None
        if id_ in source.indicators:
            event = event_of(id_, source.indicators)
            p_u, p_e, both = masses(answers, EXTINCTION, event)
            row["model"] = indicator_value(p_u, *triple(p_u, p_e, both, *chances(answers, id_, source.indicators)))
            row["parts"] = parts_of(row["model"]["predictive"], row["pooled"]) if row["pooled"] else None
    return rows
