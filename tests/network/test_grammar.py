"""The query grammar: any tree survives being written and read, and errors say where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.network.grammar import (
    RESERVED,
    Conditions,
    DistributionQuery,
    ExpectationQuery,
    Intervention,
    LikelihoodRatioQuery,
    NodeAt,
    OrderEvent,
    OrderQuery,
    ParameterQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
    parse_event,
    parse_query,
    quote,
)
from precursor.problems import InputError
from tests.oracles.random_scenarios import QUERIES

PLAIN = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True).filter(lambda name: name not in RESERVED)
NAMES = (
    PLAIN
    | st.sampled_from(sorted(RESERVED))
    | st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6)
)
VARIABLES = st.builds(NodeAt, NAMES, st.none() | NAMES)
EVENTS = st.builds(StateEvent, VARIABLES, NAMES) | st.builds(OrderEvent, NAMES, NAMES)
SOME = st.lists(EVENTS, max_size=3).map(tuple)
CONDITIONS = st.builds(Conditions, SOME, st.lists(st.builds(Intervention, NAMES, NAMES), max_size=3).map(tuple))
TREES: st.SearchStrategy[Query] = st.one_of(
    st.builds(ProbabilityQuery, st.lists(EVENTS, min_size=1, max_size=3).map(tuple), CONDITIONS),
    st.builds(DistributionQuery, VARIABLES, CONDITIONS),
    st.builds(ExpectationQuery, NAMES, CONDITIONS),
    st.builds(OrderQuery, st.lists(NAMES, min_size=1, max_size=4).map(tuple), CONDITIONS),
    st.builds(LikelihoodRatioQuery, EVENTS, EVENTS, CONDITIONS),
    st.builds(ParameterQuery, st.lists(PLAIN, min_size=1, max_size=3).map(".".join)),
)


@given(TREES)
def test_a_tree_survives_being_written_and_read(tree: Query) -> None:
    assert parse_query(str(tree)) == tree


@given(EVENTS)
def test_an_event_survives_being_written_and_read(event: StateEvent | OrderEvent) -> None:
    assert parse_event(str(event)) == event


@given(TREES, st.integers(0, 3))
def test_white_space_does_not_matter(tree: Query, width: int) -> None:
    """Only outside quotes: trees whose names need none."""
    text = str(tree)
    if '"' not in text:
        spaced = "".join(f"{' ' * width}{mark}{' ' * width}" if mark in "(),|=<@:." else mark for mark in text)
        assert parse_query(spaced) == tree


@given(TREES)
def test_two_trees_never_share_a_text(tree: Query) -> None:
    """A negative control of the round trip: one more condition is another text and another tree."""
    if isinstance(tree, ParameterQuery):
        return
    more = Conditions((*tree.given.evidence, StateEvent(NodeAt("added"), "yes")), tree.given.interventions)
    changed = type(tree)(*(more if part is tree.given else part for part in (getattr(tree, f) for f in tree.__slots__)))
    assert str(changed) != str(tree)
    assert parse_query(str(changed)) != tree


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse_query(text)
    except InputError:
        return
    assert parse_query(str(tree)) == tree


@pytest.mark.parametrize("query", QUERIES)
def test_canonical_text_is_a_fixed_point(query: str) -> None:
    text = str(parse_query(query))
    assert str(parse_query(text)) == text


@pytest.mark.parametrize(
    ("text", "position", "allowed"),
    [
        ("", 1, "P(...)"),
        ("Q(a=b)", 1, "P(...)"),
        ("P(a=b", 6, "')'"),
        ("P(a=b) x", 8, "the end of the query"),
        ("P(a=)", 5, "a state"),
        ("P(=b)", 3, "a node"),
        ("P(a=b |)", 8, "a node"),
        ("P(a=b | c)", 10, "'=' and a state"),
        ("P(a=b | do(c))", 13, "'='"),
        ("P(a@b < c)", 7, "'=' and a state"),
        ("P(a=b, c)", 9, "'=' and a state"),
        ("E(a=b)", 4, "')'"),
        ("order(a < b)", 9, "')'"),
        ("LR(a=b)", 7, "':'"),
        ("P(P=yes)", 3, "a node"),
        ("P(a=b ; c=d)", 7, "a name"),
        ('P("a\\q"=b)', 3, "JSON"),
        ("do(a=b)", 1, "P(...)"),
        ("parameter(a.)", 13, "a parameter's name"),
    ],
)
def test_errors_say_where_and_what_would_fit(text: str, position: int, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_query(text)
    (problem,) = caught.value.problems
    assert f"at character {position}:" in problem.message
    assert allowed in str(problem.allowed)


def test_case_and_quotes() -> None:
    assert parse_query('P("Disease"="Asy/Patch")') == ProbabilityQuery((StateEvent(NodeAt("Disease"), "Asy/Patch"),))
    assert parse_query("P(a=b)") != parse_query("P(A=b)")
    assert quote("do") == '"do"'
    assert quote("doing") == "doing"
