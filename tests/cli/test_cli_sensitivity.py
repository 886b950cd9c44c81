import pytest

from tests.cli.made_runs import make_run

AT_REFERENCE = (
    "P(model_outcome=deceptive | do(prosaic_paradigm=yes), do(train_deploy_regime=frozen), do(goal_prompting=yes))"
)


@pytest.fixture
def run(root):
    return make_run(root, draws=40)


@pytest.mark.usefixtures("run")
def test_one_query(precursor):
    status, document, _ = precursor("sensitivity", "made", "--query", AT_REFERENCE, "--json")
    assert status == 0
    (query,) = document["queries"]
    assert query["query"] == AT_REFERENCE
    names = {bar["parameter"] for bar in query["tornado"]}
    assert "guard" in names
    # What the query does not depend on has no bar.
    assert not names & {"p_goal_prompting", "p_human_extinction", "p_existential_leak", "p_tai_by_2100"}
    swings = [abs(bar["moved"]["swing"]) for bar in query["tornado"]]
    assert swings == sorted(swings, reverse=True)
    groups = query["shapley_effects"]
    assert sum(row["share"] for row in groups["groups"]) == pytest.approx(groups["r_squared"])
    for row in query["posterior_indices"]["groups"]:
        assert -4 * row["first_error"] <= row["first"] <= row["total"] + 4 * (row["first_error"] + row["total_error"])
    # A made run has no surveys: the likelihood cannot be had, and that is said.
    assert document["likelihood"]["available"] is False
    assert "likelihood" not in query["power_scaling"]
    out = precursor("sensitivity", "made", "--query", AT_REFERENCE)[1]
    assert max(map(len, out.splitlines())) <= 80
    assert "could not be scaled" in out


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    "words", [["nowhere"], ["made", "--query", "P(model_outcome)"], ["made", "--query", "P(no_node=yes)"]]
)
def test_bad_input(precursor, words):
    status, document, _ = precursor("sensitivity", *words, "--json")
    assert status == 2
    assert document["errors"]
