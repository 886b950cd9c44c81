"""The pages: every section in order, with stamps and alternative texts, ready for the lint and for setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from precursor.figures.pictures import alt_texts
from precursor.report.blocks import Block, Section
from precursor.report.marks import marked, prior_dominated
from precursor.report.sections.answers import answers
from precursor.report.sections.appendix import appendix
from precursor.report.sections.audit import audit
from precursor.report.sections.before_and_after import moved
from precursor.report.sections.calibration import calibration
from precursor.report.sections.cruxes import cruxes
from precursor.report.sections.disagreement import disagreement
from precursor.report.sections.emergence import emergence
from precursor.report.sections.experiments import evidence
from precursor.report.sections.first import TITLE, first
from precursor.report.sections.interventions import interventions
from precursor.report.sections.limits import limits
from precursor.report.sections.method import method
from precursor.report.sections.pathways import pathways, priorities
from precursor.report.sections.provenance import provenance
from precursor.report.sections.sensitivity import sensitivity
from precursor.report.sections.structures import structures

_SECTIONS = (
    first, method, answers, moved, emergence, pathways, interventions, priorities, cruxes, evidence, disagreement,
    sensitivity, structures, audit, calibration, limits, provenance,
)  # fmt: skip


def document(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the pages say.

    Keys: ``title``, ``run``, ``version``, ``stamps``, ``page_one`` (whether the first section has a page of its own)
    and ``sections`` (see `precursor.report.blocks`).

    Parameters
    ----------
    data
        The numbers (see `precursor.analysis.document.report_data`).
    """
    alts = alt_texts(dict(data))
    drawn = sum(name.startswith("answers-") for name in alts)
    sections = [make(data) for make in _SECTIONS] + appendix(data, drawn)
    version = data["provenance"].get("versions", {}).get("precursor", "")
    made = {"title": TITLE, "run": data["run"]["name"], "version": version, "page_one": True, "sections": sections}
    return finished(made, stamps_of(data["run"]), alts, prior_dominated(data))


def stamps_of(run: Mapping[str, Any]) -> list[str]:
    """Return what every table and figure of a run has to say of itself."""
    found = [("synthetic answers", run["synthetic"]), ("not converged", not run["converged"])]
    return [stamp for stamp, holds in found if holds]


def finished(
    made: dict[str, Any], stamps: list[str], alts: Mapping[str, str], dominated: Mapping[str, str]
) -> dict[str, Any]:
    """Return a document whose tables and figures carry stamps and marks, its figures their alternative texts."""

    def whole(block: Block) -> Block:
        if block["block"] not in ("figure", "table"):
            return block
        alt = {"alt": alts[block["name"]]} if block["block"] == "figure" else {}
        return {**marked(block, dominated), "stamps": list(stamps), **alt}

    sections = [{**one, "blocks": [whole(block) for block in one["blocks"]]} for one in made["sections"]]
    return {**made, "stamps": stamps, "sections": sections}


def blocks_of(made: Mapping[str, Any]) -> Iterable[tuple[Section, Block]]:
    """Yield every block with its section."""
    for one in made["sections"]:
        for block in one["blocks"]:
            yield one, block
