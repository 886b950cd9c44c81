"""Comparing posteriors of small surveys; their draws are resampled from the prior by the density of the answers."""

from dataclasses import dataclass

import numpy as np
import pytest

from precursor.inference.comparison.changes import changes_between
from precursor.inference.comparison.runs import compare_sides
from precursor.inference.comparison.sides import Side
from precursor.inference.decisions import Decisions
from precursor.inference.density.pointwise import pointwise
from precursor.inference.plan import plan_model
from precursor.inference.update.preview import preview

QUERIES = ("P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)", "parameter(guard)")


CAMPS = "ada,skeptical,old,\nbob,concerned,old,"


@dataclass(frozen=True)
class Posterior:
    """Draws of a posterior, resampled from many draws of the prior, and its exact means over those."""

    side: Side
    effective: float


def posterior(surveys, seed, draws=800, pool=3_000):
    plan = plan_model(surveys)
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((pool, len(plan.layout.names)))
    if not surveys:
        return Posterior(Side("prior", (), Decisions(), plan.layout.names, latent[:draws]), pool)
    log_density = pointwise(plan, latent).total
    weights = np.exp(log_density - log_density.max())
    weights /= weights.sum()
    kept = latent[rng.choice(pool, draws, p=weights)]
    return Posterior(Side("posterior", tuple(surveys), Decisions(), plan.layout.names, kept), 1 / (weights**2).sum())


@pytest.fixture(scope="module")
def surveys(make):
    old = make("old", "ada,guard,point,20%,\nada,deceptive,point,10%,\nbob,deceptive,bound,<30%,", experts=CAMPS)
    new = make(
        "new",
        """cy,guard,point,60%,
        cy,deceptive,point,40%,
        dee,guard,point,60%,
        dee,deceptive,point,40%,
        eve,smoking_gun_if_deceptive,point,50%,""",
    )
    return old, new


@pytest.fixture(scope="module")
def before(surveys):
    return posterior(surveys[:1], 1)


@pytest.fixture(scope="module")
def after(surveys):
    found = posterior(surveys, 2, pool=12_000)
    assert found.effective > 150
    return found


@pytest.fixture(scope="module")
def found(before, after):
    return compare_sides(before.side, after.side, QUERIES)


def part(found, move, person=None, question=None):
    return sum(
        value
        for player, value in zip(found.changes.players, move.parts, strict=True)
        if person in (None, player.unit[1].rpartition("/")[2]) and question in (None, player.question)
    )


def test_parts_structure_and_residual_sum_to_the_difference_of_the_means(found):
    assert len(found.moves) == 2 * len(QUERIES)
    for move in found.moves:
        whole = move.parts.sum() + move.structure + move.residual
        assert whole == pytest.approx(move.after.mean() - move.before.mean(), abs=1e-12)


def test_the_residual_is_monte_carlo_error(found):
    assert found.trusted
    for move in found.moves:
        assert abs(move.residual) < 5 * move.error
        assert abs(move.change) > 5 * move.error


def test_equal_experts_have_equal_parts(found):
    move = found.moves[0]
    first, second = part(found, move, "cy"), part(found, move, "dee")
    assert first == pytest.approx(second, abs=1e-9)
    assert first > 0.01


def test_an_expert_who_says_nothing_about_it_has_next_to_no_part(found):
    move = found.moves[3]
    assert abs(part(found, move, "eve")) < 0.1 * abs(part(found, move, "cy"))


def test_old_answers_are_not_credited(found):
    assert {player.unit[1].rpartition("/")[2] for player in found.changes.players} == {"cy", "dee", "eve"}


@pytest.mark.slow
def test_the_other_way_round_the_parts_change_their_sign(before, after, found):
    back = compare_sides(after.side, before.side, QUERIES)
    assert back.changes.players == found.changes.players
    for there, here in zip(found.moves, back.moves, strict=True):
        slack = 4 * np.hypot(there.errors, here.errors) + 1e-9
        assert (np.abs(there.parts + here.parts) < slack).all()
    assert np.abs(found.moves[0].parts).max() > 4 * found.moves[0].errors.max()


def test_the_same_surveys_move_nothing(before, surveys):
    again = posterior(surveys[:1], 3)
    found = compare_sides(before.side, again.side, QUERIES)
    assert found.changes.players == ()
    for move in found.moves:
        assert move.structure == 0.0
        assert move.residual == move.change
        assert abs(move.change) < 5 * move.error


@pytest.mark.slow
def test_from_the_prior_every_answer_counts(before):
    found = compare_sides(posterior([], 4).side, before.side, QUERIES)
    assert {player.unit[1].rpartition("/")[2] for player in found.changes.players} == {"ada", "bob"}
    for move in found.moves:
        assert abs(move.residual) < 5 * move.error


@pytest.mark.slow
def test_the_preview_is_what_the_posterior_becomes(before, after, surveys):
    seen = preview(before.side, surveys, QUERIES)
    assert seen.trusted
    draws = 0.5 * (1 + np.tanh(0.5 * seen.log_odds))
    becomes, was = seen.weighted.weights @ draws, draws.mean(axis=0)
    for i, query in enumerate(QUERIES):
        exact = compare_sides(after.side, after.side, (query,)).moves[0].before
        error = 5 * (
            exact.std() / np.sqrt(after.effective) + draws[:, i].std() / np.sqrt(seen.weighted.effective_draws)
        )
        assert abs(becomes[i] - exact.mean()) < error
        # Negative control: the run as it was would not pass.
        assert abs(was[i] - exact.mean()) > error / 5


def test_an_answer_replaced_by_a_later_one_is_one_change(make):
    first = make("delphi", "ada,guard,point,20%,1\nbob,guard,point,30%,1")
    second = make("delphi", "ada,guard,point,20%,1\nbob,guard,point,30%,1\nbob,guard,point,10%,2")
    changes = changes_between([first], [second])
    assert [player.unit[1] for player in changes.players] == ["delphi/bob"]
    assert changes.before.rows.sum() == changes.after.rows.sum() == 2
    assert len(changes.union.rows) == 3
    assert changes_between([first], [first]).players == ()
    gone = changes_between([first], [])
    assert len(gone.players) == 2
    assert not gone.after.rows.any()
