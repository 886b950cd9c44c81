"""Which questions the next survey should hold: every shared question valued, and the best few chosen together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from precursor.analysis.estimates import evenly
from precursor.analysis.queries import meaning
from precursor.analysis.sensitivity.variance_indices import first_order
from precursor.analysis.sources import Source, log_odds_over
from precursor.analysis.value.expert_noise import ExpertNoise
from precursor.analysis.value.question_value import (
    best_set,
    discrimination_of_questions,
    joint_reduction,
    nested_reduction,
    reductions,
)
from precursor.argument.answer import record_masses
from precursor.elicitation.questions import Question
from precursor.inference.orientation import orientations
from precursor.network.grammar import ParameterQuery, ProbabilityQuery, Query, parse_query
from precursor.problems import InputError

DRAWS = 2000
NESTED, OUTER = 8, 400
# A question so close to the target as good as asks for the target itself.
RESTATED = 0.95
_DIGITS = 7
_SEED = 20_181_024


@dataclass(frozen=True)
class Survey:
    """What could be asked, of how many experts with what noise, and how many questions there is room for."""

    questions: Iterable[Question]
    noise: ExpertNoise
    experts: int
    count: int


def candidates(questions: Iterable[Question], source: Source) -> tuple[dict[str, list[str]], dict[str, Query], int]:
    """Return questions about single quantities, one for each thing that can be asked.

    Returns
    -------
    tuple
        By the first id, the other ids that ask the same in other words; by the first id, the query; how many
        questions were left out (seeds, orders, distributions, likelihood ratios, what is certain by structure).
    """
    same: dict[str, list[str]] = {}
    queries: dict[str, Query] = {}
    known: dict[object, str] = {}
    every = list(questions)
    single = {q.id: q.query for q in every if isinstance(q.query, ProbabilityQuery | ParameterQuery)}
    # Together they share most of their circuit; one by one only if some are certain.
    if not _uncertain(list(single.values()), source):
        single = {id_: query for id_, query in single.items() if _uncertain([query], source)}
    left_out = len(every) - len(single)
    for question in every:
        query = single.get(question.id)
        if query is None:
            continue
        key = meaning(str(query))
        if key in known:
            same[known[key]].append(question.id)
        else:
            known[key], same[question.id], queries[question.id] = question.id, [], query
    return same, queries, left_out


def _uncertain(queries: Sequence[Query], source: Source) -> bool:
    try:
        record_masses(queries, source.space, source.indicators)
    except InputError:
        return False
    return True


def first_of_each(answers: np.ndarray) -> list[int]:
    """Return, for each question, the first that has the same answer, or the opposite one, in every draw.

    So "P(dies out | catastrophe)" and "P(survives | catastrophe, transformative AI)" count as one, which no comparison
    of their texts would show.

    Parameters
    ----------
    answers
        Log-odds, (draw, question).
    """
    found: dict[bytes, int] = {}
    return [found.setdefault(np.abs(column).round(_DIGITS).tobytes(), i) for i, column in enumerate(answers.T)]


def question_section(
    survey: Survey,
    source: Source,
    targets: Sequence[str],
    camps: Sequence[Source] = (),
) -> dict[str, Any]:
    """Return the value of every question for every target's log-odds.

    Keys: ``experts``, ``draws``, ``noise`` (squared scales), ``left_out``, ``targets``: for each ``target``, ``rows``
    (most valuable first: question, wording, query, same (ids that ask the same), correlation, restated (as good as
    asks for the target itself), one_expert and panel (shares of variance removed), panel_bits (of entropy), perfect
    (and perfect_error: by an answer without noise, given-data index), nested (and nested_error: of the first few, by
    simulation), discrimination (share of two camps' squared disagreement removed; ``None`` without camps)), ``next``
    (the questions of the next survey as a set, see `best_set`, in order, with the share removed by all up to each),
    ``next_with_restated``; and ``together``: such a set for all targets at once, which restates none of them, with the
    mean share, and the share of each target's that the whole set removes.
    """
    questions = {question.id: question for question in survey.questions}
    same, queries, left_out = candidates(questions.values(), source)
    trees = [parse_query(text) for text in targets]
    few = evenly(source.unconstrained, DRAWS)
    found = log_odds_over([*queries.values(), *trees], source, few)
    answers, ys = found[:, : len(queries)], found[:, len(queries) :]
    kept = first_of_each(answers)
    for id_, first_one in zip(list(queries), [list(queries)[i] for i in kept], strict=True):
        if id_ != first_one:
            same[first_one] += [id_, *same.pop(id_)]
            del queries[id_]
    answers = answers[:, np.unique(kept)]
    square = (answers**2).mean(axis=0)
    orientation = orientations(list(queries.values()), source.space, source.indicators)
    about = [query.events if isinstance(query, ProbabilityQuery) else query for query in queries.values()]
    one, panel = (survey.noise.covariance(n, square, orientation, about) for n in (1, survey.experts))
    parted = [log_odds_over([*queries.values(), *trees], camp) for camp in camps]
    ids = list(queries)
    sections = []
    for t, text in enumerate(targets):
        y = ys[:, t]
        alone, first = reductions(y, answers, panel), reductions(y, answers, one)
        perfect, error = first_order(answers, y)
        correlation = np.array([np.corrcoef(y, answers[:, i])[0, 1] for i in range(len(ids))])
        apart = None
        if parted:
            a, b = parted
            sides = (a[:, len(ids) + t], b[:, len(ids) + t]), (a[:, : len(ids)], b[:, : len(ids)])
            apart = discrimination_of_questions(*sides, panel)
        order = np.argsort(-alone, kind="stable")
        rng = np.random.default_rng(_SEED)
        rows = []
        for rank, i in enumerate(order):
            nested = (
                nested_reduction(y, answers[:, i], float(panel[i, i]), OUTER, rng) if rank < NESTED else (None, None)
            )
            rows.append(
                {
                    "question": ids[i],
                    "wording": questions[ids[i]].wording,
                    "query": str(queries[ids[i]]),
                    "same": same[ids[i]],
                    "correlation": correlation[i],
                    "restated": bool(abs(correlation[i]) > RESTATED),
                    "one_expert": first[i],
                    "panel": alone[i],
                    "panel_bits": -0.5 * np.log2(1.0 - alone[i]),
                    "perfect": perfect[i],
                    "perfect_error": error[i],
                    "nested": nested[0],
                    "nested_error": nested[1],
                    "discrimination": None if apart is None else apart[i],
                }
            )
        fresh = [i for i in range(len(ids)) if abs(correlation[i]) <= RESTATED]
        sections.append(
            {
                "target": text,
                "rows": rows,
                "next": _steps(ids, best_set(y, answers, panel, survey.count, fresh)),
                "next_with_restated": _steps(ids, best_set(y, answers, panel, survey.count)),
            }
        )
    return {
        "experts": survey.experts,
        "draws": len(few),
        "noise": {name: getattr(survey.noise, name) for name in survey.noise.__slots__},
        "left_out": left_out,
        "targets": sections,
        "together": _together(survey, ids, ys, answers, panel, texts=list(targets)),
    }


def _together(
    survey: Survey, ids: Sequence[str], ys: np.ndarray, answers: np.ndarray, panel: np.ndarray, texts: Sequence[str]
) -> dict[str, Any]:
    close = np.abs(np.corrcoef(ys.T, answers.T)[: len(texts), len(texts) :]).max(axis=0)
    steps = best_set(ys, answers, panel, survey.count, np.flatnonzero(close <= RESTATED).tolist())
    chosen = [i for i, _ in steps]
    removed = [joint_reduction(ys[:, t], answers, panel, chosen) if chosen else 0.0 for t in range(len(texts))]
    return {"next": _steps(ids, steps), "removed": dict(zip(texts, removed, strict=True))}


def _steps(ids: Sequence[str], steps: Sequence[tuple[int, float]]) -> list[dict[str, Any]]:
    return [{"question": ids[i], "removed": share} for i, share in steps]
