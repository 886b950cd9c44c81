"""Decisions: what no data inform about experts, with the value taken, its prior width, and why.

Bias and shared error of a whole population cannot be learned from questions without outcomes.  So they are decided
here, stated, and the headline is shown at other values.  Scales are in log-odds (logs for ratios).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ScalePrior:
    """A LogNormal prior of a scale: median, spread of its logarithm, and why."""

    median: float
    log_sd: float
    reason: str

    @property
    def log_median(self) -> float:
        """Logarithm of the median."""
        return log(self.median)


# Spreads between experts are from resolved forecasts, each widened: data/calibration/dispersions.toml says how and why.
LEARNED = "learned, and widened, from resolved"
# LogNormal, not half-normal: a scale of exactly zero is a funnel, and nobody believes in it.
SCALES: Mapping[str, ScalePrior] = MappingProxyType(
    {
        "person_bias": ScalePrior(0.43, 0.43, f"people's tendencies differ; {LEARNED} replication forecasts"),
        "person_slope": ScalePrior(0.47, 0.45, f"people's extremity differs; {LEARNED} replication forecasts"),
        "target_residual": ScalePrior(
            0.8,
            0.5,
            "a person's own residual on one quantity, however conditioned; in one camp they differ a thousandfold",
        ),
        "shared_error": ScalePrior(
            0.5,
            0.15,
            "all experts read the same posts; not identified without known quantities: a decision, held near it",
        ),
        "loading_spread": ScalePrior(1.0, 0.3, "questions differ in how far optimists and pessimists part on them"),
        "width_factor": ScalePrior(
            1.3, 0.41, f"by how much stated intervals are too narrow; {LEARNED} forecasts of weekly cases"
        ),
        "width_spread": ScalePrior(
            0.62,
            0.42,
            f"people's width factors differ: spread of their logarithms; {LEARNED} forecasts of weekly cases",
        ),
        "known_shared_error": ScalePrior(
            1.0, 0.5, "error shared by all on a known quantity without a scale of its own, in widths typically stated"
        ),
        "ranking_sharpness": ScalePrior(
            1.0, 0.4, "stated orders are about as sharp as the network's own: the power to which its order is raised"
        ),
    }
)
NOISE = ScalePrior(0.7, 0.41, f"an answer's own error: a factor of two in the odds; {LEARNED} replication forecasts")
LOADING_MEAN, LOADING_MEAN_SD = 1.0, 0.5
GROUP_BIAS_SD = 0.5
GROUP_SLOPE_SD = 0.1
CAMP_SIDES: Mapping[str, float] = MappingProxyType(
    {"skeptical": -1.0, "optimistic": -1.0, "concerned": 1.0, "pessimistic": 1.0}
)
CAMP_SPREAD = 0.5
UNPLACED_SPREAD = 1.0
QUARTILE_ERROR = 0.3
# A ranking in fifty is a slip: any order that can happen, with equal chance.
RANKING_SLIP = 0.02
# Before its outcome, a seed question's event is as likely as not, give or take a factor of four in the odds.
SEED_LOGIT_MEAN, SEED_LOGIT_SD = 0.0, 1.5


# By scale the decision that multiplies it; of what resolved forecasts taught, whether it carries over may be doubted.
MULTIPLIED: Mapping[str, str] = MappingProxyType(
    {
        "shared_error": "shared_error",
        **dict.fromkeys(("person_bias", "person_slope", "width_factor", "noise"), "transfer"),
    }
)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the headline is shown at.

    Attributes
    ----------
    extremity
        The population's slope.
    shared_error
        Times the scale of the error that all experts share.
    amplified_error
        Share of a question's shared error that a person's own extremity multiplies as it multiplies the truth: 0 is
        model.md's form ``a + b logit(theta) + d``, 1 is ``a + b (logit(theta) + d)`` where the population's slope is
        one.  With 0 the scatter of many people tells the truth apart from the error, whatever their mean says; with 1
        it cannot.  Of a question that one unit alone answers the error is not multiplied: nothing tells them apart.
    transfer
        Times the scales that resolved forecasts taught (`MULTIPLIED`): people may err more, or less, on questions that
        nobody can resolve.
    camp
        The camp that alone is listened to, empty for all.  Between camps, the population's belief is the middle: each
        camp is a worldview's distance from it.  Within one, it is where that camp itself stands, and what a question's
        own loading would be cannot be told: the mean loading stands in.
    """

    extremity: float = 1.0
    shared_error: float = 1.0
    amplified_error: float = 0.0
    transfer: float = 1.0
    camp: str = ""

    @property
    def values(self) -> dict[str, float]:
        """The numbers that the likelihood reads; without shared error its effects are switched off, not made tiny."""
        return {
            "extremity": self.extremity,
            "shared_error": self.shared_error,
            "shared_error_on": float(self.shared_error > 0),
            "amplified_error": self.amplified_error,
            "transfer": self.transfer,
            "camps_apart": float(not self.camp),
        }

    @property
    def numbers(self) -> dict[str, float]:
        """The decided numbers by name, as files hold them."""
        return {name: getattr(self, name) for name in ("extremity", "shared_error", "amplified_error", "transfer")}

    def times(self, scale: str) -> float:
        """Return by what the prior of a scale (of `SCALES`, or ``noise``) is multiplied."""
        return self.values[MULTIPLIED[scale]] if scale in MULTIPLIED else 1.0
