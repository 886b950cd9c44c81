"""Put the joint-distribution test, recovery, the floor and broken answers into VALIDATION.md and docs/validation.

    python -m scripts.recovery_figures RESULTS        # the folder of `precursor validate --out`

Campaigns that are still under way are taken as far as they are; what is not there stays as it is.  Joint chains with a
planted mistake are read from ``RESULTS/joint_planted/<mistake>``, made of `tests.validation.mistaken_joints`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from precursor.campaigns import ResultsFolder
from precursor.figures.recovery import misspecified_figure, recovery_figure
from precursor.figures.style import svg
from precursor.validation.checks import write_document
from precursor.validation.crowd_document import crowd_document, crowd_group
from precursor.validation.joint_chain import PLANS, statistics_of
from precursor.validation.joint_verdict import joint_document
from precursor.validation.misspecified_document import misspecified_document, misspecified_group
from precursor.validation.recovery_document import group_document, recovery_document
from precursor.writing import write_file
from scripts.validation_figures import KEPT, PAGE, between, tasks

Document = dict[str, Any]
FIGURES: dict[str, Callable[[Document], Any]] = {"recovery": recovery_figure, "misspecified": misspecified_figure}
JOINT = {"joint": "small", "joint_whole": "whole"}
FEWEST = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    results = parser.parse_args().results
    page = PAGE.read_text(encoding="utf-8")
    for name, document in documents(results).items():
        (KEPT / name).mkdir(parents=True, exist_ok=True)
        write_document(KEPT / name, document)
        text = "```\n" + "\n".join([*document["lines"], *made_by(document)]) + "\n```"
        if name in FIGURES:
            write_file(KEPT / name / f"{name}.svg", svg(FIGURES[name](document)).encode())
            text += f"\n\n![{name}](docs/validation/{name}/{name}.svg)"
        page = between(page, name, text)
    write_file(PAGE, page.encode())


def documents(results: Path) -> dict[str, Document]:
    """Return the document of every check of which there are results."""
    found: dict[str, Document] = {}
    for check, surveys in JOINT.items():
        if tasks(results / check):
            found[check] = joint(results / check, surveys)
    planted = sorted(path for path in (results / "joint_planted").glob("*") if tasks(path))
    if planted:
        found["joint_planted"] = joint_planted(planted)
    for check in ("recovery", "recovery_whole", "many_people"):
        groups = [group_document(r.manifest["settings"], taken(r)) for r in folders(results / check)]
        if groups:
            found[check] = recovery_document(groups) | made(folders(results / check)[0])
    crowds = folders(results / "crowd")
    floors = [r for r in crowds if r.manifest["settings"]["people"] == "all"]
    if floors and len(crowds) > 1:
        groups = [crowd_group(r.manifest["settings"], taken(r)) for r in crowds if r not in floors]
        floor = group_document(floors[0].manifest["settings"], taken(floors[0]))
        found["crowd"] = crowd_document(groups, floor) | made(crowds[0])
    broken = [
        misspecified_group(r.manifest["settings"]["scenario"], r.manifest["settings"]["people"], taken(r))
        for r in folders(results / "misspecified")
    ]
    if broken:
        found["misspecified"] = misspecified_document(broken) | made(folders(results / "misspecified")[0])
    return found


def joint(folder: Path, surveys: str) -> Document:
    results = ResultsFolder(folder)
    names, checkpoints = statistics_of(PLANS[surveys]()), results.manifest["settings"]["checkpoints"]
    return joint_document(taken(results), names, checkpoints) | made(results)


def joint_planted(folders: list[Path]) -> Document:
    """Return after how many rounds each planted mistake was caught."""
    found = {folder.name: joint(folder, "small") for folder in folders}
    lines = []
    for name, document in found.items():
        caught = [str(point["rounds"]) for point in document["checkpoints"] if not point["passed"]]
        after = f"caught after {caught[0]} rounds" if caught else "NOT CAUGHT"
        last = document["checkpoints"][-1]
        lines.append(
            f"{name:<20}{document['chains']} chains: {after}; after {last['rounds']} the p-value of the ranks is "
            f"{last['ranks_p_value']:.1g}, of the moments {last['moments_p_value']:.1g}"
        )
    passed = all(any(not point["passed"] for point in document["checkpoints"]) for document in found.values())
    return {"passed": passed, "mistakes": found, "lines": lines} | made(ResultsFolder(folders[0]))


def folders(parent: Path) -> list[ResultsFolder]:
    return [ResultsFolder(path) for path in sorted(parent.glob("*")) if len(tasks(path)) >= FEWEST]


def taken(results: ResultsFolder) -> dict[str, Any]:
    return results.stacked(tasks(results.folder))


def made(results: ResultsFolder) -> Document:
    return {"provenance": results.manifest["provenance"], "seed": results.manifest["seed"]}


def made_by(document: Document) -> list[str]:
    provenance = document["provenance"]
    verdict = "passed" if document["passed"] else "FAILED"
    return [f"{verdict}; version {provenance['versions']['precursor']}, source {provenance['source'][:12]}"]


if __name__ == "__main__":
    main()
