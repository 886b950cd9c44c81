import pytest

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.verbal import Verbal, parse_verbal
from precursor.problems import InputError

CONTEXT = AnswerContext(phrases={"very unlikely", "likely", "about even"})


@pytest.mark.parametrize("text", ["very unlikely", "Very Unlikely", "  VERY \n unlikely "])
def test_case_and_white_space_do_not_matter(text):
    assert parse_verbal(text, CONTEXT) == Verbal("very unlikely")


def test_an_unknown_phrase_offers_the_nearest():
    with pytest.raises(InputError, match="not in the lexicon") as caught:
        parse_verbal("very unlikly", CONTEXT)
    assert caught.value.problems[0].allowed.startswith("very unlikely")
