"""Dividing a unit's log-ratio among its questions: sums, the exact Shapley value, and sampled orders."""

from itertools import permutations

import numpy as np
import pytest

from precursor.inference.comparison import shares as compare_shares
from precursor.inference.comparison.changes import changes_between
from precursor.inference.comparison.shares import shares
from precursor.inference.comparison.sides import bridge_between, difference_at
from precursor.inference.reweighting.density import densities
from precursor.inference.reweighting.effects import Effects

FIVE = ("guard", "p_goal_shift", "deceptive", "existential_catastrophe_by_2100", "human_extinction_by_2100")


@pytest.fixture(scope="module")
def changed(make):
    old = make("old", "ada,guard,point,20%,\nada,deceptive,point,10%,", experts="ada,skeptical,old,")
    said = zip(FIVE, ("30%", "5%", "60%", "2%", "1%"), strict=True)
    five = "\n".join(f"bob,{question},point,{answer}," for question, answer in said)
    new = make("new", f"{five}\ncy,guard,bound,<50%,\ncy,deceptive,point,40%,\ndee,deceptive,point,40%,")
    changes = changes_between([old], [old, new])
    bridge = bridge_between(changes)
    effects = bridge.completed(Effects(64, {}), np.random.default_rng(1))
    return changes, bridge, effects


def parts_of(changed):
    changes, bridge, effects = changed
    return shares(changes, bridge.union, densities(bridge.union.plan, effects, bridge.quantities(effects)))


def test_parts_of_all_players_sum_to_the_whole(changed):
    changes, bridge, effects = changed
    quantities = bridge.quantities(effects)
    whole = difference_at(bridge, effects, quantities, divided=False)
    divided = difference_at(bridge, effects, quantities)
    np.testing.assert_allclose(divided.parts.sum(axis=1), whole.parts[:, 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(divided.total, whole.total, rtol=0, atol=1e-9)
    assert divided.parts.shape == (64, len(changes.players))


def test_few_questions_have_the_mean_gain_over_all_orders(changed):
    changes, bridge, effects = changed
    found = densities(bridge.union.plan, effects, bridge.quantities(effects))
    parts = parts_of(changed)
    rows = [(i, row) for i, row in enumerate(bridge.union.plan.observations.rows) if row.unit.id == "new/cy"]
    column = found.units.index((False, "new/cy"))
    expected = dict.fromkeys((row.key for _, row in rows), 0.0)
    orders = list(permutations(rows))
    for order in orders:
        mask, last = np.zeros(len(bridge.union.rows)), 0.0
        for i, row in order:
            mask[i] = 1.0
            value = found.unit_log_densities(mask)[:, column]
            expected[row.key] = expected[row.key] + (value - last) / len(orders)
            last = value
    assert len(expected) == 2
    for i, player in enumerate(changes.players):
        if player.unit == (False, "new/cy"):
            np.testing.assert_allclose(parts[:, i], expected[player.question], rtol=0, atol=1e-9)


def test_sampled_orders_agree_with_all_orders_on_average(changed, monkeypatch):
    changes = changed[0]
    mine = [i for i, player in enumerate(changes.players) if player.unit == (False, "new/bob")]
    assert len(mine) == len(FIVE) > compare_shares.EXACT_UP_TO
    sampled = parts_of(changed)[:, mine]
    monkeypatch.setattr(compare_shares, "EXACT_UP_TO", len(FIVE))
    exact = parts_of(changed)[:, mine]
    np.testing.assert_allclose(sampled.sum(axis=1), exact.sum(axis=1), rtol=0, atol=1e-9)
    scale = np.abs(exact).mean()
    assert np.abs((sampled - exact).mean(axis=0)).max() < 0.25 * scale
    assert np.abs(sampled - exact).max() > 1e-6


def test_what_is_removed_counts_against(changed):
    changes, _, effects = changed
    back = changes_between(changes.after.observations.surveys, changes.before.observations.surveys)
    bridge = bridge_between(back)
    found = difference_at(bridge, effects, bridge.quantities(effects))
    np.testing.assert_allclose(found.parts.sum(axis=1), -parts_of(changed).sum(axis=1), rtol=0, atol=1e-9)
