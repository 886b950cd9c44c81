import pytest

NAMES = ["argument", "critic"]


@pytest.fixture
def own(root):
    """Scenarios of a data folder's own: one nearly all open, one that rules the headline's evidence out, one broken."""
    folder = root / "data" / "scenarios"
    folder.mkdir()
    (folder / "open.toml").write_text("[parameters]\nguard = 0.25\n")
    (folder / "other.toml").write_text('[parameters]\nguard = 0.5\n[regime]\nprosaic_paradigm = "no"\n')
    (folder / "wrong.toml").write_text("[parameters]\nguards = 0.5\n")
    return folder


def test_the_list(precursor):
    status, document, err = precursor("scenario", "list", "--json")
    assert (status, err) == (0, "")
    assert [row["name"] for row in document["scenarios"]] == NAMES
    row = document["scenarios"][0]
    assert list(row) == ["name", "parameters", "defaults", "regime", "errors"]
    assert (row["parameters"], row["defaults"], len(row["regime"])) == (35, 41, 11)
    out = precursor("scenario", "list")[1]
    assert out.startswith("scenario")
    assert all(name in out for name in NAMES)


def test_a_broken_scenario_is_listed_as_such(precursor, own):
    status, document, _ = precursor("scenario", "list", "--json")
    assert status == 0
    assert [bool(row["errors"]) for row in document["scenarios"]] == [False, False, True]
    assert "wrong" in precursor("scenario", "list")[1]
    (own / "open.toml").unlink()
    (own / "other.toml").unlink()
    (own / "wrong.toml").unlink()
    assert precursor("scenario", "list")[1] == "There are no scenarios.\n"


@pytest.mark.parametrize("text", [f"guard = {'9' * 5000}", f"guard = {'[' * 5000}", "\0"])
def test_a_scenario_that_is_no_toml_is_listed_as_broken(precursor, own, text):
    (own / "odd.toml").write_text(text)
    status, document, _ = precursor("scenario", "list", "--json")
    assert status == 0
    assert {row["name"]: bool(row["errors"]) for row in document["scenarios"]}["odd"]
    assert precursor("scenario", "show", "odd")[0] == 2


def test_one_scenario(precursor):
    status, document, err = precursor("scenario", "show", "argument", "--json")
    assert (status, err) == (0, "")
    assert list(document) == ["scenario", "parameters", "regime", "defaults_used", "headline"]
    assert document["parameters"]["guard"] == 0
    assert {*document["defaults_used"]} <= {*document["parameters"]}
    assert document["regime"]["train_deploy_regime"] == "frozen"
    assert document["headline"][0]["probability"] == pytest.approx(0.0027064657, abs=1e-9)
    out = precursor("scenario", "show", "argument")[1]
    assert "(prior median)" in out
    assert "train_deploy_regime" in out


@pytest.mark.usefixtures("own")
def test_a_scenario_that_sets_no_assumption(precursor):
    assert "no assumption is set" in precursor("scenario", "show", "open")[1]


def test_two_scenarios(precursor):
    status, document, err = precursor("scenario", "diff", "argument", "critic", "--json")
    assert (status, err) == (0, "")
    assert list(document) == ["a", "b", "parameters", "regime", "headline"]
    assert [document["a"], document["b"]] == NAMES
    apart = {row["parameter"]: (row["a"], row["b"]) for row in document["parameters"]}
    assert apart["hr_long_term_goals_given_awareness"] == (1, 5)
    assert "guard" not in apart
    assert document["regime"] == []
    assert document["headline"][0]["b"] == pytest.approx(0.6394482389, abs=1e-9)
    out = precursor("scenario", "diff", "argument", "critic")[1]
    assert "0.00270647  0.639448" in out
    assert "regime:\n  the same\n" in out


def test_a_scenario_does_not_differ_from_itself(precursor):
    document = precursor("scenario", "diff", "argument", "argument", "--json")[1]
    assert document["parameters"] == document["regime"] == []


@pytest.mark.usefixtures("own")
def test_regimes_that_differ_and_a_headline_that_one_rules_out(precursor):
    document = precursor("scenario", "diff", "open", "other", "--json")[1]
    assert document["parameters"] == [{"parameter": "guard", "a": 0.25, "b": 0.5}]
    assert document["regime"] == [{"node": "prosaic_paradigm", "a": None, "b": "no"}]
    first, *_, last = document["headline"]
    assert first["b"] is None
    assert 0 < first["a"] < 1
    assert 0 < last["b"] < 1
    out = precursor("scenario", "diff", "open", "other")[1]
    assert "ruled out by the regime" in out
    assert "not set" in out


@pytest.mark.usefixtures("own")
def test_what_is_wrong_with_either_is_said_at_once(precursor):
    status, document, _ = precursor("scenario", "diff", "opn", "wrong", "--json")
    assert status == 2
    unknown, name = document["errors"]
    assert "open" in unknown["allowed"]
    assert (name["file"], "guard" in name["allowed"]) == ("wrong.toml", True)


@pytest.mark.parametrize("words", [[], ["lst"], ["show"], ["diff", "argument"], ["list", "argument"]])
def test_errors_of_usage(precursor, words):
    status, document, _ = precursor("scenario", *words, "--json")
    assert status == 2
    assert len(document["errors"]) == 1
