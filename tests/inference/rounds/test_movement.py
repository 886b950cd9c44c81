"""Movement between rounds: how far, towards whom, and whether the group comes together."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from statistics import median, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.inference.rounds.location import is_censored, locations_of, natural
from precursor.inference.rounds.movement import movements, share_unchanged, spread_of

DATA = Path(__file__).parents[3] / "data" / "calibration"
Q = "human_extinction_by_2100"


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def _one(survey, expert):
    (found,) = [one for one in movements(survey) if one.expert == expert]
    return found


@pytest.fixture(scope="module")
def delphi(make):
    first = {"a": "10%", "b": "20%", "c": "30%", "d": "40%", "e": "50%", "f": "20%"}
    second = {"a": "15%", "b": "5%", "c": "30%", "d": "2%", "e": "50%"}
    rows = [f"{e},{Q},point,{p},1" for e, p in first.items()] + [f"{e},{Q},point,{p},2" for e, p in second.items()]
    return make("delphi", "\n".join(rows))


def test_how_far_and_towards_whom(delphi):
    # Others' medians before: of a .35, of b .35, of c .3, of d .25, of e .25 (in log-odds between their neighbours).
    a = _one(delphi, "a")
    assert a.moved == pytest.approx(logit(0.15) - logit(0.1))
    others = median(map(logit, (0.2, 0.3, 0.4, 0.5)))
    assert a.others == pytest.approx(others)
    assert a.gap_closed == pytest.approx((logit(0.15) - logit(0.1)) / (others - logit(0.1)))
    assert a.direction == "towards"
    assert _one(delphi, "b").direction == "away"
    assert _one(delphi, "c").direction == "unchanged"
    assert _one(delphi, "d").direction == "past"
    assert _one(delphi, "d").gap_closed > 1


def test_who_answered_once_has_not_moved(delphi):
    assert {one.expert for one in movements(delphi)} == {"a", "b", "c", "d", "e"}
    assert share_unchanged(movements(delphi)) == pytest.approx(2 / 5)
    assert math.isnan(share_unchanged([]))


def test_ones_own_answer_is_no_part_of_the_others(make):
    # The group's median is a's own answer: moving off it is towards the others, not away from the group.
    survey = make("own", "\n".join(
        [f"a,{Q},point,20%,1", f"a,{Q},point,30%,2", f"b,{Q},point,40%,1", f"b,{Q},point,40%,2"]
    ))  # fmt: skip
    assert _one(survey, "a").direction == "towards"
    alone = make("alone", f"a,{Q},point,20%,1\na,{Q},point,30%,2")
    assert _one(alone, "a").direction == "no_others"
    assert spread_of(movements(alone)) is None


def test_a_change_of_form_is_compared_by_location(make):
    survey = make(
        "forms",
        f"""a,{Q},point,20%,1
        a,{Q},quantiles,5%: 0.1; 50%: 0.2; 95%: 0.5,2
        b,{Q},point,20%,1
        b,{Q},bound,<10%,2
        c,{Q},verbal,unlikely,1
        c,{Q},point,90%,2""",
    )
    assert _one(survey, "a").form_changed
    assert _one(survey, "a").direction == "unchanged"
    assert _one(survey, "b").censored
    assert _one(survey, "b").after == pytest.approx(logit(0.1))
    assert _one(survey, "c").moved > 0
    assert not _one(survey, "a").censored


def test_zero_stands_where_its_resolution_does(make):
    survey = make("zero", f"a,{Q},point,0%,1\na,{Q},point,1e-9,2")
    (found,) = movements(survey)
    assert found.before == pytest.approx(logit(0.005))
    assert found.after == pytest.approx(logit(1e-9))
    assert is_censored(found.first)
    assert natural(found.after, "probability") == pytest.approx(1e-9)


def test_a_distribution_moves_state_by_state(make):
    survey = make(
        "states",
        """a,mix,distribution,deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%,1
        a,mix,distribution,deceptive: 20%; proxy: 20%; base_goal: 55%; not_goal_directed: 5%,2""",
        questions='[[question]]\nid = "mix"\nwording = "?"\nquery = "P(model_outcome)"\nforms = ["distribution"]\n',
    )
    moved = {one.part: one.moved for one in movements(survey)}
    assert moved["deceptive"] == pytest.approx(logit(0.2) - logit(0.1))
    assert moved["base_goal"] == 0.0
    assert set(moved) == {"deceptive", "proxy", "base_goal", "not_goal_directed"}


def test_known_quantities_move_on_their_own_scale(make):
    questions = """
[[question]]
id = "year"
wording = "When?"
seed = true
realised = 2024
unit = "year"
scale = "linear"
forms = ["quantiles"]

[[question]]
id = "papers"
wording = "How many?"
seed = true
realised = 300.0
unit = "papers"
scale = "log"
forms = ["quantiles"]
"""
    survey = make(
        "quantities",
        """a,year,quantiles,5%: 2020; 50%: 2023; 95%: 2030,1
        a,year,quantiles,25%: 2020; 75%: 2030,2
        a,papers,quantiles,5%: 100; 50%: 200; 95%: 300,1
        a,papers,quantiles,5%: 100; 50%: 400; 95%: 900,2""",
        questions=questions,
    )
    moved = {one.question: one for one in movements(survey)}
    assert moved["year"].moved == pytest.approx(2.0)
    assert moved["papers"].moved == pytest.approx(math.log(2))
    assert natural(moved["papers"].after, moved["papers"].scale) == pytest.approx(400)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=2, max_size=8))
def test_complements_move_the_other_way_and_spread_alike(make, answers):
    questions = f"""
[[question]]
id = "yes"
wording = "?"
query = "P(human_extinction=yes)"
forms = ["point"]

[[question]]
id = "no"
wording = "?"
query = "P(human_extinction=no)"
forms = ["point"]
# {len(answers)}
"""
    rows = [
        f"e{i},{question},point,{value if question == 'yes' else 100 - value}%,{r}"
        for i, pair in enumerate(answers) for r, value in enumerate(pair, 1) for question in ("yes", "no")
    ]  # fmt: skip
    found = movements(make("mirror", "\n".join(rows), questions=questions))
    yes = {one.expert: one for one in found if one.question == "yes"}
    no = {one.expert: one for one in found if one.question == "no"}
    for expert, one in yes.items():
        assert no[expert].moved == pytest.approx(-one.moved, abs=1e-9)
        assert no[expert].direction == one.direction
    one, other = spread_of(list(yes.values())), spread_of(list(no.values()))
    assert one.sd_before == pytest.approx(other.sd_before)
    assert one.sd_after == pytest.approx(other.sd_after)


def test_a_real_survey_of_two_rounds(make):
    """The repliCATS data, read again here with nothing but the standard library."""
    with (DATA / "forecasts_replicats.csv").open(encoding="utf-8") as file:
        best = [row for row in csv.DictReader(file) if row["element"] == "best"]
    claims = sorted({row["claim"] for row in best})
    questions = "".join(
        f'[[question]]\nid = "claim_{c}"\nwording = "?"\nseed = true\noutcome = 0\nforms = ["point"]\n\n'
        for c in claims
    )
    rows = "\n".join(f"{r['expert']},claim_{r['claim']},point,{r['value']},{r['round']}" for r in best)
    survey = make("replicats", rows, questions=questions)
    found = movements(survey)

    said = {(r["expert"], r["claim"], r["round"]): float(r["value"]) for r in best}
    pairs = {key[:2]: (said[(*key[:2], "1")], said[(*key[:2], "2")]) for key in said}
    assert len(found) == len(pairs) == 25 * 25
    unchanged = sum(first == second for first, second in pairs.values())
    assert share_unchanged(found) == pytest.approx(unchanged / len(pairs))
    for claim in claims:
        before = [logit(first) for (_, c), (first, _) in pairs.items() if c == claim]
        after = [logit(second) for (_, c), (_, second) in pairs.items() if c == claim]
        spread = spread_of([one for one in found if one.question == f"claim_{claim}"])
        assert spread.sd_before == pytest.approx(stdev(before))
        assert spread.sd_after == pytest.approx(stdev(after))
        assert spread.median_after == pytest.approx(median(after))


def test_where_an_answer_stands_nowhere(make):
    survey = make(
        "ranking",
        "a,order,ranking,base_goal_understood < goal_directed,1",
        questions='[[question]]\nid = "order"\nwording = "?"\n'
        'query = "order(base_goal_understood, goal_directed)"\nforms = ["ranking"]\n',
    )
    assert locations_of(survey, survey.judgements[0]) == {}
    assert movements(survey) == ()
