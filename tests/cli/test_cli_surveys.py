def test_surveys_with_what_they_hold(precursor):
    status, document, _ = precursor("surveys", "--json")
    assert status == 0
    (survey,) = document["surveys"]
    assert (survey["id"], survey["answers"], survey["synthetic"], survey["errors"]) == ("sound", 1, True, [])


def test_a_survey_that_cannot_be_used_hides_no_other(precursor, faulty):
    assert faulty.is_dir()
    status, document, _ = precursor("surveys", "--json")
    assert status == 0
    assert [survey["id"] for survey in document["surveys"]] == ["faulty_survey", "sound"]
    assert document["surveys"][0]["errors"]
    text = precursor("surveys")[1]
    assert "precursor check faulty_survey" in text
    assert "A survey (synthetic)" in text


def test_no_surveys(precursor, root):
    (root / "data" / "surveys").rename(root / "data" / "elsewhere")
    assert precursor("surveys")[1] == "There are no surveys.\n"
