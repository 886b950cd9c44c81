r"""The probability of one question's outcome given its answers, by exact integration over what is unknown about it.

For each draw of what was learned, x in the consensus ``c = average + spread x`` and xi, what lies beyond it, are
standard normal a priori, answers are linear in both, and so is t::

    m_y = integral of  N(x) N(xi)  prod_e StudentT4(l[e]; base[e] + on_x[e] x + on_xi[e] xi, s[e])  expit(+-t(x, xi))

by a trapezoidal grid placed on the mode and scaled by the curvature there.  ``m_0 + m_1`` is how probable the answers
are, ``m_1 / (m_0 + m_1)`` what the draw says of the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_expit, logsumexp

from precursor.calibration.expert_model import DEGREES_OF_FREEDOM, FLATTENING, Posterior
from precursor.calibration.forecasts import ResolvedForecasts

_STEPS = 25
# In local standard deviations.  Answers far apart have a second mode along x: reach it.  Steps of about one standard
# deviation are exact to eight digits for a normal density: on the whole line the trapezoidal rule converges fast.
_LINES = (np.linspace(-12.0, 12.0, 29), np.linspace(-6.0, 6.0, 13))
_CELLS = 1_000_000


@dataclass(frozen=True, eq=False)
class Evidence:
    """For each draw, the logarithms of ``m_0`` and ``m_1``, up to a constant that no draw depends on: (draw,)."""

    log_no: np.ndarray
    log_yes: np.ndarray

    @property
    def log_answers(self) -> np.ndarray:
        """How probable the answers are, (draw,)."""
        return np.logaddexp(self.log_no, self.log_yes)

    @property
    def probability(self) -> np.ndarray:
        """P(outcome = 1 | answers), (draw,)."""
        return np.exp(self.log_yes - self.log_answers)


@dataclass(frozen=True, eq=False)
class _Question:
    """The answers to one question, (answer,), and what each draw says of those who gave them, (draw, answer)."""

    logit: np.ndarray
    side: np.ndarray
    base: np.ndarray
    on_x: np.ndarray
    on_xi: np.ndarray
    squared: np.ndarray

    def part(self, draws: slice) -> _Question:
        """Return the same for some draws."""
        moved = (getattr(self, name)[draws] for name in ("base", "on_x", "on_xi", "squared"))
        return _Question(self.logit, self.side, *moved)


def evidence(posterior: Posterior, forecasts: ResolvedForecasts, rows: np.ndarray) -> Evidence:
    """Return ``m_0`` and ``m_1`` of the question whose answers stand in ``rows``."""
    question = _question(posterior, forecasts, rows)
    s = posterior.scalars
    kappa = np.sqrt(1.0 + FLATTENING * s["nu"] ** 2)
    t = np.stack([kappa * (s["average"] + s["eta"]), kappa * s["slope"] * s["spread"], s["nu"]], axis=1)
    at_once = max(1, _CELLS // (_LINES[0].size * _LINES[1].size))
    parts = [slice(start, start + at_once) for start in range(0, len(t), at_once)]
    both = np.concatenate([_integrate(question.part(draws), t[draws]) for draws in parts], axis=1)
    return Evidence(both[0], both[1])


def _question(posterior: Posterior, forecasts: ResolvedForecasts, rows: np.ndarray) -> _Question:
    s = {name: values[:, None] for name, values in posterior.scalars.items()}
    effects = posterior.of_experts(forecasts.expert[rows])
    on_x = np.sqrt(1.0 + FLATTENING * s["nu"] ** 2) * s["slope"] * s["spread"]
    extremity = s["spread"] * effects["extremity"] / np.hypot(on_x, s["nu"])
    return _Question(
        logit=forecasts.log_odds[rows],
        side=forecasts.side[rows],
        base=s["average"] + effects["bias"],
        on_x=s["spread"] + extremity * on_x,
        on_xi=extremity * s["nu"],
        squared=effects["noise"] ** 2 + forecasts.rounding[rows] ** 2,
    )


def _integrate(question: _Question, t: np.ndarray) -> np.ndarray:
    """Return the logarithms of ``m_0`` and ``m_1``, (2, draw)."""
    mode, root = _mode(question)
    steps = np.stack(np.meshgrid(*_LINES, indexing="ij"), axis=-1).reshape(-1, 2)
    nodes = mode[:, None, :] + np.einsum("dij,gj->dgi", root, steps)
    density = _log_answers(question, nodes) - 0.5 * (nodes**2).sum(axis=2)
    density += np.log(root[:, 0, 0] * root[:, 1, 1])[:, None]
    log_odds = t[:, :1] + nodes[..., 0] * t[:, 1:2] + nodes[..., 1] * t[:, 2:]
    return np.stack([logsumexp(density + log_expit(sign * log_odds), axis=1) for sign in (-1.0, 1.0)])


def _mode(question: _Question) -> tuple[np.ndarray, np.ndarray]:
    """Return the mode over (x, xi), (draw, 2), and the Cholesky factor of the inverse curvature there, (draw, 2, 2).

    Iteratively reweighted least squares: each step is that of normal answers with Student's weights, which never goes
    downhill (K. L. Lange, R. J. A. Little, J. M. G. Taylor 1989, JASA 84, 881-896).
    """
    loadings = np.stack([question.on_x, question.on_xi], axis=2)
    distance = question.logit - question.base
    at = np.zeros((len(distance), 2))
    for _ in range(_STEPS):
        misfit = distance - np.einsum("dei,di->de", loadings, at)
        weight = (DEGREES_OF_FREEDOM + 1) / (DEGREES_OF_FREEDOM * question.squared + misfit**2)
        precision = np.eye(2) + np.einsum("de,dei,dej->dij", weight, loadings, loadings)
        pull = np.einsum("de,dei,de->di", weight, loadings, distance)
        at = np.linalg.solve(precision, pull[..., None])[..., 0]
    return at, np.linalg.cholesky(np.linalg.inv(precision))


def _log_answers(question: _Question, nodes: np.ndarray) -> np.ndarray:
    """Return the log-density of the answers at each node, (draw, node)."""
    total = np.zeros(nodes.shape[:2])
    for answer, side in enumerate(question.side):
        base, on_x, on_xi, squared = (
            getattr(question, name)[:, answer, None] for name in ("base", "on_x", "on_xi", "squared")
        )
        z = (question.logit[answer] - base - on_x * nodes[..., 0] - on_xi * nodes[..., 1]) / np.sqrt(squared)
        if side == 0:
            total -= (DEGREES_OF_FREEDOM + 1) / 2 * np.log1p(z**2 / DEGREES_OF_FREEDOM) + 0.5 * np.log(squared)
        else:
            total += _log_below(-side * z)
    return total


def _log_below(z: np.ndarray) -> np.ndarray:
    """Return the log of Student's distribution function with four degrees of freedom, exact in both tails."""
    root = np.sqrt(DEGREES_OF_FREEDOM + z**2)
    sum_ = root + np.abs(z)
    one_plus_u = np.where(z < 0, DEGREES_OF_FREEDOM / sum_, sum_) / root
    return 2.0 * np.log(one_plus_u) + np.log(3.0 - one_plus_u) - np.log(4.0)
