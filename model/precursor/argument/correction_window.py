"""The correction window: expected time on a proxy goal, understanding the base goal, not yet a schemer, in fine-tuning.

Time spent in a set of states is the integral of their probability, ``integral over s of v exp(Q s) b`` with ``b`` the
set's indicator.  The column ``j(h) = integral to h of exp(Q s) b`` starts from the uniformised series on a short slice
and doubles, ``j(2h) = j(h) + exp(Q h) j(h)``: sums of non-negative terms throughout.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from precursor.emergence.histories import FINE_TUNING_PHASES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS
from precursor.emergence.state_space import states
from precursor.emergence.training import Profile, Setting, Training
from precursor.exact.propagation import expected_time, generator


def expected_correction_window(training: Training, do: Mapping[str, str]) -> np.ndarray:
    """Return the expected correction window in phase lengths, (draws,), with some assumptions set.

    ``training`` must run on plain numbers, on a state space in which `window_masks` can be told.
    """
    settings = tuple((node, Setting((do[node],), weighted=False)) for node in TRAINING_ASSUMPTIONS if node in do)
    profile = Profile(settings)
    window, schemers = (training.space.mask(members) for members in window_masks())
    total = np.zeros(1)
    for phase in FINE_TUNING_PHASES:
        for weight, start, rates, adversarial in training.lanes(phase, profile):
            counted = window & ~schemers if adversarial == "present" else window
            total = total + weight * _time_in(training, start, rates, counted)
    return total


def window_masks() -> tuple[frozenset[int], frozenset[int]]:
    """Return the full states in the correction window, and those of a would-be schemer."""
    return (
        frozenset(i for i, state in enumerate(states()) if state.in_correction_window),
        frozenset(i for i, state in enumerate(states()) if state.scheming_prone),
    )


def _time_in(
    training: Training, start: np.ndarray, rates: tuple[np.ndarray | None, ...], counted: np.ndarray
) -> np.ndarray:
    draws = max(len(start), *(len(rate) for rate in rates if rate is not None))
    stacked = np.stack([np.zeros(draws) if rate is None else np.broadcast_to(rate, draws) for rate in rates], axis=1)
    time = expected_time(generator(training.space.chain, stacked), counted.astype(float))
    return (np.broadcast_to(start, (draws, start.shape[1])) * time).sum(axis=1)
