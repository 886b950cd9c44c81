"""Networks in files from the command line: asked, converted, and the argument's own exported."""

import numpy as np
import pytest

from precursor.network.discrete import DiscreteNetwork
from precursor.network.files import read_network, write_network
from tests.cli.made_runs import make_run

RAIN = DiscreteNetwork(
    {"rain": ("yes", "no"), "wet grass": ("yes", "no")},
    {"wet grass": ("rain",)},
    {"rain": np.array([0.2, 0.8]), "wet grass": np.array([[0.9, 0.1], [0.3, 0.7]])},
)


@pytest.fixture
def rain(tmp_path):
    path = tmp_path / "rain.bif"
    write_network(RAIN, path)
    return path


def test_a_network_in_a_file_is_asked(precursor, rain):
    asked = ('P(rain=yes | "wet grass"=yes)', 'P(rain | do("wet grass"=yes))')
    status, found, _ = precursor("network", "query", str(rain), *asked, "--json")
    assert status == 0
    assert found[0]["value"] == pytest.approx(0.18 / 0.42, abs=1e-14)
    assert found[1]["distribution"] == pytest.approx({"yes": 0.2, "no": 0.8}, abs=1e-14)


def test_everything_wrong_is_said_at_once(precursor, rain):
    status, found, _ = precursor("network", "query", str(rain), "P(rian)", "P(rain=maybe)", "--json")
    assert status == 2
    assert len(found["errors"]) == 2


def test_converting_keeps_names_and_tables(precursor, rain, tmp_path):
    out = tmp_path / "rain.xdsl"
    assert precursor("network", "convert", str(rain), str(out))[0] == 0
    assert read_network(out).equals(RAIN)


@pytest.mark.parametrize(
    "words", [(), ("--scenario", "argument", "--run", "r"), ("--scenario", "argument", "--draw", "1")]
)
def test_an_export_is_of_one_thing(precursor, tmp_path, words):
    out = tmp_path / "own.xdsl"
    assert precursor("network", "export", str(out), *words, "--json")[0] == 2
    assert not out.exists()


def test_an_unknown_suffix_is_refused(precursor, tmp_path):
    status, found, _ = precursor("network", "export", str(tmp_path / "own.net"), "--scenario", "argument", "--json")
    assert status == 2
    assert ".xdsl" in found["errors"][0]["allowed"]


def test_an_export_of_a_run_that_did_not_pass_its_checks(precursor, root, tmp_path):
    make_run(root, "failed", converged=False)
    out = tmp_path / "own.xdsl"
    status, found, err = precursor("network", "export", str(out), "--run", "failed", "--draw", "0", "--json")
    assert (status, found["draw"], out.is_file()) == (1, 0, True)
    assert "did not pass its checks" in err


@pytest.mark.slow
def test_the_argument_is_exported_at_a_scenario(precursor, tmp_path):
    out = tmp_path / "own.xdsl"
    status, found, _ = precursor("network", "export", str(out), "--scenario", "argument", "--json")
    assert (status, found["scenario"]) == (0, "argument")
    _, asked, _ = precursor("network", "query", str(out), "P(model_outcome=deceptive)", "--json")
    assert asked["value"] == pytest.approx(0.0027064657, abs=1e-9)
