"""Which answers are fitted, which wait and why, and who is who."""

from __future__ import annotations

import math

import pytest

from precursor.elicitation.answers import FORMS
from precursor.inference.decisions import CAMP_SPREAD, UNPLACED_SPREAD
from precursor.inference.observations import Observations, observe
from precursor.inference.statements import has_likelihood
from tests.inference.conftest import Make


def answers_of(observations: Observations) -> list[tuple[str, str, float]]:
    return [(row.unit.id, row.question.id, 1 / (1 + math.exp(-row.statement.location))) for row in observations.rows]


def test_later_round_replaces_the_earlier(make: Make) -> None:
    survey = make("rounds", "a,guard,point,10%,1\na,guard,point,40%,2\na,p_goal_shift,point,30%,1")
    locations = {row.question.id: row.statement.location for row in observe([survey]).rows}
    assert locations["guard"] == pytest.approx(math.log(2 / 3), abs=0.01)
    assert locations["p_goal_shift"] == pytest.approx(math.log(3 / 7), abs=0.01)


def test_later_round_replaces_the_earlier_wherever_it_stands(make: Make) -> None:
    survey = make("rounds", "a,guard,point,40%,2\na,guard,point,10%,1")
    ((_, _, answer),) = answers_of(observe([survey]))
    assert answer == pytest.approx(0.4, abs=0.01)


def test_second_form_does_not_replace_the_first(make: Make) -> None:
    survey = make("forms", "a,guard,point,10%,1\na,guard,bound,<20%,2")
    assert len(observe([survey]).rows) == 2


def test_agreeing_readings_of_one_author_count_once(make: Make) -> None:
    experts = "{0},,authors,author"
    one = make("one", "first,guard,bound,<10%,\nfirst,p_goal_shift,point,30%,", experts=experts.format("first"))
    two = make("two", "second,guard,bound,<10%,\nsecond,p_goal_shift,point,50%,", experts=experts.format("second"))
    observations = observe([one, two])
    assert [row.question.id for row in observations.rows].count("guard") == 1
    assert [row.question.id for row in observations.rows].count("p_goal_shift") == 2
    (waiting,) = observations.waiting
    assert (waiting.survey, waiting.form, waiting.answers) == ("two", "bound", 1)
    assert "second reading" in waiting.reason


def test_agreeing_answers_of_two_people_both_count(make: Make) -> None:
    assert len(observe([make("both", "a,guard,bound,<10%,\nb,guard,bound,<10%,")]).rows) == 2


def test_one_person_is_one_unit_whatever_the_surveys_say_of_them(make: Make) -> None:
    bare = make("bare", "x,guard,point,10%,", experts="x,,,someone")
    placed = make("placed", "y,guard,point,20%,\nz,guard,point,30%,", experts="y,concerned,lab,someone\nz,,lab,z")
    again = make("again", "w,p_goal_shift,point,20%,", experts="w,,,someone")
    for surveys in ((bare, placed, again), (again, placed, bare)):
        observations = observe(surveys)
        someone, other = observations.units
        assert [row.unit.id for row in observations.rows] == ["someone"] * 3 + ["z"]
        assert (someone.side, someone.side_spread, someone.group) == (1.0, CAMP_SPREAD, "lab/concerned")
        assert (other.side, other.side_spread) == (0.0, UNPLACED_SPREAD)


def test_event_and_complement_are_one_target(make: Make) -> None:
    text = """
[[question]]
id = "{}"
wording = "How probable?"
query = "P({} | tai_by_2100=yes)"
forms = ["point"]
"""
    asked = {
        "strong": "governance=strong",
        "weak": "governance=weak",
        "proxy": "goal_pointer=proxy",
        "base": "goal_pointer=base",
        "deceptive_": "model_outcome=deceptive",
        "proxy_": "model_outcome=proxy",
    }
    survey = make(
        "targets",
        "\n".join(f"a,{id_},point,20%," for id_ in asked),
        questions="".join(text.format(id_, event) for id_, event in asked.items()),
    )
    target = {row.question.id: row.target for row in observe([survey]).rows}
    assert target["strong"] == target["weak"]
    assert len({*target.values()}) == 5


def test_answers_without_a_likelihood_wait_by_name(make: Make) -> None:
    survey = make(
        "waiting",
        """a,order_of_understanding_and_long_term_goals,ranking,base_goal_understood < long_term_goals,
        b,order_of_understanding_and_long_term_goals,ranking,long_term_goals < base_goal_understood,
        a,lr_alignment_faking_prompted,likelihood_ratio,3,
        a,guard,point,10%,""",
    )
    observations = observe([survey])
    waiting = {judgement.form for judgement in survey.judgements if not has_likelihood(judgement.answer)}
    assert waiting <= set(FORMS)
    assert len(observations.rows) + sum(entry.answers for entry in observations.waiting) == 4
    for entry in observations.waiting:
        assert entry.survey == "waiting"
        assert "likelihood" in entry.reason
        assert entry.form in {"ranking", "likelihood_ratio"}


def test_published_group_is_a_unit_of_its_own_and_no_expert(make: Make) -> None:
    survey = make("published", summaries="all,guard,100,20%,10%,40%,,\nall,p_goal_shift,100,20%,,,,")
    observations = observe([survey])
    (unit,) = observations.units
    assert unit.is_group
    assert (observations.groups, observations.noise_groups) == ((), ())
    by_question = {row.question.id: row for row in observations.rows}
    spread = math.log(0.4 / 0.6) - math.log(0.1 / 0.9)
    assert by_question["guard"].quartile_range == pytest.approx(spread)
    assert by_question["p_goal_shift"].quartile_range == 0.0


@pytest.mark.parametrize(("n", "times"), [(25, 2.0), (400, 0.5)])
def test_more_respondents_pin_the_median_down(make: Make, n: int, times: float) -> None:
    rows = [observe([make("n", summaries=f"all,guard,{count},20.00%,10%,40%,,")]).rows[0] for count in (100, n)]
    ratio = math.sqrt(rows[1].statement.variance / rows[0].statement.variance)
    assert ratio == pytest.approx(times, rel=1e-3)


def test_stated_interval_is_the_medians_error(make: Make) -> None:
    (row,) = observe([make("interval", summaries="all,guard,7,20.000%,,,15%,27%")]).rows
    width = math.log(0.27 / 0.73) - math.log(0.15 / 0.85)
    assert math.sqrt(row.statement.variance) == pytest.approx(width / (2 * 1.96), rel=1e-4)


def test_shared_and_placed_questions(make: Make) -> None:
    survey = make(
        "shared",
        """a,guard,point,10%,
        b,guard,point,20%,
        c,p_goal_shift,point,20%,
        a,p_goal_shift,point,20%,
        c,deceptive,point,20%,
        c,deceptive,bound,<30%,""",
        experts="a,skeptical,lab,a\nb,concerned,lab,b\nc,,lab,c",
    )
    observations = observe([survey])
    assert observations.shared_questions == ("guard", "p_goal_shift")
    assert observations.placed_questions == ("guard",)
