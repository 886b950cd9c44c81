"""The same person asked the same again: how far apart the answers are, and whether each would fit the person's others.

Two answers repeat each other if one person gave them to the same query, under the same offset and in the same form, in
different rounds or surveys.  What differs between them is noise within a person, or a change of mind between rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.inference.audit.claims import Claim, claims_of, latest
from precursor.inference.audit.coherence import Incoherence, incoherences
from precursor.inference.rounds.location import locations_of

_FEWEST = 2
NO_LOCATION = ("distribution", "ranking")


@dataclass(frozen=True)
class Repeats:
    """Answers of one person to one query, and their locations in log-odds or logs, (answer,)."""

    person: str
    query: str
    judgements: tuple[Judgement, ...]
    locations: tuple[float, ...]

    @property
    def spread(self) -> float:
        """Standard deviation of the locations around their own mean, no degree of freedom taken off."""
        return float(np.std(self.locations))


def repeats(surveys: Sequence[Survey]) -> tuple[Repeats, ...]:
    """Return everything that one person stated two or more times; answers that name no number are left out."""
    found: dict[tuple[str, str, str | None, str], list[tuple[Judgement, float]]] = {}
    for survey in surveys:
        for judgement in survey.judgements:
            question = survey.questions[judgement.question]
            if question.query is None or judgement.form in NO_LOCATION:
                continue
            for location in locations_of(survey, judgement).values():
                key = (judgement.person, str(question.query), question.offset, judgement.form)
                found.setdefault(key, []).append((judgement, location))
    return tuple(
        Repeats(person, query, tuple(j for j, _ in answers), tuple(at for _, at in answers))
        for (person, query, _, _), answers in found.items()
        if len(answers) >= _FEWEST
    )


def median_spread(found: Sequence[Repeats]) -> float | None:
    """Return the median over persons and queries of the spread within a person, log-odds; ``None`` without repeats."""
    return float(np.median([one.spread for one in found])) if found else None


def primary_claims(surveys: Sequence[Survey]) -> dict[str, tuple[Claim, ...]]:
    """Return each person's claims, of repeated ones that of the first survey that has it, in its last round."""
    found: dict[str, dict[tuple[object, ...], list[Claim]]] = {}
    for survey in surveys:
        here: dict[tuple[str, tuple[object, ...]], list[Claim]] = {}
        for judgement in latest(survey.judgements):
            for claim in claims_of(survey, judgement):
                here.setdefault((judgement.person, _about(claim)), []).append(claim)
        for (person, about), claims in here.items():
            found.setdefault(person, {}).setdefault(about, claims)
    return {person: tuple(c for claims in held.values() for c in claims) for person, held in found.items()}


def incoherent_repeats(surveys: Sequence[Survey]) -> dict[str, tuple[Incoherence, ...]]:
    """Return, by person, incoherent sets with a repeat in the place of the claim that counts (`primary_claims`)."""
    primary = primary_claims(surveys)
    held = {id(claim.judgement) for claims in primary.values() for claim in claims}
    # Most repeats say what was said before.
    fine: set[tuple[object, ...]] = set()
    found: dict[str, list[Incoherence]] = {}
    for survey in surveys:
        for judgement in survey.judgements:
            if id(judgement) in held:
                continue
            again = tuple(claims_of(survey, judgement))
            said = {_about(claim) for claim in again}
            others = tuple(claim for claim in primary.get(judgement.person, ()) if _about(claim) not in said)
            stated = (judgement.person, *((claim.low, claim.high, _about(claim)) for claim in again))
            if stated in fine:
                continue
            sets = [one for one in incoherences((*others, *again)) if any(c in again for c in one.claims)]
            found.setdefault(judgement.person, []).extend(sets)
            if not sets:
                fine.add(stated)
    return {person: tuple(sets) for person, sets in found.items() if sets}


def _about(claim: Claim) -> tuple[object, ...]:
    return claim.events, claim.evidence, claim.world
