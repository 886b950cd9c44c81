import pytest

from precursor.elicitation.answers import Point

HEADER = "group,question,n,median,q25,q75,ci95_low,ci95_high\n"


def test_published_groups_keep_the_resolution_of_each_figure(write, load):
    survey = load(write(summaries__csv=HEADER + "all,deceptive,44,5%,1%,20%,,\nfew,deceptive,9,0.0375,,,0.001,0.1\n"))
    first, second = survey.summaries
    assert (first.survey, first.group, first.question, first.n, first.row) == ("made_up", "all", "deceptive", 44, 2)
    assert (first.median, first.q75, first.ci95_low) == (Point(0.05, 0.045, 0.055), Point(0.2, 0.195, 0.205), None)
    assert second.ci95_high == Point(0.1, 0.05, 0.15)
    assert (survey.answers, survey.answering, survey.answered) == (2, (), ("deceptive",))


def test_only_the_first_four_columns_are_needed(write, load):
    assert load(write(summaries__csv="group,question,n,median\nall,deceptive,44,5%\n")).summaries[0].q25 is None


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (",deceptive,44,5%,,,,", ["group"]), ("all,deceptve,44,5%,,,,", ["question"]), ("all,deceptive,,5%,,,,", ["n"]),
        ("all,deceptive,0,5%,,,,", ["n"]), ("all,deceptive,4.5,5%,,,,", ["n"]), ("all,deceptive,44,,,,,", ["median"]),
        ("all,deceptive,44,5,,,,", ["median"]), ("all,deceptive,44,5%,6%,20%,,", ["median"]),
        ("all,deceptive,44,5%,1%,2%,,", ["q75"]), ("all,deceptive,44,5%,,,1%,2%", ["ci95_high"]),
        ("all,deceptive,44,5%,1.2.2024,20%,,", ["q25"]), ("all,order,44,5%,,,,", ["question"]),
        ("zoe,deceptive,44,5%,,,,", [None]), (",deceptve,x,,,,,", ["group", "question", "n"]),
    ],
)  # fmt: skip
def test_everything_wrong_in_a_row_is_placed(write, refused, row, columns):
    places = refused(write(summaries__csv=HEADER + "zoe,deceptive,3,2%,,,,\n" + row))
    assert places == [("summaries.csv", 3, column) for column in columns]
