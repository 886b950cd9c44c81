"""Exact sums, forward simulation and a sampler that carries the discrete states: one number, three ways."""

from __future__ import annotations

import numpy as np
import pytest

from precursor.argument.answer import answer_at
from precursor.argument.forward.agreement import discrepancy
from precursor.argument.forward.values import values_of_scenario
from precursor.argument.forward.worlds import simulate
from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import Scenario
from precursor.inference.fits.headline import HEADLINE
from precursor.network.grammar import ProbabilityQuery, parse_query
from tests.oracles.gibbs import CHAINS, Gibbs, averaged

CONDITIONAL = (
    "P(human_extinction=yes | situationally_aware@short_horizon_fine_tuning=yes)",
    "P(differential_adversarial_examples=absent | existential_catastrophe=yes)",
    "P(model_outcome=proxy | governance=weak, base_goal_understood < goal_directed, "
    "do(train_deploy_regime=continual_opposed))",
    "P(existential_catastrophe=yes | do(model_outcome=deceptive), oversight_contains=no)",
)
FEW, MANY = 4.5, 6.0


def drawn(seed: int) -> Scenario:
    """Return a scenario whose values are a draw of the prior."""
    space = parameter_space()
    values = space.natural(space.prior_draws(np.random.default_rng(seed), 1))[0]
    return Scenario("drawn", dict(zip(space.names, values.tolist(), strict=True)))


def asked(text: str) -> ProbabilityQuery:
    query = parse_query(text)
    assert isinstance(query, ProbabilityQuery)
    return query


def by_simulation(query: ProbabilityQuery, scenario: Scenario, worlds: int) -> float:
    """Return how far simulated worlds lie from the exact answer, in standard deviations."""
    do = {it.node: it.state for it in query.given.interventions}
    found = simulate(values_of_scenario(parameter_space(), scenario, worlds), np.random.default_rng(2), do)
    seen = found.all_hold(query.given.evidence)
    return discrepancy(np.full(seen.sum(), answer_at(query, scenario)), found.all_hold(query.events)[seen])


def by_gibbs(query: ProbabilityQuery, scenario: Scenario, sweeps: int, *, learn: bool = False) -> float:
    """Return how far the sampler lies from the exact answer, in standard errors."""
    exact = answer_at(query, averaged(scenario) if learn else scenario)
    assert isinstance(exact, float)
    share, error = Gibbs(scenario, query, learn=learn, seed=3).run(sweeps, warm_up=20)
    # A state that was hardly ever reached has no measured error: that of one visit a chain stands in.
    return abs(share - exact) / max(error, 1.0 / (sweeps * CHAINS))


@pytest.mark.parametrize("text", [HEADLINE[0], CONDITIONAL[1], CONDITIONAL[2]])
def test_three_ways_to_one_number(text: str) -> None:
    query, scenario = asked(text), drawn(5)
    assert by_simulation(query, scenario, 20_000) < FEW
    assert by_gibbs(query, scenario, 40) < FEW


def test_parameters_drawn_in_turn_with_the_states() -> None:
    assert by_gibbs(asked(CONDITIONAL[1]), drawn(5), 60, learn=True) < FEW


def test_a_sampler_that_forgets_a_child_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: assumptions drawn without regard to the training states."""

    def forgetful(self: Gibbs, node: str) -> None:
        self.state.assumptions[node] = self._pick(self.chance[node])

    monkeypatch.setattr(Gibbs, "_draw_assumption", forgetful)
    assert by_gibbs(asked("P(data_rich_domain=no | base_goal_understood=no)"), drawn(5), 30) > MANY


@pytest.mark.slow
@pytest.mark.parametrize("text", [*HEADLINE, *CONDITIONAL])
@pytest.mark.parametrize("seed", [5, 6, 7])
def test_three_ways_to_every_headline_number(text: str, seed: int) -> None:
    query, scenario = asked(text), drawn(seed)
    assert by_simulation(query, scenario, 200_000) < FEW
    assert by_gibbs(query, scenario, 300) < FEW
