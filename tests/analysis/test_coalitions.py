import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.analysis.coalitions import (
    alone_and_last,
    blocks_error,
    coalitions,
    shapley_by_orders,
    shapley_values,
)
from precursor.analysis.pathways.pathways import shapley_of_noisy_or
from tests.oracles.shapley import shapley

VALUES = st.integers(1, 4).flatmap(lambda n: st.lists(st.floats(-5, 5, allow_nan=False), min_size=2**n, max_size=2**n))


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_as_by_all_orders_and_nothing_is_lost(values):
    values = np.array(values)
    players = len(values).bit_length() - 1
    found = shapley_values(values)
    expected = shapley(range(players), lambda members: values[sum(1 << i for i in members)])
    assert found == pytest.approx([expected[i] for i in range(players)], abs=1e-9)
    assert found.sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


def test_what_is_alone_and_last_sums_only_without_interaction():
    """The product of three is all interaction: a negative control for the law above."""
    members = coalitions(3)
    product, total = members.all(axis=1).astype(float), members @ np.array([1.0, 2.0, 3.0])
    assert [part.tolist() for part in alone_and_last(total)] == [[1, 2, 3]] * 2
    alone, last = alone_and_last(product)
    assert alone.sum() == 0 != product[-1]
    assert last.sum() == 3 != product[-1]
    assert shapley_values(product) == pytest.approx([1 / 3] * 3)


def test_a_game_needs_a_value_for_every_coalition():
    with pytest.raises(ValueError, match="2\\^n"):
        shapley_values(np.zeros(3))
    with pytest.raises(ValueError, match="too many"):
        coalitions(17)


def test_random_orders_are_unbiased_and_each_row_sums_to_its_total():
    rng = np.random.default_rng(1)
    weights = rng.normal(size=(800, 4))

    def value(which, members):
        chosen = members * weights[which]
        return chosen.sum(axis=1) + chosen[:, 0] * chosen[:, 1] + members[:, 2] * members[:, 3]

    found = shapley_by_orders(value, 4, 800, np.random.default_rng(2))
    everyone = value(np.arange(800), np.ones((800, 4), dtype=bool))
    assert found.sum(axis=1) == pytest.approx(everyone)
    half = 0.5 * weights[:, 0] * weights[:, 1]
    exact = weights + np.stack([half, half, np.full(800, 0.5), np.full(800, 0.5)], axis=1)
    assert np.abs(found.mean(axis=0) - exact.mean(axis=0)).max() < 1e-9
    # Orders that are not reversed would leave noise, which blocks see.
    assert (blocks_error(weights) > 0.01).all()


def test_noisy_or_of_independent_causes_in_closed_form():
    """Of two independent causes with strengths a and b (happening included), shares are a(1 - b/2) and b(1 - a/2)."""
    p, q, link = 0.3, 0.6, (0.5, 0.25)
    happening = {
        (first, second): np.array([(p if first else 1 - p) * (q if second else 1 - q)])
        for first in (True, False)
        for second in (True, False)
    }
    found = shapley_of_noisy_or(happening, {"a": np.array([link[0]]), "b": np.array([link[1]])})
    a, b = p * link[0], q * link[1]
    assert found["a"] == pytest.approx(a * (1 - b / 2))
    assert found["b"] == pytest.approx(b * (1 - a / 2))
    assert found["a"] + found["b"] == pytest.approx(1 - (1 - a) * (1 - b))
    # Causes that happen together are not independent: the closed form must then fail.
    together = {(True, True): np.array([p]), (False, False): np.array([1 - p])}
    found = shapley_of_noisy_or(together, {"a": np.array([link[0]]), "b": np.array([link[1]])})
    assert found["a"] != pytest.approx(p * link[0] * (1 - p * link[1] / 2))
