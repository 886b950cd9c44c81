"""Names on the axes of answers.

xarray takes longer to find out what the labels are than a query on a small network takes, so the labels of a node are
made once, and put on an answer without being examined again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr
from xarray.indexes import PandasIndex

DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of the nodes' states, as coordinates.

    Attributes
    ----------
    states
        Of every node.
    """

    states: Mapping[str, tuple[str, ...]]
    _made: dict[str, tuple[PandasIndex, xr.Variable]] = field(default_factory=dict, repr=False)

    def put_on(self, values: np.ndarray, nodes: Sequence[str], *, draws: bool) -> xr.DataArray:
        """Return values with a dim for each node, labelled by state; ``draw`` is the first dim where there are draws.

        Parameters
        ----------
        values
            ``(states of each node...)``, or ``(draws, states of each node...)``.
        nodes
            One for each axis.
        draws
            Whether there is an axis of draws.
        """
        made = {node: self._of(node) for node in nodes}
        dims = (DRAW, *nodes) if draws else tuple(nodes)
        # The shortcut by which xarray makes its own results; the tests hold it against the long way.
        return xr.DataArray(
            xr.Variable(dims, values, fastpath=True),
            # Copies share the labels, but not what a caller may attach to them.
            {node: coordinate.copy(deep=False) for node, (_, coordinate) in made.items()},
            indexes={node: index for node, (index, _) in made.items()},
            fastpath=True,
        )

    def _of(self, node: str) -> tuple[PandasIndex, xr.Variable]:
        made = self._made.get(node)
        if made is None:
            states = self.states[node]
            labels = pd.Index(states, dtype=object, name=node)
            index = PandasIndex(labels, node, coord_dtype=np.array(states).dtype)
            made = self._made.setdefault(node, (index, index.create_variables()[node]))
        return made
