from pathlib import Path

import pytest

from precursor.argument.vocabulary import ArgumentVocabulary
from precursor.elicitation.store import (
    DataRoot,
    find_root,
    list_surveys,
    load_declarations,
    resolve_survey,
    shared_files,
    shipped_data,
)
from precursor.inference.scenarios import scenario_files
from precursor.problems import InputError


@pytest.fixture
def root(tmp_path):
    for id_ in ("beta", "alpha"):
        folder = tmp_path / "data" / "surveys" / id_
        folder.mkdir(parents=True)
        (folder / "survey.toml").write_text("")
    (tmp_path / "data" / "surveys" / "retracted").mkdir()
    (tmp_path / "data" / "surveys" / "link").symlink_to(tmp_path / "data" / "surveys" / "beta")
    return DataRoot((tmp_path / "data").resolve())


def test_the_named_folder_comes_first_as_data_folder_or_as_its_parent(root, tmp_path):
    assert find_root(tmp_path, start=Path("/")) == find_root(str(tmp_path / "data"), start=Path("/")) == root


def test_else_the_nearest_parent_that_holds_data(root, tmp_path):
    below = tmp_path / "data" / "surveys" / "beta"
    assert find_root(start=below) == find_root(start=tmp_path) == root


@pytest.mark.skipif(Path("/data").is_dir(), reason="this machine has a data folder above every other")
def test_else_what_the_package_ships():
    assert find_root(start=Path("/")).data == shipped_data()
    assert (shipped_data() / "lexicon" / "responses.csv").is_file()


def test_a_part_that_is_missing_is_the_shipped_one_but_surveys_never(root):
    assert root.lexicon == shipped_data() / "lexicon"
    (root.data / "lexicon").mkdir()
    assert root.lexicon == root.data / "lexicon"
    assert DataRoot(root.data / "surveys").surveys == root.data / "surveys" / "surveys"
    assert list_surveys(DataRoot(root.data / "surveys")) == ()


def test_surveys_are_listed_by_id_without_links_and_leftovers(root):
    assert list_surveys(root) == ("alpha", "beta")


def test_a_survey_is_found_by_id_or_folder(root, tmp_path, monkeypatch):
    assert resolve_survey(root, "alpha") == root.surveys / "alpha"
    assert resolve_survey(root, tmp_path) == tmp_path
    monkeypatch.chdir(root.surveys / "alpha")
    assert resolve_survey(root, "../beta") == Path("../beta")
    assert resolve_survey(root, ".") == Path()


@pytest.mark.parametrize("name", ["alpa", "", "../../etc/nowhere", "x" * 5000, "a\0b", "link/../nowhere"])
def test_an_unknown_survey_offers_the_nearest(root, name):
    with pytest.raises(InputError, match="no survey or folder") as caught:
        resolve_survey(root, name)
    assert "alpha" in caught.value.problems[0].allowed


def test_a_root_that_is_not_there():
    with pytest.raises(InputError, match="no folder"):
        find_root("/nowhere/at/all")


def test_hidden_files_are_passed_over(root):
    """An editor's lock, and what some disks keep beside a file."""
    (root.data / "questions").mkdir()
    (root.data / "scenarios").mkdir()
    for folder in (root.questions, root.scenarios):
        (folder / ".#core.toml").symlink_to("somebody@somewhere")
        (folder / "._core.toml").write_bytes(b"\0\5")
    assert load_declarations(root, ArgumentVocabulary()).questions == {}
    assert scenario_files(root) == {}


def test_the_shared_files_are_those_that_are_used(root):
    names = [str(path.relative_to(shipped_data())) for path in shared_files(root)]
    assert {"questions/core.toml", "lexicon/scales.csv", "lexicon/responses.csv"} <= {*names}
    (root.data / "questions").mkdir()
    (root.data / "questions" / "own.toml").write_text("")
    (root.data / "questions" / "notes.txt").mkdir()
    found = shared_files(root)
    assert root.data / "questions" / "own.toml" in found
    assert not [path for path in found if path.parent == shipped_data() / "questions" or path.is_dir()]
