"""Every fitted answer beside what the fit implies and what it would have expected of that expert, in natural units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.elicitation.judgements import Judgement
from precursor.inference.fit import Fit
from precursor.inference.observations import Row

if TYPE_CHECKING:
    import xarray as xr

_DRAWS = 400
_LEVELS = (0.05, 0.5, 0.95)
_Z95 = 1.645
_WIDTH_FACTOR = 1.5


def judgement_table(fit: Fit) -> xr.Dataset:
    """Return one row per fitted answer (dim ``judgement``).

    ``stated`` with its 5-95 % (rounding, vagueness of words); ``implied``: posterior of the quantity asked, offset
    included; ``predicted``: what would have been expected of such an expert, the expert's own other answers unknown;
    ``surprise``: two-sided tail probability of the answer under that (for a bound: of its being met).
    """
    import xarray as xr

    rows = fit.plan.observations.rows
    if not rows:
        return xr.Dataset()
    implied, expected, scale = _over_draws(fit)
    rng = np.random.default_rng(fit.settings.seed + 3)
    predicted = expected + scale * rng.standard_t(4, expected.shape)
    table = [_entry(fit, i, row, implied[:, i], predicted[:, i]) for i, row in enumerate(rows)]
    return xr.Dataset({name: ("judgement", np.array([entry[name] for entry in table])) for name in table[0]})


def _over_draws(fit: Fit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return implied log-odds, location and scale of every answer in its own direction, (draws, answer)."""
    from precursor.inference.evaluation import evaluate

    latent = fit.latent.reshape(-1, fit.latent.shape[-1])
    chosen = latent[np.linspace(0, len(latent) - 1, min(_DRAWS, len(latent))).astype(int)]
    found = evaluate(fit.plan, chosen, ("question_logit", "expected_answer", "answer_variance"))
    observations = fit.plan.observations
    query = observations.index(observations.queries, (str(row.question.query) for row in observations.rows))
    sign = fit.plan.orientation[query]
    offsets = {offset.id: offset.mean for offset in observations.offsets}
    shift = np.array([offsets.get(row.question.offset or "", 0.0) for row in observations.rows])
    return found["question_logit"][:, query] + shift, sign * found["expected_answer"], np.sqrt(found["answer_variance"])


def _entry(fit: Fit, index: int, row: Row, implied: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    survey = next(survey for survey in fit.plan.observations.surveys if survey.id == row.survey)
    typed = row.judgement if isinstance(row.judgement, Judgement) else None
    scale = "ratio" if str(row.question.query).startswith("parameter") and _is_ratio(fit, row) else "probability"
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
    name = str(row.question.query)[len("parameter(") : -1]
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
