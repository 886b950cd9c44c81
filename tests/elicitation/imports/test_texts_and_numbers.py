import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.elicitation.imports.numbers import has_comma, point_decimals, surely_decimal
from precursor.elicitation.imports.texts import clean, folded, heading, is_identity, unrunnable, without_emails
from precursor.problems import InputError


@pytest.mark.parametrize(
    ("text", "comma", "pointed"),
    [
        ("0,5", True, "0.5"),
        ("12,5 %", True, "12.5 %"),
        ("1.234,5", True, "1234.5"),
        ("0.5", True, "0.5"),
        ("5%: 0,1; 95%: 0,4", True, "5%: 0.1; 95%: 0.4"),
        ("1,000", False, "1000"),
        ("1 in 1,000,000", False, "1 in 1000000"),
        ("1 in 1 000", None, "1 in 1000"),
        ("1 in 1'000", None, "1 in 1000"),
        ("10 to 20", None, "10 to 20"),
        ("very unlikely, really", None, "very unlikely, really"),
    ],
)
def test_numbers_get_points(text, comma, pointed):
    assert point_decimals(text, comma) == pointed


@pytest.mark.parametrize(("text", "comma"), [("0,5", None), ("1,000", None), ("0,5", False), ("12,5", False)])
def test_a_comma_that_is_not_known_is_refused(text, comma):
    with pytest.raises(InputError, match="comma"):
        point_decimals(text, comma)


@given(st.text("0123456789.,% in<>~", max_size=12), st.booleans())
def test_reading_twice_changes_nothing(text, comma):
    try:
        once = point_decimals(text, comma)
    except InputError:
        return
    assert point_decimals(once, comma) == once or has_comma(text)


def test_what_is_surely_a_decimal_comma():
    assert surely_decimal("0,5")
    assert surely_decimal("12,5")
    assert not surely_decimal("1,000")
    assert not surely_decimal("0.5")


def test_typography_goes():
    assert clean("\u00a012\u202f%\u200b ") == "12 %"
    assert clean("\u201cvery\u201d &lt;1%") == '"very" <1%'
    assert heading("<p>How <b>probable</b>&nbsp;is it?</p>") == "How probable is it?"
    assert clean("<1%") == "<1%"
    assert folded("How probable, is IT?") == folded("<b>how</b> probable is\u00a0it")


@pytest.mark.parametrize("text", ["ada@example.org", "mail: a.b+c@d.example", "192.168.0.1", "2001:db8::ff00:42:8329"])
def test_identities(text):
    assert is_identity(text)


@pytest.mark.parametrize("text", ["ada", "R_3abc", "0.5", "1.2.3", "999.1.1.1", "49:1 against", "a @ b"])
def test_no_identities(text):
    assert not is_identity(text)
    assert without_emails(text) == text


@given(st.text(max_size=8))
def test_nothing_is_run(text):
    assert unrunnable(text).lstrip()[:1] not in ("=", "+", "-", "@") or unrunnable(text) == ""
