"""The part of an audit that needs no model: whether each person's answers hold together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.inference.audit.claims import Claim
from precursor.inference.audit.coherence import Incoherence, incoherence, incoherences, systems
from precursor.inference.audit.repeats import Repeats, incoherent_repeats, median_spread, primary_claims, repeats

AUTHORS = "authors"
# Two people named beside each other read as one with a list of rows.
_WORST = 5


def coherence_section(surveys: Sequence[Survey]) -> dict[str, Any]:
    """Return the coherence of every person with two or more related claims, the worst first.

    ``incoherence`` is in log-odds (`inference.audit.coherence`): how far every answer of that person would have to move
    at once, rounding allowed.  ``conflicts`` are smallest sets of answers that cannot all hold, with the rows;
    ``conflicts_of_repeats`` the same where a repeated answer takes the place of the one that counts.
    """
    labels = labels_of(surveys)
    experts: list[dict[str, Any]] = []
    conflicts: list[dict[str, Any]] = []
    for person, claims in primary_claims(surveys).items():
        checked = systems(claims)
        if not checked:
            continue
        found = incoherences(claims)
        experts.append(
            {
                "person": person,
                "label": labels[person],
                "related_answers": len({id(claim.judgement) for system in checked for claim in system}),
                "incoherence": incoherence(claims) if found else 0.0,
                "conflicts": len(found),
            }
        )
        conflicts += [_conflict(person, labels[person], one) for one in found]
    again = [
        _conflict(person, labels[person], one) for person, found in incoherent_repeats(surveys).items() for one in found
    ]
    experts.sort(key=lambda entry: -entry["incoherence"])
    section = {
        "unit": "log-odds",
        "experts": experts,
        "coherent": sum(entry["incoherence"] == 0.0 for entry in experts),
        "conflicts": sorted(conflicts, key=lambda entry: -entry["shift"]),
        "conflicts_of_repeats": sorted(again, key=lambda entry: -entry["shift"]),
        "repeats": _repeats(repeats(surveys), labels),
    }
    return {**section, "sentences": _sentences(section)}


def labels_of(surveys: Sequence[Survey]) -> dict[str, str]:
    """Return how each person is named: an author's answers are our reading, never the author's own."""
    found: dict[str, str] = {}
    for survey in surveys:
        for judgement in survey.judgements:
            attributes = survey.experts.get(judgement.expert, {})
            name = attributes.get("name") or judgement.expert
            found.setdefault(judgement.person, f"our reading of {name}" if attributes.get("group") == AUTHORS else name)
    return found


def answer_entry(judgement: Judgement) -> dict[str, Any]:
    """Return where an answer stands in its survey, and what was typed."""
    return {
        "survey": judgement.survey,
        "row": judgement.row,
        "round": judgement.round,
        "question": judgement.question,
        "form": judgement.form,
        "answer": judgement.text,
    }


def _conflict(person: str, label: str, found: Incoherence) -> dict[str, Any]:
    return {
        "person": person,
        "label": label,
        "shift": found.shift,
        "answers": [
            {**_claim(claim), "distance_alone": alone} for claim, alone in zip(found.claims, found.alone, strict=True)
        ],
        "furthest": found.furthest.judgement.question,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {**answer_entry(claim.judgement), "claim": claim.text, "low": claim.low, "high": claim.high}


def _repeats(found: Sequence[Repeats], labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "median_within_person_sd": median_spread(found),
        "by_person": [
            {
                "person": one.person,
                "label": labels[one.person],
                "query": one.query,
                "sd": one.spread,
                "answers": [answer_entry(judgement) for judgement in one.judgements],
            }
            for one in sorted(found, key=lambda one: -one.spread)
        ],
    }


def _sentences(section: Mapping[str, Any]) -> list[str]:
    experts = section["experts"]
    if not experts:
        said = ["Nobody gave two related answers: there is nothing to check against a law of probability."]
    else:
        said = [f"{section['coherent']} of {len(experts)} people with related answers are coherent within rounding."]
    said += [conflict_sentence(one) for one in section["conflicts"][:_WORST]]
    sd = section["repeats"]["median_within_person_sd"]
    if sd is not None:
        times = len(section["repeats"]["by_person"])
        said.append(f"Asked again ({times} cases), people differ from themselves by {sd:.2f} in log-odds (median sd).")
    return said


def conflict_sentence(conflict: Mapping[str, Any]) -> str:
    """Say which answers cannot all hold, where they stand, and by how much."""
    answers = "; ".join(f"{a['claim']} {a['answer']!r} ({a['survey']} row {a['row']})" for a in conflict["answers"])
    shift = conflict["shift"]
    size = "No move would mend it" if shift == float("inf") else f"Each would have to move by {shift:.2f} in log-odds"
    return f"{conflict['label']}: cannot all hold: {answers}. {size}."
