"""Variable elimination against the sum over the whole joint table."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.exact.algebra import Numbers
from precursor.exact.elimination import eliminate
from precursor.exact.factor import Factor, multiply, sum_out

NAMES = ("a", "b", "c", "d", "e")
ALGEBRA = Numbers({})


def random_factors(rng: np.random.Generator, sizes: dict[str, int], sparse: float) -> list[tuple[Factor, np.ndarray]]:
    """Return factors over random variables, each with its dense table; some entries are structurally zero."""
    made = []
    for _ in range(int(rng.integers(1, 6))):
        variables = tuple(rng.permutation(NAMES)[: rng.integers(1, 4)])
        table = rng.uniform(size=[sizes[name] for name in variables])
        table[rng.random(table.shape) < sparse] = 0.0
        entries = {
            tuple(f"s{i}" for i in at): np.array([table[at]])
            for at in itertools.product(*map(range, table.shape))
            if table[at]
        }
        made.append((Factor(variables, entries), table))
    return made


def brute_force(factors: list[tuple[Factor, np.ndarray]], keep: tuple[str, ...]) -> np.ndarray:
    """Return the product of all tables summed over what is not kept, by one einsum."""
    letters = dict(zip(NAMES, "abcde", strict=True))
    inputs = ",".join("".join(letters[name] for name in factor.variables) for factor, _ in factors)
    mentioned = {name for factor, _ in factors for name in factor.variables}
    output = "".join(letters[name] for name in keep if name in mentioned)
    return np.einsum(f"{inputs}->{output}", *(table for _, table in factors))


def dense(factor: Factor, sizes: dict[str, int]) -> np.ndarray:
    table = np.zeros([sizes[name] for name in factor.variables])
    for key, value in factor.entries.items():
        if value is not None:
            table[tuple(int(state[1:]) for state in key)] = value[0]
    return table


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3]))
@settings(max_examples=60, deadline=None)
def test_elimination_is_the_sum_over_the_joint(seed: int, sparse: float) -> None:
    rng = np.random.default_rng(seed)
    sizes = {name: int(rng.integers(2, 4)) for name in NAMES}
    factors = random_factors(rng, sizes, sparse)
    keep = tuple(rng.permutation(NAMES)[: rng.integers(0, 3)])
    found = eliminate(ALGEBRA, [factor for factor, _ in factors], keep)
    mentioned = {name for factor, _ in factors for name in factor.variables}
    assert found.variables == tuple(name for name in keep if name in mentioned)
    np.testing.assert_allclose(dense(found, sizes), brute_force(factors, keep), rtol=1e-12)


def test_restricting_is_multiplying_with_an_indicator() -> None:
    rng = np.random.default_rng(3)
    sizes = dict.fromkeys(NAMES, 3)
    ((factor, table), *_) = random_factors(rng, sizes, 0.0)
    name = factor.variables[0]
    kept = dense(factor.restrict(name, {"s0", "s2"}), sizes)
    table[1] = 0.0
    np.testing.assert_allclose(kept, table)
    assert factor.restrict("nowhere", {"s0"}) is factor


def test_multiplying_and_summing_out_commute_where_they_should() -> None:
    left = Factor(("a",), {("s0",): np.array([0.25]), ("s1",): np.array([0.75])})
    right = Factor(
        ("b", "a"), {("s0", "s0"): np.array([0.5]), ("s1", "s0"): np.array([0.5]), ("s0", "s1"): np.array([1.0])}
    )
    both = multiply(ALGEBRA, left, right)
    assert sum_out(ALGEBRA, both, "b").entries == {key: pytest.approx(value) for key, value in left.entries.items()}
    wrong = sum_out(ALGEBRA, both, "a")
    assert dict(wrong.entries) == {("s0",): pytest.approx(0.875), ("s1",): pytest.approx(0.125)}


def test_nothing_to_multiply_is_one() -> None:
    assert eliminate(ALGEBRA, [], []).entries[()][0] == 1.0
