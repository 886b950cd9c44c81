"""A small network's vocabulary, shared declarations, and a way to write surveys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import pytest

from precursor.elicitation.declarations import Declarations, load_shared
from precursor.elicitation.lexicon import Lexicon, load_lexicon
from precursor.elicitation.survey import Survey, load_survey
from precursor.network.grammar import (
    DistributionQuery,
    Event,
    ExpectationQuery,
    LikelihoodRatioQuery,
    NodeAt,
    OrderEvent,
    OrderQuery,
    ParameterQuery,
    Query,
    StateEvent,
)
from precursor.problems import InputError, Problem, did_you_mean
from tests.survey_header import header

REPOSITORY = Path(__file__).parents[2]
CASES = REPOSITORY / "tests" / "cases"
NODES = {
    "model_outcome": ("deceptive", "proxy", "base_goal", "not_goal_directed"),
    "existential_catastrophe": ("yes", "no"),
    "tai_by_2100": ("yes", "no"),
    "goal_directed": ("yes", "no"),
    "long_term_goals": ("yes", "no"),
    "base_goal_understood": ("yes", "no"),
    "situationally_aware": ("yes", "no"),
}
PROPERTIES = ("goal_directed", "long_term_goals", "base_goal_understood", "situationally_aware")
PARAMETERS: dict[str, Literal["probability", "ratio"]] = {"guard": "probability", "hr_awareness": "ratio"}

SHARED_QUESTIONS = """
[[question]]
id = "deceptive"
wording = "How probable is it that the model ends up deceptive?"
query = "P(model_outcome=deceptive | tai_by_2100=yes)"
forms = ["point", "quantiles", "bound", "verbal", "chips"]
offset = "no_horizon"

[[question]]
id = "outcome"
wording = "How does the model end up?"
query = "P(model_outcome)"
forms = ["distribution"]

[[question]]
id = "order"
wording = "In which order are these acquired?"
query = "order(goal_directed, long_term_goals, base_goal_understood)"
forms = ["ranking"]

[[question]]
id = "warning"
wording = "How much likelier is a warning shot if the model is deceptive?"
query = "LR(warning_shot=yes : model_outcome=deceptive)"
forms = ["likelihood_ratio"]

[[question]]
id = "hazard"
wording = "How many times faster does awareness come?"
query = "parameter(hr_awareness)"
forms = ["point", "quantiles", "bound"]

[[question]]
id = "turnout"
wording = "How many came?"
forms = ["quantiles"]
seed = true
realised = 312.5
unit = "people"
scale = "log"

[[offset]]
id = "no_horizon"
mean = 0.3
sd = 0.3
reason = "Asked without a date."
"""
SHARED_INDICATORS = """
[[indicator]]
id = "warning_shot"
wording = "An AI system does public harm."
about = "model_outcome=deceptive"
source = "made up"
"""


class FakeVocabulary:
    """What `NODES` and `PARAMETERS` can answer."""

    properties = PROPERTIES

    def problems(self, query: Query, indicators: Mapping[str, Event]) -> tuple[Problem, ...]:
        """Return a problem for every name that is not known."""
        nodes = {**NODES, **dict.fromkeys(indicators, ("yes", "no"))}
        if isinstance(query, ParameterQuery):
            return () if query.name in PARAMETERS else (_unknown("parameter", query.name, PARAMETERS),)
        found = [_unknown("node", name, nodes) for name in _names(query) if name not in nodes]
        stated = [(e.variable.node, e.state) for e in _events(query) if isinstance(e, StateEvent)]
        found += [_unknown("state", s, nodes[node]) for node, s in stated if node in nodes and s not in nodes[node]]
        return tuple(found)

    def scale(self, query: Query) -> Literal["probability", "ratio"]:
        """Return the scale."""
        if isinstance(query, ParameterQuery):
            return PARAMETERS[query.name]
        return "ratio" if isinstance(query, LikelihoodRatioQuery) else "probability"

    def states(self, query: DistributionQuery) -> tuple[str, ...]:
        """Return the states."""
        return NODES[query.variable.node]


def _unknown(what: str, name: str, known: Mapping[str, object] | tuple[str, ...]) -> Problem:
    return Problem(f"Unknown {what} '{name}'.", did_you_mean(name, known))


def _events(query: Query) -> list[Event]:
    if isinstance(query, LikelihoodRatioQuery):
        return [query.finding, query.hypothesis, *query.given.evidence]
    return [*getattr(query, "events", ()), *query.given.evidence]  # type: ignore[union-attr]


def _names(query: Query) -> list[str]:
    names = [event.variable.node for event in _events(query) if isinstance(event, StateEvent)]
    names += [name for event in _events(query) if isinstance(event, OrderEvent) for name in (event.first, event.second)]
    variable = getattr(query, "variable", None)
    names += [variable.node] if isinstance(variable, NodeAt) else []
    names += query.properties if isinstance(query, OrderQuery) else ()
    return names + ([query.quantity] if isinstance(query, ExpectationQuery) else [])


@pytest.fixture(scope="session")
def vocabulary() -> FakeVocabulary:
    """The vocabulary."""
    return FakeVocabulary()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The carried lexicon."""
    return load_lexicon(REPOSITORY / "data" / "lexicon")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, vocabulary: FakeVocabulary) -> Declarations:
    """What all surveys of these tests share."""
    root = tmp_path_factory.mktemp("shared")
    for name, text in (("questions", SHARED_QUESTIONS), ("indicators", SHARED_INDICATORS)):
        (root / name).mkdir()
        (root / name / "shared.toml").write_text(text, encoding="utf-8")
    return load_shared(root / "questions", root / "indicators", vocabulary)


Load = Callable[[Path], Survey]


@pytest.fixture
def load(vocabulary: FakeVocabulary, shared: Declarations, lexicon: Lexicon) -> Load:
    """Load the survey in a folder."""
    return lambda folder: load_survey(
        folder,
        vocabulary=vocabulary,
        questions=shared.questions,
        offsets=shared.offsets,
        indicators=shared.indicators,
        lexicon=lexicon,
    )


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a survey: a header with any changes, and files by name (dots as double underscores)."""

    def written(changes: str = "", **files: str | bytes) -> Path:
        folder = tmp_path / "made_up"
        folder.mkdir()
        kept = [line for line in header().splitlines() if not changes or line.split(" ")[0] not in changes]
        text = "\n".join(['id = "made_up"', *kept, changes])
        (folder / "survey.toml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / name.replace("__", ".")).write_bytes(data)
        return folder

    return written


@pytest.fixture
def refused(load: Load) -> Callable[[Path], list[tuple[str | None, int | None, str | None]]]:
    """Return where each problem of a survey that must be refused is: file, row, column."""

    def places(folder: Path) -> list[tuple[str | None, int | None, str | None]]:
        with pytest.raises(InputError) as caught:
            load(folder)
        return [(problem.file, problem.row, problem.column) for problem in caught.value.problems]

    return places


@pytest.fixture
def cases() -> Path:
    """Where the written cases lie."""
    return CASES
