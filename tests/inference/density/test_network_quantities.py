"""The log-odds of every question of the shipped surveys, their derivatives, and which way each faces."""

from __future__ import annotations

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest

from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.inference.density.operations import NetworkQuantities, quantity_tables
from precursor.inference.orientation import orientations
from precursor.inference.plan import Plan, plan_model
from precursor.inference.quantities import contrasts, ranking_name
from precursor.inference.surveys import SurveyReader
from precursor.network.grammar import LikelihoodRatioQuery, OrderQuery, ParameterQuery, parse_query

RELATIVE, ABSOLUTE = 1e-5, 1e-8


@pytest.fixture(scope="module")
def plan(reader: SurveyReader) -> Plan:
    surveys = [reader.read(name) for name in reader.ids]
    return plan_model([survey for survey in surveys if survey.fit_by_default])


@pytest.fixture(scope="module")
def jacobian(plan: Plan):
    """The operation's own Jacobian, (query, parameter), as PyTensor differentiates it."""
    u, cotangent = pt.vector("u", dtype="float64"), pt.vector("cotangent", dtype="float64")
    logits = NetworkQuantities()(u, *quantity_tables(plan.quantities).values())[0]
    back = pytensor.function([u, cotangent], pytensor.grad(pt.dot(cotangent, logits), u), mode="FAST_COMPILE")
    n = len(plan.quantities.names)
    return lambda point: np.stack([back(point, row) for row in np.eye(n)])


def logits_at(plan: Plan, points: np.ndarray) -> np.ndarray:
    return plan.quantities.over(points)


def differences(plan: Plan, point: np.ndarray) -> np.ndarray:
    """Return central differences, (query, parameter), extrapolated from two step sizes."""
    slopes = []
    for h in (4e-4, 2e-4):
        steps = h * np.eye(len(point))
        slopes.append((logits_at(plan, point + steps) - logits_at(plan, point - steps)).T / (2 * h))
    return (4 * slopes[1] - slopes[0]) / 3


def test_quantities_are_those_of_the_exact_answers(plan: Plan) -> None:
    queries = [plan.observations.query_of[name] for name in plan.observations.queries]
    points = plan.space.prior_draws(np.random.default_rng(1), 5)
    answers = answer_over(queries, plan.space, points, plan.observations.indicators)
    scales = {parameter.name: parameter.scale for parameter in plan.space.parameters}
    found = dict(zip(plan.quantities.names, plan.quantities.over(points).T, strict=True))
    kinds = set()
    for query, answer in zip(queries, answers, strict=True):
        kinds.add(type(query).__name__)
        if isinstance(query, OrderQuery):
            masses = {order: np.exp(found[ranking_name(query, order)]) for order, p in answer.items() if p.any()}
            total = sum(masses.values())
            for order, mass in masses.items():
                np.testing.assert_allclose(answer[order], mass / total, rtol=1e-12)
            continue
        value = found[str(query)]
        ratio = isinstance(query, LikelihoodRatioQuery) or (
            isinstance(query, ParameterQuery) and scales[query.name] == "log"
        )
        np.testing.assert_allclose(answer, np.exp(value) if ratio else 1 / (1 + np.exp(-value)), rtol=1e-12)
    assert {"ProbabilityQuery", "ParameterQuery", "OrderQuery"} <= kinds


def test_contrasts_are_orthogonal_and_of_two_states_the_log_odds() -> None:
    np.testing.assert_allclose(contrasts(2) @ np.log([0.3, 0.7]), np.log(0.3 / 0.7))
    for states in (2, 3, 5):
        np.testing.assert_allclose(contrasts(states) @ contrasts(states).T, 2 * np.eye(states - 1), atol=1e-12)
        np.testing.assert_allclose(contrasts(states).sum(axis=1), 0.0, atol=1e-12)


@pytest.mark.parametrize("seed", [2, 3])
def test_every_derivative_is_that_of_the_logits(plan: Plan, jacobian, seed: int) -> None:
    point = plan.space.mean + 0.6 * (plan.space.prior_draws(np.random.default_rng(seed), 1)[0] - plan.space.mean)
    np.testing.assert_allclose(jacobian(point), differences(plan, point), rtol=RELATIVE, atol=ABSOLUTE)


def test_a_derivative_off_by_a_ten_thousandth_is_noticed(plan: Plan, jacobian) -> None:
    point = plan.space.mean
    found, expected = jacobian(point), differences(plan, point)
    np.testing.assert_allclose(found, expected, rtol=RELATIVE, atol=ABSOLUTE)
    # The median of what is not zero: a query depends on some parameters only.
    order = np.argsort(np.abs(found).ravel())[-np.count_nonzero(found) :]
    query, parameter = np.unravel_index(order[len(order) // 2], found.shape)
    found[query, parameter] *= 1.0001
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(found, expected, rtol=RELATIVE, atol=ABSOLUTE)


def test_complement_turns_the_orientation() -> None:
    texts = ("{}=yes | tai_by_2100=yes", "{}=no | tai_by_2100=yes")
    nodes = ("existential_catastrophe", "aligned", "oversight_contains", "situationally_aware", "deceptive_defection")
    space = parameter_space()
    signs = [orientations([parse_query(f"P({text.format(node)})") for node in nodes], space, {}) for text in texts]
    np.testing.assert_array_equal(signs[0], -signs[1])
    assert signs[0][0] == 1.0
    assert signs[0][1] == -1.0


def test_no_question_has_no_orientation() -> None:
    assert orientations([], parameter_space(), {}).shape == (0,)
