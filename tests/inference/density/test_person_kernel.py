"""The density of a person's answers against scipy's multivariate Student-t, and its derivatives against differences."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_t

from precursor.inference.density.person_kernel import persons_log_density


@dataclass(frozen=True)
class Pattern:
    """The kernel's arguments, in its order."""

    residual: np.ndarray
    variance: np.ndarray
    loading: np.ndarray
    active: np.ndarray
    first_row: np.ndarray
    first_entry: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    n_columns: np.ndarray

    def evaluate(self) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
        return persons_log_density(*(getattr(self, part.name) for part in fields(self)))

    def dense(self, person: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the answered residuals of a person and their scale matrix."""
        here = np.arange(self.first_row[person], self.first_row[person + 1])
        v = np.zeros((len(here), self.n_columns[person]))
        for e in range(self.first_entry[person], self.first_entry[person + 1]):
            v[self.rows[e] - self.first_row[person], self.columns[e]] = self.loading[e]
        kept = self.active[here] > 0
        shape = np.diag(self.variance[here]) + v @ v.T
        return self.residual[here][kept], shape[np.ix_(kept, kept)]

    def by_scipy(self) -> float:
        total = 0.0
        for person in range(len(self.n_columns)):
            residual, shape = self.dense(person)
            total += multivariate_t.logpdf(residual, shape=shape, df=4) if len(residual) else 0.0
        return float(total)


def pattern(sizes: list[tuple[int, int]], seed: int, share_off: float = 0.0) -> Pattern:
    """Return random answers of persons with (answers, columns) each; about half of a loading matrix is filled."""
    rng = np.random.default_rng(seed)
    rows, columns, entries = [], [], [0]
    starts = np.cumsum([0, *(n for n, _ in sizes)])
    for (n, k), start in zip(sizes, starts[:-1], strict=True):
        filled = np.argwhere(rng.random((n, k)) < 0.5)
        rows += (start + filled[:, 0]).tolist()
        columns += filled[:, 1].tolist()
        entries.append(len(rows))
    total = int(starts[-1])
    return Pattern(
        residual=3.0 * rng.standard_normal(total),
        variance=np.exp(rng.normal(-0.5, 1.0, total)),
        loading=1.5 * rng.standard_normal(len(rows)),
        active=(rng.random(total) >= share_off).astype(float),
        first_row=starts.astype(np.int64),
        first_entry=np.array(entries, dtype=np.int64),
        rows=np.array(rows, dtype=np.int64),
        columns=np.array(columns, dtype=np.int64),
        n_columns=np.array([k for _, k in sizes], dtype=np.int64),
    )


SIZES = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 12)), min_size=1, max_size=4)


@settings(deadline=None)  # the first call compiles
@given(SIZES, st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.4]))
def test_density_is_scipys_student_t(sizes: list[tuple[int, int]], seed: int, share_off: float) -> None:
    answers = pattern(sizes, seed, share_off)
    assert answers.evaluate()[0] == pytest.approx(answers.by_scipy(), rel=1e-12, abs=1e-11)


@pytest.mark.parametrize("sizes", [[(1, 0)], [(1, 1)], [(1, 5)], [(6, 0)], [(3, 11)], [(1, 0), (4, 2), (2, 7)]])
def test_one_answer_no_shared_effect_and_more_effects_than_answers(sizes: list[tuple[int, int]]) -> None:
    answers = pattern(sizes, 5)
    assert answers.evaluate()[0] == pytest.approx(answers.by_scipy(), rel=1e-12)


@settings(deadline=None)  # the first call compiles
@given(SIZES, st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.4]))
def test_derivatives_are_those_of_the_density(sizes: list[tuple[int, int]], seed: int, share_off: float) -> None:
    answers = pattern(sizes, seed, share_off)
    _, *derivatives = answers.evaluate()
    for name, derivative in zip(("residual", "variance", "loading"), derivatives, strict=True):
        np.testing.assert_allclose(derivative, differences(answers, name), rtol=2e-6, atol=2e-6)


def test_a_wrong_derivative_is_noticed() -> None:
    answers = pattern([(4, 2)], 1)
    _, d_residual, *_ = answers.evaluate()
    wrong = d_residual * np.array([1.0, 1.0, 1.001, 1.0])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(wrong, differences(answers, "residual"), rtol=2e-6, atol=2e-6)


def differences(answers: Pattern, name: str, step: float = 1e-5) -> np.ndarray:
    """Return central differences of the density by scipy, one entry at a time."""
    values = getattr(answers, name)
    found = np.zeros_like(values)
    for i, value in enumerate(values):
        h = step * max(abs(value), 1e-1)
        ends = []
        for sign in (1.0, -1.0):
            moved = values.copy()
            moved[i] = value + sign * h
            ends.append(replace(answers, **{name: moved}).by_scipy())
        found[i] = (ends[0] - ends[1]) / (2 * h)
    return found


def test_answers_switched_off_have_never_been_given() -> None:
    answers = pattern([(5, 3)], 11)
    kept = np.array([0, 2, 3])
    off = replace(answers, active=np.isin(np.arange(5), kept).astype(float))
    entries = np.isin(answers.rows, kept)
    alone = Pattern(
        residual=answers.residual[kept],
        variance=answers.variance[kept],
        loading=answers.loading[entries],
        active=np.ones(3),
        first_row=np.array([0, 3]),
        first_entry=np.array([0, entries.sum()]),
        rows=np.searchsorted(kept, answers.rows[entries]),
        columns=answers.columns[entries],
        n_columns=answers.n_columns,
    )
    value, d_residual, d_variance, d_loading = off.evaluate()
    expected = alone.evaluate()
    assert value == pytest.approx(expected[0], rel=1e-13)
    for found, wanted, rows in ((d_residual, expected[1], kept), (d_variance, expected[2], kept)):
        np.testing.assert_allclose(found[rows], wanted, rtol=1e-12)
        assert np.all(np.delete(found, rows) == 0.0)
    np.testing.assert_allclose(d_loading[entries], expected[3], rtol=1e-12)
    assert np.all(d_loading[~entries] == 0.0)


def test_a_person_who_answered_nothing_adds_nothing() -> None:
    answers = pattern([(3, 2), (4, 1)], 3)
    off = replace(answers, active=np.array([1.0] * 3 + [0.0] * 4))
    value, *derivatives = off.evaluate()
    assert value == pytest.approx(off.by_scipy(), rel=1e-12)
    assert np.all(derivatives[0][3:] == 0.0)
    assert np.all(np.isfinite(np.concatenate(derivatives)))
