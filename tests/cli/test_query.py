import math
import subprocess
import sys

import numpy as np
import pytest

from precursor.inference.runs.run import Run
from tests.cli.made_runs import make_run

DECEPTIVE = "P(model_outcome=deceptive)"
GIVEN_PROSAIC = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"
CHECK_VALUES = [
    ("argument", DECEPTIVE, 0.0027064657),
    ("argument", "P(model_outcome=base_goal)", 0.9818719962),
    ("argument", "P(base_goal_understood < goal_directed)", 0.9727306188),
    ("argument", "P(long_term_goals < base_goal_understood)", 0.0002446681),
    ("critic", DECEPTIVE, 0.6394482389),
    ("critic", "P(model_outcome=base_goal)", 0.3285808776),
    ("critic", "P(base_goal_understood < long_term_goals)", 0.5968381517),
]


@pytest.fixture
def ask(precursor):
    """Ask at the scenario `argument`, as JSON: status, document."""
    return lambda *words: precursor("query", *words, "--scenario", "argument", "--json")[:2]


def messages(document):
    return [error["message"] for error in document["errors"]]


@pytest.mark.parametrize(("scenario", "query", "value"), CHECK_VALUES)
def test_the_check_values(precursor, scenario, query, value):
    status, document, err = precursor("query", query, "--scenario", scenario, "--json")
    assert (status, err) == (0, "")
    assert list(document) == ["query", "scenario", "probability", "defaults_used"]
    assert (document["query"], document["scenario"]) == (query, scenario)
    assert document["probability"] == pytest.approx(value, abs=1e-9)


def test_the_query_is_given_back_as_typed(ask):
    typed = 'P( "model_outcome"=deceptive )'
    assert ask(typed)[1]["query"] == typed


def test_defaults_are_sorted_and_name_an_indicator_only_if_the_query_does(precursor, root):
    (root / "data" / "indicators" / "a.toml").write_text(
        "".join(
            f'[[indicator]]\nid = "{id_}"\nwording = "w"\nabout = "model_outcome=deceptive"\n'
            for id_ in ("shot", "other")
        )
    )
    defaults = {}
    for query in (DECEPTIVE, "P(model_outcome=deceptive | shot=yes)", "LR(shot=yes : aligned=no)", "P(shot)",
                  "P(governance=weak | do(shot=yes))", "parameter(p_indicator.shot.event)"):  # fmt: skip
        status, document, _ = precursor("query", query, "--scenario", "argument", "--json")
        assert status == 0
        defaults[query] = document["defaults_used"]
        assert defaults[query] == sorted(defaults[query])
    plain = defaults.pop(DECEPTIVE)
    assert "p_governance" in plain
    assert "guard" not in plain
    assert not any("p_indicator" in name for name in plain)
    for named in defaults.values():
        assert set(named) - set(plain) == {"p_indicator.shot.event", "p_indicator.shot.not_event"}


def test_a_distribution_an_expectation_a_ratio_an_order_and_a_parameter(ask):
    status, found = ask(
        "P(model_outcome)",
        "E(correction_window | train_deploy_regime=frozen)",
        "LR(model_outcome=deceptive : emergence_order=goal_then_understanding)",
        "order(goal_directed, base_goal_understood)",
        "parameter(emergence.pretraining.base_goal_understood)",
    )
    assert status == 0
    keys = ["distribution", "value", "value", "distribution", "value"]
    assert [list(item) for item in found] == [["query", "scenario", key, "defaults_used"] for key in keys]
    outcome, _, ratio, order, parameter = (item[key] for item, key in zip(found, keys, strict=True))
    assert list(outcome) == ["deceptive", "proxy", "base_goal", "not_goal_directed"]
    assert sum(outcome.values()) == pytest.approx(1.0)
    assert ratio > 1
    assert order["base_goal_understood < goal_directed"] == pytest.approx(0.9727306188, abs=1e-9)
    assert parameter == 0.95


def test_a_single_query_is_an_object_and_several_a_list(ask):
    assert isinstance(ask(DECEPTIVE)[1], dict)
    status, found = ask(DECEPTIVE, DECEPTIVE)
    assert status == 0
    assert found == [found[0], found[0]]


def test_a_scenario_by_path_and_by_the_name_in_it(precursor, root, tmp_path):
    text = 'name = "My own"\n[parameters]\nguard = 0.5\n'
    path = tmp_path / "own.toml"
    path.write_text(text)
    by_path = precursor("query", "parameter(guard)", "--scenario", str(path), "--json")[1]
    assert (by_path["scenario"], by_path["value"]) == ("My own", 0.5)
    (root / "data" / "scenarios").mkdir()
    (root / "data" / "scenarios" / "mine.toml").write_text(text)
    for name in ("mine", "My own"):
        assert precursor("query", "parameter(guard)", "--scenario", name, "--json")[1] == by_path


def test_the_text_for_people(precursor):
    words = (DECEPTIVE, "P(model_outcome)", "E(correction_window)", "parameter(guard)")
    status, out, err = precursor("query", *words, "--scenario", "critic")
    assert (status, err) == (0, "")
    assert f"{DECEPTIVE}  [scenario critic; prior medians for 41 parameters" in out
    assert "\n  0.639448\n" in out
    assert "  base_goal          0.328581\n" in out


def test_without_a_scenario_or_a_run_the_scenarios_are_named(precursor):
    status, document, _ = precursor("query", DECEPTIVE, "--json")
    assert status == 2
    (error,) = document["errors"]
    assert "a scenario or a run" in error["message"]
    assert "argument or critic" in error["allowed"]
    status, document, _ = precursor("query", DECEPTIVE, "--scenario", "argument", "--run", "made", "--json")
    assert status == 2
    assert "not both" in messages(document)[0]


def test_an_unknown_scenario_and_an_unreadable_one(precursor, tmp_path):
    status, document, _ = precursor("query", "P(x=y)", "--scenario", "arguments", "--json")
    assert status == 2
    unknown, node = document["errors"]
    assert "argument" in unknown["allowed"]
    assert "'x'" in node["message"]
    for path in (tmp_path / "none.toml", tmp_path):
        assert precursor("query", DECEPTIVE, "--scenario", f"{path}/" if path == tmp_path else str(path))[0] == 2


@pytest.mark.parametrize(
    ("query", "message", "allowed"),
    [
        ("P(model_outcom=deceptive)", "no node 'model_outcom'", "model_outcome"),
        ("P(model_outcome=deceptve)", "no state 'deceptve'", "deceptive"),
        ("P(long_term_goals@pretrainin=yes)", "no phase 'pretrainin'", "pretraining"),
        ("P(governance@pretraining=weak)", "no value by phase", "governance"),
        ("P(model_outcome=deceptive | aligned=yes, model_outcome=base_goal)", "contradicts itself", None),
        ("P(governance=weak | long_term_goals@pretraining=yes, long_term_goals=no)", "probability zero", None),
        ("P(governance=weak | model_outcome=proxy, aligned=yes)", "probability zero", None),
        ("P(model_outcome=proxy | do(model_outcome=proxy))", "both asked for and set", None),
        ("P(aligned=yes | do(goal_pointer=base))", "cannot be set with do()", None),
        ("P(aligned=yes | do(governance=weak), do(governance=strong))", "set twice", None),
        ("P(aligned=yes | train_deploy_regime=alternating)", "regime", "do(train_deploy_regime=alternating)"),
        ("P(aligned=yes", "it ends too early", "')'"),
        ("Q(aligned=yes)", "found 'Q'", "P(...)"),
        ("P(aligned=yes | do(aligned=no)", "it ends too early", None),
        ("parameter(guards)", "no parameter 'guards'", "guard"),
        ("E(correction_windows)", "no quantity", "correction_window"),
        ("order(goal_directed)", "two or more", None),
        ("LR(deceptive_defection=yes : deceptive_defection=yes)", "same node", None),
        ("LR(reward_catastrophe=yes : governance=weak | model_outcome=deceptive)", "cannot happen", "can happen"),
        ("", "it ends too early", None),
    ],
)
def test_what_is_wrong_with_a_query_is_said(ask, query, message, allowed):
    status, document = ask(query)
    assert status == 2
    (error,) = document["errors"]
    assert message in error["message"]
    assert allowed is None or allowed in error["allowed"]


def test_errors_of_all_queries_at_once(ask):
    zero = "P(governance=weak | model_outcome=proxy, aligned=yes)"
    status, document = ask(DECEPTIVE, "P(modl=x)", "P(aligned=maybe, governance=week)", "P(")
    assert status == 2
    assert len(messages(document)) == 4
    assert messages(document)[0] == "P(modl=x): There is no node 'modl'."
    status, document = ask(DECEPTIVE, zero, "P(tai_by_2100=yes | prosaic_paradigm=no)")
    assert status == 2
    assert len(messages(document)) == 2
    assert zero in messages(document)[0]


def test_do_overrides_the_regime(ask):
    status, found = ask("P(model_outcome=deceptive | do(train_deploy_regime=continual_opposed))")
    assert status == 0
    assert found["probability"] > 0.0027064657


def test_a_question_about_training_elsewhere_warns(precursor, tmp_path):
    (tmp_path / "open.toml").write_text("")
    words = ("P(long_term_goals=yes)", "--scenario", str(tmp_path / "open.toml"))
    status, document, err = precursor("query", *words, "--json")
    assert status == 0
    assert list(document)[-1] == "warnings"
    (warning,) = document["warnings"]
    assert err == f"Warning: P(long_term_goals=yes): {warning}\n"
    assert "warnings" not in precursor("query", "P(long_term_goals=yes)", "--scenario", "argument", "--json")[1]


def test_an_infinite_ratio_is_null_and_said_to_be_infinite(precursor):
    words = ("query", "LR(deceptive_defection=yes : model_outcome=deceptive)", "--scenario", "critic")
    status, document, err = precursor(*words, "--json")
    assert (status, document["value"]) == (0, None)
    assert "infinite" in document["warnings"][0]
    assert "infinite" in err
    assert "\n  infinite\n" in precursor(*words)[1]


def test_over_a_run(precursor, root):
    make_run(root)
    status, document, err = precursor("query", GIVEN_PROSAIC, "--run", "made", "--json")
    assert (status, err) == (0, "")
    assert list(document) == ["query", "run", "mean", "median", "interval", "draws"]
    assert (document["query"], document["run"], document["draws"]) == (GIVEN_PROSAIC, "made", 40)
    assert list(document["interval"]) == ["mass", "low", "high"]
    assert document["interval"]["mass"] == 0.9
    assert 0 < document["interval"]["low"] < document["median"] < document["interval"]["high"] < 1


def test_summaries_are_those_of_the_draws(precursor, root):
    run = Run.open(make_run(root))
    guard = run.space.natural(run.draws())[:, run.space.names.index("guard")]
    document = precursor("query", "parameter(guard)", "--run", str(run.folder), "--json")[1]
    assert document["mean"] == pytest.approx(guard.mean())
    interval = [document["interval"]["low"], document["median"], document["interval"]["high"]]
    assert interval == pytest.approx(np.quantile(guard, [0.05, 0.5, 0.95]))


def test_every_kind_of_query_over_a_run(precursor, root):
    make_run(root, draws=3, indicators={"shot": "model_outcome=deceptive"})
    words = ("P(model_outcome | shot=yes, prosaic_paradigm=yes)", "order(goal_directed, long_term_goals)",
             "E(correction_window)", "LR(shot=yes : model_outcome=deceptive)",
             "LR(deceptive_defection=yes : model_outcome=deceptive)")  # fmt: skip
    status, found, err = precursor("query", *words, "--run", "made", "--json")
    assert status == 0
    assert list(found[0]) == ["query", "run", "distribution", "draws"]
    assert list(found[0]["distribution"]["deceptive"]) == ["mean", "median", "interval"]
    assert math.isclose(sum(item["mean"] for item in found[0]["distribution"].values()), 1.0)
    assert list(found[1]["distribution"])[1] == "goal_directed < long_term_goals"
    assert all(item["mean"] > 0 for item in found[2:4])
    assert found[4]["mean"] is found[4]["interval"]["high"] is None
    assert "infinite" in found[4]["warnings"][0]
    assert err.count("Warning: ") == 3
    out = precursor("query", *words, "--run", "made")[1]
    assert "[run made, 6 draws]" in out
    assert "mean" in out


def test_a_run_that_did_not_pass_its_checks(precursor, root):
    make_run(root, converged=False)
    status, document, err = precursor("query", "parameter(guard)", "--run", "made", "--json")
    assert status == 1
    assert document["draws"] == 40
    assert "did not pass its checks" in err


def test_an_unknown_run_and_errors_over_a_run(precursor, root):
    make_run(root)
    status, document, _ = precursor("query", DECEPTIVE, "P(", "--run", "maid", "--json")
    assert status == 2
    assert "'maid'" in messages(document)[0]
    assert document["errors"][0]["allowed"] == "made"
    assert len(document["errors"]) == 2
    zero = "P(governance=weak | model_outcome=proxy, aligned=yes)"
    status, document, _ = precursor("query", DECEPTIVE, zero, "--run", "made", "--json")
    assert (status, len(document["errors"])) == (2, 1)
    assert zero in messages(document)[0]


def heavy_after(words):
    """Return the modules among the heavy ones that a command has imported when it is done."""
    heavy = {"pymc", "pytensor", "arviz", "nutpie", "matplotlib", "numba", "scipy", "scipy.stats", "xarray", "pandas"}
    code = (
        f"import sys; from precursor.cli.main import main; print(main({words!r})); print(*{heavy} & {{*sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *_, status, imported = done.stdout.split("\n")[:-1]
    assert status == "0", done.stderr
    return {*imported.split()}


def test_asking_a_scenario_imports_nothing_heavy(root):
    words = ["query", DECEPTIVE, "E(correction_window)", "P(aligned)", "--scenario", "argument", "--root", str(root)]
    assert not heavy_after(words)
    assert not heavy_after(["scenario", "diff", "argument", "critic", "--root", str(root)])


def test_asking_a_run_imports_no_probabilistic_programming(root):
    make_run(root)
    words = ["query", GIVEN_PROSAIC, "P(model_outcome)", "--run", "made", "--root", str(root)]
    assert not heavy_after(words) & {"pymc", "pytensor", "arviz", "nutpie", "matplotlib"}


def test_a_stance_of_a_run_is_asked_by_name(root, precursor):
    make_run(root, stances=[{"name": "critics_premises", "converged": True}])
    status, document, _ = precursor("query", DECEPTIVE, "--run", "made", "--stance", "prior", "--json")
    assert (status, document["run"], document["stance"], document["draws"]) == (0, "made", "prior", 4000)
    assert "stance prior" in precursor("query", DECEPTIVE, "--run", "made", "--stance", "prior")[1]
    status, document, _ = precursor("query", DECEPTIVE, "--run", "made", "--stance", "critics_premises", "--json")
    assert status == 2
    assert "without the draws" in messages(document)[0]
