"""Forward simulation and exact queries give the same numbers, and an error planted in one of them shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, norm

from precursor.argument.answer import answer_at, answer_over
from precursor.argument.forward import training
from precursor.argument.forward.agreement import discrepancy, halves
from precursor.argument.forward.values import Values, values_of_draws, values_of_scenario
from precursor.argument.forward.worlds import Worlds, simulate
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.argument.scenario import Scenario
from precursor.network.grammar import DistributionQuery, Event, ProbabilityQuery, parse_query
from tests.oracles.random_scenarios import INDICATOR_EVENTS

# Of every kind: by phase, by order, conditional on roots, on the chain and downstream, with interventions, indicators.
QUERIES = (
    "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)",
    "P(existential_catastrophe=yes)",
    "P(existential_catastrophe=yes | tai_by_2100=yes)",
    "P(human_extinction=yes)",
    "P(situationally_aware@short_horizon_fine_tuning=yes, goal_pointer=proxy)",
    "P(base_goal_understood < goal_directed | goal_directed@pretraining=no)",
    "P(long_term_goals=yes | base_goal_understood < goal_directed, train_deploy_regime=continual_opposed)",
    "P(model_outcome=deceptive | existential_catastrophe=yes)",
    "P(differential_adversarial_examples=present | model_outcome=base_goal)",
    "P(emergence_order=long_horizon_first | human_extinction=yes, governance=weak)",
    "P(model_outcome=proxy | do(train_deploy_regime=continual_opposed), do(deployment_memory=carried))",
    "P(existential_catastrophe=yes | oversight_contains=no, do(model_outcome=deceptive), do(governance=strong))",
    "P(human_extinction=yes | do(deceptive_defection=no))",
    "P(aligned=yes | goal_pointer@long_horizon_fine_tuning=proxy, do(long_horizon_training=from_start))",
    "P(model_outcome=deceptive | pointer_probe=yes, order_study=no)",
    "P(crux=yes, warning_shot=no)",
    "P(model_outcome=deceptive | faking_prompted=yes, faking_documents=yes)",
    "P(awareness_eval=yes | awareness_probe=yes, goal_directed=yes)",
)
DRAWS, WORLDS = 300, 40_000
# Eighteen queries in two halves each: a false alarm in some 400,000 sets of seeds, and the seed is fixed.
FEW, MANY = 5.0, 6.0


@pytest.fixture(scope="module")
def space() -> ParameterSpace:
    return parameter_space(INDICATOR_EVENTS)


@pytest.fixture(scope="module")
def draws(space: ParameterSpace) -> np.ndarray:
    return space.prior_draws(np.random.default_rng(3), DRAWS)


@pytest.fixture(scope="module")
def exact(space: ParameterSpace, draws: np.ndarray, indicators: Mapping[str, Event]) -> list[np.ndarray]:
    """The exact probability of every query at every draw."""
    found = answer_over([parse_query(text) for text in QUERIES], space, draws, indicators)
    return [np.asarray(values) for values in found]


def discrepancies(
    values: Values, exact: list[np.ndarray], indicators: Mapping[str, Event], seed: int = 1
) -> list[float]:
    """Return the larger discrepancy of each query's two halves."""
    found, which = [], np.arange(values.worlds) % DRAWS
    simulated: dict[str, Worlds] = {}
    for text, probability in zip(QUERIES, exact, strict=True):
        query = parse_query(text)
        assert isinstance(query, ProbabilityQuery)
        do = {it.node: it.state for it in query.given.interventions}
        rng = np.random.default_rng([seed, len(simulated)])
        worlds = (
            simulated.setdefault(str(do), simulate(values, rng, do, indicators))
            if str(do) not in simulated
            else simulated[str(do)]
        )
        seen = worlds.all_hold(query.given.evidence)
        assert seen.sum() > 200, text
        happened, computed = worlds.all_hold(query.events)[seen], probability[which][seen]
        found.append(max(discrepancy(computed[part], happened[part]) for part in halves(computed)))
    return found


@pytest.fixture(scope="module")
def values(space: ParameterSpace, draws: np.ndarray) -> Values:
    return values_of_draws(space, draws[np.arange(WORLDS) % DRAWS])


def test_simulated_worlds_agree_with_exact_queries(
    values: Values, exact: list[np.ndarray], indicators: Mapping[str, Event]
) -> None:
    found = discrepancies(values, exact, indicators)
    assert max(found) < FEW, dict(zip(QUERIES, found, strict=True))
    # Nor do they agree too well: some lie beyond half a standard deviation.
    assert np.median(found) > 0.5


def _other_parameter(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Values], Values]:
    def changed(values: Values) -> Values:
        return replace(values, natural={**values.natural, name: change(values.natural[name])})

    return changed


PLANTED = {
    "a schemer is corrected like any other": _other_parameter("guard", np.ones_like),
    "a coupling left out": _other_parameter("hr_long_term_goals_given_awareness", np.ones_like),
    "deployment left out": _other_parameter("deployment_exposure", np.zeros_like),
    "a link of the noisy-OR left out": _other_parameter("p_existential.proxy_catastrophe", np.zeros_like),
    "extinction in every catastrophe": _other_parameter("p_human_extinction", np.ones_like),
}


@pytest.mark.parametrize("what", PLANTED)
def test_an_error_planted_in_the_simulation_shows(
    what: str, values: Values, exact: list[np.ndarray], indicators: Mapping[str, Event]
) -> None:
    """Negative control."""
    assert max(discrepancies(PLANTED[what](values), exact, indicators)) > MANY


def test_an_error_planted_in_the_exact_engine_shows(
    space: ParameterSpace, draws: np.ndarray, values: Values, indicators: Mapping[str, Event]
) -> None:
    """Negative control: the exact side reads two parameters from each other's place."""
    swapped, (a, b) = draws.copy(), (space.names.index(f"correction.{phase}") for phase in training.PHASES[1:3])
    swapped[:, [a, b]] = draws[:, [b, a]] - 1.0
    wrong = answer_over([parse_query(text) for text in QUERIES], space, swapped, indicators)
    assert max(discrepancies(values, [np.asarray(found) for found in wrong], indicators)) > MANY


def test_distributions_orders_and_the_correction_window(carried: Scenario) -> None:
    n = 40_000
    worlds = simulate(values_of_scenario(parameter_space(), carried, n), np.random.default_rng(8), carried.regime)
    for text in ("P(model_outcome)", "P(emergence_order)", "P(goal_pointer@short_horizon_fine_tuning)"):
        query = parse_query(text)
        assert isinstance(query, DistributionQuery)
        told = answer_at(query, carried)
        assert isinstance(told, dict)
        for state, probability in told.items():
            happened = worlds.states[str(query.variable)] == state
            assert discrepancy(np.full(n, probability), happened) < FEW, (text, state)
    expected, spread = answer_at(parse_query("E(correction_window)"), carried), worlds.correction_window.std()
    assert abs(worlds.correction_window.mean() - expected) < FEW * spread / np.sqrt(n)


def test_hazards_of_any_size_are_simulated(space: ParameterSpace, indicators: Mapping[str, Event]) -> None:
    """Rates from nothing to 1e12 and beyond end, and give a world without a gap."""
    for x in (-700.0, 40.0, 700.0):
        for ratio in (-700.0, 30.0, 700.0):
            row = np.array([ratio if p.scale == "log" else x for p in space.parameters])
            worlds = simulate(values_of_draws(space, np.tile(row, (50, 1))), np.random.default_rng(1), {}, indicators)
            assert np.isfinite(worlds.correction_window).all()
            assert (worlds.rank.max(axis=0) == (worlds.rank > 0).sum(axis=0)).all()


def test_the_same_seed_gives_the_same_worlds(values: Values) -> None:
    first, again, other = (simulate(values, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert all((first.states[node] == again.states[node]).all() for node in first.states)
    assert (first.states["governance"] != other.states["governance"]).any()


def test_discrepancy_is_the_binomials_where_probabilities_are_equal() -> None:
    happened = np.zeros(1000, bool)
    happened[:140] = True
    assert discrepancy(np.full(1000, 0.1), happened) == pytest.approx(norm.isf(binom.sf(139, 1000, 0.1)))
    assert discrepancy(np.full(1000, 0.2), happened) == pytest.approx(norm.isf(binom.cdf(140, 1000, 0.2)))


def test_discrepancy_at_the_edges() -> None:
    none, all_ = np.zeros(10, bool), np.ones(10, bool)
    assert discrepancy(np.zeros(0), np.zeros(0, bool)) == 0.0
    assert discrepancy(np.zeros(10), none) == discrepancy(np.ones(10), all_) == 0.0
    assert discrepancy(np.zeros(10), all_) == discrepancy(np.full(10, np.nan), none) == np.inf
    assert discrepancy(np.ones(10), none) == np.inf
    assert discrepancy(np.full(10, 1e-300), all_) > 30


def test_false_alarms_are_as_rare_as_said() -> None:
    """Unequal probabilities, small and large: the tail beyond 2 has at most its probability, on each side."""
    rng = np.random.default_rng(4)
    exact = rng.beta(0.2, 2.0, 2000)
    found = np.array([discrepancy(exact, rng.random(2000) < exact) for _ in range(4000)])
    assert (found > 2.0).mean() < 2 * norm.sf(2.0)
    assert (found > 1.0).mean() > 0.1
