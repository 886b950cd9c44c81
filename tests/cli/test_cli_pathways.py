import pytest

from tests.cli.made_runs import make_run


@pytest.fixture
def run(root):
    return make_run(root, indicators={"smoke": "model_outcome=deceptive"})


@pytest.mark.usefixtures("run")
def test_of_a_run(precursor):
    status, document, err = precursor("pathways", "made", "--json")
    assert status == 0
    assert "40 draws" in err
    shares = [row["existential_through"]["mean"] for row in document["pathways"]["pathways"]]
    assert sum(shares) == pytest.approx(document["pathways"]["total"]["mean"])
    assert [one["source"] for one in document["priorities"]] == ["made", "argument", "critic", "prior:made"]
    out = precursor("pathways", "made")[1]
    assert max(map(len, out.splitlines())) <= 80
    assert "long horizons: from the start" in out
    assert "The two camps of forecasters are not shown. There are no two camps of which" in " ".join(out.split())
    assert document["camps_left_out"].startswith("There are no two camps")
    assert {row["regime"] for row in document["interventions_by_regime"]} >= {"frozen", "continual_opposed"}


def test_of_a_scenario(precursor):
    status, document, _ = precursor("pathways", "--scenario", "critic", "--json")
    assert (status, document["kind"], document["draws"]) == (0, "scenario", 1)
    assert document["priorities"][0]["areas"][0]["area"] == "deception"


def test_a_run_that_failed_its_checks(precursor, root):
    make_run(root, "failed", converged=False)
    status, document, err = precursor("pathways", "failed", "--json")
    assert (status, document["source"]) == (1, "failed")
    assert "did not pass" in err


@pytest.mark.parametrize("words", [[], ["nowhere"], ["made", "--scenario", "critic"], ["--scenario", "critics"]])
def test_bad_input(precursor, words):
    status, document, _ = precursor("pathways", *words, "--json")
    assert status == 2
    assert document["errors"]
