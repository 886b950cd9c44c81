"""Which answers are fitted, which wait and why, and who is who."""

from __future__ import annotations

import math

import pytest

from precursor.inference.answers.filing import CANNOT_HAPPEN, NO_CHOICE, NOTHING_SAID
from precursor.inference.answers.observations import Observations, observe
from precursor.inference.decisions import CAMP_SPREAD, UNPLACED_SPREAD
from precursor.inference.plan import plan_model
from tests.inference.conftest import Make, built
from tests.oracles.experts import log_density


def answers_of(observations: Observations) -> list[tuple[str, str, float]]:
    return [(row.unit.id, row.question.id, 1 / (1 + math.exp(-row.statement.location))) for row in observations.rows]


def test_later_round_replaces_the_earlier(make: Make) -> None:
    survey = make("rounds", "a,guard,point,10%,1\na,guard,point,40%,2\na,p_goal_shift,point,30%,1")
    locations = {row.question.id: row.statement.location for row in observe([survey]).rows}
    assert locations["guard"] == pytest.approx(math.log(2 / 3), abs=0.01)
    assert locations["p_goal_shift"] == pytest.approx(math.log(3 / 7), abs=0.01)


def test_rounds_after_the_last_that_counts_are_not_held_yet(make: Make) -> None:
    survey = make("rounds", "a,guard,point,10%,1\na,guard,point,30%,3\nb,guard,point,50%,2")
    stated = {n: [value for _, _, value in answers_of(observe([survey], n))] for n in (1, 2, None)}
    assert stated[1] == pytest.approx([0.1], abs=1e-3)
    assert stated[2] == pytest.approx([0.1, 0.5], abs=1e-3)
    assert stated[None] == pytest.approx([0.3, 0.5], abs=1e-3)
    assert plan_model([survey], up_to_round=2).observations.up_to_round == 2


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


ORDERS = """
[[question]]
id = "order"
wording = "In which order?"
query = "order(base_goal_understood, goal_directed, long_term_goals | prosaic_paradigm=yes{given})"
forms = ["ranking"]
"""


def test_rankings_that_say_nothing_or_cannot_be_wait(make: Make) -> None:
    survey = make(
        "rankings",
        """a,order,ranking,base_goal_understood = goal_directed = long_term_goals,
        b,order,ranking,long_term_goals < goal_directed,
        c,order,ranking,goal_directed < base_goal_understood,""",
        questions=ORDERS.format(given=""),
    )
    observations = observe([survey])
    assert [ranking.judgement.expert for ranking in observations.ranked] == ["c"]
    assert {(entry.form, entry.reason) for entry in observations.waiting} == {
        ("ranking", NOTHING_SAID), ("ranking", CANNOT_HAPPEN),
    }  # fmt: skip


def test_orders_that_the_questions_conditions_rule_out_are_none(make: Make) -> None:
    survey = make(
        "rankings",
        """a,order,ranking,long_term_goals < base_goal_understood,
        b,order,ranking,base_goal_understood < goal_directed,
        c,order,ranking,goal_directed < base_goal_understood,""",
        questions=ORDERS.format(given=", long_term_goals=no"),
    )
    before, after = observe([survey]), plan_model([survey]).observations
    assert [ranking.judgement.expert for ranking in before.ranked] == ["a", "b", "c"]
    assert [ranking.judgement.expert for ranking in after.ranked] == ["b", "c"]
    assert [entry.reason for entry in after.waiting] == [CANNOT_HAPPEN]
    assert not any("goal_directed < long_term_goals <" in order for order in after.ranked[0].orders)
    assert len(after.ranked[0].orders) < len(before.ranked[1].orders)


def test_a_ranking_without_an_alternative_waits(make: Make) -> None:
    given = ", goal_directed=no, base_goal_understood@pretraining=yes"
    survey = make(
        "rankings",
        "a,order,ranking,base_goal_understood < long_term_goals,",
        questions=ORDERS.format(given=given),
    )
    after = plan_model([survey]).observations
    assert not after.answers
    assert [entry.reason for entry in after.waiting] == [NO_CHOICE]


SEEDS = """
[[question]]
id = "event"
wording = "Did it happen?"
seed = true
outcome = 1
forms = ["point", "bound"]

[[question]]
id = "year"
wording = "When?"
seed = true
realised = 2024
unit = "year"
scale = "linear"
forms = ["quantiles"]
"""
ONLY = {
    "rankings": {
        "responses": "c,order,ranking,goal_directed < base_goal_understood,",
        "questions": ORDERS.format(given=""),
    },
    "seeds": {
        "responses": "c,event,point,80%,\nd,event,bound,<50%,\nc,year,quantiles,25%: 2000; 75%: 2010,",
        "questions": SEEDS,
    },
    "summaries": {"summaries": "all,deceptive,40,10%,,,,\nall,guard,40,0%,,,,"},
    "bounds": {"responses": "c,guard,bound,<20%,"},
}


@pytest.mark.parametrize("name", ONLY)
def test_surveys_of_one_kind_of_answer_have_a_density(make: Make, name: str) -> None:
    model = built([make(name, **ONLY[name])])
    observations = model.plan.observations
    assert observations.answers
    assert not observations.waiting
    for latents in model.draws(seed=1, n=2):
        expected = log_density(model.setting, model.named(latents))
        assert model.at(latents) == pytest.approx(expected, abs=1e-8)


def test_a_published_group_named_like_a_camp_of_persons_does_not_share_its_bias(make: Make) -> None:
    survey = make(
        "named",
        "someone,guard,point,20%,",
        experts="someone,skeptical,,someone",
        summaries="skeptical,guard,40,10%,,,,",
    )
    model = built([survey])
    assert model.plan.observations.groups == ("named/skeptical",)
    assert model.plan.columns.group.tolist() == [0, -1]
    (latents,) = model.draws(seed=2, n=1)
    assert model.at(latents) == pytest.approx(log_density(model.setting, model.named(latents)), abs=1e-8)


def test_a_published_median_of_zero_is_censored(make: Make) -> None:
    observations = observe([make("zero", summaries="all,guard,400,0%,,,,\nfew,guard,4,0%,,,,")])
    many, few = (row.statement for row in observations.rows)
    assert {many.censored, few.censored} == {"below"}
    assert 0 < many.variance < few.variance


def test_typical_width_is_that_of_all_surveys(make: Make) -> None:
    narrow, wide = "c,year,quantiles,25%: 2010; 75%: 2011,", "d,year,quantiles,25%: 2010; 75%: 2020,"
    apart = [make(name, answer, questions=SEEDS) for name, answer in (("one", narrow), ("other", wide))]
    together = [make("both", f"{narrow}\n{wide}", questions=SEEDS)]
    stated = [sorted(row.statement.width for row in observe(surveys).rows) for surveys in (apart, together)]
    assert stated[0] == pytest.approx(stated[1])
    assert stated[0][1] == pytest.approx(10 * stated[0][0])


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
