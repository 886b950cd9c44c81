import shutil


def test_accepted_verified_and_never_replaced(precursor, root, survey):
    shutil.move(survey("spring", "ada,deceptive,point,2%\n"), root / "spring")
    status, document, err = precursor("accept", str(root / "spring"), "--json")
    assert (status, err) == (0, "")
    assert (document["survey"], sorted(document["files"])) == ("spring", ["responses.csv", "survey.toml"])
    stored = root / "data" / "surveys" / "spring"
    status, document, _ = precursor("accept", str(root / "spring"), "--json")
    assert (status, "already" in document["errors"][0]["message"]) == (2, True)
    (stored / "responses.csv").chmod(0o644)
    (stored / "responses.csv").write_text("expert,question,form,answer\nada,deceptive,point,3%\n")
    status, document, _ = precursor("check", "spring", "--json")
    assert (status, document["errors"][0]["file"]) == (2, "responses.csv")
    unusable = next(row for row in precursor("surveys", "--json")[1]["surveys"] if row["id"] == "spring")
    assert unusable["errors"]


def test_a_survey_with_errors_is_refused_with_all_of_them(precursor, root, faulty):
    shutil.move(faulty, root / "faulty_survey")
    before = sorted((root / "data" / "surveys").iterdir())
    status, document, _ = precursor("accept", str(root / "faulty_survey"), "--json")
    assert status == 2
    assert len(document["errors"]) > 80
    assert sorted((root / "data" / "surveys").iterdir()) == before


def test_people_read_it_too(precursor, root, survey):
    shutil.move(survey("spring", "ada,deceptive,point,2%\n"), root / "spring")
    assert "read-only" in precursor("accept", str(root / "spring"))[1]
