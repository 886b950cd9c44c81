"""The three cautions of page one, a sentence or two each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import PRIOR_MARK, Run, emphasis, strong
from precursor.report.words import between, pct, plural, who


def caution(found: Mapping[str, Any], data: Mapping[str, Any]) -> list[Run]:
    """Return a caution as a sentence with its number."""
    match found["kind"]:
        case "outcomes":
            return [strong("No outcome has tested this number, and none can yet. "), *_decided(found)]
        case "voices":
            most = found["most_about_training"]
            tail = (
                f" Of the {found['about_training']} about training, {pct(most['share'])} are {who(most)} alone."
                if most
                else ""
            )
            return [
                strong("Much of it is few people, read by us. "),
                f"{found['our_reading']} of {plural(found['answers'], 'answer', 'answers')} are our readings of what "
                f"authors wrote, not their own answers.{tail}",
            ]
    share = f"{found['dominated']} of {found['parameters']} parameters"
    ids = {e["id"]: e["label"] for e in data["headline"]}
    if found["headline"]:
        named = "; ".join(ids[id_] for id_ in found["headline"])
        return [strong("No better than the prior: "), f"{named}. On {share} the answers taught next to nothing."]
    pulls = "both" in (found["diagnosis"] or "")
    tail = " Assumptions and answers both pull: the result moves when either is given more weight." if pulls else ""
    return [
        strong("Much of it is still what we assumed. "),
        f"On {share} the answers taught next to nothing; what hangs on these alone is marked {PRIOR_MARK}.{tail} And "
        "the model itself may be wrong: no interval here knows of that.",
    ]


def _decided(found: Mapping[str, Any]) -> list[Run]:
    ranges = found["decisions"]
    text: list[Run] = [
        "How far all experts err together, and whether they over- or understate their odds, is decided, not learned."
    ]
    if ranges["deceptive"] and ranges["catastrophe"]:
        text.append(
            f" Other decisions put deception at {between(ranges['deceptive'])}, catastrophe at "
            f"{between(ranges['catastrophe'])}."
        )
    if found["not_converged"]:
        text.append(emphasis(f" ({found['not_converged']} of these fits did not converge.)"))
    return text
