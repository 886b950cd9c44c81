import hashlib
import os

import pytest

from precursor.elicitation import files
from precursor.elicitation.files import read_text
from precursor.elicitation.findings import Findings, Place


@pytest.fixture
def read(tmp_path):
    def reading(content=None, name="a.csv"):
        findings = Findings()
        if content is not None:
            (tmp_path / name).write_bytes(content)
        return read_text(tmp_path / name, Place(findings, name)), findings.errors

    return reading


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf8_is_read_with_or_without_its_mark(read, mark):
    content = mark + "naïve;é\r\n".encode()
    source, errors = read(content)
    assert not errors
    assert source.text == "naïve;é\r\n"
    assert source.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "words", "row"),
    [
        (b"", "empty", None),
        ("expert,é".encode("utf-16"), "UTF-16", None),
        ("expert".encode("utf-16-le"), "NUL bytes", 1),
        (b"expert\nab\0c", "NUL bytes", 2),
        (b"expert\nx\nna\xefve", "byte 12", 3),
        (b"\xef\xbb\xbfna\xefve", "byte 6", 1),
        (b"PK\x03\x04\x14", "spreadsheet", None),
    ],
)
def test_what_is_not_utf8_text_is_named_with_its_position(read, content, words, row):
    source, (problem,) = read(content)
    assert source is None
    assert words in problem.message
    assert (problem.file, problem.row) == ("a.csv", row)


def test_a_missing_file_a_folder_and_a_link_are_refused(read, tmp_path):
    assert "missing" in read()[1][0].message
    (tmp_path / "folder.csv").mkdir()
    assert "not a file" in read(name="folder.csv")[1][0].message
    (tmp_path / "real.csv").write_text("expert")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert "symbolic link" in read(name="link.csv")[1][0].message


def test_a_pipe_does_not_hang(read, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "not a file" in read(name="pipe.csv")[1][0].message


def test_a_huge_file_is_refused_unread(read, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    assert read(b"x" * 10)[0] is not None
    assert "too large" in read(b"x" * 11)[1][0].message
