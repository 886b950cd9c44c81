"""What each form of answer says on its question's scale."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy.special import expit, logit

from precursor.elicitation.answers import AnswerContext, Bound, Point, parse_answer
from precursor.elicitation.lexicon import Meaning
from precursor.inference.answers.statements import Statement, statement

MEANINGS = {"likely": Meaning("likely", 0.9, 0.4, "survey"), "unlikely": Meaning("unlikely", -1.6, 0.5, "survey")}


def said(form: str, text: str, scale: str = "probability") -> Statement | None:
    context = AnswerContext(scale, phrases=tuple(MEANINGS))  # type: ignore[arg-type]
    return statement(parse_answer(form, text, context), MEANINGS)


def stated(form: str, text: str, scale: str = "probability") -> Statement:
    found = said(form, text, scale)
    assert found is not None
    return found


def test_point_lies_in_the_interval_that_rounding_leaves_open() -> None:
    answer = stated("point", "30%")
    low, high = logit(0.295), logit(0.305)
    assert answer.location == pytest.approx((low + high) / 2, abs=1e-12)
    assert answer.variance == pytest.approx((high - low) ** 2 / 12, rel=1e-9)
    assert (answer.censored, answer.width, answer.phrase) == ("none", 0.0, None)


@pytest.mark.parametrize(("fine", "coarse"), [("30.0%", "30%"), ("0.012", "0.01"), ("5%", "~5%")])
def test_coarser_rounding_says_less(fine: str, coarse: str) -> None:
    assert stated("point", coarse).variance > 3 * stated("point", fine).variance


def test_ratio_is_read_in_logs() -> None:
    answer = stated("point", "5", "ratio")
    assert answer.location == pytest.approx((math.log(4.5) + math.log(5.5)) / 2)


@pytest.mark.parametrize(("text", "censored", "limit"), [("0%", "below", 0.005), ("100%", "above", 0.995)])
def test_rounded_ends_are_censored_not_clipped(text: str, censored: str, limit: float) -> None:
    answer = stated("point", text)
    assert answer.censored == censored
    assert answer.location == pytest.approx(logit(limit))
    assert answer.variance == 0.0


@pytest.mark.parametrize(("text", "censored", "limit"), [("<1%", "below", 0.01), (">=90%", "above", 0.9)])
def test_bound_is_censored_at_its_limit(text: str, censored: str, limit: float) -> None:
    assert stated("bound", text) == Statement(pytest.approx(logit(limit)), censored=censored)  # type: ignore[arg-type]


def test_bound_of_a_ratio_at_one_is_the_sign() -> None:
    assert stated("bound", ">1", "ratio") == Statement(0.0, censored="above")


@pytest.mark.parametrize(
    "answer", [Bound(1.0, below=True), Bound(0.0, below=False, scale="ratio"), Point(0.5, 0.0, 1.0)]
)
def test_the_whole_scale_says_nothing(answer: object) -> None:
    assert statement(answer, MEANINGS) is None


def test_quantiles_of_a_normal_give_it_back() -> None:
    levels, location, width = (0.05, 0.25, 0.5, 0.9), -1.2, 0.7
    values = [expit(location + width * NormalDist().inv_cdf(level)) for level in levels]
    text = "; ".join(f"{level:g}: {value:.15f}" for level, value in zip(levels, values, strict=True))
    answer = stated("quantiles", text)
    assert answer.location == pytest.approx(location, abs=1e-9)
    assert answer.width == pytest.approx(width, abs=1e-9)


def test_median_is_the_location_where_it_is_given() -> None:
    assert stated("quantiles", "5%: 0.01; 50%: 0.3; 95%: 0.4").location == pytest.approx(logit(0.3))


def test_wider_quantiles_have_more_width() -> None:
    narrow, wide = stated("quantiles", "5%: 0.2; 95%: 0.4"), stated("quantiles", "5%: 0.1; 95%: 0.6")
    assert wide.width > 2 * narrow.width > 0


def test_quantiles_at_the_ends_stay_finite() -> None:
    answer = stated("quantiles", "5%: 0; 50%: 0.5; 95%: 1")
    assert np.isfinite([answer.location, answer.width]).all()


def test_phrase_has_its_meaning_and_its_name() -> None:
    assert stated("verbal", "Likely") == Statement(0.9, phrase="likely", phrase_sd=0.4)


@pytest.mark.parametrize(
    ("form", "text", "complement"),
    [
        ("point", "2%", "98%"),
        ("point", "0%", "100%"),
        ("bound", "<5%", ">95%"),
        ("quantiles", "5%: 0.1; 50%: 0.3; 95%: 0.8", "5%: 0.2; 50%: 0.7; 95%: 0.9"),
        ("chips", "0-0.1: 5; 0.1-0.4: 3", "0.6-0.9: 3; 0.9-1: 5"),
    ],
)
def test_complement_stands_on_the_other_side(form: str, text: str, complement: str) -> None:
    one, other = stated(form, text), stated(form, complement)
    assert other.location == pytest.approx(-one.location, abs=1e-9)
    assert (other.variance, other.width) == (pytest.approx(one.variance), pytest.approx(one.width))
    assert {"none": "none", "below": "above", "above": "below"}[one.censored] == other.censored


def test_an_answer_of_no_known_form_is_refused_by_name() -> None:
    class Gesture:
        """An answer of no known form."""

    with pytest.raises(TypeError, match="Gesture"):
        statement(Gesture(), MEANINGS)
