"""Acceptance and retraction, whole or not at all."""

import datetime
import errno
import shutil
import stat
import threading
from pathlib import Path

import pytest

from precursor import writing
from precursor.elicitation.acceptance import accept, combined
from precursor.elicitation.retraction import list_tombstones, read_tombstone, retract
from precursor.elicitation.store import DataRoot, list_surveys, own_root, resolve_survey, stored_survey
from precursor.problems import InputError

ROWS = "expert,question,form,answer\nada,deceptive,point,2%\n"
NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


@pytest.fixture
def folder(write):
    made = write(responses__csv=ROWS, experts__csv="expert,camp\nada,x\n", notes__txt="not part of it")
    (made / "link.csv").symlink_to(made / "responses.csv")
    return made


@pytest.fixture
def store(tmp_path):
    return tmp_path / "data" / "surveys"


@pytest.fixture
def accepted(folder, store, load):
    return accept(load(folder), store)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def rewrite(path, text):
    path.chmod(0o644)
    path.write_text(text)


def test_an_accepted_survey_is_the_survey_without_what_is_not_part_of_it(accepted, folder, load, store):
    assert names(accepted.folder) == ["experts.csv", "responses.csv", "survey.toml"]
    assert names(store) == ["made_up"]
    original, copy = load(folder), load(accepted.folder)
    assert copy.judgements == original.judgements
    assert copy.hashes["responses.csv"] == original.hashes["responses.csv"] == accepted.files["responses.csv"]
    assert set(copy.hashes) == set(original.hashes)
    assert all(not path.stat().st_mode & stat.S_IWUSR for path in accepted.folder.iterdir())
    assert accepted.sha256 == combined(accepted.files)


@pytest.mark.parametrize("name", ["responses.csv", "experts.csv", "survey.toml"])
def test_a_changed_file_is_named(accepted, refused, name):
    path = accepted.folder / name
    rewrite(path, path.read_text().replace("2%", "3%").replace(",x", ",y").replace("made up", "found"))
    assert refused(accepted.folder) == [(name, None, None)]


def test_a_file_taken_away_or_added_is_named(accepted, refused):
    (accepted.folder / "experts.csv").unlink()
    (accepted.folder / "indicators.toml").write_text("")
    assert {place[0] for place in refused(accepted.folder)} >= {"experts.csv", "indicators.toml"}


def test_a_survey_without_the_record_is_compared_with_nothing(folder, load):
    rewrite(folder / "responses.csv", ROWS.replace("2%", "3%"))
    assert load(folder).judgements[0].text == "3%"


def test_a_key_of_that_name_that_is_no_record_is_warned_of(write, load, store):
    survey = load(write('accepted = "yes"\n', responses__csv=ROWS))
    (warning,) = survey.warnings
    assert warning.column == "accepted"
    with pytest.raises(InputError, match="already"):
        accept(survey, store)


def test_a_copy_can_be_accepted_again_under_another_id(accepted, load, store, tmp_path):
    copy = shutil.copytree(accepted.folder, tmp_path / "other")
    rewrite(copy / "survey.toml", (copy / "survey.toml").read_text().partition("\n")[2].replace("made_up", "other"))
    rewrite(copy / "responses.csv", ROWS.replace("2%", "3%"))
    assert load(accept(load(copy), store).folder).id == "other"


def test_a_byte_order_mark_is_left_behind(write, load, store):
    folder = write(responses__csv=ROWS)
    (folder / "survey.toml").write_bytes(b"\xef\xbb\xbf" + (folder / "survey.toml").read_bytes())
    assert load(accept(load(folder), store).folder).id == "made_up"


def test_what_is_in_the_store_does_not_change(accepted, folder, load, store):
    before = (accepted.folder / "responses.csv").read_bytes()
    rewrite(folder / "responses.csv", ROWS.replace("2%", "3%"))
    with pytest.raises(InputError, match="already"):
        accept(load(folder), store)
    assert (accepted.folder / "responses.csv").read_bytes() == before


def test_a_file_changed_meanwhile_is_refused(folder, load, store):
    survey = load(folder)
    rewrite(folder / "responses.csv", ROWS.replace("2%", "3%"))
    with pytest.raises(InputError) as caught:
        accept(survey, store)
    assert [problem.file for problem in caught.value.problems] == ["responses.csv"]
    assert not store.exists() or names(store) == []


@pytest.mark.parametrize("step", ["write_bytes", "chmod", "rename"])
def test_a_failure_at_any_step_leaves_nothing(folder, load, store, monkeypatch, step):
    survey = load(folder)

    def fail(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"pathlib.Path.{step}", fail)
        with pytest.raises(OSError, match="No space"):
            accept(survey, store)
    assert names(store) == []
    assert accept(survey, store).id == "made_up"


def test_a_process_killed_before_the_rename_leaves_no_survey(folder, load, store, monkeypatch, tmp_path):
    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(writing, "move", killed)
        patch.setattr(writing.shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            accept(load(folder), store)
    assert len(names(store)) == 1
    assert list_surveys(DataRoot(tmp_path / "data")) == ()
    assert accept(load(folder), store).id == "made_up"


def test_of_two_at_once_one_wins(folder, load, store, monkeypatch):
    """Both have looked and found the place free before either moves."""
    survey, barrier, results = load(folder), threading.Barrier(2), []
    move = writing.move

    def together(*parts):
        barrier.wait(timeout=10)
        move(*parts)

    monkeypatch.setattr(writing, "move", together)

    def one():
        try:
            results.append(accept(survey, store).id)
        except InputError as error:
            results.append(str(error))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won, lost = sorted(results, key=len)
    assert won == "made_up"
    assert "already" in lost
    assert names(store) == ["made_up"]
    assert load(store / "made_up").id == "made_up"


def test_retraction_leaves_a_tombstone_and_no_answers(accepted, store, tmp_path, load, folder):
    root = DataRoot(tmp_path / "data")
    stone = retract(stored_survey(root, "made_up"), reason='  "consent" withdrawn\n', now=NOW)
    assert names(accepted.folder) == ["retracted.toml"]
    assert (stone.id, stone.when, stone.reason) == ("made_up", "2026-05-04T12:00:00Z", '"consent" withdrawn')
    assert read_tombstone(accepted.folder) == stone
    text = (accepted.folder / "retracted.toml").read_text()
    assert "ada" not in text
    assert len(stone.sha256) == 64
    assert list_surveys(root) == ()
    assert list_tombstones(store) == (stone,)
    for refuse in (lambda: resolve_survey(root, "made_up"), lambda: load(accepted.folder)):
        with pytest.raises(InputError, match="retracted on 2026-05-04"):
            refuse()
    with pytest.raises(InputError, match="never used again"):
        accept(load(folder), store)


def test_retracting_again_keeps_the_first_tombstone(accepted):
    stone = retract(accepted.folder, reason="first", now=NOW)
    assert retract(accepted.folder, reason="second") == stone


def test_a_retraction_cut_short_hides_the_survey_and_can_be_finished(accepted, monkeypatch, tmp_path):
    root, unlink = DataRoot(tmp_path / "data"), Path.unlink

    def fail_on_answers(self, missing_ok=False):
        if self.name == "responses.csv":
            raise OSError(errno.EIO, "Input/output error")
        unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", fail_on_answers)
        with pytest.raises(OSError, match="Input/output"):
            retract(accepted.folder, now=NOW)
    assert "responses.csv" in names(accepted.folder)
    assert list_surveys(root) == ()
    with pytest.raises(InputError, match="retracted"):
        resolve_survey(root, "made_up")
    assert retract(stored_survey(root, "made_up")).when == "2026-05-04T12:00:00Z"
    assert names(accepted.folder) == ["retracted.toml"]


def test_a_retraction_that_cannot_begin_changes_nothing(accepted, monkeypatch, load):
    def fail(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", fail)
        with pytest.raises(OSError, match="Read-only"):
            retract(accepted.folder)
    assert load(accepted.folder).id == "made_up"


def test_only_surveys_of_the_store_are_retracted(accepted, tmp_path, folder):
    root = DataRoot(tmp_path / "data")
    for name in ("made_upp", str(folder), "../../made_up", ""):
        with pytest.raises(InputError, match="in the store"):
            stored_survey(root, name)
    (root.surveys / "alias").symlink_to(accepted.folder)
    with pytest.raises(InputError, match="in the store"):
        stored_survey(root, "alias")
    with pytest.raises(InputError, match="too long"):
        retract(accepted.folder, reason="x" * 2000)


def test_the_shipped_data_is_not_written_to_from_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr("precursor.elicitation.store.find_root", lambda _: DataRoot(tmp_path / "shipped" / "data"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="no data folder"):
        own_root(None)
    assert own_root("named").data == tmp_path / "shipped" / "data"
