"""Loops compiled by Numba, and kept on disk for the next process where there is a place for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(**options: bool) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator that compiles a function when it is first called.

    No mathematics is reordered, and a division by zero is infinite or nan, as NumPy has it.  The machine code is kept
    beside the source or in the user's cache; where neither can be written to (a read-only installation, and a user
    without a home) every process compiles anew.

    Parameters
    ----------
    options
        Of `numba.njit`, such as ``nogil`` and ``parallel``.
    """

    def decorate(function: Callable[..., Any]) -> object:
        try:
            return numba.njit(cache=True, fastmath=False, error_model="numpy", **options)(function)
        except RuntimeError:
            # Numba looks for the place when it decorates, and raises this if it finds none.
            return numba.njit(fastmath=False, error_model="numpy", **options)(function)

    return decorate
