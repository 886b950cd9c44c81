"""Incoherence: none where there is a distribution behind the answers, found and sized where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from precursor.inference.audit.claims import claims_by_person
from precursor.inference.audit.coherence import TOLERANCE, coherent, incoherence, incoherences, systems
from precursor.inference.audit.worlds import worlds_of
from precursor.network.grammar import parse_event
from tests.inference.audit.claim import claim, named
from tests.oracles.audit_laws import least_common_shift, logit, overlap, total_probability

X, C, D = "human_extinction=yes", "governance=strong", "aligned=yes"
NO_C = "governance=weak"
CLOSE = 3 * TOLERANCE
probabilities = st.floats(0.01, 0.99)
widths = st.floats(0.0, 0.05)


@st.composite
def intervals(draw):
    low = draw(probabilities)
    return low, min(low + draw(widths), 0.995)


@settings(deadline=None, max_examples=30)
@given(plain=intervals(), condition=intervals(), given_=intervals(), given_not=intervals())
def test_total_probability_is_judged_as_by_its_corners(plain, condition, given_, given_not):
    room = overlap(plain, total_probability(condition, given_, given_not))
    assume(abs(room) > 1e-4)
    stated = named(
        (f"P({X})", *plain), (f"P({C})", *condition), (f"P({X} | {C})", *given_), (f"P({X} | {NO_C})", *given_not)
    )
    assert coherent(stated) == (room > 0)
    expected = least_common_shift(plain, condition, given_, given_not)
    assert incoherence(stated) == pytest.approx(expected, abs=CLOSE)


def _joint(rng: np.random.Generator, smallest: float) -> dict[tuple[bool, bool, bool], float]:
    """A distribution over X, C and D in which X is as rare as wanted."""
    weights = rng.dirichlet(np.full(8, 0.5)).reshape(2, 2, 2) + 1e-3
    weights[1] *= smallest
    weights /= weights.sum()
    return {(bool(x), bool(c), bool(d)): float(weights[x, c, d]) for x in (0, 1) for c in (0, 1) for d in (0, 1)}


def _probability(joint, events, evidence):
    place = {X: (0, True), C: (1, True), D: (2, True), NO_C: (1, False)}

    def mass(wanted):
        return sum(p for world, p in joint.items() if all(world[place[e][0]] == place[e][1] for e in wanted))

    return mass([*events, *evidence]) / mass(evidence)


QUERIES = (
    ((X,), ()), ((C,), ()), ((NO_C,), ()), ((X,), (C,)), ((X,), (NO_C,)), ((X,), (C, D)), ((D,), (C,)), ((X, D), ()),
    ((X,), (D,)), ((X, C), (D,)), ((D,), ()),
)  # fmt: skip


def _text(events, evidence):
    return f"P({', '.join(events)}{' | ' if evidence else ''}{', '.join(evidence)})"


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), smallest=st.sampled_from([1.0, 1e-3, 1e-9]))
def test_a_coherent_expert_shows_none_however_rare_the_event(seed, smallest):
    rng = np.random.default_rng(seed)
    joint = _joint(rng, smallest)
    stated = [(query, _probability(joint, *query)) for query in QUERIES]
    claims = named(*((_text(*query), p * 0.999, min(p * 1.001, 1.0)) for query, p in stated))
    assert incoherences(claims) == ()
    assert incoherence(claims) == 0.0


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 10_000), smallest=st.sampled_from([1.0, 1e-9]))
def test_the_answer_that_was_changed_is_in_what_is_found(seed, smallest):
    # The negative control of the test before: one answer a hundredfold too low for what the rest implies.
    rng = np.random.default_rng(seed)
    joint = _joint(rng, smallest)
    stated = {_text(*query): _probability(joint, *query) for query in QUERIES}
    stated[f"P({X})"] /= 100
    claims = named(*((text, p * 0.999, min(p * 1.001, 1.0)) for text, p in stated.items()))
    found = incoherences(claims)
    assert found
    assert any(one.text == f"P({X})" for one in found[0].claims)
    assert incoherence(claims) > 0.05


def test_a_product_above_the_whole_is_sized_as_the_distance_in_log_odds():
    stated = named((f"P({X})", 1e-9, 1.5e-9), (f"P({C})", 1e-3), (f"P({X} | {C})", 1e-5))
    (found,) = incoherences(stated)
    assert set(found.claims) == set(stated)
    by_text = {c.text: distance for c, distance in zip(found.claims, found.alone, strict=True)}
    assert by_text[f"P({X})"] == pytest.approx(logit(1e-8) - logit(1.5e-9), abs=CLOSE)
    # All three moving, each has a third of the way to go where probabilities are small.
    assert found.shift == pytest.approx((logit(1e-8) - logit(1.5e-9)) / 3, abs=CLOSE)


def test_what_just_meets_is_coherent():
    assert incoherences(named((f"P({X})", 1e-9), (f"P({C})", 1e-5), (f"P({X} | {C})", 1e-4))) == ()
    assert incoherences(named((f"P({X})", 0.001), (f"P({C})", 0.1), (f"P({X} | {C})", 0.01))) == ()


@pytest.mark.parametrize(
    ("incoherent", "mended"),
    [
        # A node's states exclude each other, and exhaust it.
        ([(f"P({C})", 0.7), (f"P({NO_C})", 0.5)], [(f"P({C})", 0.7), (f"P({NO_C})", 0.3)]),
        ([("P(model_outcome=deceptive)", 0.6), ("P(model_outcome=proxy)", 0.5)],
         [("P(model_outcome=deceptive)", 0.4), ("P(model_outcome=proxy)", 0.5)]),
        # Two things together are no likelier than one of them.
        ([(f"P({X}, {C})", 0.4), (f"P({C})", 0.3)], [(f"P({X}, {C})", 0.2), (f"P({C})", 0.3)]),
        # Given something whose own probability nobody stated.
        ([(f"P({X} | {C})", 0.9), (f"P(human_extinction=no | {C})", 0.5)],
         [(f"P({X} | {C})", 0.5), (f"P(human_extinction=no | {C})", 0.5)]),
        # Nested conditions: the mean over D lies between its ends.
        ([(f"P({X} | {C})", 0.9), (f"P({X} | {C}, {D})", 0.2), (f"P({X} | {C}, aligned=no)", 0.3)],
         [(f"P({X} | {C})", 0.25), (f"P({X} | {C}, {D})", 0.2), (f"P({X} | {C}, aligned=no)", 0.3)]),
        # Orders: one of two is first at most, and an order implies that its first is acquired.
        ([("P(goal_directed < situationally_aware)", 0.7), ("P(situationally_aware < goal_directed)", 0.6)],
         [("P(goal_directed < situationally_aware)", 0.4), ("P(situationally_aware < goal_directed)", 0.6)]),
        ([("P(goal_directed < situationally_aware)", 0.7), ("P(goal_directed=yes)", 0.4)],
         [("P(goal_directed < situationally_aware)", 0.3), ("P(goal_directed=yes)", 0.4)]),
        # A property once acquired is kept.
        ([("P(situationally_aware@pretraining=yes)", 0.6), ("P(situationally_aware=yes)", 0.3)],
         [("P(situationally_aware@pretraining=yes)", 0.2), ("P(situationally_aware=yes)", 0.3)]),
    ],
)  # fmt: skip
def test_each_law_is_seen_and_keeping_it_is_fine(incoherent, mended):
    found = incoherences(named(*incoherent))
    assert len(found) == 1
    assert len(found[0].claims) == len(incoherent)
    assert incoherences(named(*mended)) == ()


def test_a_smallest_set_is_smallest():
    stated = named(
        (f"P({X})", 0.01), (f"P({C})", 0.5), (f"P({X} | {C})", 0.5), (f"P({D})", 0.3), (f"P({X} | {D})", 0.01)
    )
    (found,) = incoherences(stated)
    assert {one.text for one in found.claims} == {f"P({X})", f"P({C})", f"P({X} | {C})"}
    for left_out in found.claims:
        assert coherent([one for one in found.claims if one is not left_out])


def test_rounding_is_taken_into_account():
    exact = named((f"P({X})", 0.03), (f"P({C})", 0.4), (f"P({X} | {C})", 0.08))
    rounded = named((f"P({X})", 0.025, 0.035), (f"P({C})", 0.395, 0.405), (f"P({X} | {C})", 0.075, 0.085))
    assert len(incoherences(exact)) == 1
    assert incoherences(rounded) == ()


def test_other_interventions_and_offsets_are_other_worlds():
    stated = [claim(f"P({X})", 0.9), claim(f"P(human_extinction=no | do({C}))", 0.9)]
    assert systems(stated) == ()
    assert incoherences(stated) == ()


def test_unrelated_answers_are_not_compared():
    assert systems(named((f"P({X})", 0.9), (f"P({C})", 0.9))) == ()


def test_a_node_and_too_much_at_once():
    events = frozenset(parse_event(f"{name}=yes") for name in ("tai_by_2100", "prosaic_paradigm"))
    found = worlds_of(events)
    assert found is not None
    assert found.count == 4
    assert worlds_of(events, most=3) is None


def test_a_distribution_and_a_point_on_the_same_node(make):
    questions = """
[[question]]
id = "mix"
wording = "Share out."
query = "P(model_outcome)"
forms = ["distribution"]

[[question]]
id = "one"
wording = "Deceptive?"
query = "P(model_outcome=deceptive)"
forms = ["point"]
"""
    mix = "mix,distribution,deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%,"
    survey = make("distribution", f"a,{mix}\na,one,point,40%,\nb,{mix}\nb,one,point,10%,", questions=questions)
    claims = claims_by_person([survey])
    by_expert = {found[0].judgement.expert: incoherences(found) for found in claims.values()}
    (found,) = by_expert["a"]
    assert {one.judgement.form for one in found.claims} == {"distribution", "point"}
    assert found.shift > 0.5
    assert by_expert["b"] == ()


def test_a_later_round_replaces_an_earlier(make):
    survey = make(
        "later",
        """a,human_extinction_by_2100,point,90%,1
        a,human_extinction_by_2100,point,20%,2""",
    )
    ((only,),) = claims_by_person([survey]).values()
    assert only.judgement.round == 2
