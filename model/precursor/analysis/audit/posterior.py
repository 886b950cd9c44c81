"""The parts of an audit that need a fit: expectations, conflicts, the headline without each, dependence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.analysis.audit.coherence import AUTHORS, answer_entry
from precursor.argument.answer import record_odds
from precursor.elicitation.judgements import Judgement
from precursor.inference.answers.rows import Row, Unit
from precursor.inference.audit.conflict import Conflict, conflicts
from precursor.inference.audit.effective import Effective, effective_experts, overall
from precursor.inference.audit.expected import Expected, expected_answers
from precursor.inference.audit.leave_out import Without, estimates, everyone_in_turn, without_each
from precursor.inference.audit.posterior import AuditedPosterior
from precursor.inference.audit.refit import Refit
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.plan import Plan
from precursor.network.grammar import parse_query

MOST_DRAWS = 2000
_UNLIKELY = 0.05
_NAMES = ("mean", "low", "median", "high")
_SHOWN = 3


def headline_of(plan: Plan, unconstrained: np.ndarray) -> np.ndarray:
    """Return log-odds of the headline queries, (draw, query), at unconstrained parameters, (draw, parameter)."""
    circuit = record_odds([parse_query(text) for text in HEADLINE], plan.space, plan.observations.indicators)
    masses = circuit.evaluate(unconstrained)
    return np.asarray(np.log(masses[:, 0::2]) - np.log(masses[:, 1::2]))


def expected_section(posterior: AuditedPosterior) -> dict[str, Any]:
    """Return every number stated beside what was expected of that expert, and how each expert stands to that."""
    rows, found = posterior.plan.observations.rows, expected_answers(posterior)
    listed = [_expected(rows[one.row], one) for one in found]
    by_person: dict[tuple[bool, str], list[dict[str, Any]]] = {}
    for one, entry in zip(found, listed, strict=True):
        unit = rows[one.row].unit
        by_person.setdefault((unit.is_group, unit.id), []).append(entry)
    experts = [_person(entries) for entries in by_person.values()]
    return {
        "unit": "log-odds of probabilities, logs of ratios",
        "answers": sorted(listed, key=lambda entry: entry["tail"]),
        "experts": sorted(experts, key=lambda entry: -entry["root_mean_square_distance"]),
        "below_0.05": sum(entry["tail"] < _UNLIKELY for entry in listed),
        "untrusted": sum(not entry["trusted"] for entry in listed),
    }


def _expected(row: Row, one: Expected) -> dict[str, Any]:
    where = answer_entry(row.judgement) if isinstance(row.judgement, Judgement) else _group_entry(row)
    ends = ("low", "median", "high")
    return {
        **where,
        "person": row.unit.id,
        "label": label_of(row.unit),
        "query": str(row.question.query),
        "stated": one.stated,
        "implied": dict(zip(ends, one.implied, strict=True)),
        "expected_of_this_expert": dict(zip(ends, one.expected, strict=True)),
        "distance": one.distance,
        "tail": one.tail,
        "pareto_k": one.pareto_k,
        "trusted": one.trusted,
    }


def _group_entry(row: Row) -> dict[str, Any]:
    return {"survey": row.survey, "row": row.judgement.row, "round": 1, "question": row.question.id,
            "form": "summary", "answer": "median"}  # fmt: skip


def _person(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    distances = np.array([entry["distance"] for entry in entries])
    return {
        "person": entries[0]["person"],
        "label": entries[0]["label"],
        "answers": len(entries),
        "mean_stated_less_implied": float(np.mean([e["stated"] - e["implied"]["median"] for e in entries])),
        "root_mean_square_distance": float(np.sqrt((distances**2).mean())),
        "below_0.05": int(sum(entry["tail"] < _UNLIKELY for entry in entries)),
    }


def label_of(unit: Unit) -> str:
    """Return how a unit is named beside a number: an author's answers are our reading."""
    return f"our reading of {unit.label}" if unit.group.split("/")[0] == AUTHORS else unit.label


def conflict_section(posterior: AuditedPosterior, refit: Refit | None = None) -> dict[str, Any]:
    """Return, for every query that several surveys asked for, how each survey's answers stand to all the rest."""
    found = conflicts(posterior, refit)
    tested = [one for one in found if one.tail is not None]
    return {
        "tests": len(tested),
        "untrusted": len(found) - len(tested),
        "expected_below_0.05_by_chance": _UNLIKELY * len(tested),
        "below_0.05": sum((one.tail or 0.0) < _UNLIKELY for one in tested),
        "named": [_conflict(one) for one in found if one.named],
        "queries": [_conflict(one) for one in sorted(found, key=lambda one: 2.0 if one.tail is None else one.tail)],
    }


def _conflict(one: Conflict) -> dict[str, Any]:
    predicted = None if one.predicted is None else dict(zip(("low", "median", "high"), one.predicted, strict=True))
    return {
        "query": one.query, "survey": one.survey, "others": list(one.others), "answers": one.answers,
        "pooled": one.pooled, "predicted": predicted, "tail": one.tail, "pareto_k": one.pareto_k, "conflict": one.named,
    }  # fmt: skip


def leave_out_section(posterior: AuditedPosterior, refit: Refit | None = None) -> dict[str, Any]:
    """Return the headline without each expert, camp, survey and published group; the largest moves first."""
    thin = posterior.affordable(MOST_DRAWS)
    logits = headline_of(thin.plan, thin.unconstrained)
    base = estimates(logits)

    def again(mask: np.ndarray, label: str) -> np.ndarray | None:
        without = None if refit is None else refit(mask, label)
        return None if without is None else headline_of(without.plan, without.unconstrained)

    found = without_each(thin, logits, everyone_in_turn(thin.plan.observations), again)
    labels = {unit.id: label_of(unit) for unit in thin.plan.observations.units}
    rows = [_without(one, base, labels) for one in found]
    return {
        "queries": list(HEADLINE),
        "with_all": _estimates(base),
        "rows": sorted(rows, key=lambda row: (row["method"] == "none", -(row["largest_move"] or 0.0))),
        "untrusted": sum(row["method"] == "none" for row in rows),
    }


def _without(one: Without, base: np.ndarray, labels: dict[str, str]) -> dict[str, Any]:
    moves = None if one.estimates is None else one.estimates[:, 0] - base[:, 0]
    return {
        "without": one.left_out.kind,
        "id": one.left_out.name,
        "label": labels.get(one.left_out.name, one.left_out.label),
        "answers": one.left_out.answers,
        "method": one.method,
        "pareto_k": one.pareto_k,
        "effective_draws": one.effective_draws,
        "estimates": None if one.estimates is None else _estimates(one.estimates),
        "moves": None if moves is None else moves.tolist(),
        "errors": None if one.errors is None else one.errors.tolist(),
        "largest_move": None if moves is None else float(np.abs(moves).max()),
    }


def _estimates(values: np.ndarray) -> list[dict[str, float]]:
    return [dict(zip(_NAMES, row.tolist(), strict=True)) for row in values]


def effective_section(posterior: AuditedPosterior) -> dict[str, Any]:
    """Return how many independent experts those who answered each question are worth, and all of them."""
    found = effective_experts(posterior)
    asked = {one.question for one in found}
    observations = posterior.plan.observations
    experts = len({(r.unit.is_group, r.unit.id) for r in observations.rows if r.asked in asked})
    total = overall(found, experts)
    most = sorted(found, key=lambda one: -one.units)
    said = []
    if total is not None:
        said.append(f"All {experts} who answered a question with others count as {total:.1f} independent ones.")
    return {
        "questions": [_effective(one) for one in most],
        "sources": experts,
        "overall": total,
        "sentences": said + [effective_sentence(one) for one in most[:_SHOWN]],
    }


def _effective(one: Effective) -> dict[str, Any]:
    return {
        "question": one.question, "sources": one.units, "effective": one.number, "low": one.low, "high": one.high,
        "limit": one.limit,
    }  # fmt: skip


def effective_sentence(one: Effective) -> str:
    """Say how many independent experts the answers to one question are worth, and what more of them could be."""
    more = "" if one.limit == float("inf") else f", and however many more would count as {one.limit:.1f} at most"
    return f"{one.units} who answered {one.question} count as {one.number:.1f} independent ones{more}."
