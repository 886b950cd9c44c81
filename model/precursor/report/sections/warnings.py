"""What has to be said before any number, and the one line on what kind of run this is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import Block, callout, paragraph
from precursor.report.words import plural, words


def warnings(data: Mapping[str, Any]) -> list[Block]:
    """Return what has to be said before any number."""
    run, found = data["run"], []
    if not run["converged"]:
        failed = ", ".join(data["labels"].get(c["name"], words(c["name"])) for c in data["checks"] if not c["passed"])
        found.append(
            callout(
                "This run did not pass its checks.",
                f"The sampler has not converged{f' ({failed})' if failed else ''}: no number below should be quoted.",
                says=["not_converged"],
            )
        )
    if run["quick"]:
        found.append(
            callout(
                "A quick run.",
                f"Only {run['draws']:,} draws: the last digits and the ends of the intervals are not reliable.",
                says=["quick"],
            )
        )
    if run["synthetic"]:
        named = ", ".join(map(words, run["synthetic_surveys"]))
        found.append(
            callout(
                "Synthetic answers.",
                f"Some answers were made up to try out the program{f' ({named})' if named else ''}: this is no "
                "statement about the world.",
                says=["synthetic"],
            )
        )
    untaught = [e["label"] for e in data["headline"] if e["prior_dominated"]]
    if untaught:
        found.append(
            callout(
                "No better than the prior.",
                "Of these quantities the answers taught less than a tenth of a bit, so that what is said is what was "
                f"assumed before: {'; '.join(untaught)}.",
                says=["no_better_than_prior"],
            )
        )
    return found


def status(data: Mapping[str, Any]) -> Block:
    """Return one line on what kind of run this is."""
    run, whose = data["run"], data["whose"]
    checks = "all checks passed" if run["converged"] else "checks NOT passed"
    real = "some answers synthetic" if run["synthetic"] else "no synthetic answers"
    made = data["provenance"].get("made")
    return paragraph(
        f"Run {run['name']}{f', {made}' if made else ''}. {plural(whose['answers'], 'answer', 'answers')} of "
        f"{plural(whose['people'], 'person or group', 'people and groups')}; {run['draws']:,} draws, {checks}; {real}.",
        small=True,
    )
