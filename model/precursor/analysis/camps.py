"""Two camps as beliefs over the same draws: the prior, tilted as little as possible to each camp's bottom line.

Among all beliefs in which the mean log-odds of the ultimate question is what the camp's median member stated, the
nearest to the prior (least relative entropy) has weights proportional to ``exp(k logit theta)`` (Csiszar 1975, doi
10.1214/aop/1176996454).  So a camp is taken to agree with the prior in all that its bottom line does not decide.  It
is a convention, not a fit: nothing but the bottom line of the camp's members is used.  The fit to all that a camp's
members answered is its stance (`inference.fits.stances`, ``stance:camp_NAME:RUN``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from precursor.analysis.queries import EXTINCTION, meaning
from precursor.analysis.sources import Source, log_odds_over, source_of_run
from precursor.inference.decisions import CAMP_SIDES
from precursor.inference.runs.run import Run
from precursor.network.grammar import parse_query
from precursor.problems import InputError, Problem, did_you_mean

CAMP_OF = "camp:"
LEAST_MEMBERS = 3
LEAST_EFFECTIVE = 50.0
# Where a camp lies in the prior's tail, one draw in several hundred counts.
PRIOR_DRAWS, DRAWS = 40_000, 1000
_SEED = 20_230_710


@dataclass(frozen=True, slots=True)
class Camp:
    """A camp's name, side (-1 or +1), number of members, and their median stated log-odds."""

    name: str
    side: float
    members: int
    log_odds: float


def camps_of(run: Run) -> list[Camp]:
    """Return the camps with a side whose members answered the ultimate question in a run, optimists first."""
    if "judgements" not in run.posterior.children:
        return []
    table = run.judgements
    if "camp" not in table:
        return []
    ultimate = meaning(EXTINCTION)
    stated: dict[str, list[float]] = {}
    for camp, query, value in zip(table["camp"].values, table["query"].values, table["stated"].values, strict=True):
        if str(camp) in CAMP_SIDES and 0 < value < 1 and meaning(str(query)) == ultimate:
            stated.setdefault(str(camp), []).append(float(np.log(value) - np.log1p(-value)))
    found = [
        Camp(name, CAMP_SIDES[name], len(values), float(np.median(values)))
        for name, values in stated.items()
        if len(values) >= LEAST_MEMBERS
    ]
    return sorted(found, key=lambda camp: camp.side)


def tilted(log_odds: np.ndarray, wanted: float, whose: str = "a camp") -> np.ndarray:
    """Return weights of draws, summing to one, under which the mean log-odds, (draw,), is the one wanted.

    Raises `InputError` where no weights on at least `LEAST_EFFECTIVE` effective draws do.

    Parameters
    ----------
    whose
        Who stated what is wanted, for the message.
    """
    if log_odds.min() < wanted < log_odds.max():
        low, high = -50.0, 50.0
        for _ in range(100):
            middle = 0.5 * (low + high)
            mean = _weights(log_odds, middle) @ log_odds
            low, high = (middle, high) if mean < wanted else (low, middle)
        weights = _weights(log_odds, 0.5 * (low + high))
        if 1.0 / (weights**2).sum() >= LEAST_EFFECTIVE:
            return weights
    stated = f"{100 / (1 + np.exp(-wanted)):.2g} %"
    raise InputError(Problem(f"Too few of the prior's draws lie near what {whose} stated of extinction ({stated})."))


def _weights(log_odds: np.ndarray, slope: float) -> np.ndarray:
    exponent = slope * log_odds
    weights = np.exp(exponent - exponent.max())
    return np.asarray(weights / weights.sum())


def camp_source(run: Run, camp: Camp) -> Source:
    """Return a camp as equally likely draws, resampled by their weights from many of the prior."""
    return _tilted_sources(run, [camp])[0]


def camps_not_shown(document: Mapping[str, Any]) -> str | None:
    """Return the sentences that say which camps a document leaves out and why, or ``None`` if it leaves none out."""
    reason = document.get("camps_left_out")
    return f"The two camps of forecasters are not shown. {reason}" if reason else None


def camp_sources(run: Run) -> tuple[list[Source], str | None]:
    """Return the two camps furthest apart as draws, optimists first, or none and the reason why not."""
    found = camps_of(run)
    if len({camp.side for camp in found}) < 2:  # noqa: PLR2004 - two sides
        return (
            [],
            f"There are no two camps of which {LEAST_MEMBERS} members each stated how likely human extinction is.",
        )
    try:
        return _tilted_sources(run, [found[0], found[-1]]), None
    except InputError as error:
        return [], error.problems[0].message


def _tilted_sources(run: Run, camps: list[Camp]) -> list[Source]:
    posterior = source_of_run(run)
    prior = posterior.space.prior_draws(np.random.default_rng(_SEED), PRIOR_DRAWS)
    log_odds = log_odds_over([parse_query(EXTINCTION)], posterior, prior)[:, 0]
    # Systematic resampling: evenly spaced steps through the cumulative weights.
    steps = (np.arange(DRAWS) + 0.5) / DRAWS
    found = []
    for camp in camps:
        cumulative = np.cumsum(tilted(log_odds, camp.log_odds, f"the {camp.name} camp"))
        chosen = np.searchsorted(cumulative, steps * cumulative[-1]).clip(0, len(prior) - 1)
        name = f"{CAMP_OF}{camp.name}:{run.name}"
        found.append(replace(posterior, name=name, kind="camp", unconstrained=prior[chosen], converged=True))
    return found


def open_camp(name: str, root: str | Path | None = None) -> Source:
    """Return a camp by ``camp:NAME:RUN``.

    Raises `InputError` if the run has no such camp.
    """
    camp_name, _, run_name = name.removeprefix(CAMP_OF).partition(":")
    run = Run.open(run_name, root)
    found = {camp.name: camp for camp in camps_of(run)}
    if camp_name not in found:
        raise InputError(Problem(f"Run {run.name} has no camp {camp_name!r}.", did_you_mean(camp_name, found)))
    return camp_source(run, found[camp_name])
