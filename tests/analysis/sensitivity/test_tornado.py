import numpy as np
import pytest

from precursor.analysis.sensitivity.tornado import MOVED_DRAWS, conditional_means, tornado
from precursor.analysis.sources import Source, log_odds_over
from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.network.grammar import parse_query

QUERY = parse_query("P(existential_catastrophe=yes | model_outcome=deceptive, tai_by_2100=yes, governance=weak)")


@pytest.fixture(scope="module")
def source():
    space = parameter_space()
    return Source("made", "run", space, {}, space.prior_draws(np.random.default_rng(1), MOVED_DRAWS))


def test_a_bar_is_the_parameter_at_its_ends_and_all_else_as_it_was(source):
    names = ["p_plays_along", "p_deceptive_defection", "p_existential_leak"]
    positions = [source.space.names.index(name) for name in names]
    bars = {bar["parameter"]: bar for bar in tornado(QUERY, source, positions, log_odds_over([QUERY], source)[:, 0])}
    for name, position in zip(names, positions, strict=True):
        for end, level in (("low", 0.05), ("high", 0.95)):
            moved = source.unconstrained.copy()
            moved[:, position] = np.quantile(moved[:, position], level)
            expected = answer_over([QUERY], source.space, moved)[0].mean()
            assert bars[name]["moved"][end] == pytest.approx(expected)
    # Given that the system is deceptive, whether it plays along no longer matters: a control that must not move.
    assert bars["p_plays_along"]["moved"]["swing"] == pytest.approx(0.0, abs=1e-12)
    assert bars["p_deceptive_defection"]["moved"]["swing"] > 0.05


def test_conditional_means_follow_dependence_that_moving_does_not():
    """Of y = x1 given x2 with correlation r the expectation is r x2, though x2 itself moves nothing."""
    rng, r = np.random.default_rng(2), 0.6
    x2 = rng.standard_normal(20_000)
    x1 = r * x2 + np.sqrt(1 - r**2) * rng.standard_normal(20_000)
    low, high = conditional_means(x2, x1, (0.05, 0.95))
    assert low == pytest.approx(-1.645 * r, abs=0.05)
    assert high == pytest.approx(1.645 * r, abs=0.05)
    # The scale of the factor does not matter, only its order.
    assert conditional_means(np.exp(3 * x2), x1, (0.05, 0.95)) == pytest.approx([low, high])
