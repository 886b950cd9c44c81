"""Which ways lead to an existential catastrophe, what each is worth removing, and what interventions would change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.camps import camp_sources
from precursor.analysis.estimates import estimate, plain
from precursor.analysis.pathways import interventions, interventions_by_regime, pathways, priorities
from precursor.analysis.queries import CATASTROPHE, TAI
from precursor.analysis.source_answers import answers_at
from precursor.analysis.sources import Source, alike
from precursor.argument.nodes import PATHWAYS
from precursor.inference.runs.run import Run
from precursor.problems import InputError, Problem

_GIVEN_TAI = f"P(existential_catastrophe=yes | {TAI})"


def queries() -> list[str]:
    """Return the queries that the table needs."""
    return [_GIVEN_TAI, *(_removed(name) for name in PATHWAYS), *pathways.queries()]


def pathway_table(answers: Answers) -> dict[str, Any]:
    """Return what `pathways.pathways` does, and for every pathway and the leak its ``fall``.

    ``fall`` is by how much the catastrophe's probability falls under ``do(pathway=no)``, draw by draw: what no other
    pathway would have brought about instead.  So the falls sum to less than the total, the Shapley shares to the total.
    """
    found = pathways.pathways(answers)
    total = answers.values(CATASTROPHE)
    for row in found["pathways"]:
        name = row["pathway"]
        query = None if name == pathways.LEAK else _removed(name)
        rest = _without_leak(answers) if query is None else answers.values(query)
        row["fall"] = {"query": query, **interventions.effect(total - rest)}
    return found


def pathways_beside(
    source: Source, others: Sequence[Source], run: Run | None, *, say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Return the whole page (`pathway_document`) of a source beside others, and beside the camps of a run.

    ``camps_left_out`` says why the camps are not among them, or is ``None``.
    """
    camps, reason = camp_sources(run) if run is not None else ([], None)
    one, *rest = alike([source, *others, *camps])
    return {**pathway_document(one, rest, say=say), "camps_left_out": reason}


def pathway_document(
    source: Source, others: Sequence[Source] = (), *, say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Return the whole page.

    Keys: ``source``, ``kind``, ``draws``, ``defaults_used``, ``pathways`` (see `pathway_table`), ``given_tai``,
    ``interventions``, ``interventions_by_regime`` and ``priorities`` (see the modules of these names; an entry for the
    source and each of the others, with the name of each).
    """
    steps = len(others) + 2
    say(f"1 of {steps}: pathways and interventions.")
    answers = answers_at(source, [*queries(), *interventions.queries(), *priorities.queries()])
    say(f"2 of {steps}: interventions under every regime and objective.")
    by_regime = answers_at(source, interventions_by_regime.queries())
    ranked = [(source, answers)]
    for i, other in enumerate(others):
        say(f"{i + 3} of {steps}: priorities of {other.name}.")
        ranked.append((other, answers_at(other, priorities.queries())))
    return plain(
        {
            "source": source.name,
            "kind": source.kind,
            "draws": len(source.unconstrained),
            "defaults_used": list(source.defaults_used),
            "pathways": pathway_table(answers),
            "given_tai": {"query": _GIVEN_TAI, **estimate(answers.values(_GIVEN_TAI))},
            "interventions": interventions.interventions(answers),
            "interventions_by_regime": interventions_by_regime.interventions_by_regime(by_regime),
            "priorities": [{"source": one.name, **priorities.priorities(found)} for one, found in ranked],
        }
    )


def _without_leak(answers: Answers) -> np.ndarray:
    leak = answers.posterior_parameters[:, answers.space.names.index("p_existential_leak")]
    given_tai, tai = answers.values(_GIVEN_TAI), answers.values(f"P({TAI})")
    if np.any(leak >= 1.0):
        raise InputError(
            Problem(
                "p_existential_leak is 1: a catastrophe is certain whatever else happens, and no pathway has a share.",
                "a leak below 1",
            )
        )
    return np.asarray(tai * (1.0 - (1.0 - given_tai) / (1.0 - leak)))


def _removed(name: str) -> str:
    return f"P(existential_catastrophe=yes | do({name}=no))"
