"""What learning whether an indicator occurs is worth: how far it would move a belief, in expectation.

With P(U), P(c), P(U|c) everything follows: ``P(U|not c) = (P(U) - P(c) P(U|c)) / (1 - P(c))``.

* ``variance``: expected fall of the variance P(U)(1 - P(U)), which is ``E[(P(U|answer) - P(U))^2]``.
* ``bits``: expected fall of entropy, the mutual information of U and c.
* ``shift``: ``E|P(U|answer) - P(U)|``, the forecasters' own measure ("level" value of information); `bits` is
  their "log" value but for the base of the logarithm (Forecasting Research Institute, Roots of Disagreement on AI
  Risk, 2024, and its replication code).  Their value of discrimination is `discrimination`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.analysis.estimates import estimate


def complement_answer(p_u: np.ndarray, p_c: np.ndarray, p_u_given_c: np.ndarray) -> np.ndarray:
    """Return P(U | not c); outside 0 to 1 where the three do not hold together, 0/0 (nan) where c is certain."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((p_u - p_c * p_u_given_c) / (1.0 - p_c))


def values_of_information(p_u: np.ndarray, p_c: np.ndarray, p_u_given_c: np.ndarray) -> dict[str, np.ndarray]:
    """Return ``variance``, ``bits`` and ``shift`` of each triple, arrays of one shape; nan for incoherent triples.

    Rounding of ``P(U|not c)`` by up to 1e-9 beyond 0 or 1 is forgiven.
    """
    p_u, p_c, p_u_given_c = (np.asarray(part, dtype=float) for part in (p_u, p_c, p_u_given_c))
    other = complement_answer(p_u, p_c, p_u_given_c)
    slack = 1e-9
    other = np.where((other < -slack) | (other > 1 + slack), np.nan, np.clip(other, 0.0, 1.0))
    # A certain indicator teaches nothing, whatever the other branch would have said.
    other = np.where(p_c >= 1.0, p_u, other)
    shift = p_c * np.abs(p_u_given_c - p_u) + (1 - p_c) * np.abs(other - p_u)
    variance = p_c * (p_u_given_c - p_u) ** 2 + (1 - p_c) * (other - p_u) ** 2
    bits = p_c * _divergence(p_u_given_c, p_u) + (1 - p_c) * _divergence(other, p_u)
    return {"variance": variance, "bits": bits, "shift": shift}


def _divergence(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    return _part(p, q) + _part(1.0 - p, 1.0 - q)


def _part(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * (np.log2(p) - np.log2(q)), np.where(np.isnan(p), np.nan, 0.0))


def discrimination(a: Sequence[float], b: Sequence[float]) -> float:
    """Return by how much the distance between two sides' P(U) is expected to fall once both know about c.

    The forecasters' formula ("naive"): ``|P_a(U) - P_b(U)| - E|P_a(U|answer) - P_b(U|answer)|``, the answer having
    the mean of both sides' probabilities.  Negative where the answer is expected to part them further.

    Parameters
    ----------
    a, b
        P(U), P(c), P(U|c) of each side.
    """
    other_a, other_b = (float(complement_answer(*map(np.asarray, side))) for side in (a, b))
    p_c = 0.5 * (a[1] + b[1])
    after = p_c * abs(a[2] - b[2])
    return abs(a[0] - b[0]) - after - ((1 - p_c) * abs(other_a - other_b) if p_c < 1 else 0.0)


def triple(
    p_u: np.ndarray, p_e: np.ndarray, p_u_and_e: np.ndarray, if_event: np.ndarray, if_not: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return P(c) and P(U, c) of a leaf c that depends on an event E only, per draw, (draw,).

    Parameters
    ----------
    if_event, if_not
        P(c | E) and P(c | not E).
    """
    return if_event * p_e + if_not * (1.0 - p_e), if_event * p_u_and_e + if_not * (p_u - p_u_and_e)


def indicator_value(p_u: np.ndarray, p_c: np.ndarray, p_u_and_c: np.ndarray) -> dict[str, Any]:
    """Return what learning an indicator is worth, given P(U), P(c), P(U, c) per draw, (draw,).

    ``per_draw``: estimates over draws, the parameters known; ``predictive``: of the belief averaged over draws, to
    which the indicator also speaks about the parameters.  Each has variance, bits and shift; ``predictive`` the
    triple too.
    """
    each = values_of_information(p_u, p_c, p_u_and_c / p_c)
    u, c, both = float(p_u.mean()), float(p_c.mean()), float(p_u_and_c.mean())
    mean = values_of_information(np.array(u), np.array(c), np.array(both / c))
    return {
        "per_draw": {name: estimate(values) for name, values in each.items()},
        "predictive": {
            **{name: float(value) for name, value in mean.items()},
            "p_u": u,
            "p_c": c,
            "p_u_given_c": both / c,
            "p_u_given_not_c": (u - both) / (1.0 - c),
        },
    }
