"""Whether people's own answers can all hold, on whom the headline depends, and how many experts there really are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import Section, from_run, paragraph, row, section, strong, table
from precursor.report.words import NONE, plural, words

_TOO_LARGE = (
    "What the headline would be without somebody is found by reweighting the fit. For some it is not: so much hangs on "
    "them that no draws of this fit stand for the others alone. They are"
)


def audit(data: Mapping[str, Any]) -> Section:
    """Return the section on coherence and on whom the headline depends."""
    found = data["audit"]
    title = "Audit: coherence, dependence, how many experts"
    if not found:
        return section("audit", title, paragraph("This run was not audited."))
    own = found["coherence"]
    conflicts = [
        f" {c['label']}’s answers cannot all hold; each would have to move by {c['shift']:.2f} in log-odds."
        for c in own["conflicts"]
    ]
    rows = [
        row(
            f"{_label(r['label'])}{'' if r['without'] == 'expert' else ' (' + words(r['without']) + ')'}",
            str(r["answers"]),
            *(_moved(r, id_) for id_ in ("deceptive", "catastrophe")),
            f"{r['pareto_k']:.2f}",
        )
        for r in found["leave_out"][:8]
    ]
    tests = found["conflicts"]
    clash = ""
    if tests["tests"]:
        named = len(tests["named"])
        clash = (
            f" Where several surveys speak of one quantity, {tests['tests']} comparisons could be made; "
            f"{'none shows' if not named else f'{named} show'} a conflict beyond chance."
        )
    untrusted = "; ".join(map(_label, found["untrusted"]))
    return section(
        "audit",
        title,
        paragraph(
            strong("Own answers. "),
            f"Of {plural(own['people'], 'person', 'people')} who stated related probabilities, {own['coherent']} could "
            "hold all of them at once, rounding allowed. This needs no model, only the laws of probability.",
            *conflicts,
        ),
        paragraph(
            strong("How many experts? "),
            "People who read the same texts err together, so that many count as few. ",
            " ".join(words(s) for s in found["effective"]["sentences"][:2]),
            clash,
        ),
        *([paragraph(strong("Too large to leave out. "), f"{_TOO_LARGE} {untrusted}.")] if untrusted else []),
        *(
            [
                table(
                    "leave-out",
                    "On whom the headline depends: what it would be without one person, camp or survey.",
                    "Changes in percentage points ± Monte Carlo error, by reweighting; Pareto k says whether the "
                    "weights can be trusted (below 0.7).",
                    head=("Without|l*", "Answers|r", "Deception,\npoints|r", "Catastrophe,\npoints|r", "Pareto k|r"),
                    rows=rows,
                    source=from_run("audit"),
                )
            ]
            if rows
            else []
        ),
    )


def _label(name: str) -> str:
    """Return who is left out, ``group/camp`` in words."""
    return words(name).replace("/", ", ")


def _moved(found: Mapping[str, Any], id_: str) -> str:
    if id_ not in found["moves"]:
        return NONE
    change = 100 * found["moves"][id_]
    sign = "+" if change >= 0.05 else "−" if change <= -0.05 else ""  # noqa: PLR2004 - what is shown as zero has no sign
    return f"{sign}{abs(change):.1f} ± {100 * found['errors'][id_]:.1f}"
