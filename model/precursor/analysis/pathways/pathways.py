"""Risk by pathway: Shapley shares of the noisy-OR, which sum to the total, and what is left without deception.

P(existential catastrophe) when only the causes in a set S can act is ``v(S) = sum over which pathways happen of
P(these happen) * (1 - product over those in S of (1 - link))``.  A cause's share is its Shapley value under v: its
marginal contribution averaged over all orders of the causes (Shapley 1953).  The leak is a cause that always happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, combinations, product
from math import factorial
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate
from precursor.analysis.queries import CATASTROPHE, TAI
from precursor.argument.nodes import MODEL_OUTCOME, OUTCOMES, PATHWAYS, YES_NO

LEAK = "leak"
RULED_OUT_BY_DO = "P(existential_catastrophe=yes | do(deceptive_defection=no))"
NOT_PROSAIC = "P(existential_catastrophe=yes, prosaic_paradigm=no)"
_OTHERS = OUTCOMES[1:]


def queries() -> list[str]:
    """Return the queries that this page needs."""
    parts = [query for outcome in _OTHERS for query in (_with(outcome), _outcome(outcome))]
    return [
        *map(_pathway, PATHWAYS),
        *_configurations(),
        f"P({TAI})",
        CATASTROPHE,
        RULED_OUT_BY_DO,
        NOT_PROSAIC,
        *parts,
    ]


def pathways(answers: Answers) -> dict[str, Any]:
    """Return each pathway's probability and share of the existential risk, and the risk with deception ruled out."""
    total = answers.values(CATASTROPHE)
    left = np.sum([answers.values(_with(outcome)) for outcome in _OTHERS], axis=0)
    mass = np.sum([answers.values(_outcome(outcome)) for outcome in _OTHERS], axis=0)
    return {
        "total": {"query": CATASTROPHE, **estimate(total)},
        "pathways": [_row(answers, name, share, total) for name, share in shares(answers).items()],
        "not_prosaic": {"query": NOT_PROSAIC, **estimate(answers.values(NOT_PROSAIC))},
        "ruled_out_by_do": {"query": RULED_OUT_BY_DO, **estimate(answers.values(RULED_OUT_BY_DO))},
        "given_not_deceptive": {
            "query": " + ".join(map(_with, _OTHERS)) + ", over " + " + ".join(map(_outcome, _OTHERS)),
            **estimate(left / mass),
        },
    }


def shares(answers: Answers) -> dict[str, np.ndarray]:
    """Return the share of each pathway and the leak in P(existential catastrophe), (draws,); they sum to it."""
    tai = answers.values(f"P({TAI})")
    found = shapley_of_noisy_or(_happening(answers), _links(answers))
    return {name: tai * share for name, share in found.items()}


def shapley_of_noisy_or(
    happening: Mapping[tuple[bool, ...], np.ndarray], links: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return each cause's Shapley share of P(effect) under a noisy-OR, per draw; the shares sum to P(effect).

    Parameters
    ----------
    happening
        P(exactly these causes happen), (draws,), by a flag per cause in the order of ``links``.
    links
        P(the cause brings about the effect, if it happens), (draws,), by cause.
    """
    names = tuple(links)
    everything = range(len(names))
    sets = chain.from_iterable(combinations(everything, size) for size in range(len(names) + 1))
    value = {frozenset(members): _value(happening, links, members) for members in sets}
    shares = {}
    for i, name in enumerate(names):
        without = [members for members in value if i not in members]
        shares[name] = sum(
            (_weight(len(members), len(names)) * (value[members | {i}] - value[members]) for members in without),
            start=np.zeros(1),
        )
    return shares


def _value(
    happening: Mapping[tuple[bool, ...], np.ndarray], links: Mapping[str, np.ndarray], members: tuple[int, ...]
) -> np.ndarray:
    strengths = list(links.values())
    total = np.zeros(1)
    for flags, probability in happening.items():
        active = [strengths[i] for i in members if flags[i]]
        none = np.prod([1.0 - link for link in active], axis=0) if active else 1.0
        total = total + probability * (1.0 - none)
    return total


def _weight(size: int, players: int) -> float:
    return factorial(size) * factorial(players - size - 1) / factorial(players)


def _row(answers: Answers, name: str, share: np.ndarray, total: np.ndarray) -> dict[str, Any]:
    query = None if name == LEAK else _pathway(name)
    return {
        "pathway": name,
        "query": query,
        "happens": None if query is None else estimate(answers.values(query)),
        "existential_through": estimate(share),
        "share_of_total": float(np.mean(share) / np.mean(total)),
    }


def _links(answers: Answers) -> dict[str, np.ndarray]:
    column = dict(zip(answers.space.names, answers.posterior_parameters.T, strict=True))
    return {**{p: column[f"p_existential.{p}"] for p in PATHWAYS}, LEAK: column["p_existential_leak"]}


def _happening(answers: Answers) -> dict[tuple[bool, ...], np.ndarray]:
    return {
        (*(state == "yes" for state in states), True): answers.values(query)
        for states, query in zip(product(YES_NO, repeat=len(PATHWAYS)), _configurations(), strict=True)
    }


def _configurations() -> list[str]:
    return [
        "P(" + ", ".join(f"{name}={state}" for name, state in zip(PATHWAYS, states, strict=True)) + f" | {TAI})"
        for states in product(YES_NO, repeat=len(PATHWAYS))
    ]


def _pathway(name: str) -> str:
    return f"P({name}=yes | {TAI})"


def _with(outcome: str) -> str:
    return f"P(existential_catastrophe=yes, {MODEL_OUTCOME}={outcome})"


def _outcome(outcome: str) -> str:
    return f"P({MODEL_OUTCOME}={outcome})"
