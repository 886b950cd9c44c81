"""How a circuit reads a parameter; apart from `exact.circuit`, so that declaring parameters compiles nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a parameter is read from the unconstrained vector: its scale, index, and (softmax) the span of its group."""

    scale: str
    index: int
    group_start: int = 0
    group_size: int = 0
