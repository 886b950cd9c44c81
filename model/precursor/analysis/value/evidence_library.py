"""The evidence library: published experiments as indicators, toggled one by one.

An experiment is a leaf of the network.  Experiments of one dependence group read one latent finding, which bears on an
event E by P(finding | E) and P(finding | not E).  An elicited setting is not the wild: the finding's *relevance* r is
the probability that it behaves as the wild does; otherwise the finding is as likely as without the event.  So
``P(finding | E) = r p_event + (1 - r) p_not_event``: at 1 it counts in full, at 0 it tells nothing.  r is a parameter
of the run; the table also shows what would move if it were a stated number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import MASS, estimate
from precursor.analysis.value.information_value import triple
from precursor.inference.reweighting.smoothing import weighted_quantiles
from precursor.network.grammar import Event, ProbabilityQuery, StateEvent, parse_query
from precursor.network.indicators import Indicators, finding_read, is_finding, line

Masses = tuple[np.ndarray, np.ndarray, np.ndarray]
RELEVANCE = (0.25, 0.5, 1.0)
RATIOS = (1 / 10, 1 / 3, 3.0, 10.0)
_BOTTOM_LINES = ("human_extinction", "existential_catastrophe")


def is_experiment(event: Event) -> bool:
    """Whether an indicator of this event is about how systems come to be, not about the catastrophe itself."""
    return not (isinstance(event, StateEvent) and event.variable.node in _BOTTOM_LINES)


def observable(indicators: Indicators) -> list[str]:
    """Return the indicators that can be seen: a finding is latent, its experiments are what is seen of it."""
    return [id_ for id_ in indicators if not is_finding(id_)]


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


def toggled(answers: Answers, target: str, indicator: str, indicators: Indicators) -> dict[str, Any]:
    """Return what observing, and not observing, an experiment would do to belief in a target.

    Keys: ``before`` (the averaged belief), ``relevance`` (of the experiment's finding, over draws; null for what was
    not elicited), ``likelihood_ratio`` (of seeing the experiment, over draws, at that relevance), ``judged``:
    ``observed`` and ``not_observed`` (estimates of the target over draws weighted by how likely each made the
    observation: parameters learn too, and the two means average to ``before``) and ``probability_higher`` (the share
    of draws in which observing raises the target); ``by_relevance``: the same if the ``relevance`` were what each row
    says; ``at_ratio``: for each ``ratio``, what the averaged belief would be, seeing it, if its likelihood ratio were
    that: what it could move, for those that nobody has judged.
    """
    event = event_of(indicator, indicators)
    p_u, p_e, both = found = masses(answers, target, event)
    if_event, if_not = chances(answers, indicator, indicators)
    finding = next((node for node in line(indicator, indicators) if is_finding(node)), None)
    return {
        "before": float(p_u.mean()),
        "relevance": estimate(_parameter(answers, f"p_indicator_relevance.{finding}")) if finding else None,
        "likelihood_ratio": estimate(if_event / if_not),
        "judged": _moved(found, (if_event, if_not)),
        "by_relevance": [
            {"relevance": relevance, **_moved(found, chances(answers, indicator, indicators, relevance))}
            for relevance in RELEVANCE
        ],
        "at_ratio": [{"ratio": ratio, "observed": at_ratio(p_u, p_e, both, ratio)} for ratio in RATIOS],
    }


def masses(answers: Answers, target: str, event: Event) -> Masses:
    """Return P(U), P(E) and P(U, E) per draw, each under the target's own conditions, (draw,)."""
    target_alone, event_alone, together = event_queries(target, event)
    return answers.values(target_alone), answers.values(event_alone), answers.values(together)


def _moved(found: Masses, seen: tuple[np.ndarray, np.ndarray]) -> dict[str, dict[str, float] | float]:
    p_u, p_e, both = found
    p_c, u_and_c = triple(p_u, p_e, both, *seen)
    observed, otherwise = u_and_c / p_c, (p_u - u_and_c) / (1.0 - p_c)
    return {
        "observed": _weighted(observed, p_c),
        "not_observed": _weighted(otherwise, 1.0 - p_c),
        "probability_higher": float(np.mean(observed > p_u)),
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


def event_of(indicator: str, indicators: Indicators) -> Event:
    """Return the event of the network that an indicator bears on, if need be through a finding."""
    return indicators[line(indicator, indicators)[-1]]


def chances(
    answers: Answers, indicator: str, indicators: Indicators, relevance: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return P(seen | event) and P(seen | not event) per draw, the event being the network's (`event_of`).

    ``relevance`` is taken instead of the run's own; where there is none, the given one weighs the indicator itself.
    """
    event, not_event = (_parameter(answers, f"p_indicator.{indicator}.{given}") for given in ("event", "not_event"))
    above = line(indicator, indicators)[1:]
    if above:
        reads = chances(answers, above[0], indicators, relevance)
        if_event, if_not = (event * holds + not_event * (1.0 - holds) for holds in reads)
        return if_event, if_not
    own = _parameter(answers, f"p_indicator_relevance.{indicator}") if is_finding(indicator) else np.ones(1)
    carries = own if relevance is None else relevance
    return carries * event + (1.0 - carries) * not_event, not_event


def _parameter(answers: Answers, name: str) -> np.ndarray:
    return np.asarray(answers.posterior_parameters[:, answers.space.names.index(name)])


def evidence_library(
    answers: Answers,
    targets: Mapping[str, str],
    indicators: Indicators,
    declared: Mapping[str, Any],
    fitted: set[str],
) -> list[dict[str, Any]]:
    """Return one row for each experiment: what could be observed and is not about the catastrophe itself.

    Keys: ``indicator``, ``about`` (the event of the network, see `event_of`), ``finding`` (the node it reads, or null),
    ``wording``, ``dependence_group``, ``source``, ``fitted`` (whether the run had answers about it; if not, its
    likelihood ratio is the prior's, centred on one), ``targets`` (by target, see `toggled`).
    """
    rows = []
    for id_ in observable(indicators):
        event, one = event_of(id_, indicators), declared.get(id_)
        if not is_experiment(event):
            continue
        rows.append(
            {
                "indicator": id_,
                "about": str(event),
                "finding": finding_read(indicators[id_]),
                "wording": getattr(one, "wording", None),
                "dependence_group": getattr(one, "dependence_group", None),
                "source": getattr(one, "source", None),
                "fitted": id_ in fitted,
                "targets": {name: toggled(answers, text, id_, indicators) for name, text in targets.items()},
            }
        )
    return rows
