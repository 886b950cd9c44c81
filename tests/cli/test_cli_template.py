import csv

import pytest


def test_a_sheet_is_written_once(precursor, root):
    out = root / "sheet.csv"
    status, document, err = precursor("template", "deceptive", "--out", str(out), "--json")
    assert (status, err) == (0, "")
    assert document == {"out": str(out), "questions": ["deceptive"]}
    with out.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["question"], row["form"], row["answer"]) == ("deceptive", "point", "")
    before = out.read_bytes()
    status, document, _ = precursor("template", "deceptive", "--out", str(out), "--json")
    assert (status, "already" in document["errors"][0]["message"]) == (2, True)
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [["a.toml"], ["--survey", "sound"], ["deceptive", "--survey", "sound", "--expert", "ada", "--round", "2"]],
)
@pytest.mark.parametrize("suffix", ["csv", "XLSX"])
def test_questions_by_file_or_survey(precursor, root, words, suffix):
    status, document, _ = precursor("template", *words, "--out", str(root / f"sheet.{suffix}"), "--json")
    assert (status, document["questions"]) == (0, ["deceptive"])


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ([], "deceptive"),
        (["deceptiv"], "deceptive"),
        (["deceptive", "--round", "0"], "from 1"),
        (["deceptive", "--expert", "=1"], "="),
        (["deceptive", "--survey", "soun"], "sound"),
    ],
)
def test_what_cannot_be_asked(precursor, root, words, allowed):
    before = sorted(root.iterdir())
    status, document, _ = precursor("template", *words, "--out", str(root / "sheet.csv"), "--json")
    assert status == 2
    assert allowed in document["errors"][0]["allowed"]
    assert sorted(root.iterdir()) == before


def test_other_files_are_no_sheets(precursor, root):
    for out in (root / "sheet.pdf", root / "nowhere" / "sheet.csv"):
        assert precursor("template", "deceptive", "--out", str(out))[0] == 2
