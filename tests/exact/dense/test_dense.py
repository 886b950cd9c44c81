"""Plans, orders and sweeps against `numpy.einsum` over everything at once."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.exact.dense.contraction import contract, contract_block, contraction
from precursor.exact.dense.draws import answers, block_size, marginals
from precursor.exact.dense.logarithms import log_answer
from precursor.exact.dense.maximum import maximum_bytes, most_probable, orders
from precursor.exact.dense.order import elimination_order
from precursor.exact.dense.plan import make_plan
from precursor.exact.dense.sweep import backward, forward

SEEDS = st.integers(0, 2**32 - 1)
quick = settings(max_examples=80, deadline=None)
UNLIMITED = 1 << 40


def random_tables(rng: np.random.Generator, draws: int | None = None):
    """Return scopes, sizes and positive tables (draws first, where there are draws) of a random sum of products."""
    variables = int(rng.integers(1, 7))
    sizes = tuple(int(n) for n in rng.integers(1, 4, variables))
    scopes = [tuple(map(int, rng.permutation(variables)[: rng.integers(0, 4)])) for _ in range(rng.integers(1, 7))]
    leading = [() if draws is None else (draws if rng.random() < 0.7 else 1,) for _ in scopes]
    tables = [rng.random((*lead, *(sizes[v] for v in s))) + 0.1 for lead, s in zip(leading, scopes, strict=True)]
    return tuple(scopes), sizes, tables


def direct(scopes, tables, keep) -> np.ndarray:
    operands = [part for scope, table in zip(scopes, tables, strict=True) for part in (table, list(scope))]
    return np.asarray(np.einsum(*operands, list(keep)))


@quick
@given(SEEDS)
def test_any_order_gives_the_direct_sum(seed: int):
    rng = np.random.default_rng(seed)
    scopes, sizes, tables = random_tables(rng)
    used = sorted({v for scope in scopes for v in scope})
    keep = tuple(int(v) for v in rng.permutation(used)[: rng.integers(0, 3)])
    expected = direct(scopes, tables, keep)
    summed = [v for v in used if v not in keep]
    for order in (None, tuple(map(int, rng.permutation(summed)))):
        plan = make_plan(scopes, sizes, keep, order)
        swept = forward(plan, tables)
        assert plan.scope == keep
        np.testing.assert_allclose(swept.answer * np.exp(swept.log_scale), expected, rtol=1e-12)


@quick
@given(SEEDS)
def test_the_sweep_back_gives_every_derivative(seed: int):
    """A table times its derivative is the sum's share of each of its cells."""
    scopes, sizes, tables = random_tables(np.random.default_rng(seed))
    plan = make_plan(scopes, sizes)
    swept = forward(plan, tables, keep_all=True)
    for scope, table, bar in zip(scopes, tables, backward(plan, swept), strict=True):
        share = table * bar
        expected = direct(scopes, tables, scope)
        np.testing.assert_allclose(share / share.sum(), expected / expected.sum(), rtol=1e-11)


@quick
@given(SEEDS, st.sampled_from([1, 3, 9]), st.sampled_from([1, 400, UNLIMITED]))
def test_draws_in_blocks_equal_draws_alone(seed: int, draws: int, limit: int):
    scopes, sizes, tables = random_tables(np.random.default_rng(seed), draws)
    used = sorted({v for scope in scopes for v in scope})
    found, log_scale = answers(make_plan(scopes, sizes, tuple(used[:1])), tables, limit)
    plan = make_plan(scopes, sizes)
    wanted = [(table, axis) for table, scope in enumerate(scopes) for axis in range(len(scope))]
    shares = marginals(plan, tables, wanted, limit)
    for draw in range(len(found)):
        at = [table[draw if len(table) > 1 else 0] for table in tables]
        np.testing.assert_allclose(found[draw] * np.exp(log_scale[draw]), direct(scopes, at, used[:1]), rtol=1e-12)
        for (table, axis), share in zip(wanted, shares, strict=True):
            expected = direct(scopes, at, (scopes[table][axis],))
            np.testing.assert_allclose(share[draw], expected / expected.sum(), rtol=1e-11)


@quick
@given(SEEDS)
def test_the_largest_product_and_its_states(seed: int):
    rng = np.random.default_rng(seed)
    scopes, sizes, tables = random_tables(rng, draws=3)
    used = sorted({v for scope in scopes for v in scope})
    wanted = [int(v) for v in rng.permutation(used)[: rng.integers(0, len(used) + 1)]]
    states, log_value = most_probable(scopes, sizes, tables, wanted)
    for draw in range(max(map(len, tables))):
        table = direct(scopes, [table[min(draw, len(table) - 1)] for table in tables], wanted)
        assert np.exp(log_value[min(draw, len(log_value) - 1)]) == pytest.approx(table.max(), rel=1e-12)
        at = tuple(states[v][min(draw, len(states[v]) - 1)] for v in wanted)
        assert table[at] == pytest.approx(table.max(), rel=1e-12)
    assert maximum_bytes(scopes, sizes, [*itertools.chain(*orders(scopes, sizes, wanted))]) >= 0


def test_of_equally_large_products_the_first_states_are_returned():
    states, log_value = most_probable(((0, 1), (1,)), (3, 2), [np.full((1, 3, 2), 0.5), np.ones((1, 2))], (0, 1))
    assert {v: s.tolist() for v, s in states.items()} == {0: [0], 1: [0]}
    assert np.exp(log_value) == pytest.approx(0.5)


@quick
@given(SEEDS)
def test_contractions_equal_einsum(seed: int):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, 6)
    left, right = (tuple(map(int, rng.permutation(6)[: rng.integers(0, 5)])) for _ in range(2))
    alone = [v for v in (*left, *right) if (v in left) != (v in right)]
    shared = [v for v in left if v in right and rng.random() < 0.5]
    out = tuple(int(v) for v in rng.permutation([*alone, *shared]))
    a, b = (rng.random([sizes[v] for v in scope]) for scope in (left, right))
    expected = np.einsum(a, list(left), b, list(right), list(out))
    how = contraction(left, right, out)
    np.testing.assert_allclose(contract(how, a, b), expected, rtol=1e-13)
    np.testing.assert_allclose(contract_block(how, a[..., None], b[..., None])[..., 0], expected, rtol=1e-13)


def chain(length: int) -> tuple[tuple[int, ...], ...]:
    return tuple((i, i + 1) for i in range(length - 1))


def test_min_fill_adds_no_edge_where_none_is_needed():
    """A chain is eliminated from its ends, whatever the numbers: no table gets more than two variables."""
    scopes = ((0, 5), (5, 3), (3, 1), (1, 4), (4, 2))
    plan = make_plan(scopes, (2,) * 6)
    assert max(map(len, plan.scopes)) == 2
    bad = make_plan(scopes, (2,) * 6, (), (5, 3, 1, 4, 0, 2))
    assert sum(plan.cells) <= sum(bad.cells)
    # A star whose centre goes first joins all its leaves: the weighing must see that.
    star = tuple((0, i) for i in range(1, 6)) + tuple((i,) for i in range(1, 6))
    assert set(elimination_order(star, (2,) * 6)[:4]) <= {1, 2, 3, 4, 5}
    assert max(make_plan(star, (2,) * 6).cells) == 4
    assert max(make_plan(star, (2,) * 6, (), (0, 1, 2, 3, 4, 5)).cells) == 32


def test_heavier_edges_are_avoided():
    """Opposite corners of a square: the chord between small variables is the cheaper one."""
    square = ((0, 1), (1, 2), (2, 3), (3, 0))
    assert elimination_order(square, (9, 2, 9, 2))[0] in {0, 2}
    assert elimination_order(square, (2, 9, 2, 9))[0] in {1, 3}


def test_memory_is_told_before_anything_is_made():
    """Twenty variables in pairs: the estimate of a plan without numbers."""
    pairs = tuple(itertools.combinations(range(20), 2))
    plan = make_plan(pairs, (10,) * 20)
    assert plan.forward_bytes > 10**19
    assert plan.both_ways_bytes > plan.forward_bytes
    small = make_plan(chain(5), (3,) * 5)
    assert 8 * max(small.cells) <= small.forward_bytes <= 8 * sum(small.cells)


def test_blocks_are_cut_to_the_limit_and_to_the_cache():
    plan = make_plan(chain(4), (10,) * 4)
    assert block_size(plan, 100_000, plan.forward_bytes, UNLIMITED) < 100_000
    assert block_size(plan, 50, plan.forward_bytes, UNLIMITED) == 50
    assert block_size(plan, 50, plan.forward_bytes, 10 * plan.forward_bytes) == 10
    assert block_size(plan, 50, plan.forward_bytes, 1) == 1


def test_a_plan_is_made_once_for_a_shape():
    before = make_plan.cache_info().hits
    assert make_plan(chain(7), (2,) * 7, (3,)) is make_plan(chain(7), (2,) * 7, (3,))
    assert make_plan.cache_info().hits > before


def test_no_underflow_over_thousands_of_tables():
    tables = [np.full(2, 1e-3)] * 3000
    plan = make_plan(((0,),) * 3000, (2,))
    swept = forward(plan, tables, keep_all=True)
    assert float(swept.log_scale) == pytest.approx(3000 * np.log(1e-3) + np.log(2), rel=1e-12)
    for bar in backward(plan, swept):
        np.testing.assert_allclose(bar / bar.sum(), 0.5)


def test_an_impossible_sum_is_zero_not_nan():
    plan = make_plan(((0,), (0,)), (2,))
    tables = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
    assert forward(plan, tables).log_scale == -np.inf
    given_draws = [table[None] for table in tables]
    with pytest.raises(ArithmeticError):
        marginals(plan, given_draws, [(0, 0)], UNLIMITED)
    assert answers(plan, given_draws, UNLIMITED)[1].tolist() == [-np.inf]


@pytest.mark.parametrize("draws", [1, 6])
def test_contradictions_beyond_the_range_of_float64(draws: int):
    """Each state is a thousand times more probable by 200 tables, and a thousand times less by 200 others."""
    rng = np.random.default_rng(1)
    towards = [np.array([1.0, 1e-3]) * rng.uniform(0.9, 1.1, (draws, 2)) for _ in range(200)]
    away = [np.array([1e-3, 1.0]) * rng.uniform(0.9, 1.1, (draws, 2)) for _ in range(200)]
    tables = [*towards, *away]
    logarithm = np.sum(np.log(tables), axis=0)
    expected = np.exp(logarithm - logarithm.max(axis=1, keepdims=True))
    found, log_scale = answers(make_plan(((0,),) * 400, (2,), (0,)), tables, UNLIMITED)
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    np.testing.assert_allclose(log_scale, logarithm.max(axis=1), rtol=1e-12)
    with pytest.raises(ArithmeticError):
        marginals(make_plan(((0,),) * 400, (2,)), tables, [(0, 0)], UNLIMITED)


@quick
@given(SEEDS)
def test_sums_of_logarithms_equal_sums(seed: int):
    rng = np.random.default_rng(seed)
    scopes, sizes, tables = random_tables(rng)
    used = sorted({v for scope in scopes for v in scope})
    plan = make_plan(scopes, sizes, tuple(used[:2]))
    np.testing.assert_allclose(np.exp(log_answer(plan, tables)), direct(scopes, tables, used[:2]), rtol=1e-12)


def test_two_variables_summed_at_once_on_logarithms():
    scopes = ((0, 1), (0, 1))
    tables = [np.random.default_rng(i).random((2, 3)) for i in range(2)]
    assert np.exp(log_answer(make_plan(scopes, (2, 3)), tables)) == pytest.approx(np.sum(tables[0] * tables[1]))


def test_tables_that_wait_are_counted():
    """Eight tables of a thousand cells are made before the first of them is used."""
    scopes = tuple(s for i in range(1, 17, 2) for s in ((0, 17, i), (i, i + 1), (i + 1, 18)))
    plan = make_plan(scopes, (10,) * 19, (), (*range(1, 17, 2), *range(2, 17, 2), 0, 17, 18))
    assert [len(scope) for scope in plan.scopes[plan.inputs :][:8]] == [3] * 8
    assert plan.forward_bytes >= 8 * 8 * 1000
    assert plan.logarithm_bytes > plan.forward_bytes
