"""What a run's report says of the audit: incoherence, on whom the headline depends, how many experts there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.analysis.document.headline import ids_of_queries

_LISTED = 12
_WORST = 5


def audit_digest(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of `audit_document` that are printed; everything else is had by ``precursor audit RUN``.

    ``leave_out`` holds the moves of the headline, in probability, by the quantity's id: the largest first, of those
    that can be trusted; ``untrusted`` names the others.
    """
    rows, ids = document["leave_out"]["rows"], ids_of_queries(document["leave_out"]["queries"])
    trusted = [row for row in rows if row["moves"] is not None]
    trusted.sort(key=lambda row: -row["largest_move"])
    effective = document["effective_experts"]
    return {
        "coherence": {
            "people": len(document["coherence"]["experts"]),
            "coherent": document["coherence"]["coherent"],
            "conflicts": document["coherence"]["conflicts"][:_WORST],
            "unit": document["coherence"]["unit"],
        },
        "conflicts": {key: document["conflict"][key] for key in ("tests", "untrusted", "named")},
        "leave_out": [
            {
                **{key: row[key] for key in ("without", "label", "answers", "pareto_k")},
                "moves": {id_: move for id_, move in zip(ids, row["moves"], strict=True) if id_},
                "errors": {id_: error for id_, error in zip(ids, row["errors"], strict=True) if id_},
            }
            for row in trusted[:_LISTED]
        ],
        "compared": len(trusted),
        "untrusted": [f"{row['label']} ({row['without']})" for row in rows if row["moves"] is None],
        "effective": {key: effective[key] for key in ("sources", "overall", "sentences")},
    }
