"""The product of two tables, summed over what both have and the result has not.

Every such sum is a stack of matrix products.  With the variables sorted into four groups, ``H`` in both tables and in
the result, ``K`` in both and summed out, ``M`` in the left alone, ``N`` in the right alone::

    out[h, m, n] = sum_k left[h, m, k] * right[h, k, n]

so that large sums are left to BLAS.  A block of draws is one more axis, the last, along which NumPy's own loops run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod

import numpy as np

from precursor.exact.dense.order import Scope

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY"
_DRAWS = "Z"
_STACK_BELOW = 32
"""A stack of matrix products of fewer multiplications each is left to einsum, which makes no call for each."""


@dataclass(frozen=True)
class Contraction:
    """How two tables make a third; the axes of ``left`` and ``right`` permuted into (H, M, K) and (H, K, N).

    Attributes
    ----------
    left_axes, right_axes
        Permutations of the operands' axes.
    groups
        How many variables are in H, M, K and N.
    out_axes
        Permutation of (H, M, N) into the result's axes.
    scopes
        The variables of the operands and of the result.
    """

    left_axes: tuple[int, ...]
    right_axes: tuple[int, ...]
    groups: tuple[int, int, int, int]
    out_axes: tuple[int, ...]
    scopes: tuple[Scope, Scope, Scope]

    @cached_property
    def subscripts(self) -> tuple[str, str]:
        """The same for `numpy.einsum`, without and with a last axis of draws."""
        left, right, out = self.scopes
        letter = dict(zip(dict.fromkeys((*left, *right)), _LETTERS, strict=False))
        a, b, c = ("".join([letter[variable] for variable in scope]) for scope in (left, right, out))
        return f"{a},{b}->{c}", f"{a}{_DRAWS},{b}{_DRAWS}->{c}{_DRAWS}"


@lru_cache(maxsize=16384)
def contraction(left: Scope, right: Scope, out: Scope) -> Contraction:
    """Return how to multiply tables over ``left`` and ``right`` into one over ``out``.

    Every variable of ``out`` is in ``left`` or ``right``; one that is not in ``out`` is in both.
    """
    both = [v for v in left if v in right]
    h = [v for v in both if v in out]
    k = [v for v in both if v not in out]
    m = [v for v in left if v not in both]
    n = [v for v in right if v not in both]
    made = [*h, *m, *n]
    return Contraction(
        tuple([left.index(v) for v in (*h, *m, *k)]),
        tuple([right.index(v) for v in (*h, *k, *n)]),
        (len(h), len(m), len(k), len(n)),
        tuple([made.index(v) for v in out]),
        (left, right, out),
    )


def contract(how: Contraction, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the product of two tables of one network, ``(states...)``."""
    h, m, k, n = how.groups
    a, b = left.transpose(how.left_axes), right.transpose(how.right_axes)
    stack, rows, columns = a.shape[:h], a.shape[h : h + m], b.shape[h + k :]
    if not k:
        product = a.reshape((*stack, *rows, *(1,) * n)) * b.reshape((*stack, *(1,) * m, *columns))
        return product.transpose(how.out_axes)
    inner = prod(b.shape[h : h + k])
    height, width = prod(rows), prod(columns)
    if h and height * inner * width < _STACK_BELOW:
        return np.einsum(how.subscripts[0], left, right)
    product = a.reshape((*stack, height, inner)) @ b.reshape((*stack, inner, width))
    return product.reshape((*stack, *rows, *columns)).transpose(how.out_axes)


def contract_block(how: Contraction, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the product of two tables of many draws, ``(states..., draws)``; draws may be one on either side."""
    return np.einsum(how.subscripts[1], left, right)
