r"""How many independent experts the answers to one question are worth.

Given the quantity, the answers y of n experts to a question have covariance V over (oriented log-odds)::

    V = blockdiag(each unit's own matrix)  +  omega^2 1 1'  +  camps' biases  +  the worldview's pull on the two sides,

own being the person's bias, slope, residual, worldview and noise; omega the error shared by all who were asked.  The
information that the answers hold of the quantity, and the number of independent experts that would hold as much, are

    I = 1' V^-1 1,     n_eff = I / mean_i(1 / V_ii),

which is 1' R^-1 1, R the correlation matrix, where all variances are equal, and n / (1 + (n - 1) rho) where all
correlations are as well.  As n grows that does not grow beyond 1 / rho: the limit on information from dependent sources
(Clemen and Winkler 1985, doi 10.1287/opre.33.2.427), here ``(1 / omega^2) / mean_i(1 / V_ii)``.  Camps that err in
opposite directions can be worth *more* than as many independent experts, because their errors cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from precursor.inference.audit.posterior import AuditedPosterior, scale_matrix
from precursor.inference.decisions import GROUP_BIAS_SD, LOADING_MEAN_SD, SCALES
from precursor.inference.density.likelihood import Terms
from precursor.inference.density.model import spread_of
from precursor.inference.plan import Plan

MOST_DRAWS = 200
_NU = 4.0
_FEWEST = 2


@dataclass(frozen=True)
class Effective:
    """The effective number of experts on one question.

    Attributes
    ----------
    units
        Experts, and published groups, who answered with a number.
    number
        Mean over draws, and 5 % and 95 %.
    limit
        Mean over draws of what however many such experts cannot exceed; infinite without shared error.
    """

    question: str
    units: int
    number: float
    low: float
    high: float
    limit: float


def effective_number(covariance: np.ndarray, first: Sequence[int] | None = None) -> float:
    """Return the effective number of a covariance matrix of answers, (answer, answer).

    ``first`` says where each source's answers begin, if a source may have several; each then counts once.
    """
    ones = np.ones(len(covariance))
    starts = list(range(len(covariance))) if first is None else list(first)
    ends = [*starts[1:], len(covariance)]
    alone = [_information(covariance[a:b, a:b], ones[a:b]) for a, b in zip(starts, ends, strict=True)]
    return _information(covariance, ones) / float(np.mean(alone))


def _information(covariance: np.ndarray, ones: np.ndarray) -> float:
    # Clones have a singular covariance: the pseudo-inverse counts them once.
    return float(ones @ np.linalg.pinv(covariance, hermitian=True) @ ones)


def effective_experts(posterior: AuditedPosterior) -> tuple[Effective, ...]:
    """Return the effective number of experts of every question that two or more units answered with a number."""
    thin = posterior.affordable(MOST_DRAWS)
    plan, found, draws = thin.plan, thin.terms(), len(thin.latent)
    rows_of: dict[str, list[int]] = {}
    for i, row in enumerate(plan.observations.rows):
        if row.kind == "quantity" and row.statement.censored == "none":
            rows_of.setdefault(row.asked, []).append(i)
    scales = _scales(plan, thin.latent)
    variance = np.broadcast_to(spread_of(plan, found, lambda m, x: (m @ x.T).T), (draws, len(plan.observations.rows)))
    listed = []
    for asked, rows in rows_of.items():
        units = _units(plan, rows)
        if len(units) < _FEWEST:
            continue
        shared = [_shared(plan, members, scales, draws) for members in _by_size(units)]
        blocks = [_blocks(plan, found, members, variance) for members in _by_size(units)]
        numbers, limits = _numbers(blocks, shared, scales["shared_error"])
        low, high = np.quantile(numbers, [0.05, 0.95])
        listed.append(
            Effective(asked, len(units), float(numbers.mean()), float(low), float(high), float(limits.mean()))
        )
    return tuple(listed)


def overall(found: Sequence[Effective], experts: int) -> float | None:
    """Return the effective number of all experts: their number times the mean share that counts, by answer."""
    answers = sum(one.units for one in found)
    return experts * sum(one.number for one in found) / answers if answers else None


def _numbers(
    blocks: Sequence[np.ndarray], shared: Sequence[np.ndarray], omega: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return effective numbers and their limits, (draw,), without forming the whole matrix (Woodbury).

    ``blocks`` are the units' own matrices, (draw, unit, answer, answer), by how many answers they have; ``shared`` what
    they share with others, (draw, unit, answer, factor).
    """
    draws, factors_of = len(omega), shared[0].shape[3]
    ones_inside, alone, units = np.zeros(draws), np.zeros(draws), 0
    mixed, inside = np.zeros((draws, factors_of)), np.zeros((draws, factors_of, factors_of))
    for block, factors in zip(blocks, shared, strict=True):
        ones = np.ones((*factors.shape[:3], 1))
        solved = np.linalg.solve(block, np.concatenate([ones, factors], axis=3))
        ones_inside = ones_inside + solved[..., 0].sum(axis=(1, 2))
        mixed = mixed + np.einsum("durf,dur->df", factors, solved[..., 0])
        inside = inside + np.einsum("durf,durg->dfg", factors, solved[..., 1:])
        whole = block + factors @ factors.transpose(0, 1, 3, 2)
        alone = alone + np.linalg.solve(whole, ones).sum(axis=(1, 2, 3))
        units += block.shape[1]
    taken = np.linalg.solve(np.eye(factors_of) + inside, mixed[..., None])[..., 0]
    information = ones_inside - (mixed * taken).sum(axis=1)
    mean = alone / units
    with np.errstate(divide="ignore"):
        return np.asarray(information / mean), np.asarray(1.0 / omega**2 / mean)


def _by_size(units: Sequence[list[int]]) -> list[np.ndarray]:
    """Return the units' rows, (unit, answer), units with equally many answers together."""
    return [np.array([rows for rows in units if len(rows) == n]) for n in sorted({len(rows) for rows in units})]


def _blocks(plan: Plan, found: Terms, members: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return the covariance of each unit's own errors, (draw, unit, answer, answer).

    The information that Student's t holds of its location is that of a Normal wider by ``(4 + n + 2) / (4 + n)``.
    """
    n = members.shape[1]
    if n == 1:
        own = variance[:, members[:, 0], None, None]
    else:
        own = np.stack([scale_matrix(plan, found, len(variance), rows.tolist()) for rows in members], axis=1)
    return np.asarray(own * (_NU + n + 2) / (_NU + n))


def _shared(plan: Plan, members: np.ndarray, scales: dict[str, np.ndarray], draws: int) -> np.ndarray:
    """Return what answers share across units, (draw, unit, answer, factor): shared error, worldview, camps' biases."""
    columns = plan.columns
    factors = np.zeros((draws, *members.shape, 2 + len(plan.observations.groups)))
    factors[..., 0] = scales["shared_error"][:, None, None] * (columns.shared[members] >= 0)
    pull = columns.side[members] * columns.worldview[members] * plan.facing.push[members]
    spread = scales["loading_spread"][:, None, None] ** 2 * (columns.placed[members] >= 0) + LOADING_MEAN_SD**2
    factors[..., 1] = np.sqrt(spread) * pull
    for k in range(len(plan.observations.groups)):
        here = columns.group[members] == k
        factors[..., 2 + k] = GROUP_BIAS_SD * columns.bias[members] * plan.facing.push[members] * here
    return factors


def _scales(plan: Plan, latent: np.ndarray) -> dict[str, np.ndarray]:
    at = plan.layout.scales.start
    return {
        name: plan.decisions.times(name) * np.exp(p.log_median + p.log_sd * latent[:, at + i])
        for i, (name, p) in enumerate(SCALES.items())
    }


def _units(plan: Plan, rows: Sequence[int]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for i in rows:
        found.setdefault(int(np.searchsorted(plan.sharing.first_row, i, side="right")) - 1, []).append(i)
    return list(found.values())
