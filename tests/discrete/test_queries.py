"""Every kind of question against the joint distribution written out."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from precursor.discrete import ask, posterior
from precursor.discrete.conditioned import Policy
from precursor.discrete.network import Network
from precursor.exact.dense.plan import make_plan
from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError
from tests.discrete.random_networks import networks, random_network
from tests.oracles.brute_force import Joint

SEEDS = st.integers(0, 2**32 - 1)
quick = settings(max_examples=60, deadline=None)


def replaced(network: DiscreteNetwork, changed: dict[str, tuple[tuple[str, ...], np.ndarray]]) -> Joint:
    """Return the joint distribution after interventions, by the truncated factorisation."""
    sizes = {name: len(states) for name, states in network.states.items()}
    parents = {**network.parents, **{name: parents for name, (parents, _) in changed.items()}}
    return Joint(sizes, parents, {**network.tables, **{name: table for name, (_, table) in changed.items()}})


def some(rng: np.random.Generator, names: list[str], most: int) -> list[str]:
    return [names[i] for i in rng.permutation(len(names))[: rng.integers(0, most + 1)]]


def spelled(network: DiscreteNetwork, states: dict[str, int]) -> str:
    return ", ".join(f"{node}={network.states[node][state]}" for node, state in states.items())


@quick
@given(networks(zeros=0.2), SEEDS)
def test_everything_together_equals_the_joint_written_out(network: DiscreteNetwork, seed: int):
    rng = np.random.default_rng(seed)
    names = list(network.states)
    size = {name: len(states) for name, states in network.states.items()}
    evidence = {name: int(rng.integers(size[name])) for name in some(rng, names, 2)}
    do = {name: int(rng.integers(size[name])) for name in some(rng, [n for n in names if n not in evidence], 1)}
    soft = {name: rng.dirichlet(np.ones(size[name])) for name in some(rng, [n for n in names if n not in do], 1)}
    free = [name for name in names if name not in do and name not in soft]
    policies = {}
    if free and rng.random() < 0.5:
        node = free[int(rng.integers(len(free)))]
        chosen = tuple(some(rng, names[: names.index(node)], 2))  # of what comes before, so no cycle
        policies[node] = (chosen, rng.dirichlet(np.ones(size[node]), tuple(size[p] for p in chosen)))
    likelihoods = {name: rng.random(size[name]) for name in some(rng, names, 2)}
    changed = {
        **{node: ((), np.eye(size[node])[state]) for node, state in do.items()},
        **{node: ((), values) for node, values in soft.items()},
        **policies,
    }
    weighted = replaced(network, changed).given(evidence)
    for node, values in likelihoods.items():
        weighted = weighted.weighted(lambda at, node=node, values=values: float(values[at[node]]))
    assume(weighted.total() > 1e-12)
    conditions = ", ".join(
        part
        for part in (spelled(network, evidence), *(f"do({spelled(network, {n: s})})" for n, s in do.items()))
        if part
    )
    updates = {
        "virtual_evidence": {
            n: dict(zip(network.states[n], map(float, v), strict=True)) for n, v in likelihoods.items()
        },
        "soft_intervention": {n: dict(zip(network.states[n], map(float, v), strict=True)) for n, v in soft.items()},
        "policies": {n: Policy(p, t) for n, (p, t) in policies.items()},
    }
    net = Network(network)
    marginals = net.marginals(conditions, **updates)
    assert net.log_probability(conditions, **updates) == pytest.approx(np.log(weighted.total()), abs=1e-11)
    for node in names:
        expected = weighted.marginal(node)
        asked = net.query(f"P({node} | {conditions})" if conditions else f"P({node})", **updates)
        np.testing.assert_allclose(asked.values, expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(marginals[node].values, expected, rtol=0, atol=1e-12)
        assert list(asked.coords[node].values) == list(network.states[node])
    events = {name: int(rng.integers(size[name])) for name in names[:3]}
    bar = f" | {conditions}" if conditions else ""
    together = net.query(f"P({spelled(network, events)}{bar})", **updates)
    assert together == pytest.approx(weighted.probability(events), abs=1e-12)
    best, reached = weighted.largest(names)
    explained = net.mpe(conditions, **updates)
    assert explained.probability == pytest.approx(best, rel=1e-9)
    assert {n: network.states[n].index(s) for n, s in explained.states.items()} in reached
    partly, reached = weighted.largest(names[1:3])
    found = net.mpe(conditions, of=names[1:3], **updates)
    assert found.probability == pytest.approx(partly, rel=1e-9)
    assert {n: network.states[n].index(s) for n, s in found.states.items()} in reached


@quick
@given(networks(), SEEDS)
def test_chain_rule(network: DiscreteNetwork, seed: int):
    """P(a, b, c) = P(a) P(b | a) P(c | a, b), and the joint distribution sums to one."""
    rng = np.random.default_rng(seed)
    net = Network(network)
    events = [spelled(network, {n: int(rng.integers(len(s)))}) for n, s in network.states.items()]
    product = 1.0
    for i, event in enumerate(events):
        product *= net.query(f"P({event} | {', '.join(events[:i])})" if i else f"P({event})")
    assert net.query(f"P({', '.join(events)})") == pytest.approx(product, rel=1e-10)
    joint = net.joint(list(network.states))
    assert joint.dims == tuple(network.states)
    assert float(joint.sum()) == pytest.approx(1.0, abs=1e-12)


def test_many_events_are_answered_without_their_joint_table(monkeypatch: pytest.MonkeyPatch):
    network = random_network(5, nodes=6)
    text = f"P({spelled(network, dict.fromkeys(list(network.states)[:5], 0))} | n5=s1)"
    by_table = Network(network).query(text)
    monkeypatch.setattr(ask, "LARGEST_JOINT", 1)
    assert Network(network).query(text) == pytest.approx(by_table, rel=1e-12)
    assert Network(network).query("P(n5=s0, n4=s0 | n5=s1)") == 0.0


@pytest.mark.parametrize("draws", [1, 7])
def test_draws_are_answered_as_each_draw_alone(draws: int):
    network = random_network(11, nodes=6, draws=draws)
    net = Network(network)
    text, given_text = "P(n3=s0, n1=s1 | n5=s1, do(n2=s0))", "n5=s1, do(n2=s0)"
    likelihood = {"n4": dict.fromkeys(network.states["n4"], 0.5) | {"s0": 0.1}}
    soft = {
        "n1": dict(
            zip(network.states["n1"], np.full(len(network.states["n1"]), 1 / len(network.states["n1"])), strict=True)
        )
    }
    asked = net.query(text, virtual_evidence=likelihood)
    marginals = net.marginals(given_text, soft_evidence=soft)
    explained = net.mpe(given_text)
    assert asked.dims == ("draw",)
    assert asked.shape == (draws,)
    for draw in range(draws):
        single = Network(network.at_draw(draw))
        assert single.query(text, virtual_evidence=likelihood) == pytest.approx(float(asked[draw]), abs=1e-13)
        for node, values in single.marginals(given_text, soft_evidence=soft).items():
            assert marginals[node].dims == ("draw", node)
            np.testing.assert_allclose(marginals[node].values[draw], values.values, rtol=0, atol=1e-11)
        best = single.mpe(given_text)
        assert {n: str(s.values[draw]) for n, s in explained.states.items()} == best.states
        assert float(explained.probability[draw]) == pytest.approx(best.probability, rel=1e-12)


@quick
@given(networks(zeros=0.2), SEEDS)
def test_sweeps_over_the_tree_equal_single_eliminations(network: DiscreteNetwork, seed: int):
    rng = np.random.default_rng(seed)
    node = list(network.states)[int(rng.integers(len(network.states)))]
    net = Network(network)
    assume(net.log_probability({node: "s0"}) > -20)
    by_tree = net.marginals({node: "s0"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posterior, "_single_eliminations_are_better", lambda *_: True)
        one_by_one = net.marginals({node: "s0"})
    assert list(by_tree) == list(one_by_one) == list(network.states)
    for name in by_tree:
        np.testing.assert_allclose(one_by_one[name].values, by_tree[name].values, rtol=0, atol=1e-13)


def test_the_estimated_cost_decides_between_the_tree_and_single_eliminations():
    """A tree over common effects of many causes is large, each effect's own ancestors are few."""
    causes, effects = [f"c{i}" for i in range(9)], [f"e{i}" for i in range(9)]
    states = {name: tuple("abcdefgh") for name in (*causes, *effects)}
    parents = {effect: (causes[i], causes[(i + 1) % 9], causes[(i + 4) % 9]) for i, effect in enumerate(effects)}
    tables = {name: np.full((8,) * (1 + len(parents.get(name, ()))), 1 / 8) for name in states}
    prior = Network(DiscreteNetwork(states, parents, tables))._prior
    (part,) = [part for part in posterior.relevant_tables(prior, states) if part.names]
    tree = make_plan(part.scopes, part.sizes)
    assert posterior._single_eliminations_are_better(prior, part, tree, posterior.MEMORY_LIMIT)
    small = Network(random_network(1))._prior
    (part,) = [part for part in posterior.relevant_tables(small, small.states) if part.names][:1]
    tree = make_plan(part.scopes, part.sizes)
    assert not posterior._single_eliminations_are_better(small, part, tree, posterior.MEMORY_LIMIT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posterior, "_CHEAP", 0)
        assert not posterior._single_eliminations_are_better(small, part, tree, posterior.MEMORY_LIMIT)


def test_memory_is_bounded_by_cutting_the_draws():
    network = random_network(12, nodes=6, draws=50)
    wide = Network(network).marginals("n5=s1")
    tight = Network(network, memory_limit=8192).marginals("n5=s1")
    for node in network.states:
        np.testing.assert_allclose(tight[node].values, wide[node].values, rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", ["virtual_evidence", "soft_evidence", "soft_intervention"])
def test_evidence_and_interventions_may_differ_by_draw(kind: str):
    network = random_network(11, nodes=6, draws=4)
    states = network.states["n4"]
    numbers = np.random.default_rng(1).dirichlet(np.ones(len(states)), 4)
    by_draw = {kind: {"n4": dict(zip(states, numbers.T, strict=True))}}
    found = Network(network).query("P(n5 | n1=s0)", **by_draw)
    for draw in range(4):
        of_draw = {kind: {"n4": dict(zip(states, map(float, numbers[draw]), strict=True))}}
        alone = Network(network.at_draw(draw)).query("P(n5 | n1=s0)", **of_draw)
        np.testing.assert_allclose(found.values[draw], alone.values, rtol=0, atol=1e-12)
    for wrong in (network.at_draw(0), random_network(11, nodes=6, draws=3)):
        with pytest.raises(InputError, match="4 draws"):
            Network(wrong).query("P(n5)", **by_draw)


def test_a_policy_may_differ_by_draw():
    network = random_network(11, nodes=6, draws=4)
    sizes = len(network.states["n1"]), len(network.states["n4"])
    table = np.random.default_rng(1).dirichlet(np.ones(sizes[1]), (4, sizes[0]))
    found = Network(network).query("P(n5)", policies={"n4": Policy(("n1",), table)})
    for draw in range(4):
        alone = Network(network.at_draw(draw)).query("P(n5)", policies={"n4": Policy(("n1",), table[draw])})
        np.testing.assert_allclose(found.values[draw], alone.values, rtol=0, atol=1e-13)
    with pytest.raises(InputError, match="shape"):
        Network(network).query("P(n5)", policies={"n4": Policy(("n1",), table[:3])})


def test_explanations_do_not_depend_on_how_the_draws_are_cut():
    network = random_network(12, nodes=6, draws=50)
    wide, tight = (Network(network, memory_limit=limit).mpe("n5=s1") for limit in (1 << 30, 16384))
    np.testing.assert_allclose(tight.log_probability.values, wide.log_probability.values, rtol=0, atol=1e-12)
    for node in network.states:
        assert tight.states[node].values.tolist() == wide.states[node].values.tolist()


def test_the_sweep_on_logarithms_is_counted_where_it_may_be_needed():
    """Sums over a clique of 10 states each, of numbers that may underflow, need the table over the whole clique."""
    seen = {f"e{i}": "a" for i in range(200)}
    states = {**dict.fromkeys(["c", "d", "f"], tuple("abcdefghij")), **dict.fromkeys(seen, ("a", "b"))}
    extreme = np.tile([1e-3, 0.999], (10, 1))
    even = np.full((10, 10), 0.1)
    tables = {"c": np.full(10, 0.1), "d": even, "f": np.full((10, 10, 10), 0.1), **dict.fromkeys(seen, extreme)}
    parents = {"d": ("c",), "f": ("c", "d"), **dict.fromkeys(seen, ("f",))}
    declared = DiscreteNetwork(states, parents, tables)
    plain = Network(declared, memory_limit=25_000)
    assert plain.query("P(f=b)") == pytest.approx(0.1)
    with pytest.raises(InputError, match="logarithms"):
        plain.joint(["f"], seen)
    assert float(Network(declared, memory_limit=400_000).joint(["f"], seen)[0]) == pytest.approx(0.1)


def test_a_question_that_would_not_fit_is_refused_with_its_size():
    names = [f"v{i}" for i in range(40)]
    states = dict.fromkeys([*names, "all"], ("a", "b"))
    parents = {name: (names[i - 1],) for i, name in enumerate(names) if i}
    tables = {name: np.full((2,) * (1 + (name in parents)), 0.5) for name in names}
    chain = DiscreteNetwork(states, parents | {"all": ("v0",)}, tables | {"all": np.full((2, 2), 0.5)})
    with pytest.raises(InputError, match=r"too large.*8 TB"):
        Network(chain).joint(names)
    with pytest.raises(InputError, match="too large"):
        Network(chain, memory_limit=32).marginals()
    with pytest.raises(InputError, match=r"[Tt]oo large"):
        Network(chain, memory_limit=64).mpe()


def test_the_network_is_not_changed():
    network = random_network(3, nodes=5)
    before = {name: table.copy() for name, table in network.tables.items()}
    parents = dict(network.parents)
    net = Network(network)
    plain = net.query("P(n4)")
    net.query("P(n4 | do(n2=s0), n1=s1)", soft_evidence={"n3": _even(network, "n3")})
    net.query("P(n4)", soft_intervention={"n2": _even(network, "n2")})
    np.testing.assert_array_equal(net.query("P(n4)").values, plain.values)
    assert dict(network.parents) == parents
    assert all(np.array_equal(before[name], network.tables[name]) for name in before)


def _even(network: DiscreteNetwork, node: str) -> dict[str, float]:
    return dict.fromkeys(network.states[node], 1 / len(network.states[node]))


ODD = DiscreteNetwork(
    {"Disease": ("Asy/Patch", 'say "no"'), "do": ("<5", "12+"), "x": ("a", "b")},
    {"do": ("Disease",), "x": ("do",)},
    {
        "Disease": np.array([0.25, 0.75]),
        "do": np.array([[0.5, 0.5], [0.0, 1.0]]),
        "x": np.array([[0.5, 0.5], [0.9, 0.1]]),
    },
)


def test_any_names_can_be_asked_for_in_quotes():
    assert Network(ODD).query('P("Disease"="Asy/Patch" | "do"="<5")') == 1.0
    assert Network(ODD).query(r'P("do"="12+" | Disease="say \"no\"")') == 1.0
    assert Network(ODD).marginals({"do": "<5"})["Disease"].values.tolist() == [1.0, 0.0]


def test_likelihood_ratio():
    ratio = Network(ODD).query('LR(x=a : "Disease"="Asy/Patch")')
    assert ratio == pytest.approx((0.5 * 0.5 + 0.5 * 0.9) / 0.9)
    with pytest.raises(InputError, match="not defined"):
        Network(ODD).query('LR("do"="<5" : "Disease"="Asy/Patch")')
    with pytest.raises(InputError, match="excluded"):
        Network(ODD).query(r'LR("do"="<5" : "Disease"="Asy/Patch" | Disease="say \"no\"")')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P(diseases=yes)", ["no node 'diseases'", "Disease"]),
        ('P(Disease="Asy Patch")', ["no state 'Asy Patch'", "Asy/Patch"]),
        ("P(x@end=a)", ["no phases"]),
        ("P(x@end)", ["no phases"]),
        ("P(x < Disease)", ["node=state"]),
        ("E(x)", ["cannot be asked"]),
        ("P(x=a | nope=a, do(y=b))", ["'nope'", "'y'"]),
        ("P(x=a | x=b, do(x=a))", ["probability zero"]),
        ("P(x=a | x=b, x=a)", ["two states"]),
        ('P(x=a | Disease="say \\"no\\"", "do"="<5")', ["probability zero"]),
        ('P(Disease | "do"="<5", Disease="say \\"no\\"")', ["probability zero"]),
    ],
)
def test_bad_questions_are_refused(text: str, words: list[str]):
    with pytest.raises(InputError) as refused:
        Network(ODD).query(text)
    for word in words:
        assert word in str(refused.value)


def test_impossible_evidence_is_refused_even_where_it_does_not_bear_on_the_target():
    states = dict.fromkeys("xyz", ("a", "b"))
    tables = {"x": np.array([0.5, 0.5]), "y": np.array([1.0, 0.0]), "z": np.array([[1.0, 0.0], [0.5, 0.5]])}
    net = Network(DiscreteNetwork(states, {"z": ("y",)}, tables))
    assert net.query("P(x=a | z=a)") == 0.5
    for ask_it in (lambda: net.query("P(x=a | z=b)"), lambda: net.marginals("z=b"), lambda: net.mpe("z=b")):
        with pytest.raises(InputError, match="probability zero"):
            ask_it()
    assert net.log_probability("z=b") == -np.inf


@pytest.mark.parametrize(
    ("updates", "words"),
    [
        ({"virtual_evidence": {"x": {"a": 1.0}}}, "b left out"),
        ({"virtual_evidence": {"x": {"a": 0.0, "b": 0.0}}}, "not all zero"),
        ({"virtual_evidence": {"x": {"a": -1.0, "b": 2.0}}}, "not negative"),
        ({"soft_evidence": {"x": {"a": 0.5, "b": 0.6}}}, "sums to 1.1"),
        ({"soft_evidence": {"y": {"a": 0.5, "b": 0.5}}}, "no node 'y'"),
        ({"soft_intervention": {"x": {"a": 0.5, "c": 0.5}}}, "no state 'c'"),
        ({"policies": {"x": Policy(("nope",), np.ones((2, 2)))}}, "no node 'nope'"),
        ({"policies": {"x": Policy(("Disease",), np.ones(2))}}, "shape"),
        ({"policies": {"x": Policy(("Disease",), np.ones((2, 2)))}}, "sum to one"),
        ({"policies": {"Disease": Policy(("x",), np.full((2, 2), 0.5))}}, "cycle"),
        (
            {"policies": {"x": Policy((), np.array([0.5, 0.5]))}, "soft_intervention": {"x": {"a": 0.5, "b": 0.5}}},
            "two ways",
        ),
    ],
)
def test_bad_updates_are_refused(updates: dict, words: str):
    with pytest.raises(InputError, match=words):
        Network(ODD).query("P(x=a)", **updates)


@pytest.mark.parametrize("extra", [0, 1])
def test_contradictions_beyond_the_range_of_float64(extra: int):
    """Three hundred observations say one thing by 450 orders of magnitude, then as many say the other."""
    seen = {f"e{i}": "a" if i < 150 else "b" for i in range(300 + extra)}
    tables = {"c": np.array([0.3, 0.7]), **dict.fromkeys(seen, np.array([[0.999, 0.001], [0.001, 0.999]]))}
    net = Network(DiscreteNetwork(dict.fromkeys(tables, ("a", "b")), dict.fromkeys(seen, ("c",)), tables))
    odds = 0.3 / 0.7 * (0.001 / 0.999) ** extra
    assert float(net.joint(["c"], seen)[0]) == pytest.approx(odds / (1 + odds), rel=1e-9)
    assert float(net.marginals(seen)["c"][0]) == pytest.approx(odds / (1 + odds), rel=1e-9)
    explained = net.mpe(seen)
    assert explained.states["c"] == "b"
    assert explained.probability == pytest.approx(1 / (1 + odds), rel=1e-9)


def test_a_policy_may_turn_an_arrow_round_where_no_cycle_is_left():
    policies = {"Disease": Policy(("x",), np.array([[1.0, 0.0], [0.0, 1.0]]))}
    found = Network(ODD).query('P(Disease="Asy/Patch" | do(x=a))', policies=policies)
    assert found == 1.0
