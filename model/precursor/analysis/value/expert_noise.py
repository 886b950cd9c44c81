"""How much a new panel's answer to a new question could still be off: the expert model as one Gaussian noise.

The average of n experts' log-odds on a question is ``logit(theta) + group bias + d + (a + u + slope + noise) / n``,
where d is the error shared by all, a, u, slope and noise are of one person.  A person's answers are Student-t with
four degrees of freedom; as Gaussian noise of equal Fisher information their variance is 7/5 of the squared scale.
Camps are taken to be represented equally, so that the worldview factor cancels; the question is taken to be worded
afresh, so that nothing is known of its shared error yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from precursor.inference.decisions import GROUP_BIAS_SD, NOISE, SCALES

# Fisher information of a Student-t with nu degrees of freedom: (nu + 1) / (nu + 3) over the squared scale; nu = 4.
STUDENT = 7.0 / 5.0


@dataclass(frozen=True, slots=True)
class ExpertNoise:
    """Squared scales in log-odds; ``slope`` is per squared log-odds of the answer itself."""

    shared_error: float
    group_bias: float
    person_bias: float
    target_residual: float
    noise: float
    slope: float

    def own(self, experts: int, square: np.ndarray) -> np.ndarray:
        """Return the noise variance that belongs to each question alone, (question,).

        Parameters
        ----------
        square
            Mean squared log-odds of the true answers, (question,).
        """
        person = self.noise + self.slope * square
        return np.asarray(self.shared_error + STUDENT * person / experts)

    def common(self, experts: int) -> float:
        """Return the noise variance common to all answers of one panel, along the direction of bad news."""
        return self.group_bias + STUDENT * self.person_bias / experts

    def covariance(
        self, experts: int, square: np.ndarray, orientation: np.ndarray, targets: Sequence[object]
    ) -> np.ndarray:
        """Return the noise covariance of a panel's answers, (question, question).

        Parameters
        ----------
        orientation
            +1 or -1: how bad news acts on each answer.
        targets
            What each question is about, whatever its conditions: a person's residual on it is shared.
        """
        same = np.array([[a == b for b in targets] for a in targets], dtype=float).reshape(len(square), len(square))
        shared = self.common(experts) + STUDENT * self.target_residual / experts * same
        return np.diag(self.own(experts, square)) + shared * np.outer(orientation, orientation)


def expert_noise(run: Any) -> ExpertNoise:  # noqa: ANN401 - a run with named latents
    """Return the noise that a run learnt: posterior means of squared scales; a scale it lacks has its prior median."""
    draws = run.posterior["posterior"]["standard_normal"]
    place = {str(name): i for i, name in enumerate(draws.coords["latent"].data)} if "latent" in draws.coords else {}
    values = np.asarray(draws.data, dtype=float).reshape(-1, draws.shape[-1])
    decided = float(run.provenance.get("decisions", {}).get("shared_error", 1.0))

    def square(latent: str, log_median: float, log_sd: float) -> float:
        if latent not in place:
            return float(np.exp(2 * log_median))
        return float(np.mean(np.exp(2 * (log_median + log_sd * values[:, place[latent]]))))

    scales = {name: square(f"scale: {name}", prior.log_median, prior.log_sd) for name, prior in SCALES.items()}
    noises = [name for name in place if name.startswith("noise: ") and name != "noise: likelihood ratios"]
    noise = np.mean([square(name, NOISE.log_median, NOISE.log_sd) for name in noises or ["noise"]])
    return ExpertNoise(
        shared_error=decided**2 * scales["shared_error"],
        group_bias=GROUP_BIAS_SD**2,
        person_bias=scales["person_bias"],
        target_residual=scales["target_residual"],
        noise=float(noise),
        slope=scales["person_slope"],
    )
