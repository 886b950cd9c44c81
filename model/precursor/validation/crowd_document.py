"""What a crowd leaves open, beside the floor that the error which all of its people share puts under every interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from precursor.campaigns.campaign import Result
from precursor.validation.recovery import ADDED, STRETCHED
from precursor.validation.recovery_document import Document, group_document, held_in_words

# What a thousand people leave open may fall short of the floor by so much, for both are averages over a few truths.
OF_FLOOR = 0.8
# How many times as much as without any shared error.
OF_NO_ERROR = 2.0
NO_ERROR = "none"
_FORMS = {ADDED: "added", STRETCHED: "stretched"}


def crowd_group(settings: Mapping[str, Any], found: Result) -> Document:
    """Return one group's entry (`group_document`) with the form of the error in the answers and in the fit."""
    forms = [
        _FORMS[share] if times else NO_ERROR
        for times, share in zip(settings["shared_error"], settings["amplified_error"], strict=True)
    ]
    return group_document(settings, found) | dict(zip(("told", "believed"), forms, strict=True))


def crowd_document(groups: Sequence[Document], floor: Document) -> Document:
    """Return the document of all crowds; ``floor`` is the entry of infinitely many people.

    Of each form of the error, told and believed alike, it is demanded that the largest crowd's intervals are not
    narrower than the floor (but for `OF_FLOOR`), and `OF_NO_ERROR` times as wide as those of the same crowd without
    shared error.  Passed: every form meets both.
    """
    largest = max((group["people"] for group in groups), default=0)
    widths = {g["told"]: g["width"] for g in groups if g["people"] == largest and g["told"] == g["believed"]}
    demands = {
        form: _demand(widths[form], floor["width"], widths[NO_ERROR])
        for form in _FORMS.values()
        if {form, NO_ERROR} <= set(widths)
    }
    return {
        "passed": len(demands) == len(_FORMS) and all(demand["met"] for demand in demands.values()),
        "groups": list(groups),
        "floor": floor,
        "demands": demands,
        "lines": [
            _HEAD,
            *(_line(group) for group in groups),
            f"infinitely many people (no scatter is looked at): width {floor['width']:.2f}",
            *(_demanded(form, largest, demand) for form, demand in demands.items()),
        ],
    }


def _demand(width: float, floor: float, without: float) -> Document:
    return {
        "over_floor": width / floor,
        "over_no_error": width / without,
        "met": width >= OF_FLOOR * floor and width >= OF_NO_ERROR * without,
    }


_HEAD = "people  error told / believed  fits   bias (se)       rms  width  held of 50, 80, 90 %"


def _line(group: Document) -> str:
    return (
        f"{group['people']:>6}  {group['told'] + ' / ' + group['believed']:<22}{group['fits']:>5}  "
        f"{group['bias']:+.2f} ({group['bias_error']:.2f})  {group['root_mean_square']:.2f}  "
        f"{group['width']:>5.2f}  {held_in_words(group)}"
    )


def _demanded(form: str, people: int, demand: Document) -> str:
    return (
        f"{form}: {people} people leave {demand['over_floor']:.2f} of the floor (wanted {OF_FLOOR:g}), "
        f"{demand['over_no_error']:.1f} times what they leave without shared error (wanted {OF_NO_ERROR:g}): "
        f"{'met' if demand['met'] else 'NOT MET'}"
    )
