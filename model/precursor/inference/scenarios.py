"""The scenarios of a data folder, found by name or by path, and the indicators that belong to the network with them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import Scenario, read_scenario
from precursor.argument.vocabulary import ArgumentVocabulary
from precursor.elicitation.declarations import load_shared, toml_files
from precursor.elicitation.indicators import events
from precursor.elicitation.store import DataRoot
from precursor.network.grammar import Event
from precursor.problems import InputError, Problem, did_you_mean

_INDICATOR_PARAMETERS = ("p_indicator", "p_indicator_relevance")


def shared_indicators(root: DataRoot) -> dict[str, Event]:
    """Return the shared indicators of a data folder, each with the event it bears on; questions are not read."""
    no_questions = root.indicators / "no questions"
    return events(load_shared(no_questions, root.indicators, ArgumentVocabulary()).indicators.values())


def scenario_files(root: DataRoot) -> dict[str, Path]:
    """Return the scenario files of a data folder by name (the file's, without its ending), sorted."""
    return {path.stem: path for path in toml_files(root.scenarios)}


def find_scenario(root: DataRoot, name_or_path: str | Path) -> Path:
    """Return the file of a scenario: its file's name, the ``name`` written in it, or the path of any ``.toml`` file."""
    text, files = str(name_or_path), scenario_files(root)
    if text in files:
        return files[text]
    if text.endswith(".toml") or "/" in text:
        return Path(name_or_path)
    titled = {_title(path): path for path in files.values()}
    if text in titled:
        return titled[text]
    raise InputError(Problem(f"There is no scenario {text!r}.", f"{did_you_mean(text, files)}, or a .toml file"))


def open_scenario(root: DataRoot, name_or_path: str | Path, indicators: Mapping[str, Event] | None = None) -> Scenario:
    """Return a scenario of the network with the given indicators."""
    return read_scenario(find_scenario(root, name_or_path), indicators)


def completed(scenario: Scenario, indicators: Mapping[str, Event] | None = None) -> Scenario:
    """Return the scenario with the prior's medians for the parameters of indicators that it was read without."""
    space = parameter_space(indicators)
    missing = [name for name in space.names if name not in scenario.parameters]
    if not missing:
        return scenario
    parameters = {**space.medians(), **scenario.parameters}
    return replace(scenario, parameters=parameters, defaults_used=tuple(sorted((*scenario.defaults_used, *missing))))


def defaults_used(scenario: Scenario, nodes: Iterable[str] = ()) -> list[str]:
    """Return the parameters that are the prior's medians, sorted; of indicators only those among ``nodes``.

    An indicator that nobody asks about or observes has no part in an answer.
    """
    named = set(nodes)
    return [name for name in scenario.defaults_used if indicator_of(name) in {None, *named}]


def indicator_of(parameter: str) -> str | None:
    """Return the indicator that a parameter belongs to, if any: ``p_indicator.<id>.event`` belongs to ``<id>``."""
    kind, _, rest = parameter.partition(".")
    return rest.partition(".")[0] if kind in _INDICATOR_PARAMETERS else None


def _title(path: Path) -> str | None:
    document: Mapping[str, object] = {}
    # Of a pipe that nobody writes to there is no end.
    if path.is_file():
        with suppress(OSError, ValueError, RecursionError):
            document = tomllib.loads(path.read_text(encoding="utf-8"))
    name = document.get("name")
    return name if isinstance(name, str) else None
