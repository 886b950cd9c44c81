"""Which ways lead to an existential catastrophe, what each is worth removing, and what interventions would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.analysis import interventions, pathways, priorities
from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate, plain
from precursor.analysis.queries import CATASTROPHE, TAI
from precursor.analysis.source_answers import answers_at
from precursor.analysis.sources import Source
from precursor.argument.nodes import PATHWAYS

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


def pathway_document(source: Source, others: Sequence[Source] = ()) -> dict[str, Any]:
    """Return the whole page: ``source``, ``kind``, ``draws``, ``pathways``, ``interventions``, ``priorities``.

    ``priorities`` has an entry for the source and each of the others, with the name of each.
    """
    asked = [*queries(), *interventions.queries(), *priorities.queries()]
    answers = answers_at(source, asked)
    ranked = [(source, answers), *((other, answers_at(other, priorities.queries())) for other in others)]
    return plain(
        {
            "source": source.name,
            "kind": source.kind,
            "draws": len(source.unconstrained),
            "defaults_used": list(source.defaults_used),
            "pathways": pathway_table(answers),
            "given_tai": {"query": _GIVEN_TAI, **estimate(answers.values(_GIVEN_TAI))},
            "interventions": interventions.interventions(answers),
            "priorities": [{"source": one.name, **priorities.priorities(found)} for one, found in ranked],
        }
    )


def _without_leak(answers: Answers) -> np.ndarray:
    leak = answers.posterior_parameters[:, answers.space.names.index("p_existential_leak")]
    given_tai, tai = answers.values(_GIVEN_TAI), answers.values(f"P({TAI})")
    return np.asarray(tai * (1.0 - (1.0 - given_tai) / (1.0 - leak)))


def _removed(name: str) -> str:
    return f"P(existential_catastrophe=yes | do({name}=no))"
