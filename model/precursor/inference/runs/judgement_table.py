"""Every fitted answer beside what the fit implies and what it would have expected of that expert, in natural units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.elicitation.judgements import Judgement
from precursor.inference.answers.rows import Row
from precursor.inference.density.model import spread_of
from precursor.inference.density.pointwise import in_blocks, terms_over
from precursor.inference.fits.fit import Fit, unconstrained_of
from precursor.network.grammar import ParameterQuery

if TYPE_CHECKING:
    import xarray as xr

_DRAWS, _FEWEST_DRAWS, _CELLS = 400, 150, 8_000_000
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
    implied, expected, scale = _over_draws(fit, np.array(listed))
    predicted = expected + scale * np.random.default_rng(fit.settings.seed + 3).standard_t(4, expected.shape)
    columns = [_described(fit, listed), _compared(fit, [rows[i] for i in listed], implied, predicted)]
    return xr.Dataset({name: ("judgement", values) for found in columns for name, values in found.items()})


def _over_draws(fit: Fit, listed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return implied log-odds, location and scale of the listed answers in their own direction, (draws, answer)."""
    plan = fit.plan
    latent = fit.latent.reshape(-1, fit.latent.shape[-1])
    draws = min(_DRAWS, max(_FEWEST_DRAWS, _CELLS // len(listed)))
    chosen = latent[np.linspace(0, len(latent) - 1, min(draws, len(latent))).astype(int)]
    expected, spread = [], []
    for block in in_blocks(plan, chosen):
        found = terms_over(plan, block)
        expected.append((plan.facing.turn * found.expected)[:, listed])
        spread.append(spread_of(plan, found, lambda matrix, x: (matrix @ x.T).T)[:, listed])
    offsets = {offset.id: offset.mean for offset in plan.observations.offsets}
    shift = np.array([offsets.get(plan.observations.rows[i].question.offset or "", 0.0) for i in listed])
    quantities = plan.quantities.over(unconstrained_of(plan, chosen))
    implied = quantities[:, plan.facing.position[listed]] + shift
    return implied, np.concatenate(expected), np.sqrt(np.concatenate(spread))


def _described(fit: Fit, listed: list[int]) -> dict[str, np.ndarray]:
    """Return what is known of the answers without a fit: who, what, in which words."""
    surveys = {survey.id: survey for survey in fit.plan.observations.surveys}
    rows = fit.plan.observations.rows
    table = [_entry(i, rows[i], synthetic=surveys[rows[i].survey].synthetic) for i in listed]
    return {name: np.array([entry[name] for entry in table]) for name in table[0]}


def _entry(index: int, row: Row, *, synthetic: bool) -> dict[str, Any]:
    typed = row.judgement if isinstance(row.judgement, Judgement) else None
    return {
        "index": index,
        "survey": row.survey,
        "person": row.unit.id,
        "label": row.unit.label,
        "group": row.unit.noise_group or "published groups",
        "camp": row.unit.group.partition("/")[2],
        "question": row.question.id,
        "wording": row.question.wording,
        "query": row.quantity or "",
        "form": typed.form if typed else "summary",
        "answer": typed.text if typed else f"median of {row.judgement.n:,} people",  # type: ignore[union-attr]
        "comment": (typed.comment or "") if typed else "",
        "synthetic": synthetic,
    }


def _compared(fit: Fit, rows: list[Row], implied: np.ndarray, predicted: np.ndarray) -> dict[str, np.ndarray]:
    """Return stated, implied and predicted values, in natural units, and the surprise of each answer."""
    logs = {parameter.name for parameter in fit.plan.space.parameters if parameter.scale == "log"}
    ratio = np.array([row.kind == "likelihood_ratio" or _asks_for(row, logs) for row in rows])
    said = np.array([_stated(row) for row in rows]).T
    found = {"scale": np.where(ratio, "ratio", "probability")}
    for name, (low, middle, high) in (
        ("stated", said),
        ("implied", np.quantile(implied, _LEVELS, axis=0)),
        ("predicted", np.quantile(predicted, _LEVELS, axis=0)),
    ):
        found |= {
            f"{name}_low": _natural(low, ratio),
            name: _natural(middle, ratio),
            f"{name}_high": _natural(high, ratio),
        }
    del found["predicted"]
    return {**found, "surprise": _surprises(rows, predicted)}


def _asks_for(row: Row, parameters: set[str]) -> bool:
    query = row.question.query
    return isinstance(query, ParameterQuery) and query.name in parameters


def _stated(row: Row) -> tuple[float, float, float]:
    """Return 5, 50 and 95 % of what the answer says, on the unconstrained scale; bounds are open to one side."""
    said = row.statement
    if said.censored == "below":
        return -np.inf, np.nan, said.location
    if said.censored == "above":
        return said.location, np.nan, np.inf
    spread = _Z95 * np.sqrt(said.variance + said.phrase_sd**2 + (_WIDTH_FACTOR * said.width) ** 2)
    return said.location - spread, said.location, said.location + spread


def _surprises(rows: list[Row], predicted: np.ndarray) -> np.ndarray:
    location = np.array([row.statement.location for row in rows])
    # One draw more on either side: a few hundred draws cannot tell a tail from nothing.
    below = ((predicted < location).sum(axis=0) + 1) / (len(predicted) + 2)
    side = np.array([row.statement.censored for row in rows])
    either = 2 * np.minimum(below, 1.0 - below)
    return np.where(side == "below", below, np.where(side == "above", 1.0 - below, either))


def _natural(values: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    return np.where(ratio, np.exp(np.minimum(values, 700.0)), 0.5 * (1 + np.tanh(0.5 * values)))
