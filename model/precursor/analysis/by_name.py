"""The analysis by name: what the commands and the notebooks call.

A *source* is a scenario (name or ``.toml`` file), a run (name or folder), or anything else that `sources.open_source`
opens.  Every function returns one document, plain enough for JSON; its keys are described where it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from precursor.analysis.disagreement.concessions import SHARES
from precursor.analysis.disagreement.concessions import concessions as _concessions
from precursor.analysis.disagreement.difference import difference as _difference
from precursor.analysis.opening import PRIOR_OF, open_source, open_sources
from precursor.analysis.pathways.pathway_table import pathways_beside
from precursor.analysis.queries import DECEPTIVE
from precursor.analysis.sensitivity.sensitivity import HEADLINES
from precursor.analysis.sensitivity.sensitivity import sensitivity as _sensitivity
from precursor.analysis.value.voi import COUNT, EXPERTS, TARGETS
from precursor.analysis.value.voi import value_of_information as _value_of_information
from precursor.elicitation.store import find_root
from precursor.inference.runs.run import Run
from precursor.inference.scenarios import scenario_files

_COMPARED = ("argument", "critic")
Say = Callable[[str], None]


def _silent(_: str) -> None:
    """Say nothing."""


def pathways(source: str | Path, *, root: str | Path | None = None, say: Say = _silent) -> dict[str, Any]:
    """Return the ways to existential catastrophe, interventions, and research priorities (see `pathway_table`).

    Priorities are those of the source, of the scenarios ``argument`` and ``critic`` where there are such, and for a run
    those of its prior and of its camps; ``camps_left_out`` says why its camps are not among them, or is ``None``.
    Raises `InputError` for an unknown source.
    """
    main = open_source(source, root)
    files = scenario_files(find_root(root))
    names = [name for name in _COMPARED if name in files and name != main.name]
    run = Run.open(source, root) if main.kind == "run" else None
    if run is not None:
        names.append(f"{PRIOR_OF}{source}")
    return pathways_beside(main, [open_source(name, root) for name in names], run, say=say)


def sensitivity(
    run: str | Path | Run, queries: Sequence[str] = HEADLINES, *, root: str | Path | None = None, say: Say = _silent
) -> dict[str, Any]:
    """Return what drives the answers of a run, and whether they lean on its prior (see `sensitivity.sensitivity`)."""
    return _sensitivity(_run(run, root), queries, root=root, say=say)


def value_of_information(
    run: str | Path | Run,
    targets: Sequence[str] = TARGETS,
    *,
    experts: int = EXPERTS,
    count: int = COUNT,
    root: str | Path | None = None,
    say: Say = _silent,
) -> dict[str, Any]:
    """Return which indicators and which questions would teach most about targets (see `voi.value_of_information`)."""
    return _value_of_information(_run(run, root), targets, experts=experts, count=count, root=root, say=say)


def difference(
    a: str | Path, b: str | Path, query: str = DECEPTIVE, *, root: str | Path | None = None
) -> dict[str, Any]:
    """Return which groups of beliefs make the gap between two sources' answers (see `difference.difference`)."""
    one, other = open_sources([a, b], root)
    return _difference(one, other, query)


def concessions(
    a: str | Path,
    b: str | Path,
    query: str = DECEPTIVE,
    *,
    shares: Sequence[float] = SHARES,
    root: str | Path | None = None,
) -> dict[str, Any]:
    """Return what source A would answer if it gave way to B in one group of beliefs (see `concessions.concessions`)."""
    one, other = open_sources([a, b], root)
    return _concessions(one, other, query, shares=shares)


def _run(run: str | Path | Run, root: str | Path | None) -> Run:
    return run if isinstance(run, Run) else Run.open(run, root)
