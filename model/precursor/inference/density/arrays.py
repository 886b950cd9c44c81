"""Two kinds of arrays for one likelihood: PyTensor's, to be sampled, and NumPy's over many draws at once.

`Tensors` and `Arrays` have the same functions.  Of NumPy arrays the last axis is the one that is indexed, summed and
multiplied; axes before it are draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.sparse import csr_array

from precursor.inference.answers.stated import Array

if TYPE_CHECKING:
    from precursor.inference.density.operations import Matrix


class Namespace(Protocol):
    """What the likelihood needs of arrays; ``Array`` stands for an array of the kind."""

    def exp(self, x: Array) -> Array: ...  # noqa: D102
    def log(self, x: Array) -> Array: ...  # noqa: D102
    def softplus(self, x: Array) -> Array: ...  # noqa: D102
    def take(self, x: Array, index: Array) -> Array:
        """Return the elements of the last axis at ``index`` (a slice or integers)."""
        ...

    def pick(self, x: Array, i: int) -> Array:
        """Return one element of the last axis, such that it broadcasts against vectors."""
        ...

    def join(self, parts: Sequence[Array]) -> Array:
        """Return the parts one after another along the last axis; constants are repeated for every draw."""
        ...

    def total(self, x: Array) -> Array:
        """Return the sum over the last axis."""
        ...

    def times(self, matrix: Matrix, x: Array) -> Array:
        """Return a constant matrix times the last axis."""
        ...


class Arrays:
    """NumPy: the last axis is what it is about, axes before it are draws."""

    def exp(self, x: Array) -> np.ndarray:
        """Return the exponential."""
        return np.exp(x)

    def log(self, x: Array) -> np.ndarray:
        """Return the natural logarithm."""
        return np.log(x)

    def softplus(self, x: Array) -> np.ndarray:
        """Return ``log(1 + exp(x))``."""
        return np.logaddexp(0.0, x)

    def take(self, x: np.ndarray, index: Array) -> np.ndarray:
        """Return the elements of the last axis at ``index``."""
        return x[..., index]

    def pick(self, x: np.ndarray, i: int) -> np.ndarray:
        """Return one element of the last axis, as an axis of length one."""
        return x[..., i : i + 1]

    def join(self, parts: Sequence[Array]) -> np.ndarray:
        """Return the parts one after another along the last axis."""
        draws = max((np.shape(part)[:-1] for part in parts), key=len)
        return np.concatenate([np.broadcast_to(part, (*draws, np.shape(part)[-1])) for part in parts], axis=-1)

    def total(self, x: Array) -> np.ndarray:
        """Return the sum over the last axis."""
        return np.sum(x, axis=-1)

    def times(self, matrix: Matrix, x: np.ndarray) -> np.ndarray:
        """Return a constant matrix times the last axis."""
        flat = x.reshape(int(np.prod(x.shape[:-1])), x.shape[-1])
        return (csr_array(matrix) @ flat.T).T.reshape(*x.shape[:-1], matrix.shape[0])


class Tensors:
    """PyTensor: vectors, to be compiled and differentiated."""

    def exp(self, x: Array) -> Array:
        """Return the exponential."""
        import pytensor.tensor as pt

        return pt.exp(x)

    def log(self, x: Array) -> Array:
        """Return the natural logarithm."""
        import pytensor.tensor as pt

        return pt.log(x)

    def softplus(self, x: Array) -> Array:
        """Return ``log(1 + exp(x))``."""
        import pytensor.tensor as pt

        return pt.softplus(x)

    def take(self, x: Array, index: Array) -> Array:
        """Return the elements at ``index``."""
        return x[index]

    def pick(self, x: Array, i: int) -> Array:
        """Return one element, as a scalar."""
        return x[i]

    def join(self, parts: Sequence[Array]) -> Array:
        """Return the parts one after another."""
        import pytensor.tensor as pt

        return pt.concatenate(list(parts))

    def total(self, x: Array) -> Array:
        """Return the sum."""
        import pytensor.tensor as pt

        return pt.sum(x)

    def times(self, matrix: Matrix, x: Array) -> Array:
        """Return a constant matrix times a vector."""
        from precursor.inference.density.operations import times

        return times(matrix, x)
