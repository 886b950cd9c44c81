import pytest

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.distribution import parse_distribution
from precursor.problems import InputError

CONTEXT = AnswerContext(states=("deceptive", "proxy", "base"))


def test_states_come_in_the_order_of_the_network_with_their_resolution():
    stated = parse_distribution("proxy: 30%; base: 0.6; deceptive: 1 in 10", CONTEXT)
    assert stated.states == CONTEXT.states
    assert stated.probabilities == (0.1, 0.3, 0.6)
    assert stated.lows == (1 / 10.5, 0.295, 0.55)
    assert stated.highs == (1 / 9.5, 0.305, 0.65)


@pytest.mark.parametrize("last", ["0.42", "0.38"])
def test_the_sum_may_be_off_by_two_hundredths(last):
    assert parse_distribution(f"deceptive: 0.1; proxy: 0.5; base: {last}", CONTEXT).probabilities[2] == float(last)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deceptive: 10%; proxy: 30%; base: 63%", r"sum to 1\.03"),
        ("deceptive: 10%; proxy: 30%; base: 57%", r"sum to 0\.97"),
        ("deceptive: 40%; proxy: 60%", "No probability for base"),
        ("deceptive: 40%; proxy: 60%; bass: 0", "Unknown state 'bass'"),
        ("deceptive: 40%; deceptive: 60%; proxy: 0; base: 0", "more than once"),
        ("deceptive: 40%; proxy: -10%; base: 70%", "negative"),
        ("40%", "no colon"),
    ],
)
def test_what_is_no_distribution(text, words):
    with pytest.raises(InputError, match=words):
        parse_distribution(text, CONTEXT)
