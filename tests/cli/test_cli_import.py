import pytest

EXPORT = (
    "Timestamp,Email Address,How probable is it that the model is deceptive?\n1,a@example.org,5\n2,b@example.org,40\n"
)


@pytest.fixture
def export(root):
    path = root / "forms.csv"
    path.write_text(EXPORT)
    return path


def test_drafted_imported_checked_and_accepted(precursor, root, export):
    words = ("import", str(export), "--mapping", str(root / "m.toml"), "--json")
    status, document, err = precursor(*words)
    assert (status, err) == (0, "")
    assert document["drafted"] == str(root / "m.toml")
    assert document["answers"] == [{"question": "deceptive", "form": ["point"], "unit": "percent"}]
    assert (document["survey"], document["undecided"]) == (None, [])
    assert not (root / "spring").exists()
    status, document, _ = precursor(*words, "--out", str(root / "spring"))
    assert status == 0
    assert (document["survey"], document["answers"], document["experts"]) == ("spring", 2, 2)
    assert all(warning["file"] == "m.toml" for warning in document["warnings"])
    assert precursor("check", str(root / "spring"), "--json")[1]["answers"] == 2
    assert precursor("accept", str(root / "spring"), "--json")[1]["survey"] == "spring"
    assert precursor("check", "spring", "--json")[0] == 0


def test_every_problem_with_row_and_column_and_nothing_written(precursor, root, export):
    precursor("import", str(export), "--mapping", str(root / "m.toml"))
    export.write_text(EXPORT.replace("40", "1-Feb").replace(",5\n", ",0.5\n3,c@example.org,7\n"))
    before = sorted(root.iterdir())
    words = ("import", str(export), "--mapping", str(root / "m.toml"), "--out", str(root / "spring"), "--json")
    status, document, err = precursor(*words)
    assert (status, err) == (2, "")
    assert [(error["file"], error["row"]) for error in document["errors"]] == [("forms.csv", 2), ("forms.csv", 4)]
    assert sorted(root.iterdir()) == before


def test_people_read_it_too(precursor, root, export):
    status, text, _ = precursor("import", str(export), "--mapping", str(root / "m.toml"))
    assert (status, "Nothing was imported" in text) == (0, True)
    status, text, _ = precursor("import", str(export), "--mapping", str(root / "m.toml"), "--out", str(root / "s"))
    assert (status, "precursor check" in text) == (0, True)


def test_usage(precursor, root, export):
    (root / "m.toml").write_text("")
    assert precursor("import", str(export), "--mapping", str(root / "m.toml"), "--json")[0] == 2
    assert precursor("import", str(export), "--json")[0] == 2
    assert precursor("import", str(root / "nothing.csv"), "--mapping", str(root / "new.toml"), "--json")[0] == 2
    assert precursor("import", str(export), "--mapping", str(root / "no" / "new.toml"), "--json")[0] == 2
    assert not (root / "new.toml").exists()
