import pytest

from precursor.elicitation.answers.numbers import LONGEST_ANSWER
from precursor.elicitation.answers.spreadsheets import cleaned
from precursor.problems import InputError


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01", "2024-05-01 00:00:00", "2024-05-01T00:00:00", "1-Feb", "05/12/2024", "5/12/24", "Jan-50",
        "01.02.2024",
        "4-Jan", "February 4, 2024", "1 May 2024", "49:01:00", "12:00:00 AM", "2/1/2024 0:00",
    ],
)  # fmt: skip
def test_a_date_is_named_as_the_work_of_a_spreadsheet(text):
    with pytest.raises(InputError, match="turned this answer into a date or time") as caught:
        cleaned(text, "2%")
    assert "formatted as text" in caught.value.problems[0].allowed


@pytest.mark.parametrize(
    "text", ["1/50", "1 in 50", "49:1 against", "0-0.1: 5", "10-20: 3", "5%: 1; 95%: 2", "May happen", "2 to 6", "0.02"]
)
def test_no_answer_is_taken_for_a_date(text):
    assert cleaned(f" {text}\t", "2%") == text


@pytest.mark.parametrize(
    ("text", "words"), [("#REF!", "error"), ("#####", "error"), ("=1/50", "formula"), ("  ", "declined")]
)
def test_other_things_spreadsheets_leave(text, words):
    with pytest.raises(InputError, match=words):
        cleaned(text, "2%")


def test_the_length_of_an_answer_is_limited():
    assert len(cleaned("9" * LONGEST_ANSWER, "2%")) == LONGEST_ANSWER
    with pytest.raises(InputError, match="too long"):
        cleaned("9" * (LONGEST_ANSWER + 1), "2%")
