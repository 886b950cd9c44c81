"""Labels put on quickly are those that xarray itself makes."""

import numpy as np
import pytest
import xarray as xr

from precursor.discrete.labels import Labels

STATES = {"a": ("low", "very high"), "b": ("x", "y", "z"), 'say "no"': ("<5", "12+")}


@pytest.mark.parametrize("nodes", [(), ("a",), ("b", "a"), ('say "no"', "b")])
@pytest.mark.parametrize("draws", [None, 4])
def test_equal_the_long_way(nodes: tuple[str, ...], draws: int | None):
    leading = () if draws is None else (draws,)
    values = np.random.default_rng(1).random((*leading, *(len(STATES[node]) for node in nodes)))
    dims = (*(["draw"] if draws else []), *nodes)
    plain = xr.DataArray(values, dims=dims, coords={node: list(STATES[node]) for node in nodes})
    found = Labels(STATES).put_on(values, nodes, draws=draws is not None)
    xr.testing.assert_identical(found, plain)
    assert {node: found[node].dtype for node in nodes} == {node: plain[node].dtype for node in nodes}
    for node in nodes:
        last = STATES[node][-1]
        xr.testing.assert_identical(found.sel({node: last}), plain.sel({node: last}))
        xr.testing.assert_identical(found.isel({node: [1, 0]}), plain.isel({node: [1, 0]}))
    xr.testing.assert_identical(found + found.sum(), plain + plain.sum())
    xr.testing.assert_identical(xr.Dataset({"p": found})["p"], xr.Dataset({"p": plain})["p"])


def test_what_is_attached_to_one_answer_is_not_on_the_next():
    labels = Labels(STATES)
    first = labels.put_on(np.array([0.5, 0.5]), ("a",), draws=False)
    first.coords["a"].attrs["seen"] = True
    first["a"] = ["other", "names"]
    second = labels.put_on(np.array([0.1, 0.9]), ("a",), draws=False)
    assert second["a"].values.tolist() == ["low", "very high"]
    assert second.coords["a"].attrs == {}
