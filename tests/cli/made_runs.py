"""Runs on disk made of draws of the prior: what a fit would have written, without a fit."""

import json

import numpy as np
import xarray as xr

from precursor.argument.parameters import parameter_space
from precursor.inference.runs.run import POSTERIOR, PROVENANCE, SUMMARY
from precursor.network.grammar import parse_event

HEADLINE = [{"query": "P(existential_catastrophe=yes)", "posterior": {"mean": 0.07, "median": 0.05}}]


def make_run(root, name="made", draws=20, indicators=None, **summary):
    """Write ``reports/<name>`` under ``root``, two chains of ``draws``; keywords are entries of its summary."""
    folder = root / "reports" / name
    folder.mkdir(parents=True)
    space = parameter_space({name: parse_event(about) for name, about in (indicators or {}).items()})
    latent = np.random.default_rng(5).standard_normal((2, draws, len(space.latents)))
    posterior = xr.Dataset({"standard_normal": (("chain", "draw", "latent"), latent)})
    xr.DataTree.from_dict({"posterior": posterior}).to_netcdf(folder / POSTERIOR, engine="h5netcdf")
    document = {"headline": HEADLINE, "converged": True, "quick": False, "indicators": indicators or {}, **summary}
    (folder / SUMMARY).write_text(json.dumps(document))
    (folder / PROVENANCE).write_text(json.dumps({"made": "2026-11-21 05:00 UTC"}))
    return folder
