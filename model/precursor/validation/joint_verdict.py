"""What many chains of the joint-distribution test say together: every statistic beside what the prior has for it.

Chains are independent of each other and each starts from an exact draw, so a chain's mean has the prior's expectation,
and means of C chains give a standard error that needs no estimate of autocorrelation:

    t = mean(D) / (sd(D) / sqrt(C)),    D = a chain's mean less what is expected,

Student-t with C - 1 degrees of freedom.  Expected are 1/2 and 1 for an effect's place in its prior and the spread of
that, and the mean of the chain's own independent draws for everything else.  That is near enough to the truth when a
chain's mean is one of many rounds (`SETTLED`; a round is some transitions and answers drawn anew): spreads are skewed.

After any number of rounds where the chains stand are independent draws of the prior: the ranks of an effect among
a hundred equal parts of its prior are judged exactly (`bands`).  All p-values are multiplied by their number
(Bonferroni), and the verdict asks both families.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Result
from precursor.inference.fits.headline import HEADLINE
from precursor.validation.bands import p_value
from precursor.validation.joint_chain import LOG_JOINT

SIGNIFICANCE = 0.01
SETTLED = 30
_DRAWS = 99


@dataclass(frozen=True)
class JointVerdict:
    """The verdict after some number of rounds.

    Attributes
    ----------
    names
        Statistics.
    mean, expected, t, p_value
        Of every statistic, (statistic,); p-values are not corrected.
    rank_p_value
        Of every effect's places in its prior where the chains stand, (effect,).
    """

    rounds: int
    chains: int
    names: tuple[str, ...]
    mean: np.ndarray
    expected: np.ndarray
    t: np.ndarray
    p_value: np.ndarray
    rank_p_value: np.ndarray

    @property
    def corrected(self) -> float:
        """The smallest p-value of all statistics, times their number."""
        return float(min(1.0, self.p_value.min() * len(self.p_value)))

    @property
    def rank_corrected(self) -> float:
        """The same of the places where the chains stand."""
        return float(min(1.0, self.rank_p_value.min() * len(self.rank_p_value)))

    @property
    def passed(self) -> bool:
        """Whether neither is below half the significance; of few rounds the ranks alone are asked."""
        asked = [self.rank_corrected, *([self.corrected] if self.rounds >= SETTLED else [])]
        return min(asked) >= SIGNIFICANCE / 2

    @property
    def worst(self) -> str:
        """The statistic that is furthest off."""
        return self.names[int(self.p_value.argmin())]


def verdicts(chains: Result, names: Sequence[str], checkpoints: Sequence[int]) -> tuple[JointVerdict, ...]:
    """Return a verdict for every checkpoint from stacked results of `joint_chain`, (chain, ...)."""
    effects = _effects(names)
    return tuple(
        _verdict(
            chains["running"][:, i],
            chains["reference"],
            tuple(names),
            rounds,
            _rank_p_values(chains["there"][:, i, :effects]),
        )
        for i, rounds in enumerate(checkpoints)
    )


def _verdict(
    running: np.ndarray, reference: np.ndarray, names: tuple[str, ...], rounds: int, ranks: np.ndarray
) -> JointVerdict:
    from scipy.stats import t as student

    known, effects = np.full(len(names), np.nan), _effects(names)
    known[:effects] = 0.5
    squares = effects + len(HEADLINE)
    known[squares : squares + effects] = 1.0
    expected = np.where(np.isnan(known), reference, known)
    off = running - expected
    error = off.std(axis=0, ddof=1) / np.sqrt(len(off))
    t = off.mean(axis=0) / error
    p = 2 * student.sf(np.abs(t), len(off) - 1)
    return JointVerdict(rounds, len(off), names, running.mean(axis=0), expected.mean(axis=0), t, p, ranks)


def _effects(names: Sequence[str]) -> int:
    """Return how many of the statistics are effects: without headline, spreads and densities."""
    return list(names).index(LOG_JOINT) // 2 - len(HEADLINE)


def _rank_p_values(effects: np.ndarray) -> np.ndarray:
    """Return the p-value of the ends of all chains, places in the prior (chain, effect); (effect,)."""
    places = np.minimum((effects * (_DRAWS + 1)).astype(int), _DRAWS)
    return np.array([p_value(column, _DRAWS) for column in places.T])


def joint_document(chains: Result, names: Sequence[str], checkpoints: Sequence[int]) -> dict[str, Any]:
    """Return the document of a joint test: the verdict is that of the longest chains."""
    found = verdicts(chains, names, checkpoints)
    last = found[-1]
    order = np.argsort(last.p_value)
    return {
        "passed": last.passed,
        "chains": last.chains,
        "accepted": float(chains["accepted"].mean()),
        "checkpoints": [
            {
                "rounds": v.rounds,
                "moments_p_value": v.corrected,
                "ranks_p_value": v.rank_corrected,
                "passed": v.passed,
                "furthest": v.worst,
            }
            for v in found
        ],
        "statistics": [
            {
                "name": last.names[i],
                "mean": float(last.mean[i]),
                "expected": float(last.expected[i]),
                "t": float(last.t[i]),
                "p_value": float(last.p_value[i]),
            }
            for i in order
        ],
        "lines": [
            f"{last.chains} chains, {len(names)} statistics; {chains['accepted'].mean():.0%} of proposals accepted.",
            *(
                f"answers drawn anew {v.rounds} times: corrected p-value of moments {v.corrected:.2g} "
                f"({v.worst[:50]}), of ranks {v.rank_corrected:.2g}"
                for v in found
            ),
        ],
    }
