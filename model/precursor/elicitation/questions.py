"""Questions: what experts are asked, which query of the network it is, and in which forms they may answer.

A question has either a ``query`` or, as a *seed question*, a known answer: the ``outcome`` (0 or 1) of an event, or
the ``realised`` value of a quantity.  An `Offset` says how what was asked differs from the query.
"""

from __future__ import annotations

from dataclasses import dataclass

from precursor.elicitation.answers import Scale
from precursor.network.grammar import DistributionQuery, LikelihoodRatioQuery, OrderQuery, Query

_PROBABILITY_FORMS = ("point", "quantiles", "bound", "verbal", "chips")
_RATIO_FORMS = ("point", "quantiles", "bound", "chips")


@dataclass(frozen=True, slots=True)
class Offset:
    """logit(what was asked) = logit(query) + offset, and the offset is Normal(mean, sd); of ratios, in logs."""

    id: str
    mean: float
    sd: float
    reason: str

    @property
    def meaning(self) -> tuple[object, ...]:
        """What must agree for two declarations of one id to be the same offset."""
        return (self.mean, self.sd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; ``scale`` is how a number in an answer to it is read."""

    id: str
    wording: str
    query: Query | None
    forms: tuple[str, ...]
    offset: str | None = None
    seed: bool = False
    outcome: int | None = None
    realised: float | None = None
    unit: str | None = None
    scale: Scale = "probability"
    definition: str | None = None
    horizon: str | None = None
    source: str | None = None
    note: str | None = None
    source_file: str | None = None

    @property
    def meaning(self) -> tuple[object, ...]:
        """What must agree for two declarations of one id to be the same question."""
        return (self.query, self.offset, self.seed, self.outcome, self.realised, self.unit, self.scale)


def natural_forms(query: Query | None, scale: Scale) -> tuple[str, ...]:
    """Return the forms in which a question can be answered at all."""
    if isinstance(query, DistributionQuery):
        return ("distribution",)
    if isinstance(query, OrderQuery):
        return ("ranking",)
    if isinstance(query, LikelihoodRatioQuery):
        return ("likelihood_ratio", *_RATIO_FORMS)
    return {"probability": _PROBABILITY_FORMS, "ratio": _RATIO_FORMS}.get(scale, ("quantiles",))
