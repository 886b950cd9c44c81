"""Every fitted answer beside what the fit implies and what it would have expected of that expert, in natural units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.elicitation.judgements import Judgement
from precursor.network.grammar import ParameterQuery
from precursor.inference.fit import Fit
from precursor.inference.likelihood import Terms
from precursor.inference.model import spread_of
from precursor.inference.pointwise import terms_over
from precursor.inference.rows import Row

if TYPE_CHECKING:
    import xarray as xr

_DRAWS = 400
_LEVELS = (0.05, 0.5, 0.95)
_Z95 = 1.645
_WIDTH_FACTOR = 1.5


def judgement_table(fit: Fit) -> xr.Dataset:
    """Return one row per fitted answer of a single quantity of the network (dim ``judgement``).

    ``stated`` with its 5-95 % (rounding, vagueness of words); ``implied``: posterior of the quantity asked, offset
    included; ``predicted``: what would have been expected of such an expert, the expert's own other answers unknown;
    ``surprise``: two-sided tail probability of the answer under that (for a bound: of its being met).
    """
    import xarray as xr

    rows = fit.plan.observations.rows
    listed = [i for i, row in enumerate(rows) if row.kind in ("quantity", "likelihood_ratio")]
    if not listed:
        return xr.Dataset()
    implied, expected, scale = _over_draws(fit)
    rng = np.random.default_rng(fit.settings.seed + 3)
    predicted = expected + scale * rng.standard_t(4, expected.shape)
    table = [_entry(fit, i, rows[i], implied[:, i], predicted[:, i]) for i in listed]
    return xr.Dataset({name: ("judgement", np.array([entry[name] for entry in table])) for name in table[0]})


def _over_draws(fit: Fit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return implied log-odds, location and scale of every answer in its own direction, (draws, answer)."""
    plan = fit.plan
    latent = fit.latent.reshape(-1, fit.latent.shape[-1])
    chosen = latent[np.linspace(0, len(latent) - 1, min(_DRAWS, len(latent))).astype(int)]
    found: Terms = terms_over(plan, chosen)
    variance = spread_of(plan, found, lambda matrix, x: (matrix @ x.T).T)
    offsets = {offset.id: offset.mean for offset in plan.observations.offsets}
    shift = np.array([offsets.get(row.question.offset or "", 0.0) for row in plan.observations.rows])
    unconstrained = plan.space.mean + chosen[:, plan.layout.parameters] @ plan.space.loadings.T
    quantities = plan.quantities.over(unconstrained)
    extra = np.zeros((len(chosen), len(plan.observations.seeds) + 1))
    compared = np.concatenate([quantities, extra], axis=1)[:, plan.facing.position]
    return compared + shift, plan.facing.turn * found.expected, np.sqrt(variance)


def _entry(fit: Fit, index: int, row: Row, implied: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    survey = next(survey for survey in fit.plan.observations.surveys if survey.id == row.survey)
    typed = row.judgement if isinstance(row.judgement, Judgement) else None
    scale = "ratio" if row.kind == "likelihood_ratio" or _is_ratio(fit, row) else "probability"
    low, middle, high = _stated(row)
    return {
        "index": index,
        "survey": row.survey,
        "person": row.unit.id,
        "label": row.unit.label,
        "group": row.unit.noise_group or "published groups",
        "camp": row.unit.group.partition("/")[2],
        "question": row.question.id,
        "wording": row.question.wording,
        "query": str(row.question.query),
        "form": typed.form if typed else "summary",
        "answer": typed.text if typed else f"median of {row.judgement.n:,} people",  # type: ignore[union-attr]
        "comment": (typed.comment or "") if typed else "",
        "synthetic": survey.synthetic,
        "scale": scale,
        **dict(
            zip(("stated_low", "stated", "stated_high"), (_natural(x, scale) for x in (low, middle, high)), strict=True)
        ),
        **_quantiles("implied", implied, scale),
        **{name: value for name, value in _quantiles("predicted", predicted, scale).items() if name != "predicted"},
        "surprise": _surprise(row, predicted),
    }


def _is_ratio(fit: Fit, row: Row) -> bool:
    query = row.question.query
    name = query.name if isinstance(query, ParameterQuery) else ""
    return any(parameter.name == name and parameter.scale == "log" for parameter in fit.plan.space.parameters)


def _stated(row: Row) -> tuple[float, float, float]:
    """Return 5, 50 and 95 % of what the answer says, on the unconstrained scale; bounds are open to one side."""
    said = row.statement
    if said.censored == "below":
        return -np.inf, np.nan, said.location
    if said.censored == "above":
        return said.location, np.nan, np.inf
    spread = _Z95 * np.sqrt(said.variance + said.phrase_sd**2 + (_WIDTH_FACTOR * said.width) ** 2)
    return said.location - spread, said.location, said.location + spread


def _surprise(row: Row, predicted: np.ndarray) -> float:
    # One draw more on either side: a few hundred draws cannot tell a tail from nothing.
    below = float(((predicted < row.statement.location).sum() + 1) / (len(predicted) + 2))
    if row.statement.censored == "below":
        return below
    return 1.0 - below if row.statement.censored == "above" else 2 * min(below, 1.0 - below)


def _quantiles(name: str, values: np.ndarray, scale: str) -> dict[str, float]:
    low, middle, high = np.quantile(values, _LEVELS)
    return {name: _natural(middle, scale), f"{name}_low": _natural(low, scale), f"{name}_high": _natural(high, scale)}


def _natural(value: float, scale: str) -> float:
    return float(np.exp(min(value, 700.0))) if scale == "ratio" else float(0.5 * (1 + np.tanh(0.5 * value)))
