"""Random discrete networks with names that no format was made for."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from precursor.network.discrete import DiscreteNetwork

NASTY = (
    "", " ", "yes", "no", "0", "1.5", "-1", "007", "<5", "5-12", "12+", "Asy/Patch", "a//b", "/*", "*/", "very low",
    " x ", "x\n", 'say "hi"', "back\\slash", "it's", "a,b", "a;b", "{", "}", "(a)", "[0,1)", "a|b", "a&b", "&amp;",
    "]]>", "<!--", "%20", "-20", "n.a.b", "table", "default", "variable", "probability", "network", "unknown",
    "property", "type", "discrete", "precursor_name", "é", "e", "日本", "\U0001f600", "\u0000", "\u001f", "\u00a0",
    "\u2028", "\ufeff", "\ufffe", "\r", "_", "_a", "v", "v_2", "s", "s_2", "nan",
)  # fmt: skip
NAMES = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=("Cs",)), max_size=6)


def random_table(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Return rows that sum to one up to rounding, some with zeros, some of very different sizes."""
    rng = np.random.default_rng(seed)
    table = np.exp(rng.normal(0.0, rng.choice([0.1, 10.0]), shape)) * (rng.random(shape) < 0.8)
    table[..., -1] += (table.sum(axis=-1) == 0.0).astype(float)
    return table / table.sum(axis=-1, keepdims=True)


@st.composite
def networks(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> DiscreteNetwork:
    """Return a network of one to five variables; declared in any order, not only parents first."""
    variables = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    states = {name: tuple(draw(st.lists(names, min_size=1, max_size=4, unique=True))) for name in variables}
    ranked = draw(st.permutations(variables))
    parents = {
        name: tuple(draw(st.lists(st.sampled_from(ranked[:at]), max_size=3, unique=True))) if at else ()
        for at, name in enumerate(ranked)
    }
    seed = draw(st.integers(0, 2**32 - 1))
    tables = {
        name: random_table(tuple(len(states[one]) for one in (*parents[name], name)), seed + at)
        for at, name in enumerate(variables)
    }
    return DiscreteNetwork(states, parents, tables, draw(names))
