import pytest

from precursor.elicitation.declarations import load_shared
from precursor.network.grammar import parse_query
from precursor.problems import InputError

OFFSET = '[[offset]]\nid = "o"\nmean = 0.3\nsd = 0.3\nreason = "r"\n'


@pytest.fixture
def read(tmp_path, vocabulary):
    def reading(text):
        (tmp_path / "a.toml").write_text(text, encoding="utf-8")
        return load_shared(tmp_path, tmp_path / "none", vocabulary)

    return reading


def question(**keys):
    table = {"id": '"q"', "wording": '"w"', "query": '"P(model_outcome=proxy)"', "forms": '["point"]', **keys}
    return "[[question]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items() if value is not None)


def seed(**keys):
    return question(**{"query": None, "seed": "true", **keys})


def test_the_parts_of_a_question_are_read(read):
    declared = read(question(offset='"o"', definition='"d"') + OFFSET)
    found = declared.questions["q"]
    assert found.query == parse_query("P(model_outcome=proxy)")
    assert (found.forms, found.offset, found.seed, found.definition) == (("point",), "o", False, "d")
    assert (found.scale, found.source_file) == ("probability", "questions/a.toml")
    assert declared.offsets["o"].mean == 0.3


@pytest.mark.parametrize(
    ("query", "form", "scale"),
    [
        ("P(model_outcome)", "distribution", "probability"),
        ("order(goal_directed, long_term_goals)", "ranking", "probability"),
        ("LR(goal_directed=yes : model_outcome=proxy)", "likelihood_ratio", "ratio"),
        ("LR(goal_directed=yes : model_outcome=proxy)", "bound", "ratio"),
        ("parameter(hr_awareness)", "point", "ratio"),
        ("parameter(guard)", "verbal", "probability"),
    ],
)
def test_the_query_decides_the_scale_and_the_forms(read, query, form, scale):
    assert read(question(query=f'"{query}"', forms=f'["{form}"]')).questions["q"].scale == scale
    other = "ranking" if form != "ranking" else "point"
    with pytest.raises(InputError, match=f"cannot be answered in the form '{other}'"):
        read(question(query=f'"{query}"', forms=f'["{other}"]'))


def test_seed_questions(read):
    assert read(seed(outcome="1", forms='["point"]')).questions["q"].outcome == 1
    quantity = read(seed(realised="312.5", unit='"cases"', scale='"log"', forms='["quantiles"]')).questions["q"]
    assert (quantity.realised, quantity.unit, quantity.scale) == (312.5, "cases", "log")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (question(id=None), ["id"]), (question(id='"a b"'), ["id"]), (question(wording=None), ["wording"]),
        (question(query=None), ["query"]), (question(query='"P(model_outcome"'), ["query"]),
        (question(query='"P(model_outcme=proxy)"'), ["query"]), (question(forms=None), ["forms"]),
        (question(forms='["pont"]'), ["forms"]), (question(forms='["point", "point"]'), ["forms"]),
        (question(forms="[]"), ["forms"]), (question(offset='"p"'), ["offset"]), (question(form='"point"'), ["form"]),
        (question(outcome="1"), ["outcome"]), (question(seed='"yes"'), ["seed"]), (question(unit='"m"'), ["unit"]),
        (seed(), ["outcome"]), (seed(outcome="2"), ["outcome"]), (seed(outcome="true"), ["outcome"]),
        (seed(outcome="1", query='"P(model_outcome=proxy)"'), ["query"]), (seed(outcome="1", unit='"m"'), ["unit"]),
        (seed(realised="3", unit='"m"', forms='["quantiles"]'), ["scale"]),
        (seed(realised="3", scale='"log"', forms='["quantiles"]'), ["unit"]),
        (seed(realised="-3", unit='"m"', scale='"log"', forms='["quantiles"]'), ["realised"]),
        (seed(realised="3", unit='"m"', scale='"log"', forms='["point"]'), ["forms"]),
        (seed(realised="nan", unit='"m"', scale='"log"', forms='["quantiles"]'), ["realised"]),
        (seed(realised="3", outcome="1", unit='"m"', scale='"log"', forms='["quantiles"]'), ["outcome"]),
        (question() + question(), ["id"]), (OFFSET + OFFSET, ["id"]), (OFFSET.replace("0.3", "-0.3"), ["sd"]),
        (OFFSET.replace('"r"', '" "'), ["reason"]), (OFFSET + "why = 1", ["why"]), ("questions = 1", ["questions"]),
        (question(query='"P(model_outcome)"', forms='["distribution"]', offset='"o"') + OFFSET, ["offset"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_once_with_its_key(read, text, columns):
    with pytest.raises(InputError) as caught:
        read(text)
    assert [problem.column for problem in caught.value.problems] == columns
    assert all(problem.file == "questions/a.toml" for problem in caught.value.problems)


def test_a_misspelt_name_offers_the_nearest(read):
    with pytest.raises(InputError) as caught:
        read(question(ofset='"o"', query='"P(model_outcome=proxi)"') + OFFSET)
    assert [problem.allowed.split(",")[0].split(" or ")[0] for problem in caught.value.problems] == ["offset", "proxy"]


def test_all_problems_of_all_files_at_once(tmp_path, vocabulary):
    (tmp_path / "a.toml").write_text("\n" + question(forms='["pont"]') + question(id='"r"', wording="3"))
    (tmp_path / "b.toml").write_text("broken")
    with pytest.raises(InputError) as caught:
        load_shared(tmp_path, tmp_path / "none", vocabulary)
    assert [(p.file, p.row, p.column) for p in caught.value.problems] == [
        ("questions/b.toml", 1, None),
        ("questions/a.toml", 2, "forms"),
        ("questions/a.toml", 7, "wording"),
    ]
