def test_questions_with_what_they_ask(precursor):
    status, document, err = precursor("questions", "--json")
    assert (status, err) == (0, "")
    (question,) = document["questions"]
    assert question["id"] == "deceptive"
    assert question["query"] == "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"
    assert question["forms"] == ["point", "bound"]
    assert question["wording"].startswith("How probable")
    assert "point, bound" in precursor("questions")[1]


def test_a_broken_question_is_bad_input(precursor, root):
    (root / "data" / "questions" / "b.toml").write_text('[[question]]\nid = "q"\nwording = "w"\nquery = "P(x=y)"\n')
    status, document, _ = precursor("questions", "--json")
    assert status == 2
    assert {(error["file"], error["column"]) for error in document["errors"]} == {
        ("questions/b.toml", "query"),
        ("questions/b.toml", "forms"),
    }


def test_no_questions(precursor, root):
    (root / "data" / "questions" / "a.toml").unlink()
    assert precursor("questions")[1] == "There are no questions.\n"
