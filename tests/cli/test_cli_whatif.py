import pytest

from precursor.analysis.opening import open_source
from tests.cli.made_runs import make_run

DECEPTIVE = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"


def test_partial_concessions(precursor):
    status, document, err = precursor("whatif", "argument", "critic", "--json")
    assert (status, err) == (0, "")
    (found,) = document["whatif"]
    assert found["query"] == DECEPTIVE
    last = found["rows"][-1]
    assert last["part"] == "everything"
    assert last["answers"][-1]["mean"] == pytest.approx(0.6394482389, abs=1e-9)
    out = precursor("whatif", "argument", "critic")[1]
    assert "couplings" in out
    assert max(map(len, out.splitlines())) <= 80


def test_one_belief_is_what_the_scenario_with_it_says(precursor):
    words = ("--belief", "hr_awareness_given_long_term_goals", "--share", "1")
    status, document, _ = precursor("whatif", "argument", "critic", *words, "--json")
    assert status == 0
    row = document["whatif"][0]["rows"][0]
    set_ = precursor("whatif", "argument", "--set", "hr_awareness_given_long_term_goals=5", "--json")[1]
    assert row["answers"][0]["mean"] == pytest.approx(set_["answers"][0]["after"]["mean"])
    assert set_["answers"][0]["before"]["mean"] == pytest.approx(0.0027064657, abs=1e-9)
    assert "after" in precursor("whatif", "argument", "--set", "guard=0.5")[1]


def test_why_two_scenarios_differ(precursor):
    status, document, _ = precursor("scenario", "diff", "argument", "critic", "--query", DECEPTIVE, "--json")
    assert status == 0
    (found,) = document["differences"]
    assert sum(row["share"] for row in found["groups"]) == pytest.approx(found["gap"])
    out = precursor("scenario", "diff", "argument", "critic", "--query", DECEPTIVE)[1]
    assert "what no group moves alone" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_run_that_did_not_pass_its_checks(precursor, root):
    make_run(root, "failed", converged=False)
    status, document, err = precursor("whatif", "failed", "--set", "guard=0.5", "--json")
    assert (status, document["source"]) == (1, "failed")
    assert "failed did not pass its checks" in err
    assert open_source("failed", root).converged is False
    assert open_source("prior:failed", root).converged
    assert open_source("argument", root).converged


@pytest.mark.slow
def test_why_a_run_that_did_not_pass_differs(precursor, root):
    make_run(root, "failed", converged=False)
    status, _, err = precursor("scenario", "diff", "argument", "failed", "--query", "P(human_extinction=yes)", "--json")
    assert status == 1
    assert "failed did not pass its checks" in err


@pytest.mark.parametrize(
    "words",
    [
        ["argument"],
        ["argument", "critic", "--set", "guard=1"],
        ["argument", "critics"],
        ["argument", "critic", "--share", "2"],
        ["argument", "critic", "--belief", "couplngs"],
        ["argument", "--set", "gard=1"],
        ["argument", "critic", "--query", "P(model_outcome)"],
    ],
)
def test_bad_input(precursor, words):
    status, document, _ = precursor("whatif", *words, "--json")
    assert status == 2
    assert document["errors"]
