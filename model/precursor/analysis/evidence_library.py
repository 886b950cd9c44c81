"""The evidence library: published experiments as indicators, toggled one by one.

An experiment is a leaf of the network: it bears on one event E by P(seen | E) and P(seen | not E), and given E on
nothing else.  An elicited setting is not the wild: its *relevance* r is the probability that what it shows carries
over.  With the rest it would have been seen as often, whatever E, so ``P'(seen | E) = r P(seen | E) + (1 - r)
P(seen)``: at 1 the finding counts in full, at 0 it tells nothing.  Experiments with the same dependence group are not
independent findings; they are toggled one at a time, never together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import MASS, estimate
from precursor.analysis.information_value import triple
from precursor.inference.reweighting.smoothing import weighted_quantiles
from precursor.network.grammar import Event, ProbabilityQuery, StateEvent, parse_query

RELEVANCE = (0.25, 0.5, 1.0)
RATIOS = (1 / 10, 1 / 3, 3.0, 10.0)
_BOTTOM_LINES = ("human_extinction", "existential_catastrophe")


def is_experiment(event: Event) -> bool:
    """Whether an indicator of this event is about how systems come to be, not about the catastrophe itself."""
    return not (isinstance(event, StateEvent) and event.variable.node in _BOTTOM_LINES)


def event_queries(target: str, event: Event) -> tuple[str, str, str]:
    """Return the texts of P(U), P(E) and P(U, E), all under the target's own conditions."""
    tree = parse_query(target)
    if not isinstance(tree, ProbabilityQuery):
        raise TypeError(f"{target} is not a probability.")
    together = tree.events if event in tree.events else (*tree.events, event)
    return (
        str(tree),
        str(ProbabilityQuery((event,), given=tree.given)),
        str(ProbabilityQuery(together, given=tree.given)),
    )


def toggled(answers: Answers, target: str, event: Event, indicator: str) -> dict[str, Any]:
    """Return what observing, and not observing, an experiment would do to belief in a target.

    Keys: ``before`` (the averaged belief), ``likelihood_ratio`` (of seeing, over draws, at full relevance),
    ``by_relevance``: for each ``relevance``, ``observed`` and ``not_observed`` (estimates of the target over draws
    weighted by how likely each made the finding: the parameters learn too, and the two means average to ``before``)
    and
    ``probability_higher`` (the share of draws in which observing raises the target); ``at_ratio``: for each ``ratio``,
    what the averaged belief would be, seeing it, if its likelihood ratio were that: what it could move, for those that
    nobody has judged.
    """
    p_u, p_e, both = (answers.values(text) for text in event_queries(target, event))
    if_event, if_not = indicator_parameters(answers, indicator)
    seen = if_event * p_e + if_not * (1.0 - p_e)
    rows = []
    for relevance in RELEVANCE:
        mixed = (relevance * given + (1.0 - relevance) * seen for given in (if_event, if_not))
        p_c, u_and_c = triple(p_u, p_e, both, *mixed)
        observed, otherwise = u_and_c / p_c, (p_u - u_and_c) / (1.0 - p_c)
        rows.append(
            {
                "relevance": relevance,
                "observed": _weighted(observed, p_c),
                "not_observed": _weighted(otherwise, 1.0 - p_c),
                "probability_higher": float(np.mean(observed > p_u)),
            }
        )
    return {
        "before": float(p_u.mean()),
        "likelihood_ratio": estimate(if_event / if_not),
        "by_relevance": rows,
        "at_ratio": [{"ratio": ratio, "observed": at_ratio(p_u, p_e, both, ratio)} for ratio in RATIOS],
    }


def at_ratio(p_u: np.ndarray, p_e: np.ndarray, p_u_and_e: np.ndarray, ratio: float) -> float:
    """Return belief in U, averaged over draws, (draw,), once what is ``ratio`` times likelier given E is seen.

    Every draw is weighted by how likely it makes the finding, up to a factor: ``ratio P(E) + P(not E)``.
    """
    return float(np.mean(ratio * p_u_and_e + (p_u - p_u_and_e)) / np.mean(ratio * p_e + (1.0 - p_e)))


def _weighted(values: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    share = weights / weights.sum()
    low, median, high = weighted_quantiles(values, share, np.array([(1 - MASS) / 2, 0.5, (1 + MASS) / 2]))
    return {"mean": float(share @ values), "median": float(median), "low": float(low), "high": float(high)}


def indicator_parameters(answers: Answers, indicator: str) -> tuple[np.ndarray, np.ndarray]:
    """Return P(seen | event) and P(seen | not event) of an indicator, per draw."""
    names = answers.space.names
    columns = [names.index(f"p_indicator.{indicator}.{given}") for given in ("event", "not_event")]
    found = answers.posterior_parameters[:, columns].T
    return found[0], found[1]


def evidence_library(
    answers: Answers,
    targets: Mapping[str, str],
    experiments: Mapping[str, Event],
    declared: Mapping[str, Any],
    fitted: set[str],
) -> list[dict[str, Any]]:
    """Return one row for each experiment.

    Keys: ``indicator``, ``about``, ``wording``, ``dependence_group``, ``source``, ``fitted`` (whether the run had
    answers about it; if not, its likelihood ratio is the prior's, centred on one), ``targets`` (by target, see
    `toggled`).
    """
    rows = []
    for id_, event in experiments.items():
        one = declared.get(id_)
        rows.append(
            {
                "indicator": id_,
                "about": str(event),
                "wording": getattr(one, "wording", None),
                "dependence_group": getattr(one, "dependence_group", None),
                "source": getattr(one, "source", None),
                "fitted": id_ in fitted,
                "targets": {name: toggled(answers, text, event, id_) for name, text in targets.items()},
            }
        )
    return rows
