import pytest

from precursor.elicitation.answers import Distribution, LikelihoodRatio, Point, Quantiles, Ranking, Verbal
from precursor.problems import InputError

HEADER = "expert,question,form,answer,round,comment\n"


def test_each_form_is_read_against_its_question(write, load):
    rows = [
        "ada,deceptive,point,2%,,",
        "ada,deceptive,verbal,Very  Unlikely,,",
        "ada,outcome,distribution,deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%,,",
        "ada,order,ranking,goal_directed < long_term_goals,,",
        "ada,warning,likelihood_ratio,2 to 6,,",
        "ada,hazard,point,~3,,",
        "ada,turnout,quantiles,5%: 100; 50%: 300; 95%: 900,,",
    ]
    survey = load(write(responses__csv=HEADER + "\n".join(rows)))
    kinds = [type(judgement.answer) for judgement in survey.judgements]
    assert kinds == [Point, Verbal, Distribution, Ranking, LikelihoodRatio, Point, Quantiles]
    assert survey.judgements[5].answer == Point(3, 1.5, 6, approximate=True, scale="ratio")
    assert survey.judgements[6].answer.scale == "log"
    assert survey.judgements[1].answer == Verbal("very unlikely")


def test_a_judgement_keeps_what_was_typed_and_where(write, load):
    survey = load(
        write(responses__csv=HEADER + '"ada",deceptive,point," 2 % ",2,"two\nlines"\nbob,deceptive,point,3%,,\n')
    )
    first, second = survey.judgements
    assert (first.survey, first.expert, first.person, first.question) == ("made_up", "ada", "made_up/ada", "deceptive")
    assert (first.text, first.row, first.round, first.comment) == ("2 %", 2, 2, "two\nlines")
    assert (second.row, second.round, second.comment) == (4, 1, None)


def test_a_blank_answer_is_declined(write, load):
    survey = load(write(responses__csv=HEADER + "ada,deceptive,point,,,\nbob,deceptive,point,3%,,\n"))
    assert [judgement.expert for judgement in survey.judgements] == ["bob"]
    assert survey.answers == 1


def test_a_file_in_which_all_declined_is_a_warning(write, load):
    survey = load(write(responses__csv=HEADER + "ada,deceptive,point,,,\n"))
    assert [warning.message for warning in survey.warnings] == ["There is no answer in the file."]


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (",deceptive,point,2%,,", ["expert"]), ("ada,,point,2%,,", ["question"]),
        ("ada,deceptve,point,2%,,", ["question"]),
        ("ada,deceptive,,2%,,", ["form"]), ("ada,deceptive,pont,2%,,", ["form"]),
        ("ada,deceptive,ranking,a < b,,", ["form"]),
        ("ada,deceptive,point,2,,", ["answer"]), ("ada,deceptive,point,2%,0,", ["round"]),
        ("ada,deceptive,point,2%,1.0,", ["round"]), ("ada,deceptive,point,2%,-1,", ["round"]),
        ("ada,deceptive,point,2%,\u0662,", ["round"]), ("ada,deceptive,point,2%,99999999999,", ["round"]),
        ("ada,deceptive,verbal,very unlikly,,", ["answer"]),
        (",deceptve,pont,2,x,", ["expert", "question", "form", "round"]),
        ("ada,order,ranking,goal_directed < situationally_aware,,", ["answer"]), ("ada,hazard,point,2%,,", ["answer"]),
        ("ada,turnout,quantiles,5%: 0; 95%: 3,,", ["answer"]),
    ],
)  # fmt: skip
def test_everything_wrong_in_a_row_is_placed(write, refused, row, columns):
    places = refused(write(responses__csv=HEADER + "zoe,deceptive,point,2%,,\n" + row))
    assert places == [("responses.csv", 3, column) for column in columns]


def test_a_duplicate_names_the_first_row_and_rounds_and_forms_are_no_duplicates(write, load, refused):
    rows = "ada,deceptive,point,2%,,\nada,deceptive,bound,<3%,,\nada,deceptive,point,2%,2,\n"
    folder = write("protocol = 'delphi'", responses__csv=HEADER + rows)
    assert len(load(folder).judgements) == 3
    (folder / "responses.csv").write_text(HEADER + rows + "ada,deceptive,point,,2,\n" * 2)
    assert refused(folder) == [("responses.csv", 5, None), ("responses.csv", 6, None)]
    with pytest.raises(InputError) as caught:
        load(folder)
    assert all("first is in row 4" in problem.message for problem in caught.value.problems)


def test_a_later_round_in_a_single_round_survey_is_a_warning(write, load):
    survey = load(write(responses__csv=HEADER + "ada,deceptive,point,2%,3,\n"))
    assert [(warning.row, warning.column) for warning in survey.warnings] == [(2, "round")]
