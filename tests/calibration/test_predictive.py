import numpy as np
import pytest

from precursor.calibration.expert_model import Posterior
from precursor.calibration.forecasts import resolved
from precursor.calibration.predictive import evidence
from tests.oracles.pooled_outcome import answers_and_outcome

SCALARS = {"average": -0.4, "spread": 1.1, "eta": 0.3, "slope": 1.4, "nu": 0.8}


def posterior_of(scalars, bias, extremity, noise):
    effects = {"bias": bias, "extremity": extremity, "noise": noise}
    return Posterior(
        {name: np.array([value]) for name, value in scalars.items()},
        {name: np.array([values]) for name, values in effects.items()},
        np.zeros((1, 1)), 1.0, 0,
    )  # fmt: skip


CASES = {
    "typical": ([0.3, 0.45, 0.2], {}),
    "far apart": ([0.001, 0.97], {}),
    "extreme": ([1e-4, 2e-4, 0.01], {}),
    "ends": ([0.0, 1.0, 0.4], {}),
    "one answer": ([0.8], {}),
    "anti-informative crowd": ([0.8, 0.7], {"slope": -0.6}),
    "rare events": ([0.01, 0.003, 0.02], {"average": -4.0, "spread": 0.5}),
    "precise crowd": ([0.3] * 40, {"nu": 0.3}),
}


@pytest.mark.parametrize("case", CASES)
def test_integration_equals_brute_force(case):
    stated, changed = CASES[case]
    scalars = {**SCALARS, **changed}
    random = np.random.default_rng(len(case))
    effects = [0.4 * random.normal(size=len(stated)), 0.3 * random.normal(size=len(stated))]
    effects.append(np.exp(-0.4 + 0.3 * random.normal(size=len(stated))))
    answers = {("q", f"e{number}"): value for number, value in enumerate(stated)}
    forecasts = resolved(answers, {"q": 1}, unit=1e-4 if min(stated) < 0.005 else 0.01)
    found = evidence(posterior_of(scalars, *effects), forecasts, np.arange(len(stated)))
    triples = list(zip(forecasts.log_odds, forecasts.rounding, forecasts.side, strict=True))
    no, yes = answers_and_outcome(scalars, *effects, triples)
    assert found.probability[0] == pytest.approx(yes / (no + yes), abs=2e-4)


def test_how_probable_answers_are_is_compared_rightly_between_draws():
    stated = {("q", "a"): 0.3, ("q", "b"): 0.6, ("q", "c"): 0.0}
    forecasts = resolved(stated, {"q": 0})
    effects = [[0.1, -0.2, 0.1], [0.2, 0.0, -0.2], [0.6, 0.9, 0.5]]
    other = {**SCALARS, "average": 0.5, "spread": 0.6, "nu": 1.5}
    triples = list(zip(forecasts.log_odds, forecasts.rounding, forecasts.side, strict=True))
    ours, brute = [], []
    for scalars in (SCALARS, other):
        ours.append(evidence(posterior_of(scalars, *effects), forecasts, np.arange(3)).log_answers[0])
        brute.append(np.log(sum(answers_and_outcome(scalars, *effects, triples))))
    assert ours[1] - ours[0] == pytest.approx(brute[1] - brute[0], abs=1e-3)


def test_cloning_the_order_of_experts_changes_nothing():
    stated = {("q", "a"): 0.3, ("q", "b"): 0.9}
    swapped = dict(reversed(stated.items()))
    effects = [[0.1, -0.5], [0.3, -0.1], [0.6, 1.1]]
    backwards = [values[::-1] for values in effects]
    first = evidence(posterior_of(SCALARS, *effects), resolved(stated, {"q": 1}), np.arange(2))
    second = evidence(posterior_of(SCALARS, *backwards), resolved(swapped, {"q": 1}), np.arange(2))
    assert first.probability[0] == pytest.approx(second.probability[0], abs=1e-9)
