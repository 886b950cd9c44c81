from pathlib import Path

import pytest

from precursor.elicitation.store import DataRoot, find_root, list_surveys, resolve_survey, shipped_data
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
