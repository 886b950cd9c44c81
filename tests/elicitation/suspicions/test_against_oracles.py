"""Fast checks against slow ones that share no code with them."""

import itertools
import math
import random
from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from precursor.elicitation.answers import AnswerContext, parse_answer
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.suspicions.coherence import incoherent_answers
from precursor.elicitation.suspicions.duplicates import duplicated_people
from precursor.inference.surveys import open_reader
from precursor.network.grammar import parse_query
from tests.oracles.coherence import possible

QUERIES = {
    "a": "P(A=yes)",
    "b": "P(B=yes)",
    "ab": "P(B=yes, A=yes)",
    "b_given_a": "P(B=yes | A=yes)",
    "not_a": "P(A=no)",
}
QUESTIONS = {id_: SimpleNamespace(query=parse_query(text), offset=None) for id_, text in QUERIES.items()}
percent = st.integers(1, 99).map(lambda n: f"{n}%")
MARGIN = 1e-6


def survey(rows):
    judgements = tuple(
        Judgement("s", expert, expert, question, "point", parse_answer("point", text, AnswerContext()), text, line)
        for line, (expert, question, text) in enumerate(rows, start=2)
    )
    return SimpleNamespace(judgements=judgements, questions=QUESTIONS)


def judged(stated):
    """Return whether the answers of one person are called incoherent, and whether they can be coherent."""
    made = survey([("ada", question, text) for question, text in stated.items()])
    intervals = {j.question: (j.answer.low, j.answer.high) for j in made.judgements}
    # At the very edge the two round differently.
    assume(possible(intervals, MARGIN) == possible(intervals, -MARGIN))
    return bool(list(incoherent_answers(made))), possible(intervals, 0.0)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(QUERIES)), percent, min_size=2))
def test_what_is_called_incoherent_is(stated):
    called, could_be = judged(stated)
    assert not (called and could_be)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([("a", "b", "b_given_a"), ("ab", "a"), ("ab", "b")]), st.tuples(percent, percent, percent))
def test_what_is_incoherent_is_called_so(names, texts):
    called, could_be = judged(dict(zip(names, texts, strict=False)))
    assert called is not could_be


def test_the_oracle_tells_the_two_apart():
    assert possible({"a": (0.5, 0.5), "b": (0.3, 0.3), "b_given_a": (0.5, 0.5)}, 0.0)
    assert not possible({"a": (0.5, 0.5), "b": (0.2, 0.2), "b_given_a": (0.5, 0.5)}, 0.0)


def copies_by_hand(given_by):
    """Return each expert and the first earlier one of the same answers, as the docstring of the check defines it."""
    experts = list(given_by)
    found, named = [], set()
    for later, earlier in ((after, e) for n, after in enumerate(experts) for e in experts[:n]):
        if later in named or earlier in named:
            continue
        shared = set(given_by[later]) & set(given_by[earlier])
        same = [q for q in shared if given_by[later][q] == given_by[earlier][q]]
        chance = 1.0
        for question in same:
            answers = Counter(answers[question] for answers in given_by.values() if question in answers)
            others = max(answers[given_by[later][question]] - 2, 0) + 1
            chance *= min(1.0, others / (max(answers.total() - 2, 0) + 20))
        pairs = math.comb(len(experts), 2)
        different = {given_by[later][question] for question in same}
        alike = len(shared) >= 8 and len(same) >= 0.9 * len(shared) and len(different) >= 4
        if alike and chance * pairs < 1e-3:
            found.append((later, earlier))
            named.add(later)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_copies_are_those_that_comparing_each_with_each_finds(seed):
    chosen = random.Random(seed)
    questions = list(QUESTIONS) + [f"q{n}" for n in range(8)]
    given_by = {
        f"e{n}": {q: f"{10 * chosen.randint(1, 9)}%" for q in questions if chosen.random() < 0.95} for n in range(15)
    }
    for n in range(5):
        copy = dict(given_by[f"e{chosen.randrange(15)}"])
        for question in chosen.sample(sorted(copy), n):
            copy[question] = "3%"
        given_by[f"copy{n}"] = copy
    given_by = {expert: answers for expert, answers in given_by.items() if len(answers) >= 8}
    rows = [(expert, question, text) for expert, answers in given_by.items() for question, text in answers.items()]
    messages = [problem.message for problem in duplicated_people(survey(rows))]
    expected = copies_by_hand(given_by)
    assert expected
    assert [tuple(message.split("'")[1::2]) for message in messages] == expected


def test_the_carried_surveys_are_quiet_where_nothing_is_wrong():
    """What is found there, one person's three answers, breaks a law of probability."""
    from precursor.elicitation.suspicions import suspicions

    reader = open_reader()
    found = {id_: suspicions(reader.read(id_)) for id_ in reader.ids if not reader.read(id_).synthetic}
    loud = {id_: problems for id_, problems in found.items() if problems}
    assert set(loud) <= {"fri_adversarial_collaboration"}
    for problem in itertools.chain(*loud.values()):
        assert "of its condition allow" in problem.message
