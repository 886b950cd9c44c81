import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

import precursor
from precursor.argument.answer import answer_at
from precursor.network.grammar import parse_query
from tests.cli.made_runs import make_run

DECEPTIVE = "P(model_outcome=deceptive)"
GIVEN_PROSAIC = "P(model_outcome=deceptive | prosaic_paradigm=yes)"


def test_importing_the_package_imports_nothing_else():
    code = (
        "import sys; import precursor\n"
        "parts = [name for name in sys.modules if name.startswith('precursor.')]\n"
        "heavy = {'numpy', 'pymc', 'xarray', 'importlib.metadata'} & {*sys.modules}\n"
        "sys.exit(' '.join([*parts, *heavy]) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there():
    for name in precursor.__all__:
        assert getattr(precursor, name) is getattr(precursor, name)
        assert name in dir(precursor)
    assert precursor.__version__.startswith("0.")
    with pytest.raises(AttributeError, match="no attribute 'ask'"):
        precursor.ask  # noqa: B018


def test_the_public_names_import_no_probabilistic_programming():
    code = (
        "import sys; import precursor; [getattr(precursor, name) for name in precursor.__all__]\n"
        "sys.exit(' '.join({'pymc', 'pytensor', 'nutpie', 'arviz'} & {*sys.modules}) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_number_a_distribution_and_a_list():
    assert precursor.query(DECEPTIVE, scenario="argument") == pytest.approx(0.0027064657, abs=1e-9)
    outcome = precursor.query("P(model_outcome)", scenario="critic")
    assert list(outcome) == ["deceptive", "proxy", "base_goal", "not_goal_directed"]
    assert precursor.query(["P(model_outcome)"], scenario="critic") == [outcome]
    assert precursor.query([], scenario="critic") == []


def test_a_scenario_as_an_object_or_a_path(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text("[parameters]\nguard = 0.5\n")
    scenario = precursor.read_scenario(path)
    assert precursor.query("parameter(guard)", scenario=path) == 0.5
    assert precursor.query(DECEPTIVE, scenario=scenario) == precursor.query(DECEPTIVE, scenario=path)


def test_a_scenario_read_without_the_indicators_has_their_medians(tmp_path):
    folder = tmp_path / "data" / "indicators"
    folder.mkdir(parents=True)
    (folder / "a.toml").write_text('[[indicator]]\nid = "shot"\nwording = "w"\nabout = "model_outcome=deceptive"\n')
    path = tmp_path / "own.toml"
    path.write_text("[parameters]\nguard = 0.5\n")
    query = "P(model_outcome=deceptive | shot=yes)"
    assert precursor.query(query, scenario=precursor.read_scenario(path), root=tmp_path) == precursor.query(
        query, scenario=path, root=tmp_path
    )


def test_draws_are_labelled(tmp_path):
    (tmp_path / "data").mkdir()
    run = precursor.Run.open(make_run(tmp_path, draws=3))
    value, outcome, order = precursor.query(
        [GIVEN_PROSAIC, "P(goal_pointer@pretraining | prosaic_paradigm=yes)", "order(goal_directed, long_term_goals)"],
        run=run,
    )
    assert (value.dims, value.shape, value.name) == (("draw",), (6,), GIVEN_PROSAIC)
    assert outcome.dims == ("draw", "goal_pointer")
    assert list(outcome["goal_pointer"].values) == ["none", "proxy", "base"]
    xr.testing.assert_allclose(outcome.sum("goal_pointer"), xr.ones_like(value))
    assert order.dims == ("draw", "order")
    by_name = precursor.query(GIVEN_PROSAIC, run="made", root=tmp_path)
    xr.testing.assert_identical(by_name, value)


def test_draws_agree_with_the_same_values_as_a_scenario(tmp_path):
    run = precursor.Run.open(make_run(tmp_path, draws=3))
    natural = run.space.natural(run.draws())
    query = "P(existential_catastrophe=yes | long_term_goals@short_horizon_fine_tuning=yes)"
    found = precursor.query(query, run=run)
    for i in range(3):
        scenario = precursor.Scenario("draw", dict(zip(run.space.names, natural[i], strict=True)))
        assert found[i] == pytest.approx(answer_at(parse_query(query), scenario))


def test_infinite_and_undefined_ratios():
    ratio = "LR(deceptive_defection=yes : model_outcome=deceptive)"
    assert precursor.query(ratio, scenario="critic") == np.inf
    with pytest.raises(precursor.InputError, match="cannot happen"):
        precursor.query("LR(reward_catastrophe=yes : governance=weak | model_outcome=proxy)", scenario="critic")


def test_everything_wrong_is_raised_together():
    with pytest.raises(precursor.InputError) as caught:
        precursor.query(["P(x=y)", "P("], scenario="nobody")
    assert len(caught.value.problems) == 3
    with pytest.raises(precursor.InputError, match="argument or critic"):
        precursor.query(DECEPTIVE)
