"""Parameters: medians, reasons, what the priors imply, and that every one of them matters somewhere."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from precursor.argument.answer import answer_at, answer_over, record_odds
from precursor.argument.nodes import ASSUMPTIONS, CHAIN_READINGS
from precursor.argument.parameters import parameter_space, parameters
from precursor.argument.scenario import make_scenario, read_scenario
from precursor.network.grammar import parse_event, parse_query
from tests.argument.conftest import DATA
from tests.oracles.random_scenarios import INDICATOR_EVENTS, INDICATORS, random_parameters

SPACE = parameter_space()
REFERENCE = (
    "P(model_outcome=deceptive | " + ", ".join(f"{node}={states[0]}" for node, states in ASSUMPTIONS.items()) + ")"
)


def test_names_are_the_oracles() -> None:
    expected = random_parameters(np.random.default_rng(0), INDICATORS)
    assert set(parameter_space(INDICATOR_EVENTS).names) == set(expected)
    assert len(SPACE.names) == len(set(SPACE.names))


def test_every_parameter_has_a_reason() -> None:
    for parameter in parameters(INDICATOR_EVENTS):
        assert len(parameter.reason.split()) >= 3, parameter.name
        assert not parameter.reason.endswith("."), parameter.name


def test_medians_are_the_inverse_links_at_the_means() -> None:
    medians = SPACE.medians()
    for parameter in SPACE.parameters:
        if parameter.scale == "logit":
            assert medians[parameter.name] == pytest.approx(expit(parameter.mean), rel=1e-12)
        elif parameter.scale == "log":
            assert medians[parameter.name] == pytest.approx(np.exp(parameter.mean), rel=1e-12)
    for group in {p.group for p in SPACE.parameters if p.scale == "simplex"}:
        members = [p for p in SPACE.parameters if p.scale == "simplex" and p.group == group]
        weights = np.exp([p.mean for p in members])
        np.testing.assert_allclose([medians[p.name] for p in members], weights / weights.sum(), rtol=1e-12)


def test_prior_draws_have_the_declared_moments() -> None:
    draws = SPACE.prior_draws(np.random.default_rng(0), 20_000)
    np.testing.assert_allclose(draws.mean(axis=0), SPACE.mean, atol=0.12)
    expected = np.sqrt((SPACE.loadings**2).sum(axis=1))
    np.testing.assert_allclose(draws.std(axis=0), expected, rtol=0.03, atol=1e-12)
    names = SPACE.names
    alike = [names.index(f"correction.{phase}_horizon_fine_tuning") for phase in ("short", "long")]
    apart = [names.index("guard"), names.index("drift")]
    correlation = np.corrcoef(draws[:, [*alike, *apart]].T)
    assert correlation[0, 1] > 0.8
    assert abs(correlation[2, 3]) < 0.05


def test_natural_values_lie_where_scenarios_may() -> None:
    values = SPACE.natural(SPACE.prior_draws(np.random.default_rng(1), 50))
    for row in values:
        nested: dict[str, object] = {}
        for name, value in zip(SPACE.names, row.tolist(), strict=True):
            *path, last = name.split(".")
            table = nested
            for part in path:
                table = table.setdefault(part, {})  # type: ignore[assignment]
            table[last] = value
        assert make_scenario({"parameters": nested}).defaults_used == ()


def prior_of_deception(draws: int, narrow: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(11)
    unconstrained = SPACE.mean + narrow * (SPACE.prior_draws(rng, draws) - SPACE.mean)
    (found,) = answer_over([parse_query(REFERENCE)], SPACE, unconstrained)
    assert isinstance(found, np.ndarray)
    return found


def test_the_prior_takes_no_side() -> None:
    """With every assumption at its reference state P(deceptive) spreads over the debate."""
    found = prior_of_deception(4000)
    low, middle, high = np.quantile(found, [0.01, 0.5, 0.99])
    assert low < 0.001
    assert high > 0.75
    assert 0.01 < middle < 0.35
    for left, right in ((0.0, 0.01), (0.01, 0.1), (0.1, 0.4), (0.4, 1.0)):
        share = np.mean((found >= left) & (found < right))
        assert 0.05 < share < 0.6, (left, right, share)


def test_narrower_priors_would_take_a_side() -> None:
    """Negative control: at a third of the spread the tails above are gone."""
    low, high = np.quantile(prior_of_deception(4000, narrow=1 / 3), [0.01, 0.99])
    assert low > 0.001
    assert high < 0.75


@pytest.mark.parametrize("name", ["argument", "critic"])
def test_both_sides_lie_within_the_priors(name: str) -> None:
    """Mean and standard deviation of each probability strictly between 0 and 1: within three of the latter."""
    scenario = read_scenario(DATA / "scenarios" / f"{name}.toml")
    spread = np.sqrt((SPACE.loadings**2).sum(axis=1))
    for parameter, sd in zip(SPACE.parameters, spread, strict=True):
        value = scenario.parameters[parameter.name]
        if parameter.scale == "logit" and 0 < value < 1:
            assert abs(np.log(value / (1 - value)) - parameter.mean) < 3 * sd, parameter.name


def test_every_parameter_matters_somewhere() -> None:
    """The gradient of some query with respect to every parameter is not zero."""
    indicators = {"crux": parse_event("human_extinction=yes")}
    space = parameter_space(indicators)
    asked = ["human_extinction=yes", "aligned=yes", "crux=yes", "model_outcome=deceptive", "governance=weak"]
    asked += [f"{node}={states[-1]}" for node, states in CHAIN_READINGS.items()]
    queries = [parse_query(f"P({event})") for event in asked]
    circuit = record_odds(queries, space, indicators)
    u = space.prior_draws(np.random.default_rng(2), 1)[0] * 0.3
    largest = np.zeros(len(space.names))
    for i in range(len(circuit.outputs)):
        _, gradient = circuit.value_and_gradient(u, np.eye(len(circuit.outputs))[i])
        largest = np.maximum(largest, np.abs(gradient))
    assert [name for name, size in zip(space.names, largest, strict=True) if size < 1e-9] == []


def test_an_experiment_may_tell_as_much_as_an_indicator_without_a_group() -> None:
    """Relevance and reading weaken what a finding tells; under the prior a ratio above three stays as likely."""
    outcome = parse_event("model_outcome=deceptive")
    indicators = {"alone": outcome, "finding_f": outcome, "first": parse_event("finding_f=yes")}
    space = parameter_space(indicators)
    draws = space.prior_draws(np.random.default_rng(1), 20_000)
    asked = [parse_query(f"LR({name}=yes : model_outcome=deceptive)") for name in ("alone", "first")]
    alone, first = answer_over(asked, space, draws, indicators)
    assert np.mean(first > 3) == pytest.approx(np.mean(alone > 3), rel=0.3)
    assert np.median(first) == pytest.approx(1.0, abs=0.02)


def test_a_second_experiment_of_a_finding_tells_less_than_the_first() -> None:
    indicators = {"finding_f": parse_event("model_outcome=deceptive"), "one": parse_event("finding_f=yes")}
    indicators["two"] = indicators["one"]
    table = {"finding_f": {"event": 0.9, "not_event": 0.1}}
    table |= {name: {"event": 0.8, "not_event": 0.2} for name in ("one", "two")}

    def ratio(text: str, relevance: float) -> float:
        parameters = {"p_indicator": table, "p_indicator_relevance": {"finding_f": relevance}}
        found = answer_at(parse_query(text), make_scenario({"parameters": parameters}, indicators), indicators)
        assert isinstance(found, float)
        return found

    first, second = "LR(one=yes : model_outcome=deceptive)", "LR(two=yes : model_outcome=deceptive | one=yes)"
    assert ratio(first, 1.0) == pytest.approx((0.9 * 0.8 + 0.1 * 0.2) / (0.1 * 0.8 + 0.9 * 0.2))
    assert 1.0 < ratio(second, 1.0) < ratio(first, 1.0)
    # The finding's own ratio is linear in relevance, and an irrelevant setting tells nothing.
    assert ratio("LR(finding_f=yes : model_outcome=deceptive)", 0.25) == pytest.approx(1 + 0.25 * (9.0 - 1))
    assert ratio(first, 0.0) == pytest.approx(1.0)
