"""What spreadsheets do to cells: fractions and ranges become dates, odds become times, formulas become errors."""

from __future__ import annotations

import re

from precursor.elicitation.answers.numbers import LONGEST_ANSWER, refuse, shown

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_CLOCK = r"[0-9]{1,3}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*[ap]m)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[0-9]{{4}}([-/.])[0-9]{{1,2}}\1[0-9]{{1,2}}(?:[ t]+{_CLOCK}z?)?",
        rf"[0-9]{{1,2}}([-/.])[0-9]{{1,2}}\1(?:[0-9]{{4}}|[0-9]{{2}})(?:[ ,]+{_CLOCK})?",
        rf"[0-9]{{1,2}}[-/. ]*{_MONTH}\.?(?:[-/., ]*[0-9]{{2,4}})?",
        rf"{_MONTH}[-/. ]*[0-9]{{1,4}}(?:,? *[0-9]{{4}})?",
        r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:\s*[ap]m)?",
    )
)
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|#+)", re.IGNORECASE)


def cleaned(text: str, allowed: str) -> str:
    """Return an answer without outer white space; raise `InputError` for what no form of answer can be."""
    if len(text) > LONGEST_ANSWER:
        raise refuse(f"The answer is too long ({len(text)} characters).", f"up to {LONGEST_ANSWER} characters")
    text = text.strip()
    if not text:
        raise refuse("The answer is blank, which means declined.", allowed)
    if any(pattern.fullmatch(text) for pattern in _DATES):
        raise refuse(f"A spreadsheet has turned this answer into a date or time: {shown(text)}.", _typed_again(allowed))
    if _ERROR.fullmatch(text):
        raise refuse(f"A spreadsheet has left an error here: {shown(text)}.", allowed)
    if text.startswith("="):
        raise refuse(f"This is a formula, not its result: {shown(text)}.", allowed)
    return text


def _typed_again(allowed: str) -> str:
    return f"the answer typed again, in a cell formatted as text: {allowed}"
