"""What a crowd leaves open, beside the floor that the error which all of its people share puts under every interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from precursor.campaigns.campaign import Result
from precursor.validation.recovery import ADDED, STRETCHED
from precursor.validation.recovery_document import Document, group_document, held_in_words

# What a thousand people leave open may fall short of the floor by so much, for both are averages over a few truths.
SHORT_OF_FLOOR = 0.8
_FORMS = {ADDED: "added", STRETCHED: "stretched"}


def crowd_group(settings: Mapping[str, Any], found: Result) -> Document:
    """Return one group's entry (`group_document`) with the form of the error in the answers and in the fit."""
    told, believed = settings["amplified_error"]
    return group_document(settings, found) | {"told": _FORMS[told], "believed": _FORMS[believed]}


def crowd_document(groups: Sequence[Document], floor: Document) -> Document:
    """Return the document of all crowds; ``floor`` is the entry of infinitely many people.

    Passed: where the error is stretched, in the answers as in the fit, the largest crowd's intervals are not narrower
    than the floor (but for `SHORT_OF_FLOOR`).  Where it is merely added they may be: the scatter tells it apart.
    """
    largest = max(group["people"] for group in groups)
    ratios = {
        f"{g['people']} people, told {g['told']}, believed {g['believed']}": g["width"] / floor["width"] for g in groups
    }
    judged = [g for g in groups if g["people"] == largest and g["told"] == g["believed"] == _FORMS[STRETCHED]]
    return {
        "passed": bool(judged) and all(g["width"] >= SHORT_OF_FLOOR * floor["width"] for g in judged),
        "groups": list(groups),
        "floor": floor,
        "width_over_floor": ratios,
        "lines": [
            _HEAD,
            *(_line(group) for group in groups),
            f"infinitely many people (no scatter is looked at): width {floor['width']:.2f}",
        ],
    }


_HEAD = "people  error told / believed  fits   bias (se)       rms  width  held of 50, 80, 90 %"


def _line(group: Document) -> str:
    return (
        f"{group['people']:>6}  {group['told'] + ' / ' + group['believed']:<22}{group['fits']:>5}  "
        f"{group['bias']:+.2f} ({group['bias_error']:.2f})  {group['root_mean_square']:.2f}  "
        f"{group['width']:>5.2f}  {held_in_words(group)}"
    )
