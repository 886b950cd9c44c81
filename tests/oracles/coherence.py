"""Whether any joint distribution of two events fits stated intervals: a linear programme over the four atoms."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

# Atoms: A and B, A alone, B alone, neither.
A, B, BOTH = np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 1, 0]), np.array([1.0, 0, 0, 0])


def possible(intervals: dict[str, tuple[float, float]], slack: float) -> bool:
    """Return whether P(A) = a, P(B) = b, P(A, B) = ab and P(B | A) = b_given_a can lie in their intervals.

    A conditional probability p in (low, high) is low P(A) <= P(A, B) <= high P(A), which is linear.
    """
    rows, limits = [], []
    for name, (low, high) in intervals.items():
        if name == "b_given_a":
            rows += [BOTH - high * A, low * A - BOTH]
            limits += [slack, slack]
        else:
            atoms = {"a": A, "b": B, "ab": BOTH, "not_a": 1 - A}[name]
            rows += [atoms, -atoms]
            limits += [high + slack, -low + slack]
    found = linprog(np.zeros(4), np.array(rows), np.array(limits), np.ones((1, 4)), [1.0], bounds=(0, 1))
    return found.status == 0
