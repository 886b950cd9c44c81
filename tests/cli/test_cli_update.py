"""`precursor update`: the preview, what is refused, and (slowly) the fit and the comparison."""

import shutil
import subprocess
import sys

import pytest

from precursor.inference.fits.headline import HEADLINE
from tests.cli.test_cli_compare import OLD, data_folder, fitted_run


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with two surveys, and the run of one."""
    root = data_folder(tmp_path_factory.mktemp("made"))
    fitted_run(root, "first", ["old"])
    return root


@pytest.fixture
def root(made, tmp_path):
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "root")


def runs(root):
    return sorted(path.name for path in (root / "reports").iterdir())


def test_the_preview_says_what_the_survey_would_change(precursor, root):
    status, document, _ = precursor("update", "first", "new", "--preview", "--json")
    assert status == 0
    seen = document["preview"]
    assert [item["query"] for item in seen["headline"]] == list(HEADLINE)
    first = seen["headline"][0]
    assert first["after"]["mean"] > first["before"]["mean"]
    assert first["after"]["low"] < first["after"]["median"] < first["after"]["high"]
    assert seen["answers"] == {"added": 2, "removed": 0}
    assert 1 < seen["effective_draws"] <= seen["draws"]
    assert seen["changed_files"] == []
    assert runs(root) == ["first"]
    status, out, _ = precursor("update", "first", "new", "--preview")
    assert "Pareto k" in out


@pytest.mark.slow
def test_a_survey_that_overturns_the_run_is_not_previewed_with_confidence(precursor, survey):
    survey("flood", "".join(f"e{i},deceptive,point,99.99%\n" for i in range(60)))
    status, document, _ = precursor("update", "first", "flood", "--preview", "--json")
    assert status == 0
    seen = document["preview"]
    assert not seen["trusted"]
    assert seen["pareto_k"] is None or seen["pareto_k"] > seen["threshold"]
    _, out, _ = precursor("update", "first", "flood", "--preview")
    assert out.startswith("The preview is NOT TO BE TRUSTED")


def test_a_survey_with_nothing_to_fit_changes_nothing(precursor, survey):
    survey("silent", "eve,deceptive,point,\n")
    status, document, _ = precursor("update", "first", "silent", "--preview", "--json")
    assert status == 0
    for item in document["preview"]["headline"]:
        assert item["after"]["mean"] == pytest.approx(item["before"]["mean"])


def refused(precursor, root, *words):
    before = runs(root)
    status, document, _ = precursor("update", *words, "--json")
    assert status == 2
    assert runs(root) == before
    return [error["message"] for error in document["errors"]]


def test_a_changed_survey_is_named(precursor, root):
    path = root / "data" / "surveys" / "old" / "responses.csv"
    path.write_text(path.read_text() + "zoe,deceptive,point,3%\n")
    (message,) = refused(precursor, root, "first", "new")
    assert "old" in message
    assert "responses.csv" in message


def test_a_missing_survey_and_a_faulty_new_one_are_told_together(precursor, root, survey):
    (root / "data" / "surveys" / "old").rename(root / "elsewhere")
    survey("faulty", "eve,nonsense,point,2%\n")
    messages = refused(precursor, root, "first", "faulty")
    assert any("nonsense" in message for message in messages)
    assert any("old" in message for message in messages)


def test_the_same_survey_again_is_refused(precursor, root):
    (message,) = refused(precursor, root, "first", "old")
    assert "as it is" in message


def test_a_taken_name_and_a_bad_number_are_refused_before_any_work(precursor, root):
    (message,) = refused(precursor, root, "first", "new", "--name", "first")
    assert "first" in message
    (message,) = refused(precursor, root, "first", "new", "--draws", "many")
    assert "--draws" in message


def test_shared_files_that_changed_are_mentioned(precursor, root):
    path = root / "data" / "questions" / "b.toml"
    path.write_text(path.read_text().replace("How probable", "How likely"))
    _, document, _ = precursor("update", "first", "new", "--preview", "--json")
    assert document["preview"]["changed_files"] == ["questions/b.toml"]


def test_a_new_version_replaces_the_old_one(precursor, root):
    version = root / "elsewhere" / "old"
    version.mkdir(parents=True)
    source = root / "data" / "surveys" / "old"
    for name in ("survey.toml", "experts.csv"):
        (version / name).write_text((source / name).read_text())
    (version / "responses.csv").write_text("expert,question,form,answer\n" + OLD.replace("10%", "50%"))
    status, document, _ = precursor("update", "first", str(version), "--preview", "--json")
    assert status == 0
    assert document["preview"]["answers"] == {"added": 1, "removed": 1}
    first = document["preview"]["headline"][0]
    assert first["after"]["mean"] > first["before"]["mean"]


@pytest.mark.slow
def test_the_fit_that_follows_is_a_run_and_is_compared(precursor, root):
    status, document, err = precursor(
        "update", "first", "new", "--name", "both", "--quick", "--draws", "100", "--chains", "2", "--json"
    )
    assert status == (0 if document["converged"] else 1)
    assert runs(root) == ["both", "first"]
    assert document["run"] == "both"
    assert {survey["id"] for survey in document["surveys"]} == {"old", "new"}
    first = document["comparison"]["moves"][0]
    assert sum(first["by_expert"].values()) == pytest.approx(first["after"] - first["before"], abs=1e-9)
    predicted = document["preview"]["headline"][0]["after"]
    assert abs(predicted["mean"] - first["after"]) < 0.5 * (predicted["high"] - predicted["low"])
    assert "Preview by weighting" in err


@pytest.mark.slow
def test_the_preview_does_not_need_pymc(root):
    code = (
        "import sys; from precursor.cli.main import main; "
        f"main(['update', 'first', 'new', '--preview', '--root', {str(root)!r}]); "
        "sys.exit(3 if 'pymc' in sys.modules or 'pytensor' in sys.modules else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
