"""Learn from data/calibration how much experts differ, and write data/calibration/dispersions.toml.

Only dispersions may be carried over to surveys without outcomes: how much people differ in bias, extremity and noise,
and the factor of their intervals.  The mean bias and extremity of a population may not, and are not written.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import exp, hypot, log
from pathlib import Path

import numpy as np

from precursor.calibration.expert_model import AnswerFit, Settings, fit_answers
from precursor.calibration.forecast_files import read_forecasts
from precursor.calibration.interval_model import IntervalFit, fit_intervals
from precursor.calibration.quantities import ResolvedQuantities, read_quantities, take
from precursor.calibration.scores import coverage

FOLDER = Path(__file__).resolve().parents[1] / "data" / "calibration"
SETTINGS = Settings(draws=1000, tune=700)
OF_ANSWERS = Settings(draws=4000, tune=1000)


@dataclass(frozen=True)
class Widening:
    """How a learned scale becomes a prior: its median times ``times``, its log spread joined by ``log_sd``."""

    times: float
    log_sd: float
    reason: str


DIFFERENCES = Widening(
    1.25,
    0.4,
    "25 experts on one kind of question, who answered between .1 and .85; on AI risk answers span nine powers of ten, "
    "and whole schools of thought differ: a quarter more, within a factor of two either way",
)
INTERVALS = Widening(
    1.0,
    0.4,
    "a crowd with last week's data, not a panel of experts about something new: overconfidence may be smaller (vetted) "
    "or larger (nothing to learn from); no shift, a factor of two either way",
)


def main() -> None:
    """Fit, and write the file in one move."""
    rounds = [learn_round(number) for number in (1, 2)]
    cases = read_quantities(
        FOLDER / "quantiles_ukcovid.csv", FOLDER / "realisations_ukcovid.csv", group="target_end_date"
    )
    of_cases = np.array([cases.attributes[name]["variable"] == "cases" for name in cases.questions])
    # A few lower quantiles were set to zero, which has no logarithm.
    cases = take(cases, of_cases[cases.question] & (cases.quantiles > 0).all(axis=1))
    alone = fit_intervals(cases, SETTINGS, shared=False)
    shared = fit_intervals(cases, SETTINGS, shared=True)
    text = "\n".join([HEAD, *replicats(rounds), *intervals(cases, alone, shared), *checks(rounds, [alone, shared])])
    temporary = FOLDER / f".dispersions.{os.getpid()}.tmp"
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(FOLDER / "dispersions.toml")


NO_MEASURE = (
    "for comparison only: what a crowd gets wrong together about the coming weeks does not measure what experts get "
    "wrong together about AI"
)
HEAD = """\
# Written by scripts/learn_dispersions.py: do not edit.
# Of each: the posterior median and 90 % interval of a scale, where it was learned, how it was widened and why, and the
# LogNormal prior (median, sd of the logarithm) that results.  Log-odds for probabilities, logarithms for quantities.
"""


def learn_round(number: int, settings: Settings = OF_ANSWERS) -> AnswerFit:
    """Return what the answers of a round of repliCATS say of the experts; all of an answer's noise counts as s."""
    forecasts = read_forecasts(FOLDER / "forecasts_replicats.csv", FOLDER / "outcomes_replicats.csv", round_=number)
    return fit_answers(forecasts, np.ones(len(forecasts.questions), dtype=bool), settings, retest_noise=0.0)


def replicats(rounds: list[AnswerFit]) -> list[str]:
    """Return the entries learned from repliCATS."""
    lines = []
    for name, meaning, key in (
        ("person_bias", "spread over experts of the bias a", "sd_bias"),
        ("person_slope", "spread over experts of the extremity b, relative to the consensus", "sd_extremity"),
        ("noise_spread", "spread over experts of log s", "sd_noise"),
    ):
        both = [fit.scalars[key].ravel() for fit in rounds]
        lines += entry(name, meaning, "forecasts_replicats.csv, round 1 (private answers)", both[0], DIFFERENCES)
        lines += [f"round_2 = {summary(both[1])}"]
    typical = [np.exp(fit.scalars["log_typical_noise"]).ravel() for fit in rounds]
    lines += entry("noise", "typical s of an answer", "forecasts_replicats.csv, round 1", typical[0], DIFFERENCES)
    return [*lines, f"round_2 = {summary(typical[1])}"]


def intervals(cases: ResolvedQuantities, alone: IntervalFit, shared: IntervalFit) -> list[str]:
    """Return the entries learned from the weekly cases."""
    levels = list(cases.levels)
    realised = cases.realised[cases.question]
    held = {
        share: coverage(cases.quantiles[:, levels.index(low)], cases.quantiles[:, levels.index(high)], realised)
        for share, low, high in ((90, 0.05, 0.95), (50, 0.25, 0.75))
    }
    source = "quantiles_ukcovid.csv, cases, against realised_original"
    lines = entry(
        "width_factor", "k: error of the median in stated standard deviations", source, alone.width_factor, INTERVALS
    )
    lines += [f"beside_shared_error = {summary(shared.width_factor)}"]
    lines += [
        f"answers = {len(cases.question)}",
        f"experts = {len(cases.experts)}",
        f"questions = {len(cases.questions)}",
    ]
    lines += [f"coverage_of_90 = {held[90]:.3f}", f"coverage_of_50 = {held[50]:.3f}"]
    lines += entry("width_factor_spread", "spread over experts of log k", source, alone.sd_log_width_factor, INTERVALS)
    return [
        *lines,
        "",
        "[information.shared_error]",
        'meaning = "omega on known quantities: spread, over target weeks, of the error common to all, in logarithms"',
        f'note = "{NO_MEASURE}"',
        f"learned = {summary(shared.shared_error)}",
        f"person_bias_beside_it = {summary(shared.sd_bias)}",
    ]


def entry(name: str, meaning: str, source: str, draws: np.ndarray, widening: Widening) -> list[str]:
    """Return one table of the file."""
    median, log_sd = float(np.median(draws)), float(np.log(draws).std())
    prior_median, prior_log_sd = exp(log(median) + log(widening.times)), hypot(log_sd, widening.log_sd)
    return [
        "",
        f"[dispersion.{name}]",
        f'meaning = "{meaning}"',
        f'source = "{source}"',
        f"learned = {summary(draws)}",
        f"widened = {{ times = {widening.times}, log_sd = {widening.log_sd} }}",
        f'reason = "{widening.reason}"',
        f"prior = {{ median = {prior_median:.3f}, log_sd = {prior_log_sd:.3f} }}",
    ]


def summary(draws: np.ndarray) -> str:
    """Return the median and the central 90 % as an inline table."""
    low, median, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return f"{{ median = {median:.3f}, low = {low:.3f}, high = {high:.3f} }}"


def checks(rounds: list[AnswerFit], fits: list[IntervalFit]) -> list[str]:
    """Return how the sampling went."""
    r_hat, divergences = max(fit.r_hat for fit in (*rounds, *fits)), sum(fit.divergences for fit in fits)
    return ["", "[checks]", f"r_hat_max = {r_hat:.4f}", f"divergences = {divergences}", f"seed = {SETTINGS.seed}"]


if __name__ == "__main__":
    main()
