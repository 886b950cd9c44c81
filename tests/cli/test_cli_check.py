def test_a_sound_survey(precursor, root):
    status, document, err = precursor("check", "sound", "--json")
    assert (status, err) == (0, "")
    assert document == {"survey": "sound", "answers": 1, "experts": 1, "questions": 1, "warnings": []}
    assert precursor("check", str(root / "data" / "surveys" / "sound"), "--json")[1] == document
    status, text, _ = precursor("check", "sound")
    assert status == 0
    assert "answers: 1; experts: 1; questions: 1" in text


def test_warnings_do_not_forbid(precursor, survey):
    folder = survey("warned", "ada,deceptive,point,2%\n")
    (folder / "experts.csv").write_text("expert,camp\nbob,x\n")
    status, document, _ = precursor("check", "warned", "--json")
    assert status == 0
    (warning,) = document["warnings"]
    assert (warning["file"], warning["row"], warning["column"]) == ("responses.csv", 2, "expert")
    assert "Warning: responses.csv, row 2, column expert" in precursor("check", "warned")[1]


def test_every_problem_at_once_and_nothing_else_on_stdout(precursor, faulty):
    status, document, err = precursor("check", "faulty_survey", "--json")
    assert (status, err) == (2, "")
    assert set(document) == {"errors"}
    assert len(document["errors"]) > 80
    status, text, err = precursor("check", str(faulty))
    assert (status, text) == (2, "")
    assert len(err.splitlines()) == len(document["errors"])


def test_escape_codes_in_a_survey_reach_no_terminal(precursor, survey):
    folder = survey("evil", "ada,deceptive,point,2%\n")
    text = (folder / "survey.toml").read_text().replace("A survey", "\\u001b[2JA\\nsurvey")
    (folder / "survey.toml").write_text(text)
    _, out, _ = precursor("check", "evil")
    assert "\\x1b[2JA\\nsurvey" in out
    assert "\x1b" not in out


def test_an_unknown_survey(precursor):
    status, document, _ = precursor("check", "soud", "--json")
    assert status == 2
    assert document["errors"][0]["allowed"].startswith("sound")


def test_what_looks_wrong_is_warned_of(precursor, survey):
    survey("suspicious", "ada,deceptive,bound,<1%\nada,deceptive,point,5%\n")
    status, document, _ = precursor("check", "suspicious", "--json")
    assert status == 0
    (warning,) = document["warnings"]
    assert (warning["file"], warning["row"], warning["column"]) == ("responses.csv", 3, "answer")
    assert "Usable, with warnings: 1" in precursor("check", "suspicious")[1]
