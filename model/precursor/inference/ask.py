"""Asking: queries in, exact answers out, at a scenario's one set of values or over the draws of a run.

Everything that is wrong with any of the queries, and with what they are asked of, is raised together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from precursor.argument.answer import Values, answer_at, answer_over
from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import Scenario
from precursor.argument.vocabulary import require, warnings_for
from precursor.elicitation.store import find_root
from precursor.inference.named import indicators_of
from precursor.inference.runs.stance_draws import require_stance, stance_converged
from precursor.inference.scenarios import completed, open_scenario, scenario_files, shared_indicators
from precursor.network.grammar import (
    DistributionQuery,
    Event,
    LikelihoodRatioQuery,
    Query,
    parse_event,
    parse_query,
)
from precursor.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    import xarray as xr

    from precursor.inference.fits.fit import Fit
    from precursor.inference.runs.run import Run

Value = float | dict[str, float]


@dataclass(frozen=True, slots=True)
class AtScenario:
    """A scenario to ask, and the events its indicators bear on."""

    scenario: Scenario
    indicators: Mapping[str, Event]

    def answers(self, queries: Sequence[Query]) -> list[Value]:
        """Return a value, or a distribution, for each query."""
        return [answer_at(query, self.scenario, self.indicators) for query in queries]

    @property
    def regime(self) -> Mapping[str, str]:
        """The assumptions that are set."""
        return self.scenario.regime


@dataclass(frozen=True, slots=True)
class OverRun:
    """A run to ask, or one of its stances, and the events its indicators bear on."""

    run: Run
    indicators: Mapping[str, Event]
    stance: str | None = None

    def answers(self, queries: Sequence[Query]) -> list[Values]:
        """Return draws, or draws by state, for each query; indicators that no query names are left out."""
        space = parameter_space(self.indicators)
        used = indicators_of(queries, self.indicators)
        draws = self.run.draws() if self.stance is None else self.run.draws(self.stance)
        return answer_over(queries, space, draws, used)

    @property
    def converged(self) -> bool:
        """Whether what is asked passed its checks."""
        return stance_converged(self.run, self.stance)

    @property
    def regime(self) -> Mapping[str, str]:
        """The assumptions that are set: none, they are averaged over."""
        return {}


@dataclass(frozen=True, slots=True)
class Answer:
    """A query as it was typed, what it means, its value, and warnings that it deserves."""

    text: str
    query: Query
    value: Value | Values
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers in the order of the queries, and what they were asked of."""

    source: AtScenario | OverRun
    answers: tuple[Answer, ...]


def query(
    asked: str | Sequence[str],
    *,
    scenario: str | Path | Scenario | None = None,
    run: str | Path | Run | Fit | None = None,
    stance: str | None = None,
    root: str | Path | None = None,
) -> Value | xr.DataArray | list[Value | xr.DataArray]:
    """Return the exact answer to a query, or a list of answers to several.

    Parameters
    ----------
    asked
        A query of the grammar, such as ``P(model_outcome=deceptive | prosaic_paradigm=yes)``, or several.
    scenario
        The scenario to ask: a name in ``data/scenarios``, the path of a ``.toml`` file, or a `Scenario`.
    run
        Or the run to ask: its name in ``reports/``, its folder, a `Run`, or a fit that was not written.
    stance
        Of a run, whom it listens to: ``prior``, ``critics_premises``, ``camp_concerned``, ``linear_pool`` and so on
        (`Run.stances`); without it the default, everybody.
    root
        The data folder, or a folder that holds ``data/``; without it the nearest above the working directory.

    Returns
    -------
    float, dict, xarray.DataArray or list
        Of a scenario a number, or a number by state.  Of a run draws: dims (draw,), or (draw, node) with the states as
        coordinates (for ``order``, dim ``order``).

    Raises
    ------
    InputError
        With everything that is wrong with any of the queries.
    """
    found = ask([asked] if isinstance(asked, str) else asked, scenario=scenario, run=run, stance=stance, root=root)
    values = [_labelled(answer) for answer in found.answers]
    return values[0] if isinstance(asked, str) else values


def ask(
    texts: Sequence[str],
    *,
    scenario: str | Path | Scenario | None = None,
    run: str | Path | Run | Fit | None = None,
    stance: str | None = None,
    root: str | Path | None = None,
) -> Asked:
    """Return the answers to queries together with what they were asked of; see `query`."""
    problems: list[Problem] = []
    source, queries = None, list[Query]()
    with _noting(problems):
        source = _source(scenario, run, stance, root)
    indicators = source.indicators if source else _indicators_anyway(run, root)
    for text in texts:
        with _noting(problems, text if len(texts) > 1 else None):
            queries.append(_read(text, indicators))
    if problems or source is None:
        raise InputError(problems)
    values = _values(source, texts, queries)
    answers = [Answer(*parts, _warnings(*parts[1:], source)) for parts in zip(texts, queries, values, strict=True)]
    return Asked(source, tuple(answers))


def _source(
    scenario: str | Path | Scenario | None,
    run: str | Path | Run | Fit | None,
    stance: str | None,
    root: str | Path | None,
) -> AtScenario | OverRun:
    if (scenario is None) == (run is None):
        known = did_you_mean("", names := scenario_files(find_root(root)), len(names))
        what = "either a scenario or a run, not both" if run is not None else "a scenario or a run to be asked of"
        raise InputError(Problem(f"A query needs {what}.", f"the scenario {known}, a scenario's .toml file, or a run"))
    if scenario is not None:
        if stance is not None:
            raise InputError(Problem("A scenario has no stances.", "--stance with --run"))
        return _at_scenario(scenario, root)
    assert run is not None
    return _over_run(run, stance, root)


def _at_scenario(scenario: str | Path | Scenario, root: str | Path | None) -> AtScenario:
    data = find_root(root)
    indicators = shared_indicators(data)
    if isinstance(scenario, Scenario):
        return AtScenario(completed(scenario, indicators), indicators)
    return AtScenario(open_scenario(data, scenario, indicators), indicators)


def _over_run(run: str | Path | Run | Fit, stance: str | None, root: str | Path | None) -> OverRun:
    from precursor.inference.runs.run import Run

    if isinstance(run, str | Path):
        run = Run.open(run, root)
    if stance is not None:
        if not isinstance(run, Run):
            raise InputError(Problem("A fit that was not written has no stances.", "a run"))
        require_stance(run, stance)
    # A fit has the draws and the indicators of a run, which is all that is asked of it here.
    indicators = {id_: parse_event(about) for id_, about in run.indicators.items()}
    return OverRun(run, indicators, stance)  # type: ignore[arg-type]


def _indicators_anyway(run: object, root: str | Path | None) -> Mapping[str, Event] | None:
    """Return the indicators by which to check queries although what they are asked of is wrong; ``None``: unknown."""
    if run is None:
        with suppress(InputError):
            return shared_indicators(find_root(root))
    return None


def _read(text: str, indicators: Mapping[str, Event] | None) -> Query:
    """Return a query whose names and roles are right, as far as the indicators are known."""
    tree = parse_query(text)
    if indicators is not None:
        require(tree, indicators)
    return tree


def _values(source: AtScenario | OverRun, texts: Sequence[str], queries: Sequence[Query]) -> list[Value | Values]:
    """Return the values, all at once; if that fails, every query on its own, to learn all that is wrong."""
    # A likelihood ratio may be infinite, and is then said to be.
    with np.errstate(divide="ignore", invalid="ignore"):
        try:
            values: list[Value | Values] = [*source.answers(queries)]
        except InputError:
            problems: list[Problem] = []
            for text, asked in zip(texts, queries, strict=True):
                with _noting(problems, text if len(texts) > 1 else None):
                    source.answers([asked])
            raise InputError(problems) from None
    undefined = [
        Problem(f"{text}: the finding cannot happen, whatever the hypothesis.", "a finding that can happen")
        for text, asked, value in zip(texts, queries, values, strict=True)
        if isinstance(asked, LikelihoodRatioQuery) and np.isnan(_numbers(value)).any()
    ]
    if undefined:
        raise InputError(undefined)
    return values


def _warnings(query: Query, value: Value | Values, source: AtScenario | OverRun) -> tuple[str, ...]:
    found = warnings_for(query, source.regime)
    if isinstance(query, LikelihoodRatioQuery) and np.isinf(_numbers(value)).any():
        return (*found, "The finding cannot happen without the hypothesis: the likelihood ratio is infinite.")
    return found


def _numbers(value: Value | Values) -> np.ndarray:
    """Return all numbers of an answer, in whatever shape it is."""
    return np.asarray([*value.values()] if isinstance(value, dict) else value)


def _labelled(answer: Answer) -> Value | xr.DataArray:
    value = answer.value
    draws = next(iter(value.values())) if isinstance(value, dict) else value
    if not isinstance(draws, np.ndarray):
        return value  # type: ignore[return-value]
    import xarray as xr

    if not isinstance(value, dict):
        return xr.DataArray(value, dims=("draw",), name=answer.text)
    dim = answer.query.variable.node if isinstance(answer.query, DistributionQuery) else "order"
    by_state = np.stack([np.asarray(values) for values in value.values()], axis=1)
    return xr.DataArray(by_state, dims=("draw", dim), coords={dim: list(value)}, name=answer.text)


@contextmanager
def _noting(problems: list[Problem], about: str | None = None) -> Iterator[None]:
    """Note what is wrong instead of raising it, with the query it is ``about`` unless it says so itself."""
    try:
        yield
    except InputError as error:
        for problem in error.problems:
            silent = about is not None and about not in problem.message
            problems.append(replace(problem, message=f"{about}: {problem.message}") if silent else problem)
