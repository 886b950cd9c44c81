def test_a_retracted_survey_is_gone_listed_and_never_back(precursor, survey):
    folder = survey("spring", "ada,deceptive,point,2%\n")
    status, document, err = precursor("retract", "spring", "--reason", "consent withdrawn", "--json")
    assert (status, err) == (0, "")
    assert document["survey"] == "spring"
    assert document["retracted"]["reason"] == "consent withdrawn"
    assert [path.name for path in folder.iterdir()] == ["retracted.toml"]
    status, document, _ = precursor("surveys", "--json")
    assert [row["id"] for row in document["surveys"]] == ["sound"]
    assert [stone["id"] for stone in document["retracted"]] == ["spring"]
    assert "'spring' was retracted" in precursor("surveys")[1]
    for command in ("check", "accept", "fit"):
        status, document, _ = precursor(command, "spring", "--json")
        assert (status, "retracted" in document["errors"][0]["message"]) == (2, True)
    again = survey("elsewhere/spring", "ada,deceptive,point,2%\n")
    status, document, _ = precursor("accept", str(again), "--json")
    assert (status, "never used again" in document["errors"][0]["message"]) == (2, True)
    status, document, _ = precursor("retract", "spring", "--json")
    assert (status, document["retracted"]["reason"]) == (0, "consent withdrawn")


def test_only_ids_of_the_store(precursor, root):
    folder = root / "data" / "surveys" / "sound"
    for name in ("soun", str(folder), "../surveys/sound"):
        status, document, _ = precursor("retract", name, "--json")
        assert (status, "sound" in document["errors"][0]["allowed"]) == (2, True)
    assert (folder / "responses.csv").is_file()


def test_people_read_it_too(precursor):
    assert "removed" in precursor("retract", "sound")[1]
