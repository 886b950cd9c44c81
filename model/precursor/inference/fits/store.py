"""A fit as a DataTree, and its file: labelled, compressed, without clocks, so that bytes repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    from precursor.inference.fits.fit import Fit


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


def tree_bytes(tree: xr.DataTree) -> bytes:
    """Return a tree as compressed netCDF; written elsewhere, since HDF5 on a full disk may end the process."""
    encoding = {
        group.path: {
            variable: {"zlib": True, "complevel": 4}
            for variable in group.data_vars
            if group[str(variable)].dtype.kind == "f"
        }
        for group in tree.subtree
        if group.data_vars
    }
    return bytes(tree.to_netcdf(None, engine="h5netcdf", encoding=encoding))
