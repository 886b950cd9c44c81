"""Each check speaks where it should, and beside each case stands one where it must be silent."""

import random

import pytest

from precursor.elicitation.suspicions import MOST_SHOWN


def people(answers_by_expert):
    return [
        (expert, f"q{n}", "point", answer)
        for expert, answers in answers_by_expert.items()
        for n, answer in enumerate(answers)
    ]


VARIED = ["10%", "35%", "60%", "5%", "80%", "20%", "45%", "70%", "90%", "15%"]


def test_the_same_number_nearly_everywhere(suspect):
    ((row, message),) = suspect(people({"ada": ["20%"] * 9 + ["0.3"], "bob": VARIED}))
    assert (row, "9 of 10" in message) == (2, True)


@pytest.mark.parametrize("answers", [["20%"] * 7, ["20%"] * 8 + ["30%"] * 2, VARIED])
def test_fewer_or_more_varied_answers_are_no_straight_line(suspect, answers):
    assert suspect(people({"ada": answers})) == []


def test_a_number_in_two_spellings_is_one(suspect):
    assert len(suspect(people({"ada": ["20%", "0.2", "1/5"] * 3}))) == 1


def test_mostly_the_middle(suspect):
    ((_, message),) = suspect(people({"ada": ["50%"] * 6 + VARIED[:4]}))
    assert "middle of the scale" in message
    assert "6 of 10" in message


def test_five_in_ten_in_the_middle_are_not_most(suspect):
    assert suspect(people({"ada": ["50%"] * 5 + VARIED[:5]})) == []


def test_equal_steps(suspect):
    ((_, message),) = suspect(people({"ada": [f"{5 * n}%" for n in range(2, 12)]}))
    assert "equal steps" in message


def test_steps_with_one_exception_are_an_opinion(suspect):
    assert suspect(people({"ada": [*(f"{5 * n}%" for n in range(2, 11)), "90%"]})) == []


def crowd(count, seed=1):
    chosen = random.Random(seed)
    return {f"e{n}": [chosen.choice(VARIED) for _ in range(10)] for n in range(count)}


@pytest.mark.parametrize("changed", [0, 1])
def test_the_same_answers_twice(suspect, changed):
    everybody = crowd(12)
    everybody["twin"] = ["1%"] * changed + everybody["e3"][changed:]
    ((row, message),) = suspect(people(everybody))
    assert row == 2 + 12 * 10
    assert "'twin' and 'e3'" in message
    assert f"{10 - changed} of 10" in message


def test_one_person_may_stand_there_twice_if_said_so(suspect):
    everybody = crowd(12)
    everybody["twin"] = everybody["e3"]
    experts = "expert,person\n" + "".join(f"{e},{'e3' if e == 'twin' else e}\n" for e in everybody)
    assert suspect(people(everybody), experts) == []


@pytest.mark.parametrize("seed", range(5))
def test_strangers_are_no_twins(suspect, seed):
    assert suspect(people(crowd(40, seed))) == []


def test_agreement_of_everybody_is_no_copy(suspect):
    """All give the same varied answers: nothing tells two of them from any other two."""
    common = ["10%", "20%", "30%", "90%", "70%", "10%", "60%", "40%", "95%", "5%"]
    assert suspect(people({f"e{n}": common for n in range(200)})) == []


def test_three_alike_are_named_against_the_first(suspect):
    everybody = crowd(12)
    everybody |= {"twin": everybody["e3"], "triplet": everybody["e3"]}
    assert ["'e3'" in message for _, message in suspect(people(everybody))] == [True, True]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("deceptive", "bound", "<1%"), ("deceptive", "point", "5%")),
        (("deceptive", "point", "5%"), ("deceptive", "bound", ">10%")),
        (("deceptive", "bound", "<1%"), ("deceptive", "quantiles", "5%: 0.02; 50%: 0.1; 95%: 0.3")),
        (("deceptive", "bound", ">20%"), ("deceptive", "chips", "0-0.1: 5; 0.1-0.2: 1")),
        (("deceptive", "point", "60%"), ("deceptive", "quantiles", "5%: 0.02; 50%: 0.1; 95%: 0.3")),
        (("hazard", "bound", ">3"), ("hazard", "point", "2")),
        (("b", "point", "5%"), ("b_again", "point", "20%")),
    ],
)
def test_the_wrong_side_of_what_the_same_person_said(suspect, first, second):
    ((row, message),) = suspect([("ada", *first), ("ada", *second)])
    assert row == 3
    assert "row 2" in message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("deceptive", "bound", "<1%"), ("deceptive", "point", "1%")),
        (("deceptive", "bound", "<10%"), ("deceptive", "point", "5%")),
        (("deceptive", "bound", "<10%"), ("deceptive", "quantiles", "5%: 0.02; 50%: 0.09; 95%: 0.3")),
        (("deceptive", "bound", "<1%"), ("deceptive", "verbal", "likely")),
        (("b", "point", "5%"), ("b_again", "point", "7%")),
        (("b", "point", "5%"), ("deceptive", "point", "50%")),
    ],
)
def test_the_right_side(suspect, first, second):
    assert suspect([("ada", *first), ("ada", *second)]) == []


def test_two_people_and_two_rounds_may_differ(suspect):
    assert suspect([("ada", "deceptive", "bound", "<1%"), ("bob", "deceptive", "point", "5%")]) == []


def test_a_mind_may_be_changed(suspect):
    rows = [("ada", "deceptive", "bound", "<1%", 1), ("ada", "deceptive", "point", "5%", 2)]
    assert suspect(rows) == []


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([("ab", "30%"), ("b", "10%")], 3),
        ([("a", "50%"), ("b_given_a", "50%"), ("b", "10%")], 4),
        ([("b", "80%"), ("a", "90%"), ("b_given_a", "10%")], 4),
        ([("a", "70%"), ("not_a", "40%")], 3),
    ],
)
def test_laws_of_probability(suspect, rows, row):
    found = suspect([("ada", question, "point", answer) for question, answer in rows])
    assert [place for place, _ in found] == [row]


@pytest.mark.parametrize(
    "rows",
    [
        [("ab", "10%"), ("b", "10%")],
        [("a", "50%"), ("b_given_a", "20%"), ("b", "10%")],
        [("b", "19%"), ("a", "90%"), ("b_given_a", "10%")],
        [("a", "60%"), ("not_a", "40%")],
        [("a", "60%"), ("not_a", "20%")],
        [("b", "1%"), ("deceptive", "99%")],
    ],
)
def test_laws_kept_to_the_resolution(suspect, rows):
    assert suspect([("ada", question, "point", answer) for question, answer in rows]) == []


def test_a_bound_and_a_distribution_are_claims_too(suspect):
    assert len(suspect([("ada", "ab", "bound", ">30%"), ("ada", "b", "point", "10%")])) == 1


def test_a_distribution_is_a_claim_about_each_state(suspect):
    whole = ("ada", "outcome", "distribution", '"deceptive: 90%; proxy: 4%; base_goal: 3%; not_goal_directed: 3%"')
    ((row, _),) = suspect([whole, ("ada", "deceptive_unconditional", "point", "5%")])
    assert row == 3


def test_a_distribution_that_fits_is_none(suspect):
    whole = ("ada", "outcome", "distribution", '"deceptive: 90%; proxy: 4%; base_goal: 3%; not_goal_directed: 3%"')
    assert suspect([whole, ("ada", "deceptive_unconditional", "point", "85%")]) == []


def test_certainty_and_its_rows(suspect):
    rows = [("ada", "a", "point", "100%"), ("ada", "b", "point", "0"), ("bob", "a", "point", "99.9%")]
    ((row, message),) = suspect(rows)
    assert row == 2
    assert "rows 2, 3" in message


def test_of_very_many_the_rest_are_counted(suspect):
    found = suspect([(f"e{n}", "a", "point", "0") for n in range(MOST_SHOWN + 7)])
    assert [row for row, _ in found] == list(range(2, MOST_SHOWN + 3))
    assert "7 more" in found[-1][1]


def test_certainty_about_seeds_is_no_matter(suspect):
    assert suspect([("ada", "q1", "point", "100%")]) == []


def shifted(factor, spread=(0.9, 1.0, 1.1, 1.2, 0.8, 1.05)):
    truth = [0.05, 0.1, 0.3, 0.5, 0.6, 0.7]
    everybody = {f"e{n}": [f"{p * s:.4f}" for p in truth] for n, s in enumerate(spread)}
    everybody["odd"] = [f"{p * factor * 1.03:.6f}" for p in truth]
    return everybody


def test_percent_typed_as_fractions(suspect):
    ((row, message),) = suspect(people(shifted(0.01)))
    assert row == 2 + 6 * 6
    assert "a hundred times larger" in message


@pytest.mark.parametrize("factor", [1.0, 0.3, 0.1])
def test_a_low_opinion_is_no_unit(suspect, factor):
    assert suspect(people(shifted(factor))) == []


def test_the_other_way_round(suspect):
    truth = [0.0005, 0.001, 0.003, 0.005, 0.002]
    everybody = {f"e{n}": [f"{p * s:.6f}" for p in truth] for n, s in enumerate((0.9, 1.0, 1.1, 1.2, 0.8, 1.05))}
    everybody["odd"] = [f"{100 * p:.4f}" for p in truth]
    ((_, message),) = suspect(people(everybody))
    assert "a hundredth" in message


@pytest.mark.parametrize("other", ["Ada B", "ada  b", "ada\u200b b", "\uff41da b"])
def test_two_names_that_look_alike(suspect, other):
    ((row, message),) = suspect(people({"ada b": VARIED[:2], other: VARIED[2:4]}))
    assert (row, "look like one person" in message) == (4, True)


def test_an_accent_may_be_written_in_two_ways(suspect):
    assert len(suspect(people({"z\u00e9": VARIED[:2], "ze\u0301": VARIED[2:4]}))) == 1


def test_names_that_differ_are_no_suspicion(suspect):
    assert suspect(people({"ada": VARIED[:2], "adah": VARIED[2:4], "ad\u00e0": VARIED[4:6]})) == []


def test_one_person_may_have_two_names(suspect):
    one = "expert,person\nada,p\nAda,p\n"
    assert suspect(people({"ada": VARIED[:2], "Ada": VARIED[2:4]}), experts=one) == []
