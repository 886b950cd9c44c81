"""The core questionnaire: askable, balanced, self-contained, short, and seeded with answers that the sources state."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import isfinite
from pathlib import Path

import numpy as np
import pytest

from precursor.argument.answer import answer_at
from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import Scenario
from precursor.elicitation.indicators import events
from precursor.elicitation.questions import Question
from precursor.inference import orientation
from precursor.inference.scenarios import completed, open_scenario
from precursor.inference.simulation import truths_at
from precursor.inference.surveys import SurveyReader, open_reader
from precursor.network.grammar import (
    DistributionQuery,
    LikelihoodRatioQuery,
    ParameterQuery,
    ProbabilityQuery,
    parse_query,
)

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "data" / "questions" / "core.toml"
SHEET = ROOT / "docs" / "questionnaire" / "order.csv"
TABLES = {name: ROOT / "data" / "sources" / f"{name}.csv" for name in ("critics_claims", "group_summaries")}
DECLARED = tomllib.loads(FILE.read_text(encoding="utf-8"))["question"]
MAIN = [question for question in DECLARED if not question.get("seed")]
SEEDS = [question for question in DECLARED if question.get("seed")]

# docs/questionnaire/how_it_was_made.md states the rule: reading speed, and seconds to answer in each form.
WORDS_PER_MINUTE = 238
SECONDS = {"point": 20, "quantiles": 40, "ranking": 45, "distribution": 45, "chips": 60, "likelihood_ratio": 30}

# A term, and how the sentence that defines it begins.
TERMS = {
    "base goal": "Base goal: ",
    "goal-directed": "Goal-directed: ",
    "long-term goals": "Long-term goals: ",
    "situationally aware": "Situationally aware: ",
    "on a proxy": "Aimed at the base goal: ",
    "aimed at the base goal": "Aimed at the base goal: ",
    "telling examples": "Telling examples: ",
    "deceptive": "Deceptive: ",
    "defects": "Defection: ",
    "defection": "Defection: ",
    "contained": "Contained: ",
    "existential catastrophe": "Existential catastrophe: ",
    "the system": "Set-up: ",
    "pre-training": "Phases: ",
    "fine-tuning": "Phases: ",
    "long tasks": "Phases: ",
}
OPENINGS = tuple(sorted(set(TERMS.values())))

# Assumptions are set by both scenarios, so what is asked of one is read with all assumptions left open.
ASKS_FOR_AN_ASSUMPTION = {"core_no_telling_examples", "core_regimes"}
# Both scenarios set these to an end of their scale: goals always shift, nothing is corrected any more, everything that
# could deceive does, nothing arises in context.
SET_TO_AN_END = {
    "core_goal_shift": 1.0,
    "core_guarding": 1.0,
    "core_plays_along": 0.0,
    "core_no_long_term_goals_in_use": 1.0,
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sentences(wording: str) -> list[str]:
    return re.split(r"(?<=[.?!]) +", wording)


def definitions(wording: str) -> list[str]:
    return [sentence for sentence in sentences(wording) if sentence.startswith(OPENINGS)]


@pytest.fixture(scope="module")
def reader() -> SurveyReader:
    return open_reader(ROOT / "data")


@pytest.fixture(scope="module")
def questions(reader: SurveyReader) -> dict[str, Question]:
    return {entry["id"]: reader.shared.questions[entry["id"]] for entry in DECLARED}


@pytest.fixture(scope="module")
def scenarios(reader: SurveyReader) -> dict[str, Scenario]:
    return {name: open_scenario(reader.data, name, events_of(reader)) for name in ("argument", "critic")}


def events_of(reader: SurveyReader) -> dict:
    return events(reader.shared.indicators.values())


def test_there_are_as_many_as_were_wanted() -> None:
    assert 25 <= len(MAIN) <= 35
    assert len(SEEDS) >= 10
    assert len({question["id"] for question in DECLARED}) == len(DECLARED)


def test_seeds_come_first_and_the_headline_last() -> None:
    assert [bool(question.get("seed")) for question in DECLARED] == [True] * len(SEEDS) + [False] * len(MAIN)
    sections = list(dict.fromkeys(row["section"] for row in rows(SHEET)))
    assert sections[0] == "seeds"
    assert sections[-1] == "headline"


@pytest.mark.parametrize("name", ["argument", "critic"])
@pytest.mark.parametrize("question", MAIN, ids=lambda question: question["id"])
def test_a_question_can_be_asked_and_its_answer_is_open(
    question: dict, name: str, scenarios: dict[str, Scenario], reader: SurveyReader
) -> None:
    query, scenario, id_ = parse_query(question["query"]), scenarios[name], question["id"]
    assert str(query) == question["query"]
    if id_ in ASKS_FOR_AN_ASSUMPTION:
        scenario = replace(scenario, regime={})
    found = answer_at(query, scenario, events_of(reader))
    if isinstance(found, dict):
        possible = [value for value in found.values() if value > 0]
        assert len(possible) > 1
        assert all(0 < value < 1 for value in possible)
        assert sum(possible) == pytest.approx(1)
    elif isinstance(query, LikelihoodRatioQuery) or reader.shared.questions[id_].scale == "ratio":
        assert found > 0
        assert isfinite(found)
    elif id_ in SET_TO_AN_END:
        assert found == SET_TO_AN_END[id_]
        open_ended = answer_at(query, completed(Scenario("prior medians", {}), events_of(reader)), events_of(reader))
        assert isinstance(open_ended, float)
        assert 0 < open_ended < 1
    else:
        assert 0 < found < 1


def test_states_that_a_wording_names_are_the_networks(reader: SurveyReader, questions: dict[str, Question]) -> None:
    asked = [q for q in questions.values() if isinstance(q.query, DistributionQuery)]
    assert len(asked) == 2
    for question in asked:
        assert isinstance(question.query, DistributionQuery)
        assert all(state in question.wording for state in reader.vocabulary.states(question.query))
    ranking = next(q for q in questions.values() if q.forms == ("ranking",))
    assert all(property_ in ranking.wording for property_ in reader.vocabulary.properties)


def test_bad_news_and_good_news_are_asked_for_equally_often(
    questions: dict[str, Question], scenarios: dict[str, Scenario], reader: SurveyReader
) -> None:
    sheet = {row["question"]: row["asks_for"] for row in rows(SHEET)}
    count = Counter(sheet[question["id"]] for question in MAIN)
    assert set(count) == {"bad", "good", "neutral"}
    assert abs(count["bad"] - count["good"]) <= 1
    said = {"bad": 1.0, "good": -1.0}
    taken = [q for id_, q in questions.items() if sheet[id_] in said]
    for truth in truths_at(taken, scenarios["critic"], events_of(reader)):
        assert truth.bad_news == said[sheet[truth.question.id]], truth.question.id


@pytest.mark.parametrize("question", MAIN, ids=lambda question: question["id"])
def test_every_term_is_defined_where_it_is_used(question: dict) -> None:
    wording, defined = question["wording"], definitions(question["wording"])
    text = wording.lower()
    missing = {opening for term, opening in TERMS.items() if term in text and not any_opens(defined, opening)}
    assert missing == set()
    assert "by 2100" in wording
    used = [opening for opening in OPENINGS if any_opens(defined, opening)]
    assert len(used) == len(defined), "a definition stands twice"


def any_opens(defined: list[str], opening: str) -> bool:
    return any(sentence.startswith(opening) for sentence in defined)


def test_the_check_of_terms_finds_a_missing_definition() -> None:
    broken = {"wording": "By 2100, give the probability that the system is deceptive."}
    with pytest.raises(AssertionError, match="Deceptive"):
        test_every_term_is_defined_where_it_is_used(broken)


def test_a_term_has_one_definition() -> None:
    found = {sentence for question in MAIN for sentence in definitions(question["wording"])}
    assert Counter(sentence.split(":")[0] for sentence in found) == {opening[:-2]: 1 for opening in OPENINGS}


def test_no_phrases_are_asked_for() -> None:
    assert {form for question in DECLARED for form in question["forms"]} == {*SECONDS, "bound"}
    assert {question["forms"][0] for question in DECLARED} == set(SECONDS)


def test_parameters_are_asked_for_in_words() -> None:
    names = [parse_query(q["query"]).name for q in MAIN if isinstance(parse_query(q["query"]), ParameterQuery)]
    wordings = " ".join(question["wording"] for question in MAIN)
    assert names
    assert not [name for name in names if name in wordings]
    assert "hazard" not in wordings


def test_the_sheet_is_that_of_the_file_and_takes_less_than_half_an_hour() -> None:
    seen: set[str] = set()
    wanted = []
    for position, question in enumerate(DECLARED, 1):
        new = [sentence for sentence in dict.fromkeys(sentences(question["wording"])) if sentence not in seen]
        seen.update(new)
        words, form = sum(len(sentence.split()) for sentence in new), question["forms"][0]
        seconds = round(words * 60 / WORDS_PER_MINUTE) + SECONDS[form]
        wanted.append((str(position), question["id"], form, str(words), str(seconds)))
    sheet = rows(SHEET)
    columns = ("position", "question", "form", "new_words", "seconds")
    assert [tuple(row[name] for name in columns) for row in sheet] == wanted
    assert sum(int(row["seconds"]) for row in sheet) < 30 * 60


NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?")


def stated_in(row: dict[str, str], value: float) -> bool:
    """Whether a number of percent stands in a row: as percent, or (in a column of figures) as a fraction."""
    wanted = Fraction(str(value))
    as_percent = {Fraction(n) for n in re.findall(r"([0-9]+(?:\.[0-9]+)?) ?%", " ".join(row.values()))}
    figures = {Fraction(cell) * 100 for cell in row.values() if NUMBER.fullmatch(cell)}
    return wanted in as_percent | figures


def source_rows(seed: dict) -> list[dict[str, str]]:
    table, _, key = seed["note"].removeprefix("Row: ").partition(".csv")
    names = [part.strip() for part in key.strip(" ,").split(";")]
    return [row for row in rows(TABLES[table]) if all(name in row.values() for name in names)]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda question: question["id"])
def test_a_seed_is_what_its_source_row_states(seed: dict) -> None:
    (row,) = source_rows(seed)
    assert stated_in(row, seed["realised"])
    assert not stated_in(row, seed["realised"] * 1.17), "the check would pass for any number"
    assert seed["unit"] == "percent"
    assert row.get("work", row.get("source", ""))[:30] in seed["source"]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda question: question["id"])
def test_no_seed_shows_its_answer(seed: dict) -> None:
    told = {Fraction(number) for number in NUMBER.findall(seed["wording"].replace("5 %, 50 % and 95 %", ""))}
    assert Fraction(str(seed["realised"])) not in told
    mine = f"{seed['realised']:g} %"
    assert not [q["id"] for q in DECLARED if mine in q["wording"].replace("5 %, 50 % and 95 %", "")]


def test_the_table_of_seeds_says_the_same() -> None:
    text = (ROOT / "docs" / "questionnaire" / "seeds.md").read_text(encoding="utf-8")
    table = [
        [cell.strip(" `") for cell in line.strip("|").split("|")] for line in text.splitlines() if "`seed_" in line
    ]
    assert [(cells[0], float(cells[1])) for cells in table] == [(seed["id"], seed["realised"]) for seed in SEEDS]


def test_the_account_of_how_it_was_made_has_the_same_figures() -> None:
    text = " ".join((ROOT / "docs" / "questionnaire" / "how_it_was_made.md").read_text(encoding="utf-8").split())
    sheet = rows(SHEET)
    count = Counter(row["asks_for"] for row in sheet)
    seeds = sum(int(row["seconds"]) for row in sheet if row["section"] == "seeds") / 60
    others = sum(int(row["seconds"]) for row in sheet if row["section"] != "seeds") / 60
    assert f"{len(MAIN)} questions and {len(SEEDS)} seed questions" in text
    assert f"{count['bad']} ask for the bad and {count['good']} for the good outcome" in text
    assert f"{seeds + others:.1f} minutes: {seeds:.1f} for the seeds and {others:.1f} for the rest" in text


def test_which_way_is_bad_news_does_not_hang_on_chance(
    questions: dict[str, Question], reader: SurveyReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [q.query for q in questions.values() if isinstance(q.query, ProbabilityQuery | ParameterQuery)]
    indicators = events_of(reader)
    space = parameter_space(indicators)
    usual = orientation.orientations(queries, space, indicators)
    monkeypatch.setattr(orientation, "_SEED", 1)
    np.testing.assert_array_equal(orientation.orientations(queries, space, indicators), usual)
