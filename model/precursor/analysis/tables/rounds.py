"""What happened between the rounds of a survey, as one document that JSON can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.analysis.audit.coherence import answer_entry, labels_of
from precursor.analysis.estimates import plain
from precursor.elicitation.survey import Survey
from precursor.inference.rounds.location import natural
from precursor.inference.rounds.movement import Movement, movements, share_unchanged, spread_of

SCHEMA = "precursor-rounds/1"
DIRECTIONS = ("towards", "past", "away", "from_the_median", "no_others", "unchanged")


def rounds_document(survey: Survey) -> dict[str, Any]:
    """Return the movements of a survey by answer, question and expert (see `inference.rounds.movement`).

    Locations and moves are in log-odds for probabilities and logs for ratios, and beside them in natural units.
    ``questions`` are once for each pair of rounds and each part (of a distribution, a state); ``overall`` counts and
    averages over questions in log-odds only.
    """
    found = movements(survey)
    labels = labels_of([survey])
    by_question: dict[tuple[str, str, int, int], list[Movement]] = {}
    by_expert: dict[str, list[Movement]] = {}
    for one in found:
        by_question.setdefault((one.question, one.part, one.first.round, one.second.round), []).append(one)
        by_expert.setdefault(one.expert, []).append(one)
    questions = [_question(survey, *key, moved) for key, moved in by_question.items()]
    document = {
        "schema": SCHEMA,
        "survey": survey.id,
        "protocol": survey.protocol,
        "synthetic": survey.synthetic,
        "rounds": sorted({judgement.round for judgement in survey.judgements}),
        "movements": [_movement(one, labels[one.first.person]) for one in found],
        "questions": questions,
        "experts": [_expert(moved, labels[moved[0].first.person]) for moved in by_expert.values()],
        "overall": _overall(found, questions),
    }
    whole = plain({**document, "sentences": _sentences(document)})
    assert isinstance(whole, dict)
    return whole


def _movement(one: Movement, label: str) -> dict[str, Any]:
    return {
        "question": one.question,
        "part": one.part,
        "expert": one.expert,
        "label": label,
        "first": answer_entry(one.first),
        "second": answer_entry(one.second),
        "scale": one.scale,
        "before": one.before,
        "after": one.after,
        "moved": one.moved,
        "natural_before": natural(one.before, one.scale),
        "natural_after": natural(one.after, one.scale),
        "natural_moved": natural(one.after, one.scale) - natural(one.before, one.scale),
        "others_median_before": one.others,
        "gap_closed": one.gap_closed,
        "direction": one.direction,
        "form_changed": one.form_changed,
        "censored": one.censored,
    }


def _question(
    survey: Survey, question: str, part: str, first: int, second: int, moved: Sequence[Movement]
) -> dict[str, Any]:
    spread, scale = spread_of(moved), moved[0].scale
    everyone = {
        r: {j.expert for j in survey.judgements if j.question == question and j.round == r} for r in (first, second)
    }
    entry = {
        "question": question,
        "part": part,
        "rounds": [first, second],
        "scale": scale,
        "experts": len(moved),
        "only_before": sorted(everyone[first] - everyone[second]),
        "only_after": sorted(everyone[second] - everyone[first]),
        "unchanged": share_unchanged(moved),
        "directions": _directions(moved),
        "median_absolute_move": float(np.median([abs(one.moved) for one in moved])),
        "median_gap_closed": _median([one.gap_closed for one in moved]),
        "spread": None,
        "converged": None,
    }
    if spread is not None:
        entry["spread"] = {
            "sd_before": spread.sd_before, "sd_after": spread.sd_after, "ratio": spread.ratio,
            "quartile_range_before": spread.quartiles_before, "quartile_range_after": spread.quartiles_after,
            "median_before": natural(spread.median_before, scale), "median_after": natural(spread.median_after, scale),
        }  # fmt: skip
        entry["converged"] = spread.sd_after < spread.sd_before
    return entry


def _expert(moved: Sequence[Movement], label: str) -> dict[str, Any]:
    in_odds = [abs(one.moved) for one in moved if one.scale == "probability"]
    return {
        "expert": moved[0].expert,
        "label": label,
        "answers": len(moved),
        "unchanged": share_unchanged(moved),
        "directions": _directions(moved),
        "mean_absolute_move": float(np.mean(in_odds)) if in_odds else None,
        "median_gap_closed": _median([one.gap_closed for one in moved]),
    }


def _overall(found: Sequence[Movement], questions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    ratios = [entry["spread"]["ratio"] for entry in questions if entry["spread"]]
    known = [ratio for ratio in ratios if ratio is not None]
    judged = [entry["converged"] for entry in questions if entry["converged"] is not None]
    in_odds = [abs(one.moved) for one in found if one.scale == "probability"]
    return {
        "movements": len(found),
        "unchanged": share_unchanged(found) if found else None,
        "directions": _directions(found),
        "mean_absolute_move": float(np.mean(in_odds)) if in_odds else None,
        "form_changed": sum(one.form_changed for one in found),
        "questions_converged": sum(judged),
        "questions_judged": len(judged),
        "median_spread_ratio": _median(known),
    }


def _directions(moved: Sequence[Movement]) -> dict[str, int]:
    counts = Counter(one.direction for one in moved)
    return {name: counts[name] for name in DIRECTIONS}  # type: ignore[index]


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def _sentences(document: dict[str, Any]) -> list[str]:
    overall = document["overall"]
    if not overall["movements"]:
        return ["Nobody answered a question in two rounds: there is nothing to compare."]
    ways = overall["directions"]
    closer, further = ways["towards"] + ways["past"], ways["away"] + ways["from_the_median"]
    said = [
        f"{overall['movements']} answers were given again; {overall['unchanged']:.0%} did not change.",
        f"Of those that changed, {closer} moved towards the others' median ({ways['past']} of them past it) and "
        f"{further} away from it.",
    ]
    if overall["questions_judged"]:
        said.append(
            f"The group came closer together on {overall['questions_converged']} of {overall['questions_judged']} "
            "questions"
            + (
                f": the standard deviation after is {overall['median_spread_ratio']:.2f} of that before (median)."
                if overall["median_spread_ratio"] is not None
                else "."
            )
        )
    return said
