"""What a fit, or a finished run, says of itself: its checks, and every answer beside what was expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from precursor.inference.runs.run import Run

if TYPE_CHECKING:
    from precursor.inference.fits.fit import Fit

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "r_hat_max": "chains that began apart tell the same story (1 = the same); the worst of all unknowns",
        "ess_bulk_min": "how many independent draws the draws are worth, for means; the fewest",
        "ess_tail_min": "the same for the ends of the intervals; the fewest",
        "divergences": "steps at which the sampler lost its way",
        "e_bfmi_min": "whether the sampler's energy roams as it should; the worst chain",
    }
)
_COLUMNS = (
    "label", "question", "query", "form", "answer", "scale", "stated", "predicted_low", "predicted_high", "implied",
    "implied_low", "implied_high", "surprise", "synthetic",
)  # fmt: skip


def checks(found: Fit | Run | str | Path, *, root: str | Path | None = None) -> list[dict[str, Any]]:
    """Return every check: ``name``, ``meaning``, ``value``, ``threshold``, ``passed``.

    Raises `InputError` for an unknown run.
    """
    if isinstance(found, Run | str | Path):
        rows = _run(found, root).summary["checks"]
    else:
        from precursor.inference.fits.checks import checks_of  # noqa: PLC0415
        from precursor.inference.fits.headline import headline_logits  # noqa: PLC0415

        logits = headline_logits(found, found.flat).reshape(*found.latent.shape[:2], -1)
        rows = [check.as_json() for check in checks_of(found, logits)]
    return [{"name": row["name"], "meaning": MEANINGS.get(row["name"], ""), **row} for row in rows]


def judgements(found: Fit | Run | str | Path, *, root: str | Path | None = None) -> list[dict[str, Any]]:
    """Return every fitted answer about a single quantity, the most surprising first.

    Keys: ``label`` (who), ``question``, ``query``, ``form``, ``answer`` (as typed), ``scale`` (``probability`` or
    ``ratio``), ``stated``, ``predicted`` (``low``, ``high``: the 90 % in which such a person's answer was expected),
    ``implied`` (``low``, ``mean``, ``high``: what the fit says of the quantity itself; ``mean`` is its median),
    ``surprise`` (two-sided tail probability), ``synthetic``.  Raises `InputError` for an unknown run.
    """
    if isinstance(found, Run | str | Path):
        table = _run(found, root).judgements
    else:
        from precursor.inference.runs.judgement_table import judgement_table  # noqa: PLC0415

        table = judgement_table(found)
    if not table.sizes:
        return []
    lists = {name: table[name].values.tolist() for name in _COLUMNS}
    rows = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]
    return sorted((_nested(row) for row in rows), key=lambda row: float(row["surprise"]))


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    ends = {name: {end: row.pop(f"{name}_{end}") for end in ("low", "high")} for name in ("predicted", "implied")}
    return {**row, "predicted": ends["predicted"], "implied": {**ends["implied"], "mean": row["implied"]}}


def _run(run: Run | str | Path, root: str | Path | None) -> Run:
    return run if isinstance(run, Run) else Run.open(run, root)
