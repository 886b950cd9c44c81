import pytest

from precursor.elicitation.answers.bound import Bound
from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.likelihood_ratio import LikelihoodRatio, parse_likelihood_ratio
from precursor.elicitation.answers.point import Point
from precursor.elicitation.answers.quantiles import Quantiles
from precursor.problems import InputError

CONTEXT = AnswerContext("ratio")


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("3", Point(3, 2.5, 3.5, scale="ratio")),
        ("~3", Point(3, 1.5, 6, approximate=True, scale="ratio")),
        ("1/4", Point(0.25, 1 / 4.5, 1 / 3.5, scale="ratio")),
        ("2 to 6", Quantiles((0.05, 0.95), (2, 6), "ratio", (1.5, 5.5), (2.5, 6.5))),
        ("1/4 TO 2", Quantiles((0.05, 0.95), (0.25, 2), "ratio", (1 / 4.5, 1.5), (1 / 3.5, 2.5))),
        (">1", Bound(1, below=False, scale="ratio")),
        ("<1/3", Bound(1 / 3, below=True, scale="ratio")),
    ],
)
def test_every_way_to_state_one(text, stated):
    assert parse_likelihood_ratio(text, CONTEXT) == LikelihoodRatio(stated)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("6 to 2", "upside down"), ("2 to 2", "upside down"), ("0", "zero"), ("-1", "negative"), ("300%", "percentage"),
        ("4-Jan", "date"), ("2-6", "range"), ("to 6", "Cannot read"), ("strong", "Cannot read"),
    ],
)  # fmt: skip
def test_what_is_no_likelihood_ratio(text, words):
    with pytest.raises(InputError, match=words):
        parse_likelihood_ratio(text, CONTEXT)
