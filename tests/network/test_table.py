"""Conditional tables are labelled, immutable, and refused where they are not tables."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from precursor.network.table import ConditionalTable, conditional_table

STATES = {"rain": ("yes", "no"), "season": ("dry", "wet")}


def rain(values: list[list[float]]) -> ConditionalTable:
    return conditional_table("rain", ["season"], np.array(values), STATES)


def test_a_table_knows_its_variables() -> None:
    table = rain([[0.1, 0.7], [0.9, 0.3]])
    assert (table.child, table.parents, table.states) == ("rain", ("season",), ("yes", "no"))
    assert str(table) == "P(rain | season)"
    assert str(conditional_table("rain", [], np.array([0.5, 0.5]), STATES)) == "P(rain)"


def test_the_axis_of_the_child_comes_first_whatever_the_order_given() -> None:
    table = rain([[0.1, 0.7], [0.9, 0.3]])
    turned = ConditionalTable("rain", table.probabilities.transpose("season", "rain"))
    xr.testing.assert_identical(turned.probabilities, table.probabilities)


def test_a_table_is_frozen() -> None:
    values = np.array([[0.1, 0.7], [0.9, 0.3]])
    table = conditional_table("rain", ["season"], values, STATES)
    values[:] = 0.5
    assert float(table.probabilities.sel(rain="yes", season="wet")) == 0.7
    with pytest.raises(ValueError, match="read-only"):
        table.probabilities.values[0, 0] = 1.0
    with pytest.raises(AttributeError):
        table.child = "snow"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0.1, 0.7], [0.9, 0.4]], "does not sum to one at season=wet, but to 1.1"),
        ([[1.1, 0.7], [-0.1, 0.3]], "not a probability at rain=no, season=dry"),
        ([[float("nan"), 0.7], [0.9, 0.3]], "not a probability at rain=yes, season=dry"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(values: list[list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rain(values)


def test_names_are_needed() -> None:
    plain = xr.DataArray([0.5, 0.5], dims="rain")
    with pytest.raises(ValueError, match="does not name the states of rain"):
        ConditionalTable("rain", plain)
    with pytest.raises(ValueError, match="needs it among its dims"):
        ConditionalTable("snow", plain)
