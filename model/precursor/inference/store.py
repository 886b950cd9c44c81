"""A fit as a DataTree, and its file: labelled, compressed, without clocks, so that bytes repeat."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    from precursor.inference.fit import Fit


def tree_of(fit: Fit) -> xr.DataTree:
    """Return a fit's draws and statistics.

    ``posterior``: ``standard_normal`` (chain, draw, latent), ``parameter_value`` (chain, draw, parameter; natural
    scale); ``sample_stats``.
    """
    import xarray as xr

    natural = fit.plan.space.natural(fit.unconstrained)
    posterior = xr.Dataset(
        {
            "standard_normal": (("chain", "draw", "latent"), fit.latent.astype(np.float32)),
            "parameter_value": (("chain", "draw", "parameter"), natural.astype(np.float32)),
        },
        coords={"latent": list(fit.plan.layout.names), "parameter": list(fit.plan.space.names)},
    )
    statistics = xr.Dataset({name: (("chain", "draw"), values) for name, values in fit.statistics.items()})
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": statistics})


def write_tree(tree: xr.DataTree, path: Path) -> None:
    """Write a tree as compressed netCDF."""
    encoding = {
        group.path: {
            variable: {"zlib": True, "complevel": 4}
            for variable in group.data_vars
            if group[str(variable)].dtype.kind == "f"
        }
        for group in tree.subtree
        if group.data_vars
    }
    tree.to_netcdf(path, engine="h5netcdf", encoding=encoding)
