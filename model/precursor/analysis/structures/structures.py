"""The headline under other structures, and how much of two scenarios' distance is order, pointing or correction.

A structure is a change of parameters, or of what is read off the chain; nothing is fitted anew here.  Over a run the
same draws are evaluated again, so that what answers would have taught under another structure is not in the numbers
(``kind = "re-evaluated"``); `structure_refits` fits the changes of parameters anew and adds ``refits``, ``stacking``
and ``not_refitted``.

The document: ``query``; ``sources`` (names); ``structures``, each with ``name``, ``title``, ``definition``, ``kind``
and ``answers``, one per source (``source``, ``estimate``: an `estimates.estimate` of the probability, ``change``: mean
change of its log-odds against the model as it is); ``crossed``: ``a``, ``b``, ``groups``, ``rows`` (all coalitions:
``from_b``, the groups that hold B's values, the rest A's; ``probability``) and ``shares`` (``group``, ``share``:
Shapley, in log-odds).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from precursor.analysis.coalitions import coalitions, shapley_values
from precursor.analysis.disagreement.difference import mixed
from precursor.analysis.estimates import estimate, plain
from precursor.analysis.queries import DECEPTIVE
from precursor.analysis.sources import Source, log_odds_over, parse_single, probability_of
from precursor.analysis.words.parameter_groups import group_of
from precursor.argument.parameters import ParameterSpace

GIVEN = "prosaic_paradigm=yes, tai_by_2100=yes"
PROPERTIES = ("goal_directed", "long_term_goals", "base_goal_understood", "situationally_aware")
_ALL_FOUR = ", ".join(f"{name}=yes" for name in PROPERTIES)
Values = Callable[[Source], np.ndarray]


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure: its probability of deception from a source's values, (draw,)."""

    name: str
    title: str
    definition: str
    probability: Values


def deceptive(source: Source) -> np.ndarray:
    """Return the probability of a deceptive system, the model as it is, (draw,)."""
    return _probabilities(source, [DECEPTIVE])[:, 0]


def with_parameters(source: Source, values: Mapping[str, float]) -> Source:
    """Return the source with unconstrained values set, for every parameter whose name begins with one of the names."""
    moved = np.array(source.unconstrained)
    for i, name in enumerate(source.space.names):
        for start, value in values.items():
            if name == start or name.startswith(f"{start}."):
                moved[:, i] = value
    return replace(source, unconstrained=moved)


def order_ignored(source: Source) -> np.ndarray:
    """Return the naive product that others use, (draw,): the chance of each ingredient by itself, multiplied.

        P(G) P(L) P(C) P(S) P(pointer = proxy | G) P(differential adversarial examples) P(plays along)

    Each is the network's own marginal at the end of deployment (the pointer's given a goal, so that G is counted once),
    as if a goal's pointer and the properties did not depend on which came first.
    """
    texts = [f"P({name}=yes | {GIVEN})" for name in PROPERTIES]
    texts += [f"P(goal_pointer=proxy | goal_directed=yes, {GIVEN})"]
    texts += [f"P(differential_adversarial_examples=present | {GIVEN})", "parameter(p_plays_along)"]
    return np.asarray(_probabilities(source, texts).prod(axis=1))


def order_and_pointer_ignored(source: Source) -> np.ndarray:
    """Return the product of the four properties' own probabilities, (draw,), as if to have them were to deceive.

    As `order_ignored`, without the pointer, in which the order of the properties has left its mark.
    """
    texts = [f"P({name}=yes | {GIVEN})" for name in PROPERTIES]
    texts += [f"P(differential_adversarial_examples=present | {GIVEN})", "parameter(p_plays_along)"]
    return np.asarray(_probabilities(source, texts).prod(axis=1))


def without_requirement(source: Source) -> np.ndarray:
    """Return the probability of deception where it needs no differential adversarial examples, (draw,).

    What is a proxy that training cannot see (all four properties, pointer ``proxy``, examples absent) then plays along
    like any schemer.  Emergence is left alone: couplings and correction are still those of examples present or absent.
    """
    hidden = f"P({_ALL_FOUR}, goal_pointer=proxy, differential_adversarial_examples=absent | {GIVEN})"
    found = _probabilities(source, [DECEPTIVE, hidden, "parameter(p_plays_along)"])
    return np.asarray(found[:, 0] + found[:, 1] * found[:, 2])


def _fixed(name: str) -> Values:
    return lambda source: deceptive(with_parameters(source, PARAMETERS_OF[name]))


_COUPLINGS = MappingProxyType(
    {
        f"hr_{name}": 0.0
        for name in (
            "long_term_goals_given_awareness", "awareness_given_long_term_goals", "understanding_given_awareness",
        )
    }
)  # fmt: skip
AS_IT_IS = "as_it_is"
# The structures that are a change of parameters, as unconstrained values held.
PARAMETERS_OF: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "couplings_at_one": _COUPLINGS,
        "no_correction": {"correction": -np.inf},
        "guard_0": {"guard": -np.inf},
        "guard_1": {"guard": np.inf},
    }
)
STRUCTURES = (
    Structure(AS_IT_IS, "The model as it is", "nothing changed", deceptive),
    Structure("order_ignored", "Order ignored", "the product of the ingredients' own probabilities", order_ignored),
    Structure(
        "order_and_pointer_ignored", "Order and pointer ignored",
        "the product of the four properties' own probabilities", order_and_pointer_ignored,
    ),
    Structure("couplings_at_one", "No couplings", "no property hastens another", _fixed("couplings_at_one")),
    Structure("no_correction", "No correction", "training never re-points a goal", _fixed("no_correction")),
    Structure("guard_0", "Schemers never corrected", "guard at 0", _fixed("guard_0")),
    Structure("guard_1", "Schemers corrected like others", "guard at 1", _fixed("guard_1")),
    Structure(
        "no_adversarial_requirement", "No adversarial examples needed",
        "a proxy that training cannot see deceives as well", without_requirement,
    ),
)  # fmt: skip


def structures(sources: Sequence[Source], a: Source, b: Source) -> dict[str, Any]:
    """Return the document (see above): structures at every source, and the crossed table of two scenarios."""
    usual = [deceptive(source) for source in sources]
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "definition": one.definition,
            "kind": "re-evaluated",
            "answers": [
                _answer(source, one.probability(source), before) for source, before in zip(sources, usual, strict=True)
            ],
        }
        for one in STRUCTURES
    ]
    document = {"query": DECEPTIVE, "sources": [s.name for s in sources], "structures": rows, "crossed": crossed(a, b)}
    return plain(document)


def crossed(a: Source, b: Source) -> dict[str, Any]:
    """Return P(deceptive) with each group of A's beliefs swapped for B's or not, and the groups' shares.

    Groups: emergence of all four properties (deployment included), couplings, pointing, correction with its guard.
    """
    parts = crossed_groups(a.space)
    members = coalitions(len(parts))
    values = mixed(a.unconstrained[0], b.unconstrained[0], list(parts.values()), members)
    log_odds = log_odds_over([parse_single(DECEPTIVE, a.indicators)], a, values)[:, 0]
    found = probability_of(log_odds)
    names = np.array(list(parts))
    return {
        "a": a.name,
        "b": b.name,
        "groups": list(parts),
        "rows": [
            {"from_b": names[row].tolist(), "probability": float(p)} for row, p in zip(members, found, strict=True)
        ],
        "shares": [
            {"group": name, "share": float(share)} for name, share in zip(parts, shapley_values(log_odds), strict=True)
        ],
    }


def crossed_groups(space: ParameterSpace) -> dict[str, np.ndarray]:
    """Return the positions of the parameters of every group of the crossed table."""
    of = [group_of(name) for name in space.names]
    return {
        group: np.array([i for i, own in enumerate(of) if own.startswith(group)], dtype=int)
        for group in ("emergence", "couplings", "pointing", "correction")
    }


def _probabilities(source: Source, texts: Sequence[str]) -> np.ndarray:
    queries = [parse_single(text, source.indicators) for text in texts]
    return probability_of(log_odds_over(queries, source, allow_certain=True))


def _answer(source: Source, found: np.ndarray, before: np.ndarray) -> dict[str, Any]:
    with np.errstate(divide="ignore"):
        change = _logit(found) - _logit(before)
    finite = np.isfinite(change).all()
    return {"source": source.name, "estimate": estimate(found), "change": float(change.mean()) if finite else None}


def _logit(probability: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(probability) - np.log1p(-probability))
