import string
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.elicitation.answers import FORMS, PARSERS, AnswerContext, Point, parse_answer
from precursor.elicitation.answers.context import AnswerContext as SameContext
from precursor.problems import InputError

CONTEXTS = tuple(
    AnswerContext(scale, ("deceptive", "proxy"), ("a", "b", "c"), {"likely"})
    for scale in ("probability", "ratio", "linear", "log")
)
ALPHABET = string.digits * 3 + "..%%::;;<>=~~--// eEinto,against abc\n\t\x00\u2013\uff12½"
texts = st.one_of(st.text(max_size=60), st.text(alphabet=ALPHABET, max_size=40))


@pytest.mark.parametrize("form", FORMS)
@given(text=texts, context=st.sampled_from(CONTEXTS))
@settings(max_examples=150)
def test_whatever_is_typed_is_an_answer_or_an_input_error(form, text, context):
    with suppress(InputError):
        answer = parse_answer(form, text, context)
        assert answer == parse_answer(form, f" {text}\n", context)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "unit", ["9", "1 ", " ", "1e", "0.1-", "(", "%", "a < ", "1:", "5%: 1;", "0-1: 1;", "a b ", ":", "2 to ", "\u0662"]
)
def test_long_answers_are_read_or_refused_at_once(form, unit):
    start = time.perf_counter()
    for context in CONTEXTS[:2]:
        with pytest.raises(InputError):
            parse_answer(form, "x" + unit * (1_900 // len(unit)) + "!", context)
    assert time.perf_counter() - start < 2


def test_there_is_a_parser_for_every_form_of_the_written_format():
    assert set(PARSERS) == {
        "point", "bound", "quantiles", "verbal", "ranking", "distribution", "chips", "likelihood_ratio",
    }  # fmt: skip
    assert isinstance(parse_answer("point", "2%", SameContext()), Point)
