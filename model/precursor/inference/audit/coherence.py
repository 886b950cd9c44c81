r"""Coherence of one person's claims: whether some probability measure gives all of them, rounding allowed.

Claims l <= P(A | C) <= h are coherent if they avoid uniform loss: for every non-empty set of them there is a measure
mu on the possible worlds with mu(C) > 0 for one C of the set and

    l mu(C) <= mu(A and C) <= h mu(C)    for all of the set

(de Finetti 1974, Theory of Probability; in this form Walley, Pelessoni, Vicig 2004, doi 10.1016/j.jspi.2003.09.005,
algorithm 2).  The inequalities are linear whatever is conditioned on, so each step is one linear programme.  It holds
all the laws at once: complements, conjunctions, sums over states, P(A | C) P(C) <= P(A), total probability, orders.

*Incoherence* is in log-odds: the least t such that the claims become coherent if both ends of every interval may move
outwards by t.  Zero is coherent within rounding; 0.69 is a factor of two in the odds of every answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from precursor.inference.audit.claims import Claim
from precursor.inference.audit.worlds import Worlds, nodes_of, variables_of, worlds_of
from precursor.network.grammar import Event

TOLERANCE = 1e-3
MOST_SHIFT = 100.0
_LEAST = 1e-250
_POSITIVE = 0.5
_MOST_FOR_PAIRS = 25
# Ends that only just meet, or touch but for the last bit of a float, are no incoherence.
_SLACK = 1e-6


@dataclass(frozen=True)
class Incoherence:
    """A smallest set of claims that cannot all hold.

    Attributes
    ----------
    claims
        Leaving out any one of them leaves a coherent set.
    shift
        Log-odds by which every claim has to move outwards at once for them to be coherent.
    alone
        By claim: the same if that claim alone moves, which is its distance from what the others imply; infinite where
        no answer would do.
    """

    claims: tuple[Claim, ...]
    shift: float
    alone: tuple[float, ...]

    @property
    def furthest(self) -> Claim:
        """The claim whose own move mends the least: the one furthest from what the others imply."""
        return self.claims[int(np.argmax(self.alone))]


def systems(claims: Sequence[Claim]) -> tuple[tuple[Claim, ...], ...]:
    """Return sets of related claims, of one world each, and small enough to be checked.

    Sets grow along shared nodes while the possible worlds stay few; every two claims that share a node, and can be
    checked together, are together in some set.
    """
    speaks = [_events([claim]) for claim in claims]
    found: dict[frozenset[int], None] = {}
    for i, j in product(range(len(claims)), repeat=2):
        apart = i == j or not _related(claims[i], claims[j])
        if apart or worlds_of(speaks[i] | speaks[j]) is None or any({i, j} <= known for known in found):
            continue
        members, events = {i, j}, speaks[i] | speaks[j]
        # Those first that bring the fewest new variables.
        for k in sorted(range(len(claims)), key=lambda k: len(variables_of(speaks[k]) - variables_of(events))):
            related = claims[k].world == claims[i].world and nodes_of(events) & nodes_of(speaks[k])
            if k not in members and related and worlds_of(events | speaks[k]) is not None:
                members.add(k)
                events = events | speaks[k]
        found[frozenset(members)] = None
    largest = [known for known in found if not any(known < other for other in found)]
    return tuple(tuple(claims[i] for i in sorted(known)) for known in largest)


def incoherences(claims: Sequence[Claim]) -> tuple[Incoherence, ...]:
    """Return smallest incoherent sets among a person's claims, the worst first; none if all are coherent.

    After each find the answer that would have to move least is set aside, with all that it claims, and the rest is
    searched on, so that every answer that has to be changed is in one of the sets.
    """
    found: dict[tuple[Claim, ...], Incoherence] = {}
    for system in systems(claims):
        left = list(system)
        while not coherent(left):
            core = _smallest(left)
            found.setdefault(core, _measured(core))
            aside = core[int(np.argmin(found[core].alone))].judgement
            left = [claim for claim in left if claim.judgement is not aside]
    return tuple(sorted(found.values(), key=lambda one: -one.shift))


def incoherence(claims: Sequence[Claim]) -> float:
    """Return a person's incoherence in log-odds: the least common shift that makes every set coherent."""
    return max((_common_shift(system) for system in systems(claims)), default=0.0)


def coherent(claims: Sequence[Claim], shifts: Sequence[float] | None = None) -> bool:
    """Return whether claims of one world avoid uniform loss, after moving outwards by ``shifts`` (claim,), log-odds."""
    worlds = worlds_of(frozenset(_events(claims)))
    if worlds is None:
        raise ValueError("The claims speak of too much at once: take a set of `systems`.")
    moves = [0.0] * len(claims) if shifts is None else shifts
    held = [(claim, *_moved(claim, shift)) for claim, shift in zip(claims, moves, strict=True)]
    if any(low > 0 and not worlds.where(c.events | c.evidence).any() for c, low, _ in held):
        return False
    while held:
        positive = _positive(worlds, held)
        left = [one for one in held if one[0].evidence not in positive]
        if len(left) == len(held):
            return False
        held = left
    return True


def _positive(worlds: Worlds, held: Sequence[tuple[Claim, float, float]]) -> set[frozenset[Event]]:
    """Return the conditions that can have positive measure while all the claims hold.

    Worlds are measured on scales of their own, from what the claims let them have: a programme that is solved to seven
    digits has to see a probability of one in a billion.
    """
    from scipy.optimize import linprog

    conditions = list(dict.fromkeys(claim.evidence for claim, _, _ in held))
    inside = {condition: worlds.where(condition) for condition in conditions}
    true = [worlds.where(claim.events | claim.evidence) for claim, _, _ in held]
    scale = _scales(worlds.count, held, inside, true)
    rows = []
    for (claim, low, high), here in zip(held, true, strict=True):
        within = inside[claim.evidence]
        rows += [_row(low * (1 - _SLACK) * within - here, scale), _row(here - high * (1 + _SLACK) * within, scale)]
    of_claims = np.hstack([np.array(rows), np.zeros((len(rows), len(conditions)))])
    measured = [_row(-1.0 * inside[condition], scale) for condition in conditions]
    of_conditions = np.hstack([np.array(measured), np.eye(len(conditions))])
    gain = np.concatenate([np.zeros(worlds.count), -np.ones(len(conditions))])
    bounds = [(0.0, None)] * worlds.count + [(0.0, 1.0)] * len(conditions)
    solved = linprog(gain, A_ub=np.vstack([of_claims, of_conditions]), b_ub=np.zeros(len(rows) + len(conditions)),
                     bounds=bounds, method="highs")  # fmt: skip
    if solved.x is None:
        raise ArithmeticError(f"A linear programme of {len(held)} claims has no solution: {solved.message}")
    reached = solved.x[worlds.count :]
    return {condition for condition, share in zip(conditions, reached, strict=True) if share > _POSITIVE}


def _scales(
    count: int,
    held: Sequence[tuple[Claim, float, float]],
    inside: dict[frozenset[Event], np.ndarray],
    true: Sequence[np.ndarray],
) -> np.ndarray:
    """Return how much each world can have at most, roughly, (world,): the claims' ends, multiplied along conditions."""
    scale = np.ones(count)
    for (claim, low, high), here in sorted(zip(held, true, strict=True), key=lambda one: len(one[0][0].evidence)):
        within = inside[claim.evidence]
        most = scale[within].max() if within.any() else 1.0
        scale[here] = np.minimum(scale[here], max(most * high, _LEAST))
        scale[within & ~here] = np.minimum(scale[within & ~here], max(most * (1 - low), _LEAST))
    return scale


def _row(coefficients: np.ndarray, scale: np.ndarray) -> np.ndarray:
    scaled = coefficients * scale
    return scaled / max(float(np.abs(scaled).max(initial=0.0)), _LEAST)


def _moved(claim: Claim, shift: float) -> tuple[float, float]:
    return _shifted(claim.low, -shift), _shifted(claim.high, shift)


def _shifted(probability: float, shift: float) -> float:
    """Return a probability moved in log-odds; the ends stay where they are."""
    if shift == 0.0 or probability in (0.0, 1.0):
        return probability
    odds = probability / (1 - probability) * math.exp(shift)
    return odds / (1 + odds) if math.isfinite(odds) else 1.0


def _smallest(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return a smallest incoherent set among incoherent claims: two that disagree, else whatever can be left out is."""
    if len(claims) <= _MOST_FOR_PAIRS:
        for pair in combinations(claims, 2):
            if _related(*pair) and not coherent(pair):
                return pair
    kept = list(claims)
    for claim in claims:
        fewer = [other for other in kept if other is not claim]
        if fewer and not coherent(fewer):
            kept = fewer
    return tuple(kept)


def _measured(core: tuple[Claim, ...]) -> Incoherence:
    return Incoherence(core, _common_shift(core), tuple(_shift_of_one(core, i) for i in range(len(core))))


def _common_shift(claims: Sequence[Claim]) -> float:
    return _least(lambda t: coherent(claims, [t] * len(claims)))


def _shift_of_one(claims: Sequence[Claim], which: int) -> float:
    return _least(lambda t: coherent(claims, [t * (i == which) for i in range(len(claims))]))


def _least(holds: Callable[[float], bool]) -> float:
    """Return the least shift at which something holds that goes on holding, by bisection to `TOLERANCE`."""
    if holds(0.0):
        return 0.0
    low, high = 0.0, 0.5
    while not holds(high):
        low, high = high, 2 * high
        if high > MOST_SHIFT:
            return math.inf
    while high - low > TOLERANCE:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _events(claims: Iterable[Claim]) -> frozenset[Event]:
    return frozenset(event for claim in claims for event in claim.events | claim.evidence)


def _related(one: Claim, other: Claim) -> bool:
    return one.world == other.world and bool(nodes_of(_events([one])) & nodes_of(_events([other])))
