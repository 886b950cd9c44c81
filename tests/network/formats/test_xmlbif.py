"""XMLBIF as other programs write it, and as it should not be written."""

from __future__ import annotations

import numpy as np
import pytest

from precursor.network.discrete import DiscreteNetwork
from precursor.network.files import dumps, loads
from precursor.network.formats import xml_tree
from precursor.problems import InputError
from tests.network.formats.refusals import check, refused

JAVABAYES = """<?xml version="1.0" encoding="US-ASCII"?>
<!-- Bayesian network in XMLBIF v0.3 -->
<!DOCTYPE BIF [
    <!ELEMENT BIF ( NETWORK )*>
          <!ATTLIST BIF VERSION CDATA #REQUIRED>
    <!ELEMENT NETWORK ( NAME, ( PROPERTY | VARIABLE | DEFINITION )* )>
    <!ELEMENT NAME (#PCDATA)>
    <!ATTLIST VARIABLE TYPE (nature|decision|utility) "nature">
]>
<BIF VERSION="0.3">
<NETWORK>
<NAME>Dog-Problem</NAME>
<VARIABLE TYPE="nature">
    <NAME> bowel problem </NAME>
    <OUTCOME>true</OUTCOME>
    <OUTCOME>false</OUTCOME>
    <PROPERTY>position = (190, 69)</PROPERTY>
</VARIABLE>
<VARIABLE>
    <NAME>dog-out</NAME>
    <OUTCOME>&lt;5 &amp; out</OUTCOME>
    <OUTCOME><![CDATA[in]]></OUTCOME>
</VARIABLE>
<VARIABLE TYPE="nature"><NAME>family-out</NAME>
    <OUTCOME>0</OUTCOME><OUTCOME>1.5</OUTCOME><OUTCOME>2</OUTCOME></VARIABLE>
<DEFINITION>
    <FOR>dog-out</FOR>
    <GIVEN>bowel problem</GIVEN>
    <GIVEN>family-out</GIVEN>
    <TABLE> <!-- three rows
                 for each state of the first -->
      0.99 0.01 0.97 3e-2
      0.9 0.1
      .3 .7 0.2 0.8 1 0 </TABLE>
</DEFINITION>
<DEFINITION><FOR>bowel problem</FOR><TABLE>0.01 0.99</TABLE></DEFINITION>
<PROBABILITY><FOR>family-out</FOR><TABLE>0.5 0.25 0.25</TABLE></PROBABILITY>
</NETWORK>
</BIF>
"""


def test_the_dialect_of_javabayes() -> None:
    network = loads(JAVABAYES, "xmlbif")
    assert network.name == "Dog-Problem"
    assert network.states["dog-out"] == ("<5 & out", "in")
    assert network.parents["dog-out"] == ("bowel problem", "family-out")
    rows = [[[0.99, 0.01], [0.97, 0.03], [0.9, 0.1]], [[0.3, 0.7], [0.2, 0.8], [1.0, 0.0]]]
    np.testing.assert_array_equal(network.tables["dog-out"], rows)


def test_tags_count_in_any_case() -> None:
    lower = JAVABAYES.replace("<NAME>", "<name>").replace("</NAME>", "</name>").replace("<FOR>", "<for>")
    assert loads(lower.replace("</FOR>", "</for>"), "xmlbif").equals(loads(JAVABAYES, "xmlbif"))


def test_bytes_are_read_in_the_encoding_that_they_declare() -> None:
    text = JAVABAYES.replace("US-ASCII", "ISO-8859-1").replace(">in<", ">fällt<").replace("[in]", "[fällt]")
    by_bytes = loads(text.encode("latin-1"), "xmlbif")
    assert by_bytes.states["dog-out"] == ("<5 & out", "fällt")
    assert loads(text, "xmlbif").equals(by_bytes)
    assert loads(text.replace("ISO-8859-1", "UTF-16").encode("utf-16"), "xmlbif").equals(by_bytes)
    check(refused(text.encode("utf-8").replace(b"ISO-8859-1", b"klingon"), "xmlbif"), [(1, "not XML")])
    check(
        refused(text.encode("latin-1").replace(b"ISO-8859-1", b"UTF-8"), "xmlbif"), [(line_of(text, "[f"), "not XML")]
    )


def test_what_is_written_has_no_document_type_and_names_as_they_are() -> None:
    """pyAgrum's reader refuses a document type."""
    text = dumps(loads(JAVABAYES, "xmlbif"), "xmlbif")
    assert "<!" not in text
    assert "<NAME>bowel problem</NAME>" in text
    assert "<OUTCOME>&lt;5 &amp; out</OUTCOME>" in text
    assert "PROPERTY" not in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<TABLE>0.01 0.99", "<TABLE>0.01 0.98 0.01", [("0.98", "has 3 numbers")]),
        ("<TABLE>0.01 0.99", "<TABLE>0.1 0.99", [("0.1 0.99", "sum to 1.09")]),
        ("0.9 0.1\n", "0.9 x\n", [("0.9 x", "'x' is not a number")]),
        ("0.9 0.1\n", "0.9 1_0\n", [("1_0", "'1_0' is not a number")]),
        ("0.9 0.1\n", "0.9 0.2\n", [("0.9 0.2", "'dog-out' given bowel problem=true, family-out=2 sum to 1.1")]),
        ("0.01 0.97", "0.01 -0.97", [("-0.97", "-0.97 is no probability")]),
        ("<FOR>dog-out", "<FOR>cat-out", [("<VARIABLE>", "no probabilities of"), ("<DEF", "no variable 'cat-out'")]),
        ("<FOR>dog-out", "<FOR>a</FOR><FOR>dog-out", [("<VARIABLE>", "no prob"), ("<DEF", "is for 2 variables")]),
        ("<GIVEN>family-out</GIVEN>", "<GIVEN>f</GIVEN>", [("<DEF", "unknown parent 'f'")]),
        ("<TABLE>0.5 0.25 0.25</TABLE>", "", [("<PROB", "has 0 tables")]),
        ("<VARIABLE>", '<VARIABLE TYPE="decision">', [('"decision"', "type 'decision' is not read")]),
        ("<NAME>dog-out</NAME>", "", [("<VARIABLE>", "has 0 names"), ("<DEF", "There is no variable 'dog-out'")]),
        ("<OUTCOME>false", "<OUTCOME>true", [('<VARIABLE TYPE="nature">', "the state 'true' twice")]),
        ("</NETWORK>", "", [("</BIF>", "mismatched tag")]),
        ("</NETWORK>", "</NETWORK><NETWORK/>", [("<BIF VERSION", "2 networks")]),
        ("&amp;", "&nbsp;", [("&nbsp;", "undefined entity")]),
        ("<!ELEMENT NAME (#PCDATA)>", '<!ENTITY lol "lol">', [("<!ENTITY", "The entity 'lol' is declared")]),
        ("<!ELEMENT NAME (#PCDATA)>", '<!ENTITY e SYSTEM "file:///etc/x">', [("<!ENTITY", "'e' is declared")]),
        ("<!ELEMENT NAME (#PCDATA)>", '<!ENTITY % e "x">', [("<!ENTITY", "'e' is declared")]),
        ("<BIF VERSION", "<FIB VERSION", [("</BIF>", "mismatched tag")]),
    ],
)
def test_one_fault_one_line(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    """The line is that of the first place where the damaged text holds a mark."""
    assert old in JAVABAYES
    text = JAVABAYES.replace(old, new, 1)
    check(refused(text, "xmlbif"), [(line_of(text, mark), words) for mark, words in expected])


def line_of(text: str, mark: str) -> int:
    return text[: text.index(mark)].count("\n") + 1


def test_a_document_type_elsewhere_is_not_fetched() -> None:
    start = '<!DOCTYPE BIF SYSTEM "file:///nowhere/at/all.dtd">\n'
    text = JAVABAYES[JAVABAYES.index("<BIF") :]
    assert loads(start + text, "xmlbif").equals(loads(text, "xmlbif"))
    # Such a document type could declare entities: one that is used is refused, not left out.
    unknown = start + text.replace("&amp;", "&nbsp;")
    check(refused(unknown, "xmlbif"), [(line_of(unknown, "&nbsp;"), "The entity &nbsp; is not known")])


def test_depth_and_number_of_elements_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "MAX_ELEMENTS", 1000)
    check(refused("<BIF>\n" + "<a>" * xml_tree.MAX_DEPTH, "xmlbif"), [(2, "deep")])
    check(refused("<BIF>\n" + "<a/>" * 1000, "xmlbif"), [(2, "more than")])


@pytest.mark.parametrize("text", ["", "<", "<a", "no XML", "<a></b>", "<?xml version='1.0'?>", "\0", "<a>\ud800</a>"])
def test_what_is_not_xml_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        xml_tree.parse_xml(text, None) if "\ud800" not in text else loads(text, "xmlbif")


def test_another_document_is_refused() -> None:
    check(refused("<smile/>", "xmlbif"), [(1, "is a <SMILE>")])
    check(refused("<BIF/>", "xmlbif"), [(1, "0 networks")])


def test_a_name_that_xml_cannot_hold_gets_an_identifier() -> None:
    network = DiscreteNetwork({"bell \a": (" edges ", "ok")}, {}, {"bell \a": np.array([0.5, 0.5])}, "line\nline")
    text = dumps(network, "xmlbif")
    assert "<NAME>bell</NAME>" in text
    assert "<PROPERTY>precursor_states = n.-20edges-20.ok</PROPERTY>" in text
    assert loads(text, "xmlbif").equals(network)
    assert loads(text, "xmlbif").name == "line\nline"
