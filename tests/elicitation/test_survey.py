import hashlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from precursor.problems import InputError

ANSWERS = "expert,question,form,answer\nada,deceptive,point,2%\n"


def test_a_survey_knows_where_it_is_from(write, load):
    folder = write(responses__csv=ANSWERS)
    survey = load(folder)
    assert (survey.id, survey.title, survey.synthetic, survey.fit_by_default) == ("made_up", "A survey", True, False)
    assert (survey.protocol, survey.elicited, survey.folder) == ("single_round", "May 2024", folder)
    assert survey.hashes == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("survey.toml", "responses.csv")
    }


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("comma", [",", ";"])
def test_the_same_answers_in_every_dialect(write, load, mark, end, comma):
    text = 'expert,question,form,answer\nada,deceptive,quantiles,"5%: 1%; 95%: 2%"\nbob,deceptive,point,\n'
    dialect = text.replace(",", comma).replace("\n", end)
    (judgement,) = load(write(responses__csv=mark + dialect.encode())).judgements
    assert (judgement.expert, judgement.answer.values, judgement.row) == ("ada", (0.01, 0.02), 2)


def test_a_survey_may_bring_its_own_lexicon(write, load):
    answers = "expert,question,form,answer\nada,deceptive,verbal,Hard to imagine\nada,outcome,distribution,\n"
    folder = write(
        "lexicon = 'words.csv'",
        responses__csv=answers,
        words__csv="phrase,low,median,high,reason\nhard to imagine,0.5%,3%,15%,r\nLikely,0.5,0.6,0.7,r\n",
    )
    survey = load(folder)
    assert survey.lexicon[survey.judgements[0].answer.phrase].source == "survey"
    assert survey.lexicon["likely"].source == "survey"
    assert survey.lexicon["unlikely"].source == "responses"
    assert "words.csv" in survey.hashes


def test_without_it_the_phrase_is_unknown_and_a_missing_lexicon_is_named(write, refused):
    answers = "expert,question,form,answer\nada,deceptive,verbal,hard to imagine\n"
    assert refused(write("lexicon = 'words.csv'", responses__csv=answers)) == [
        ("words.csv", None, None),
        ("responses.csv", 2, "answer"),
    ]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"", None), ("expert".encode("utf-16"), None), (b"\0\1\2", 1), (b"expert,question,form,answer\nna\xefve,", 2),
    ],
)  # fmt: skip
def test_files_that_are_no_text(write, refused, content, row):
    assert refused(write(responses__csv=content)) == [("responses.csv", row, None)]


def test_no_answers_at_all_says_which_files_there_are(write, load):
    with pytest.raises(InputError, match=r"Responses\.CSV") as caught:
        load(write(**{"Responses__CSV": ANSWERS}))
    assert caught.value.problems[0].allowed == "responses.csv, summaries.csv or both"


def test_a_missing_header_does_not_hide_other_problems(write, refused):
    folder = write(responses__csv=ANSWERS.replace("2%", "2"))
    (folder / "survey.toml").unlink()
    assert refused(folder) == [("survey.toml", None, None), ("responses.csv", 2, "answer")]


def test_broken_questions_do_not_make_their_answers_unknown(write, refused):
    folder = write(responses__csv=ANSWERS.replace("deceptive", "mine"), questions__toml="[[question]]\nid = \n")
    assert refused(folder) == [("questions.toml", 2, None)]


def test_links_and_folders_that_are_not_there(write, load, tmp_path):
    folder = write(responses__csv=ANSWERS)
    (tmp_path / "link").symlink_to(folder)
    for path, words in ((tmp_path / "link", "symbolic link"), (tmp_path / "none", "no folder")):
        with pytest.raises(InputError, match=words):
            load(path)


def test_a_linked_file_is_refused(write, refused, tmp_path):
    folder = write(responses__csv=ANSWERS)
    (folder / "summaries.csv").symlink_to(tmp_path / "nowhere")
    assert refused(folder) == [("summaries.csv", None, None)]


def test_every_problem_of_the_faulty_survey_is_found_and_nothing_else(cases, refused):
    found = refused(cases / "faulty_survey")
    expected = [
        tuple(None if cell == "-" else int(cell) if cell.isdigit() else cell for cell in line.split())
        for line in (cases / "faulty_survey.problems").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert found == expected


def test_every_problem_of_the_faulty_survey_says_what_is_wrong_in_words(cases, load):
    with pytest.raises(InputError) as caught:
        load(cases / "faulty_survey")
    for problem in caught.value.problems:
        assert problem.message.endswith(".")
        assert len(problem.message) < 400
    assert len({problem.message for problem in caught.value.problems}) > 50


FILES = {
    "survey.toml": b'id = "x"\nsynthetic = true\n',
    "questions.toml": b'[[question]]\nid = "q"\nquery = "P(model_outcome=proxy)"\nforms = ["point"]\n',
    "indicators.toml": b'[[indicator]]\nid = "i"\nabout = "model_outcome=proxy"\n',
    "experts.csv": b"expert,person\nada,x\n",
    "responses.csv": b'expert,question,form,answer,round\nada,q,point,"2%",1\n',
    "summaries.csv": b"group,question,n,median,q25\nall,q,4,2%,1%\n",
}


@given(st.sampled_from(sorted(FILES)), st.integers(0, 120), st.integers(0, 6), st.binary(max_size=8))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_is_a_survey_or_an_input_error(tmp_path, load, name, start, length, stray):
    for each, content in FILES.items():
        (tmp_path / each).write_bytes(content)
    content = FILES[name]
    (tmp_path / name).write_bytes(content[:start] + stray + content[start + length :])
    with suppress(InputError):
        load(tmp_path)
