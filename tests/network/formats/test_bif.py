"""BIF as other programs write it, and as it should not be written."""

from __future__ import annotations

import numpy as np
import pytest

from precursor.network.files import dumps, loads
from precursor.network.formats.bif import read_bif
from precursor.network.formats.draft import MAX_ENTRIES, MAX_PROBLEMS, ROW_TOLERANCE
from precursor.network.names import pack
from tests.network.formats.refusals import check, refused

BNLEARN = """network unknown {
}
variable Fallot {
  type discrete [ 3 ] { <5, 5-12, 12+ };
}
variable X.ray-1 {
  type discrete [ 2 ] { Asy/Patch, Grd_Glass };
}
probability ( Fallot ) {
  table 0.2, 5e-1, .3;
}
probability ( X.ray-1 | Fallot ) {
  (<5) 0.1, 0.9;
  (12+) 1.0, 0.0;
  (5-12) 0.3, 0.7;
}
"""
JAVABAYES = """// Bayesian Network in the Interchange Format
// a table lists the header's variables in order, the last fastest
network "Dogs and lights" { //3 variables
\tproperty "credal-set constant-density-bounded 1.1" ;
\tproperty note with ( brackets ), "a ; in quotes" and /* a ; in a comment */ numbers 1 2 ;
}
variable  "light on" { //2 values
\ttype discrete[2] {  "true"  "false" };
\tproperty "position = (218, 195)" ;
}
variable "family-out" { type discrete[2] { "true" "false" }; }
variable "dog \\"Rex\\"" { type discrete[3] { "in"  "out and about"  "//" }; }
/* probability ( "light on" ) { table 1 0; } */
probability (  "light on" "family-out" ) { //2 variables and 4 values
\ttable 0.6 0.05 0.4 0.95 ;
}
probability ( "family-out" ) { table 0.15 0.85; }
probability ( "dog \\"Rex\\"" | "light on", "family-out" ) {
\tdefault 0.2 0.3 0.5;
\t("false" "true") 0.1, 0.2, 0.7;
}
"""
PYAGRUM = """network "anonymousBN" {
// written by hand after the dialect of aGrUM
   property version 1.0;
}

variable a {
   type discrete[2] {0, 1};
}
variable b { type discrete[3] {x, y, z}; }
probability (a) {
   default 0.4 0.6;
}
probability (b | a) {
   (1) 0.25 0.25 0.5;
   (0) 0.1 0.2 0.7;
}
"""


def test_the_dialect_of_bnlearn() -> None:
    network = read_bif(BNLEARN)
    assert network.name == ""
    assert network.states == {"Fallot": ("<5", "5-12", "12+"), "X.ray-1": ("Asy/Patch", "Grd_Glass")}
    assert network.parents == {"Fallot": (), "X.ray-1": ("Fallot",)}
    np.testing.assert_array_equal(network.tables["Fallot"], [0.2, 0.5, 0.3])
    np.testing.assert_array_equal(network.tables["X.ray-1"], [[0.1, 0.9], [0.3, 0.7], [1.0, 0.0]])


def test_the_dialect_of_javabayes() -> None:
    network = read_bif(JAVABAYES)
    assert network.name == "Dogs and lights"
    assert network.states['dog "Rex"'] == ("in", "out and about", "//")
    assert network.parents == {"light on": ("family-out",), "family-out": (), 'dog "Rex"': ("light on", "family-out")}
    # P(light on = true | family out = true) is .6 and given false .05: the child changes slowest.
    np.testing.assert_array_equal(network.tables["light on"], [[0.6, 0.4], [0.05, 0.95]])
    usual = [0.2, 0.3, 0.5]
    np.testing.assert_array_equal(network.tables['dog "Rex"'], [[usual, usual], [[0.1, 0.2, 0.7], usual]])


def test_the_dialect_of_pyagrum() -> None:
    network = read_bif(PYAGRUM)
    assert network.states == {"a": ("0", "1"), "b": ("x", "y", "z")}
    np.testing.assert_array_equal(network.tables["b"], [[0.1, 0.2, 0.7], [0.25, 0.25, 0.5]])


def test_a_default_of_all_numbers_is_a_table() -> None:
    text = JAVABAYES.replace("table 0.6 0.05 0.4 0.95", "default 0.6 0.05 0.4 0.95")
    assert read_bif(text).equals(read_bif(JAVABAYES))


def test_names_of_several_bare_words_where_commas_separate_them() -> None:
    network = read_bif(
        "variable wet grass { type discrete [ 2 ] { very wet, dry, }; }\n"
        "variable sun { type discrete { up down }; }\n"
        "probability ( wet grass ) { table 0.5, 0.5, ; }\n"
        "probability ( sun | wet grass ) { (dry) 1 0; (very wet) 0 1; }\n"
    )
    assert network.states == {"wet grass": ("very wet", "dry"), "sun": ("up", "down")}
    np.testing.assert_array_equal(network.tables["sun"], [[0.0, 1.0], [1.0, 0.0]])


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "/**/", "// a\n\n"])
@pytest.mark.parametrize("text", [BNLEARN, JAVABAYES, PYAGRUM])
def test_line_ends_and_what_stands_before_do_not_matter(text: str, start: str, ending: str) -> None:
    assert read_bif(start + text.replace("\n", ending)).equals(read_bif(text))


def test_rounded_rows_are_divided_by_their_sum_and_wrong_ones_refused() -> None:
    text = "variable a {{ type discrete [ 3 ] {{ x, y, z }}; }}\nprobability ( a ) {{ table {}; }}\n"
    third = read_bif(text.format("0.33 0.33 0.33")).tables["a"]
    np.testing.assert_allclose(third, 1 / 3, rtol=1e-15)
    exact = read_bif(text.format("0.1 0.2 0.7")).tables["a"]
    assert exact.tolist() == [0.1, 0.2, 0.7]
    check(refused(text.format(f"0.5 0.5 {1.01 * ROW_TOLERANCE}"), "bif"), [(2, "sum to 1.0101")])


def test_what_is_written_can_be_read_by_the_strictest_reader() -> None:
    """pyAgrum's grammar of BIF takes words and whole numbers as names, and a word as a property's value."""
    network = loads(JAVABAYES, "bif")
    written = dumps(network, "bif")
    assert '"' not in written
    assert "variable light_on {" in written
    assert "{ in, out_and_about, s }" in written
    assert "  property precursor_states n.in.out-20and-20about.-2F-2F;" in written
    assert dumps(loads(PYAGRUM, "bif"), "bif").count("property") == 0


def test_every_problem_at_once_with_its_line() -> None:
    text = """network x {
}
variable a {
  type discrete [ 3 ] { yes, no };
}
nodes c {
  type discrete [ 2 ] { yes, no };
}
variable b {
  type discrete [ 2 ] { yes, yes };
}
variable d {
  type continuous;
}
variable e {
  type discrete [ 2 ] { yes, no };
}
variable e { type discrete [ 2 ] { yes, no }; }
variable f {
  property only a property;
}
probability ( e ) {
  table 0.3, 0.8;
}
probability ( b | e, zz ) {
  (yes) 0.1, 0.9;
}
probability ( e ) { table 1, 0; }
probability ( nobody ) { table 1, 0; }
"""
    expected: list[tuple[int | None, str]] = [
        (4, "'a' has 2 states and says 3"),
        (6, "Found 'nodes'"),
        (9, "'b' has the state 'yes' twice"),
        (13, "Found 'continuous'"),
        (19, "'f' has no type"),
        (18, "'e' is declared twice"),
        (23, "'e' sum to 1.1"),
        (25, "unknown parent 'zz'"),
        (28, "'e' are given twice"),
        (29, "There is no variable 'nobody'"),
        (3, "no probabilities of 'a'"),
        (12, "no probabilities of 'd'"),
        (19, "no probabilities of 'f'"),
    ]
    check(refused(text, "bif"), sorted(expected, key=lambda pair: pair[0] or 0))


ROWS = """network x { }
variable a { type discrete [ 2 ] { yes, no }; }
variable b { type discrete [ 2 ] { yes, no }; }
variable c { type discrete [ 2 ] { yes, no }; }
probability ( a ) { table 0.5 0.5; }
probability ( b ) { table 0.5 0.5; }
probability ( c | a, b ) {
  (yes, yes) 0.1, 0.9;
  (yes, no) 0.1, 0.9;
  (no, yes) 0.1, 0.9;
  (no, no) 0.1, 0.9;
}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("(no, yes) 0.1, 0.9;", "(no, yes) 0.1, 0.9", [(10, "There is no ';' before '('")]),
        ("(no, no) 0.1, 0.9;", "(no, no) 0.1, 0.9", [(11, "There is no ';' before '}'")]),
        ("(no, yes) 0.1, 0.9;", "(maybe, yes) 0.1, 0.9;", [(10, "'a' has no state 'maybe'")]),
        ("(no, yes) 0.1, 0.9;", "(maybe, perhaps) 0.1, 0.9;", [(10, "'a' has no"), (10, "'b' has no state 'perhaps'")]),
        ("(no, yes) 0.1, 0.9;", "(no) 0.1, 0.9;", [(10, "1 states for 2 parents")]),
        ("(no, yes) 0.1, 0.9;", "(no, yes) 0.1, 0.8, 0.1;", [(10, "'c' has 3 numbers")]),
        ("(no, yes) 0.1, 0.9;", "(no, yes) 0.1, many;", [(10, "Found 'many'")]),
        ("(no, yes) 0.1, 0.9;", "(no, yes) 0.1, 1_0;", [(10, "Found '1_0'")]),
        ("(no, yes) 0.1, 0.9;", "(no, yes) nan, 1;", [(10, "nan is no probability, in the table of 'c' given a=no")]),
        ("(no, yes) 0.1, 0.9;", "(no, yes) -0.1, 1.1;", [(10, "-0.1 is no probability")]),
        ("(no, yes) 0.1, 0.9;", "(no, yes) 1e400, 0;", [(10, "inf is no probability")]),
        ("(no, yes) 0.1, 0.9;", "(yes, no) 0.1, 0.9;", [(10, "given again, after line 9")]),
        ("(no, yes) 0.1, 0.9;", "", [(7, "no probabilities of 'c' given a=no, b=yes")]),
        ("(no, yes) 0.1, 0.9;", "default 0.1 0.9; default 1 0;", [(10, "a second default")]),
        ("(no, yes) 0.1, 0.9;", "table 0.1 0.9;", [(7, "a table and other rows")]),
        ("(no, yes) 0.1, 0.9;", '"(no, yes) 0.1, 0.9;', [(10, "A quotation mark is not closed")]),
        ("(no, yes) 0.1, 0.9;", "/* (no, yes) 0.1, 0.9;", [(10, "A comment is never closed")]),
        ("table 0.5 0.5; }\nprobability ( b", "table 0.5; }\nprobability ( b", [(5, "'a' has 1 numbers")]),
        ("( a ) {", "( a | c ) {\n default 1 0; }\nprobability ( q ) {", [(5, "cycle"), (7, "'q'")]),
        ("( c | a, b )", "( c | a, a )", [(7, "a parent more than once")]),
        ("( c | a, b )", "( c | c, b )", [(7, "The variables form a cycle: c -> c")]),
        ("( c | a, b )", "( | a, b )", [(4, "no probabilities of 'c'"), (7, "Found '|'")]),
        ("{ yes, no }; }\nvariable b", "{ yes, no };\nvariable b", [(3, "Found 'variable'")]),
    ],
)  # fmt: skip
def test_one_fault_one_line(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert ROWS.count(old) == 1
    check(refused(ROWS.replace(old, new), "bif"), expected)


def test_without_a_fault_it_is_read() -> None:
    """The control of the faults."""
    assert loads(ROWS, "bif").parents["c"] == ("a", "b")


def test_a_huge_table_is_refused_before_it_is_made() -> None:
    names = [f"a{i}" for i in range(60)]
    text = "".join(f"variable {name} {{ type discrete [ 2 ] {{ y, n }}; }}\n" for name in [*names, "z"])
    text += "".join(f"probability ( {name} ) {{ table 1 0; }}\n" for name in names)
    text += f"probability ( z | {', '.join(names)} ) {{ default 0.5 0.5; }}\n"
    assert MAX_ENTRIES < 2**61
    check(refused(text, "bif"), [(122, f"would have {2**61:,} entries")])


def test_problems_are_bounded() -> None:
    assert (
        len(refused("variable a { type discrete { x }; }\nprobability ( a ) { " + ";" * 100_000, "bif")) == MAX_PROBLEMS
    )
    long = "x" * 100_000
    assert all(len(message) < 1000 for _, message in refused(f"variable {long} {{ }}", "bif"))


def test_an_empty_file_declares_nothing() -> None:
    check(refused("// nothing\n", "bif"), [(None, "declares no variables")])


def test_real_names_that_do_not_fit_are_refused() -> None:
    text = dumps(loads(JAVABAYES, "bif"), "bif")
    line = text[: text.index("variable dog")].count("\n") + 1
    for damaged in (
        text.replace("n.in.out-20and-20about.-2F-2F", "n.in.out"),
        text.replace("n.in.out-", "n.in.out.out-"),
    ):
        check(refused(damaged, "bif"), [(line, "cannot be read")])
    twice = text.replace("property precursor_name n.light-20on;", f"property precursor_name {pack(['family-out'])};")
    assert [message for _, message in refused(twice, "bif")] == ["Two variables have the real name 'family-out'."]
