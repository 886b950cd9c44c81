r"""What more answers would do to a run, by weighting its draws: no sampling, no PyMC.

Let x be what a draw of the run holds, y the effects that only the later answers touch: shared errors of questions newly
asked, biases and noises of new groups, and so on.  A priori y is standard normal, and the later posterior is

    p(x, y | later)  proportional to  p(x | earlier) N(y; 0, I) r(x, y),
    r(x, y) = prod_u p(later answers of u | x, y) / p(earlier answers of u | x),

the product being over the units whose answers, or what these share with others', changed.  The error of a
question that one unit alone answers is integrated out exactly, as variance or a column of that unit's matrix
(`sharing`); so is a unit's single bound (`reweighting.density`).  What several units share is drawn::

    w(x) = (1 / M) sum_m r(x, y_m),    y_m ~ N(0, I) in antithetic pairs,

an unbiased estimate of the exact weight, whatever M.  The weights' tail is smoothed and judged as in
`reweighting.smoothing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from precursor.argument.parameters import parameter_space
from precursor.elicitation.survey import Survey
from precursor.inference.comparison.changes import Changes, changes_between
from precursor.inference.comparison.runs import headline_functions
from precursor.inference.comparison.sides import Bridge, Side, bridge_between, difference_at, effects_of_side
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.reweighting.effects import Effects
from precursor.inference.reweighting.smoothing import Smoothed, smoothed

MOST_DRAWS, MOST_PAIRS = 1000, 4
_CELLS = 4_000_000
_SEED = 20_200_715


@dataclass(frozen=True)
class Preview:
    """A run's draws, and the weights that more answers give them.

    ``log_odds`` are the queries' at the draws, (draw, query); ``pairs`` says how often what is drawn was drawn.
    """

    changes: Changes
    queries: tuple[str, ...]
    log_odds: np.ndarray
    weighted: Smoothed
    pairs: int

    @property
    def trusted(self) -> bool:
        """Whether the preview can be trusted."""
        return self.weighted.trusted


def preview(before: Side, after: Sequence[Survey], queries: Sequence[str] = HEADLINE) -> Preview:
    """Return what a run would become if it were fitted to the surveys ``after``, its decisions as they were."""
    changes = changes_between(before.surveys, after, (before.decisions, before.decisions))
    bridge = bridge_between(changes)
    side = before.thinned(MOST_DRAWS)
    known = effects_of_side(side, changes.before.observations, bridge.asked)
    rng = np.random.default_rng(_SEED)
    space = parameter_space(changes.union.indicators)
    known = Effects(known.draws, {**_parameters(bridge, known, rng), **known.values})
    quantities = bridge.quantities(known)
    pairs = _pairs(bridge, known.draws)
    log_ratio = np.full(known.draws, -np.inf)
    for _ in range(pairs):
        wanted = bridge.completed(known, rng)
        for effects in (wanted, _mirrored(wanted, known)):
            log_ratio = np.logaddexp(log_ratio, difference_at(bridge, effects, quantities, divided=False).total)
    functions = headline_functions(queries, space, changes.union.indicators, known)
    return Preview(changes, tuple(queries), functions[len(queries) :].T, smoothed(log_ratio), pairs)


def _parameters(bridge: Bridge, known: Effects, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the parameters that only the new answers brought in: drawn once, like those of the run."""
    names = [f"parameter: {name}" for name in bridge.union.plan.space.latents]
    return {name: rng.standard_normal(known.draws) for name in names if name not in known.values}


def _pairs(bridge: Bridge, draws: int) -> int:
    """Return how many antithetic pairs are worth their time."""
    sharing = bridge.union.plan.sharing
    return int(np.clip(_CELLS // (2 * draws * (len(bridge.union.rows) + len(sharing.rows) + 1)), 1, MOST_PAIRS))


def _mirrored(wanted: Effects, known: Effects) -> Effects:
    """Return the effects with those that were drawn turned round; a seed question's event is not symmetric."""
    values = {
        name: value if name in known.values or name.startswith("seed: ") else -value
        for name, value in wanted.values.items()
    }
    return Effects(wanted.draws, values)
