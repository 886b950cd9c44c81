import pytest

from precursor.elicitation.answers.lists import labelled_parts, repeated
from precursor.problems import InputError


def test_parts_are_split_at_the_first_colon():
    assert labelled_parts("a: 1; b : 49:1 against ;", "") == [("a", "1"), ("b", "49:1 against")]


@pytest.mark.parametrize("text", ["", ";", "a", "a: 1;; b: 2", ": 1", "a:"])
def test_parts_that_miss_something(text):
    with pytest.raises(InputError):
        labelled_parts(text, "a: 1")


def test_repeated_names_are_given_once_in_order():
    assert repeated(["b", "a", "b", "c", "a", "b"]) == ["b", "a"]
