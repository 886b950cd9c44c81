"""XDSL as GeNIe writes it, and as it should not be written."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from precursor.network.discrete import DiscreteNetwork
from precursor.network.files import dumps, loads
from tests.network.formats.refusals import check, refused

GENIE = """<?xml version="1.0" encoding="ISO-8859-1"?>
<smile version="1.0" id="Network1" numsamples="10000" discsamples="10000">
\t<nodes>
\t\t<cpt id="Either" diagtype="observation" ranked="true">
\t\t\t<state id="Nothing" label="F5" />
\t\t\t<state id="Some" fault="true" />
\t\t\t<probabilities>0.75 0.25</probabilities>
\t\t\t<property id="literature">Somebody, 1988</property>
\t\t</cpt>
\t\t<cpt id="Bronchitis"><state id="Absent" /><state id="Mild" /><state id="Severe" />
\t\t\t<probabilities>0.5 0.25 0.25</probabilities></cpt>
\t\t<cpt id="Dyspnea">
\t\t\t<state id="Absent" />
\t\t\t<state id="Present" />
\t\t\t<parents>Either Bronchitis</parents>
\t\t\t<probabilities>0.9 0.1 0.2 0.8 0.15 0.85
\t\t\t\t0.3 0.7 0.1 0.9 0 1</probabilities>
\t\t</cpt>
\t\t<deterministic id="Alarm">
\t\t\t<state id="Off" />
\t\t\t<state id="On" />
\t\t\t<parents>Either Dyspnea</parents>
\t\t\t<resultingstates>Off On On On</resultingstates>
\t\t</deterministic>
\t</nodes>
\t<extensions>
\t\t<genie version="1.0" app="GeNIe" name="An example"><node id="Either"><name>Either of two</name></node></genie>
\t</extensions>
</smile>
"""


def test_the_dialect_of_genie() -> None:
    network = loads(GENIE, "xdsl")
    assert network.name == "Network1"
    assert network.variables == ("Either", "Bronchitis", "Dyspnea", "Alarm")
    # The last parent changes faster than the first, and the node itself fastest.
    rows = [[[0.9, 0.1], [0.2, 0.8], [0.15, 0.85]], [[0.3, 0.7], [0.1, 0.9], [0.0, 1.0]]]
    np.testing.assert_array_equal(network.tables["Dyspnea"], rows)
    np.testing.assert_array_equal(network.tables["Alarm"], [[[1, 0], [0, 1]], [[0, 1], [0, 1]]])
    assert loads(GENIE.encode("latin-1"), "xdsl").equals(network)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("0.75 0.25", "0.75 0.35", [(7, "'Either' sum to 1.1")]),
        ("0.3 0.7", "0.3 0.8", [(17, "given Either=Some, Bronchitis=Absent sum to 1.1")]),
        ("0.3 0.7", "0.3 q", [(17, "'q' is not a number")]),
        ("0.3 0.7", "0.3", [(16, "has 11 numbers")]),
        ("Off On On On", "Off On Maybe Never", [(23, "no state 'Maybe'"), (23, "no state 'Never'")]),
        ("Off On On On", "Off On", [(23, "has 2 resulting states")]),
        ("<parents>Either Dyspnea", "<parents>Neither Dyspnea", [(19, "unknown parent 'Neither'")]),
        ("<parents>Either Dyspnea", "<parents>Either Alarm", [(19, "form a cycle: Alarm -> Alarm")]),
        ('<cpt id="Dyspnea">', '<cpt id="Either">', [(12, "declared twice"), (19, "unknown parent 'Dyspnea'")]),
        ('<cpt id="Dyspnea">', "<cpt>", [(12, "has no id"), (19, "unknown parent 'Dyspnea'")]),
        ('<state id="Some" fault="true" />', '<state fault="true" />', [(6, "has no id")]),
        ("deterministic", "noisymax", [(19, "'Alarm' is a <noisymax>")]),
        ("deterministic", "decision", [(19, "'Alarm' is a <decision>")]),
        ("deterministic", "equation", [(19, "'Alarm' is a <equation>")]),
        ("nodes>", "knots>", [(2, "0 groups of nodes")]),
        ("\t<nodes>", "\t<dynamic/><nodes>", [(3, "dynamic network")]),
        ("smile", "frown", [(2, "is a <frown>")]),
    ],
)  # fmt: skip
def test_one_fault_one_line(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert old in GENIE
    check(refused(GENIE.replace(old, new), "xdsl"), expected)


def test_all_faults_at_once() -> None:
    text = GENIE.replace("0.75 0.25", "0.75 0.35").replace("Off On On On", "Off").replace("0.5 0.25", "0.5 x")
    check(refused(text, "xdsl"), [(7, "sum to 1.1"), (11, "'x' is not"), (23, "1 resulting states")])


def test_children_of_a_node_that_is_refused_are_not_refused_for_it() -> None:
    text = GENIE.replace('<cpt id="Either"', '<equation id="Either"').replace("</cpt>", "</equation>", 1)
    check(refused(text, "xdsl"), [(4, "is a <equation>")])


AGRUM = """<?xml version="1.0" ?>
<smile version="1.0" id="n">
  <nodes>
    <cpt id="a"><state id="u" /><state id="v" /><probabilities>0.25 0.75</probabilities></cpt>
    <cpt id="c"><state id="0" /><state id="1" /><state id="2" /><probabilities>0.25 0.25 0.5</probabilities></cpt>
    <cpt id="b">
      <state id="x" /><state id="y" />
      <parents>a c</parents>
      <probabilities>0.1 0.9 0.2 0.8 0.3 0.7 0.4 0.6 0.5 0.5 0.6 0.4</probabilities>
    </cpt>
  </nodes>
  <extensions><genie version="1.0" app="aGrUM 3.3.1" name="n"><node id="a"><name>a</name></node></genie></extensions>
</smile>
"""


def test_the_dialect_of_agrum_has_the_first_parent_fastest() -> None:
    network = loads(AGRUM, "xdsl")
    assert network.parents["b"] == ("c", "a")
    # The second pair of numbers is at a = v, c = 0.
    assert network.tables["b"][0, 1].tolist() == [0.2, 0.8]
    other = loads(AGRUM.replace("aGrUM 3.3.1", "GeNIe 5"), "xdsl")
    assert other.parents["b"] == ("a", "c")
    assert other.tables["b"][0, 1].tolist() == [0.2, 0.8]


def test_a_later_agrum_is_refused_rather_than_guessed() -> None:
    check(refused(AGRUM.replace("3.3.1", "3.4"), "xdsl"), [(6, "In which order aGrUM 3.4 writes")])


def test_what_is_written_keeps_to_the_rules_of_the_format() -> None:
    """Identifiers that SMILE takes, and every parent before its children, whatever the order of declaration."""
    states = {"é 1": ("<5", "5+"), "2": ("0", "_"), "C": ("yes", "no")}
    tables = {"é 1": np.full((2, 2, 2), 0.5), "2": np.full((2, 2), 0.5), "C": np.array([0.25, 0.75])}
    network = DiscreteNetwork(states, {"é 1": ("C", "2"), "2": ("C",)}, tables, "a network")
    text = dumps(network, "xdsl")
    root = ET.fromstring(text)
    seen: list[str] = []
    for node in root.findall("nodes/cpt"):
        names = [node.attrib["id"], *(state.attrib["id"] for state in node.findall("state"))]
        assert all(name.isascii() and name.isidentifier() and name[0].isalpha() for name in names)
        assert set((node.findtext("parents") or "").split()) <= set(seen)
        seen.append(names[0])
    assert len(seen) == 3
    labels = [node.findtext("name") for node in root.findall("extensions/genie/node")]
    assert labels == ["C", "2", "é 1"]
    again = loads(text, "xdsl")
    assert again.equals(network)
    assert again.variables == ("é 1", "2", "C")
