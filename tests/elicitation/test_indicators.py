import pytest

from precursor.elicitation.declarations import load_shared
from precursor.elicitation.indicators import Indicator, events
from precursor.network.grammar import parse_event
from precursor.problems import InputError


@pytest.fixture
def read(tmp_path, vocabulary):
    def reading(text):
        (tmp_path / "a.toml").write_text(text, encoding="utf-8")
        return load_shared(tmp_path / "none", tmp_path, vocabulary).indicators

    return reading


def indicator(id_="shot", about="model_outcome=deceptive", more=""):
    return f'[[indicator]]\nid = "{id_}"\nwording = "w"\nabout = "{about}"\n{more}\n'


def test_indicators_are_read(read):
    found = read(indicator(more='dependence_group = "g"') + indicator("other", "goal_directed < long_term_goals"))
    assert found["shot"] == Indicator("shot", "w", parse_event("model_outcome=deceptive"), "g")
    assert events(found.values())["other"] == parse_event("goal_directed < long_term_goals")


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (indicator("goal_directed"), "id"), (indicator("two words"), "id"), (indicator("do"), "id"),
        (indicator("P"), "id"),
        (indicator(about="model_outcome=deceptve"), "about"), (indicator(about="model_outcome"), "about"),
        (indicator(about="nothing=yes"), "about"), (indicator(more="weight = 3"), "weight"),
        (indicator(more="source = 3"), "source"), ('[[indicator]]\nid = "x"\nwording = "w"\n', "about"),
        ('[[indicators]]\nid = "x"\n', "indicators"), (indicator() + indicator(), "id"),
    ],
)  # fmt: skip
def test_what_is_no_indicator(read, text, column):
    with pytest.raises(InputError) as caught:
        read(text)
    (problem,) = caught.value.problems
    assert (problem.file, problem.column) == ("indicators/a.toml", column)
    assert problem.allowed


def test_a_group_is_a_finding_that_its_experiments_read(read):
    group = 'dependence_group = "g"'
    found = events(read(indicator("one", more=group) + indicator("two", more=group) + indicator("three")).values())
    assert {name: str(event) for name, event in found.items()} == {
        "finding_g": "model_outcome=deceptive",
        "one": "finding_g=yes",
        "two": "finding_g=yes",
        "three": "model_outcome=deceptive",
    }


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (indicator("one", more='dependence_group = "g"')
         + indicator("two", "goal_directed=yes", 'dependence_group = "g"'), "about"),
        (indicator("finding_g"), "id"), (indicator(more='dependence_group = "two words"'), "dependence_group"),
    ],
)  # fmt: skip
def test_what_is_no_group(read, text, column):
    with pytest.raises(InputError) as caught:
        read(text)
    (problem,) = caught.value.problems
    assert problem.column == column
    assert problem.allowed
