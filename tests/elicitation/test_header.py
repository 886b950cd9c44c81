import pytest

from precursor.elicitation.header import is_survey_id

ANSWERS = "expert,question,form,answer\nada,deceptive,point,2%\n"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("protocol = 'idaea'", "protocol"), ("synthetic = 'no'", "synthetic"), ("fit_by_default = 1", "fit_by_default"),
        ("elicited = 2024-05-01", "elicited"), ("title = ''", "title"), ("licence = 3", "licence"),
        ("lexicon = '../lexicon.csv'", "lexicon"), ("lexicon = '/etc/passwd'", "lexicon"), ("lexicon = 3", "lexicon"),
    ],
)  # fmt: skip
def test_wrong_values_are_placed_on_their_line(write, refused, line, column):
    folder = write(line, responses__csv=ANSWERS)
    lines = (folder / "survey.toml").read_text(encoding="utf-8").splitlines()
    assert refused(folder) == [("survey.toml", len(lines), column)]


def test_every_required_key_is_asked_for(write, refused):
    folder = write(responses__csv=ANSWERS)
    (folder / "survey.toml").write_text('note = "mine"\n')
    assert [column for _, _, column in refused(folder)] == [
        "id", "title", "population", "protocol", "elicited", "source", "licence", "synthetic", "fit_by_default",
    ]  # fmt: skip


@pytest.mark.parametrize("id_", ["other", "../made_up", "made_up/", "", "made up"])
def test_the_id_is_the_name_of_the_folder(write, refused, id_):
    folder = write(responses__csv=ANSWERS)
    text = (folder / "survey.toml").read_text(encoding="utf-8")
    (folder / "survey.toml").write_text(text.replace('"made_up"', f'"{id_}"'))
    assert refused(folder) == [("survey.toml", 1, "id")]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("fri_2023", True), ("fri-2023.v2", True), ("..", False), (".", False), ("../x", False), ("a/b", False),
        ("a\\b", False), ("", False), ("-x", False), (".x", False), ("x.", False), ("a..b", False), ("a\n", False),
    ],
)  # fmt: skip
def test_ids(text, allowed):
    assert is_survey_id(text) is allowed
