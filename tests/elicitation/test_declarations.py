import pytest

from precursor.elicitation.declarations import load_shared


def test_offsets_and_indicators_are_known_across_files(shared):
    assert set(shared.questions) == {"deceptive", "outcome", "order", "warning", "hazard", "turnout"}
    assert shared.questions["deceptive"].offset == "no_horizon"
    assert shared.complete
    assert not shared.unusable


def test_folders_that_are_not_there_hold_nothing(tmp_path, vocabulary):
    assert not load_shared(tmp_path / "a", tmp_path / "b", vocabulary).questions


QUESTION = '[[question]]\nid = "deceptive"\nwording = "Again?"\nforms = ["point"]\noffset = "no_horizon"\n'
SAME = QUESTION + 'query = "P(model_outcome = deceptive | tai_by_2100=yes)"\n'
ANSWERS = "expert,question,form,answer\nada,deceptive,point,2%\n"


def test_a_survey_may_repeat_a_shared_question_in_its_own_words(write, load):
    survey = load(write(responses__csv=ANSWERS, questions__toml=SAME))
    assert survey.questions["deceptive"].wording == "Again?"
    assert survey.questions["deceptive"].source_file == "questions.toml"
    assert "outcome" in survey.questions


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("questions__toml", QUESTION + 'query = "P(model_outcome=deceptive)"\n'),
        ("questions__toml", SAME.replace('offset = "no_horizon"\n', "")),
        ("questions__toml", '[[offset]]\nid = "no_horizon"\nmean = 0.4\nsd = 0.3\nreason = "r"\n'),
        ("indicators__toml", '[[indicator]]\nid = "warning_shot"\nwording = "w"\nabout = "model_outcome=proxy"\n'),
    ],
)
def test_a_survey_may_not_redefine_what_is_shared(write, refused, name, text):
    assert refused(write(responses__csv=ANSWERS, **{name: text})) == [(name.replace("__", "."), 1, "id")]


def test_answers_to_a_question_that_is_declared_wrongly_are_not_called_unknown(write, refused):
    folder = write(
        responses__csv="expert,question,form,answer\nada,mine,point,2%\nada,thine,point,2%\n",
        questions__toml='[[question]]\nid = "mine"\nwording = "w"\nquery = "P(x=y)"\nforms = ["point"]\n',
    )
    assert refused(folder) == [("questions.toml", 1, "query"), ("responses.csv", 3, "question")]
