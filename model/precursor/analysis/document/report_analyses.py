"""What `pathways`, `sensitivity`, `voi`, `scenario diff`, `whatif`, `structures` and `pool` find, for a report.

Each part is ``{"available": True, "command": ..., ...}`` with what the command's ``--json`` prints, or ``{"available":
False, "reason": ...}``: a run without answers, or a data folder without scenarios, still has a report.  ``pathways``
also has ``camps_left_out``: why the two camps are not among the priorities, or ``None``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from precursor.analysis.camps import camp_sources
from precursor.analysis.disagreement.concessions import concessions
from precursor.analysis.disagreement.difference import difference
from precursor.analysis.estimates import plain
from precursor.analysis.opening import PRIOR_OF, open_source, open_sources
from precursor.analysis.pathways.pathway_table import pathways_beside
from precursor.analysis.queries import CATASTROPHE, DECEPTIVE
from precursor.analysis.sensitivity.sensitivity import sensitivity
from precursor.analysis.sources import Source, alike, source_of_run
from precursor.analysis.structures.structures import structures
from precursor.analysis.value.voi import value_of_information
from precursor.elicitation.store import find_root
from precursor.inference.runs.run import Run
from precursor.inference.scenarios import scenario_files
from precursor.problems import InputError, Problem

SIDES = ("argument", "critic")
_FORECASTS, _OUTCOMES = "forecasts_replicats.csv", "outcomes_replicats.csv"
LEAST_DRAWS = 200
Say = Callable[[str], None]
Document = dict[str, Any]


def analyses(run: Run, root: str | Path | None = None, say: Say = lambda _: None) -> Document:
    """Return every analysis of a run that a report shows.

    Keys: ``pathways``, ``sensitivity``, ``value``, ``difference``, ``camps_difference``, ``concessions``,
    ``structures``, ``pooling``.
    """
    named = run.name
    parts: dict[str, tuple[str, str, Callable[[], Document]]] = {
        "pathways": ("Pathways, interventions, priorities", f"pathways {named}", lambda: _pathways(run, root)),
        "sensitivity": ("Sensitivity", f"sensitivity {named}", lambda: _sensitivity(run, root)),
        "value": ("Value of information", f"voi {named}", lambda: value_of_information(run, root=root)),
        "difference": ("Why the two sides differ", f"scenario diff {' '.join(SIDES)} --query", lambda: _sides(root)),
        "camps_difference": (
            "Why two camps differ",
            f"scenario diff camp:A:{named} camp:B:{named}",
            lambda: _camps(run),
        ),
        "concessions": ("Concessions", f"whatif {' '.join(SIDES)}", lambda: _concessions(root)),
        "structures": ("Other structures", f"structures {named}", lambda: _structures(run, root)),
        "pooling": ("Resolved forecasts", f"pool {_FORECASTS} {_OUTCOMES}", lambda: _pooling(root)),
    }
    found: Document = {}
    for number, (key, (title, command, make)) in enumerate(parts.items(), start=1):
        say(f"Report, {number} of {len(parts)}: {title} ...")
        try:
            found[key] = {"available": True, "command": f"precursor {command}", **make()}
        except InputError as error:
            found[key] = {"available": False, "reason": error.problems[0].message}
    return plain(found)


def _pathways(run: Run, root: str | Path | None) -> Document:
    known = scenario_files(find_root(root))
    others = [open_source(name, root) for name in SIDES if name in known]
    main = source_of_run(run)
    prior = Source(f"{PRIOR_OF}{run.name}", "prior", main.space, main.indicators, run.prior_draws())
    return pathways_beside(main, [*others, prior], run)


def _sensitivity(run: Run, root: str | Path | None) -> Document:
    draws = len(run.draws())
    if draws < LEAST_DRAWS:
        raise InputError(Problem(f"{draws} draws are too few to divide a variance among parameters."))
    return sensitivity(run, root=root)


def _sides(root: str | Path | None) -> Document:
    a, b = open_sources(SIDES, root)
    return difference(a, b, DECEPTIVE)


def _camps(run: Run) -> Document:
    found, reason = camp_sources(run)
    if not found:
        raise InputError(Problem(reason or "There are no two camps to compare."))
    return difference(found[0], found[1], CATASTROPHE)


def _concessions(root: str | Path | None) -> Document:
    a, b = open_sources(SIDES, root)
    return concessions(a, b, DECEPTIVE)


def _structures(run: Run, root: str | Path | None) -> Document:
    a, b = open_sources(SIDES, root)
    a, b, draws = alike([a, b, source_of_run(run)])
    return structures([a, b, draws], a, b)


def _pooling(root: str | Path | None) -> Document:
    from precursor.calibration.expert_model import Settings  # noqa: PLC0415
    from precursor.calibration.forecast_files import read_forecasts  # noqa: PLC0415
    from precursor.calibration.scoreboard import as_document, score_methods  # noqa: PLC0415

    folder = find_root(root).surveys.parent / "calibration"
    if not (folder / _FORECASTS).is_file():
        raise InputError(Problem("The data folder holds no resolved forecasts."))
    forecasts, settings = read_forecasts(folder / _FORECASTS, folder / _OUTCOMES), Settings()
    document = as_document(score_methods(forecasts, settings, lambda _: None))
    return {**{key: value for key, value in document.items() if key != "predictions"}, "seed": settings.seed}
