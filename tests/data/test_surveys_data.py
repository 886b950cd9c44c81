"""The carried data: complete, readable by the grammar, one id a quantity, and rebuilt without a change."""

from __future__ import annotations

import csv
import importlib.util
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from precursor.argument.nodes import ASSUMPTIONS, NODES, PHASES, READ_AT_PHASES
from precursor.emergence.histories import PROPERTIES
from precursor.network.grammar import (
    Conditions,
    Event,
    Intervention,
    LikelihoodRatioQuery,
    NodeAt,
    OrderEvent,
    OrderQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
    parse_event,
    parse_query,
)

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
SURVEYS = sorted(path.parent for path in DATA.glob("surveys/*/survey.toml"))
NOT_FITTED = {
    "authors_bottom_lines",
    "bensinger_2021",
    "critics_premises_low_confidence",
    "fri_repeated_unconditionals",
}
CLAIMS = ("argument_reading_own", "argument_claims", "critics_claims")


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_surveys", ROOT / "scripts" / "build_surveys.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


build_surveys = load_script()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(pattern: str, key: str) -> list[dict]:
    files = sorted(DATA.glob(pattern))
    return [entry for path in files for entry in tomllib.loads(path.read_text(encoding="utf-8")).get(key, [])]


ASKED = [*tables("questions/*.toml", "question"), *tables("surveys/*/questions.toml", "question")]
QUESTIONS = [question for question in ASKED if not question.get("seed")]
# The core questionnaire words some of these quantities anew: other words, another question with an error of its own.
CORE = {question["id"] for question in tables("questions/core.toml", "question")}
INDICATORS = tables("indicators/*.toml", "indicator")
OFFSETS = tables("questions/*.toml", "offset")
BY_ID = {question["id"]: question for question in QUESTIONS}
DECISIONS = rows(DATA / "sources" / "decisions.csv")


def house_form(query: Query) -> Query:
    """One text for one quantity: sorted, assumptions as evidence in the reference state and as ``do`` in others."""
    match query:
        case ProbabilityQuery():
            return replace(query, events=tuple(sorted(query.events, key=str)), given=house_conditions(query.given))
        case OrderQuery():
            return replace(query, properties=tuple(sorted(query.properties)), given=house_conditions(query.given))
        case LikelihoodRatioQuery():
            return replace(query, given=house_conditions(query.given))
    return query


def house_conditions(given: Conditions) -> Conditions:
    observed: list[Event] = []
    done: list[Intervention] = list(given.interventions)
    for event in given.evidence:
        if isinstance(event, StateEvent) and event.variable.node in ASSUMPTIONS:
            done.append(Intervention(event.variable.node, event.state))
        else:
            observed.append(event)
    for part in [part for part in done if part.state == ASSUMPTIONS.get(part.node, ("",))[0]]:
        done.remove(part)
        observed.append(StateEvent(NodeAt(part.node), part.state))
    return Conditions(tuple(sorted(observed, key=str)), tuple(sorted(done, key=str)))


def test_rebuilding_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "data"
    for path in [path for path in DATA.rglob("*") if path.is_file() and "surveys" not in path.relative_to(DATA).parts]:
        target = copy / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    monkeypatch.setattr(build_surveys, "DATA", copy)
    monkeypatch.setattr(build_surveys, "SOURCES", copy / "sources")
    build_surveys.main()
    built = {path.relative_to(copy): path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    assert len([path for path in built if path.name == "survey.toml"]) >= 9
    differing = [str(path) for path, content in built.items() if (DATA / path).read_bytes() != content]
    assert not differing


@pytest.mark.parametrize("table", [*CLAIMS, "published_credences", "group_summaries"])
def test_every_row_is_in_a_survey_or_on_the_list(table: str) -> None:
    left_out = (DATA / "surveys" / "LEFT_OUT.md").read_text(encoding="utf-8")
    surveys = {path.name: (path / "responses.csv", path / "summaries.csv") for path in SURVEYS}
    for row in rows(DATA / "sources" / f"{table}.csv"):
        key = build_surveys.key_of(table, row)
        decisions = [entry for entry in DECISIONS if (entry["table"], entry["key"]) == (table, key)]
        assert decisions, key
        for decision in decisions:
            if decision["survey"] == "left_out":
                assert f"| {key} | {decision['reason']} |" in left_out
                assert decision["reason"]
            else:
                answers = [answer for path in surveys[decision["survey"]] if path.exists() for answer in rows(path)]
                assert any(matches(answer, decision, row) for answer in answers), key


def matches(answer: dict[str, str], decision: dict[str, str], row: dict[str, str]) -> bool:
    if "median" in answer:
        found = answer["question"], answer["group"], answer["n"]
        return found == (decision["question"], build_surveys.GROUP_NAMES[row["group"]], row["n"])
    found = answer["question"], answer["form"], answer["answer"], answer.get("round", "")
    wanted = decision["question"], decision["form"], decision["answer"], decision["round"]
    source = row["who"] if "who" in row else decision["key"]
    return found == wanted and source in answer["comment"]


@pytest.mark.parametrize("table", CLAIMS)
def test_a_claim_is_asked_as_it_was_coded_or_a_reason_says_why_not(table: str) -> None:
    claims = {build_surveys.key_of(table, row): row for row in rows(DATA / "sources" / f"{table}.csv")}
    for decision in DECISIONS:
        if decision["table"] == table and decision["survey"] != "left_out":
            claim = claims[decision["key"]]
            coded, asked = (parse_query(text) for text in (claim["query"], BY_ID[decision["question"]]["query"]))
            as_coded = house_form(coded) == house_form(asked) and claim["answer"] == decision["answer"]
            assert as_coded or decision["reason"], decision["key"]


def test_low_confidence_is_examined_before_it_is_fitted() -> None:
    claims = {row["source_id"]: row for table in CLAIMS[1:] for row in rows(DATA / "sources" / f"{table}.csv")}
    for decision in DECISIONS:
        if claims.get(decision["key"], {}).get("confidence_in_mapping") == "low":
            kept = decision["survey"] in {"argument_premises", "critics_premises"}
            assert "examined" in decision["reason"] if kept else decision["reason"], decision["key"]


def test_held_out_statements_are_not_fitted() -> None:
    for table in CLAIMS:
        held = {build_surveys.key_of(table, row): row["held_out"] for row in rows(DATA / "sources" / f"{table}.csv")}
        for decision in DECISIONS:
            if decision["table"] == table and decision["survey"] != "left_out":
                assert (decision["survey"] == "authors_bottom_lines") == (held[decision["key"]] == "yes"), decision


def test_the_fri_rows_are_all_there() -> None:
    table = rows(DATA / "sources" / "fri_adversarial_collaboration.csv")
    plain = rows(DATA / "surveys" / "fri_adversarial_collaboration" / "responses.csv")
    repeats = rows(DATA / "surveys" / "fri_repeated_unconditionals" / "responses.csv")
    assert len(plain) + len(repeats) == len(table) == 280
    assert len({row["expert"] for row in plain}) == 22
    assert [row["answer"] for row in plain].count("") == 2
    stated = sorted(float(row["probability"]) for row in table if row["probability"])
    typed = sorted(number(row["answer"]) for row in [*plain, *repeats] if row["answer"])
    assert typed == pytest.approx(stated, rel=1e-12)


def number(text: str) -> float:
    return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)


@pytest.mark.parametrize(
    ("published", "typed"),
    [("0.1", "10%"), ("0.235", "0.235"), ("0.001", "0.001"), ("1e-09", "1e-9"), ("4e-06", "4e-6"), ("", "")],
)
def test_a_published_figure_is_typed_with_the_resolution_it_was_stated_with(published: str, typed: str) -> None:
    assert build_surveys.typed(published) == typed


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_a_question_is_about_things_that_exist(question: dict) -> None:
    query = parse_query(question["query"])
    assert str(query) == question["query"]
    indicators = {indicator["id"] for indicator in INDICATORS}
    for event in events_of(query):
        assert problems_of(event, indicators) == []
    assert question["wording"]
    assert question["forms"]
    assert question.get("offset") in {None, *(offset["id"] for offset in OFFSETS)}


def events_of(query: Query) -> Iterator[Event | Intervention]:
    match query:
        case ProbabilityQuery():
            yield from query.events
        case LikelihoodRatioQuery():
            yield from (query.finding, query.hypothesis)
        case OrderQuery():
            assert set(query.properties) <= set(PROPERTIES)
        case _:
            return
    yield from query.given.evidence
    yield from query.given.interventions


def problems_of(event: Event | Intervention, indicators: set[str]) -> list[str]:
    match event:
        case OrderEvent():
            return [name for name in (event.first, event.second) if name not in PROPERTIES]
        case Intervention():
            return [] if event.state in ASSUMPTIONS[event.node] else [str(event)]
        case StateEvent():
            node, phase = event.variable.node, event.variable.phase
            states = ("yes", "no") if node in indicators else NODES.get(node, ())
            fine = event.state in states and (phase is None or (phase in PHASES and node in READ_AT_PHASES))
            return [] if fine else [str(event)]


def test_one_quantity_has_one_question() -> None:
    by_quantity: dict[tuple[Query, str | None, bool], set[str]] = {}
    for question in QUESTIONS:
        quantity = house_form(parse_query(question["query"])), question.get("offset"), question["id"] in CORE
        by_quantity.setdefault(quantity, set()).add(question["id"])
    assert [ids for ids in by_quantity.values() if len(ids) > 1] == []
    assert len(BY_ID) == len(QUESTIONS)


def test_indicators_bear_on_events_of_the_network() -> None:
    assert len({indicator["id"] for indicator in INDICATORS}) == len(INDICATORS)
    assert not {indicator["id"] for indicator in INDICATORS} & set(NODES)
    for indicator in INDICATORS:
        assert problems_of(parse_event(indicator["about"]), set()) == []
        assert indicator["wording"]
        assert indicator["source"]


def test_every_experiment_is_declared() -> None:
    claims = rows(DATA / "sources" / "critics_claims.csv")
    experiments = [row["query"].split()[1] for row in claims if row["query"].startswith("INDICATOR")]
    assert len(experiments) == 9
    assert set(experiments) <= {indicator["id"] for indicator in INDICATORS}


@pytest.mark.parametrize("survey", SURVEYS, ids=lambda path: path.name)
def test_a_survey_is_whole(survey: Path) -> None:
    about = tomllib.loads((survey / "survey.toml").read_text(encoding="utf-8"))
    assert about["id"] == survey.name
    assert about["fit_by_default"] is (survey.name not in NOT_FITTED)
    answers = [
        row for name in ("responses.csv", "summaries.csv") if (survey / name).exists() for row in rows(survey / name)
    ]
    assert answers
    assert {row["question"] for row in answers} <= set(BY_ID)
    if (survey / "responses.csv").exists():
        keys = [(row["expert"], row["question"], row["form"], row.get("round") or "1") for row in answers]
        assert len(set(keys)) == len(keys)
        assert {row["expert"] for row in answers} == {row["expert"] for row in rows(survey / "experts.csv")}
        assert all(row["form"] in BY_ID[row["question"]]["forms"] for row in answers)


def test_phrases_are_known_and_their_meanings_in_order() -> None:
    phrases = rows(DATA / "sources" / "phrases.csv")
    spelled = {row["phrase"] for row in phrases}
    carried = {row["phrase"].lower() for path in (DATA / "lexicon").glob("*.csv") for row in rows(path)}
    used = {row["answer"] for row in DECISIONS if row["form"] == "verbal"}
    assert len(spelled) == len(phrases)
    assert not spelled & carried
    assert spelled <= used <= spelled | carried
    assert all(0 < float(row["low"]) < float(row["median"]) < float(row["high"]) < 1 for row in phrases)


def test_readings_of_texts_say_so() -> None:
    for name in ("argument_premises", "critics_premises", "critics_premises_low_confidence", "authors_bottom_lines"):
        about = tomllib.loads((DATA / "surveys" / name / "survey.toml").read_text(encoding="utf-8"))
        assert "our reading" in about["coding"]
        assert all("our reading of" in row["comment"] for row in rows(DATA / "surveys" / name / "responses.csv"))


def test_two_readings_are_one_person() -> None:
    experts = rows(DATA / "surveys" / "argument_premises" / "experts.csv")
    assert len(experts) == 2
    assert {row["person"] for row in experts} == {"david_w"}
