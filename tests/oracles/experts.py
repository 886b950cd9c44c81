"""The density of experts' answers, written out: one dense covariance matrix a person, loops over pairs of answers.

A slow reference.  Given the latents by name, every random quantity of the model is computed as its definition has it,
and every pair of a person's answers is asked what the two share.  Nothing is factored, nothing is vectorised.

    stated[e, q] = a[e] + b[e] logit(theta[q]) + z[e] w[q] + d[q] + u[e, target] + noise,

with a, b, z and u (and d, where nobody else answers) integrated out, so that a person's answers are jointly Student-t
with four degrees of freedom: its scale matrix is the sum of what each pair of answers has in common.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import multivariate_t, norm

from precursor.argument.answer import answer_over
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.inference import decisions as decided
from precursor.inference.observations import Observations
from precursor.inference.rows import Row
from precursor.network.grammar import ParameterQuery, ProbabilityQuery, Query, StateEvent
from tests.oracles.joint import ASSUMPTIONS, CHAIN_NODES, DOWNSTREAM

DEGREES_OF_FREEDOM = 4
BOUND_SPREAD = 2.0
IQR_OF_STUDENT_4 = 1.4814


@dataclass(frozen=True, slots=True)
class Centre:
    """Where the latents of a much-answered question are put: they stand ``step`` times themselves from here.

    A question that follows another on the same target stands that one's latent further on.
    """

    location: float
    loading: float
    step: float
    follows: str | None = None

    def shift(self, latent: Mapping[str, float], kind: str, question: str) -> float:
        """Return how far from here a question's latent puts it."""
        own = latent[f"{kind}: {question}"]
        led = latent[f"{kind}: {self.follows}"] if self.follows else 0.0
        return self.step * (own + led)


@dataclass(frozen=True)
class Setting:
    """What is fixed: the answers, the decisions, which way each query faces, the centred questions."""

    observations: Observations
    decisions: decided.Decisions
    signs: Mapping[str, float]
    centres: Mapping[str, Centre]


@dataclass(frozen=True)
class Draw:
    """One value of everything random that is not integrated out, by name."""

    latent: Mapping[str, float]
    theta: Mapping[str, float]
    scale: Mapping[str, float]

    def offset(self, setting: Setting, row: Row) -> float:
        """Return by how much what was asked differs from the query."""
        for offset in setting.observations.offsets:
            if offset.id == row.question.offset:
                return offset.mean + offset.sd * self.latent[f"offset: {offset.id}"]
        return 0.0

    def oriented(self, setting: Setting, row: Row) -> float:
        """Return the network's log-odds of what a row answers, facing bad news."""
        text = str(row.question.query)
        return setting.signs[text] * (self.theta[text] + self.offset(setting, row))

    def noise(self, row: Row) -> float:
        """Return the standard deviation of the noise of one answer; a published group has its own error instead."""
        if row.unit.is_group:
            return 0.0
        return math.exp(decided.NOISE.log_median + decided.NOISE.log_sd * self.latent[f"noise: {row.unit.noise_group}"])


def log_density(setting: Setting, latent: Mapping[str, float], switched_off: Sequence[int] = ()) -> float:
    """Return the log-density of all answers and of the latents, at latents given by name."""
    draw = drawn(setting, latent)
    rows = [(i, row) for i, row in enumerate(setting.observations.rows) if i not in switched_off]
    total = sum(_log_prior(setting, draw, name) for name in latent)
    for unit in dict.fromkeys(row.unit.id for _, row in rows):
        total += _one_unit(setting, draw, [(i, row) for i, row in rows if row.unit.id == unit])
    for i, row in rows:
        if row.statement.censored != "none":
            x = latent[f"bound: row {i}"]
            total += math.log(BOUND_SPREAD * expit(BOUND_SPREAD * x)) - norm.logpdf(x)
        if row.quartile_range > 0 and noise_groups(setting):
            total += _quartiles(setting, draw, row)
    return float(total)


def drawn(setting: Setting, latent: Mapping[str, float]) -> Draw:
    """Return scales and the network's answers at given latents."""
    scale = {
        name: math.exp(prior.log_median + prior.log_sd * latent[f"scale: {name}"])
        for name, prior in decided.SCALES.items()
    }
    scale["shared_error"] *= setting.decisions.shared_error
    return Draw(latent, network_log_odds(setting.observations, latent), scale)


def network_log_odds(observations: Observations, latent: Mapping[str, float]) -> dict[str, float]:
    """Return logit(theta) of every query (for a ratio its logarithm), at latents given by name."""
    space = parameter_space(tuple(observations.indicators))
    point = unconstrained(space, latent)
    queries = list(observations.query_of.values())
    answers = answer_over(queries, space, point[None, :], observations.indicators)
    return {
        str(query): _on_scale(space, query, float(answer[0])) for query, answer in zip(queries, answers, strict=True)
    }


def unconstrained(space: ParameterSpace, latent: Mapping[str, float]) -> np.ndarray:
    """Return each parameter's unconstrained value: its mean, its own part, its shared levels."""
    values = []
    for parameter in space.parameters:
        value = parameter.mean
        if parameter.sd > 0:
            value += parameter.sd * latent[f"parameter: {parameter.name}"]
        for level, weight in parameter.levels:
            value += weight * latent[f"parameter: {level}"]
        values.append(value)
    return np.array(values)


def noise_groups(setting: Setting) -> set[str]:
    """Return the groups of persons that have a noise of their own."""
    return {row.unit.noise_group for row in setting.observations.rows if not row.unit.is_group}


def camp_biases(setting: Setting, draw: Draw) -> tuple[float, float]:
    """Return the mean of the two sides' biases, and half their difference; a side's is the mean over its groups."""
    sides = {row.unit.group: row.unit.side for row in setting.observations.rows if not row.unit.is_group}
    means = {-1.0: 0.0, 1.0: 0.0}
    for side in means:
        biases = [
            decided.GROUP_BIAS_SD * draw.latent[f"group bias: {group}"] for group in sides if sides[group] == side
        ]
        means[side] = sum(biases) / len(biases) if biases else 0.0
    return (means[1.0] + means[-1.0]) / 2, (means[1.0] - means[-1.0]) / 2


def shared_error(setting: Setting, draw: Draw, row: Row) -> float | None:
    """Return d of a row's question; ``None`` where one unit alone answered it (there it is integrated out)."""
    question = row.asked
    name = f"shared error: {question}"
    if name not in draw.latent:
        return None
    if question not in setting.centres:
        return draw.scale["shared_error"] * draw.latent[name]
    # Centred: the latent places the middle between the camps' expected answers.
    centre, level = setting.centres[question], camp_biases(setting, draw)[0]
    middle = centre.location + centre.shift(draw.latent, "shared error", question)
    return middle - setting.decisions.extremity * draw.oriented(setting, row) - level


def loading(setting: Setting, draw: Draw, row: Row) -> float:
    """Return w: by how much optimists and pessimists part on a row's question."""
    mean = decided.LOADING_MEAN + decided.LOADING_MEAN_SD * draw.latent["loading mean"]
    name = f"loading: {row.asked}"
    if name not in draw.latent:
        return mean
    if row.asked not in setting.centres:
        return mean + draw.scale["loading_spread"] * draw.latent[name]
    # Centred: the latent places half the distance between the camps' expected answers.
    centre = setting.centres[row.asked]
    return centre.loading + centre.shift(draw.latent, "loading", row.asked) - camp_biases(setting, draw)[1]


def location(setting: Setting, draw: Draw, row: Row) -> float:
    """Return where a row's answer is expected."""
    alpha = 0.0 if row.unit.is_group else decided.GROUP_BIAS_SD * draw.latent[f"group bias: {row.unit.group}"]
    error = shared_error(setting, draw, row) or 0.0
    extremity = setting.decisions.extremity
    return alpha + extremity * draw.oriented(setting, row) + row.unit.side * loading(setting, draw, row) + error


def covariance(setting: Setting, draw: Draw, first: tuple[int, Row], second: tuple[int, Row]) -> float:
    """Return what two answers of one unit have in common (or, twice the same answer, its variance)."""
    (i, left), (j, right) = first, second
    scale, group = draw.scale, left.unit.is_group
    bias = decided.GROUP_BIAS_SD if group else scale["person_bias"]
    slope = decided.GROUP_SLOPE_SD if group else scale["person_slope"]
    total = bias**2
    total += slope**2 * draw.oriented(setting, left) * draw.oriented(setting, right)
    total += left.unit.side_spread**2 * loading(setting, draw, left) * loading(setting, draw, right)
    if not group and target(left.question.query) == target(right.question.query):
        total += scale["target_residual"] ** 2
    if left.asked == right.asked and shared_error(setting, draw, left) is None:
        total += scale["shared_error"] ** 2
    if left.statement.phrase is not None and left.statement.phrase == right.statement.phrase:
        total += left.statement.phrase_sd**2
    if i == j:
        total += draw.noise(left) ** 2 + left.statement.variance + (scale["width_factor"] * left.statement.width) ** 2
    return total


def target(query: Query | None) -> str:
    """Return what a query is about, whatever it is conditioned on: for a binary node it does not matter which state."""
    if not isinstance(query, ProbabilityQuery):
        return str(query)
    event = query.events[0]
    if len(query.events) == 1 and isinstance(event, StateEvent):
        node = event.variable.node
        states = {**ASSUMPTIONS, **CHAIN_NODES, **DOWNSTREAM}.get(
            node, ("yes", "no") if node != "model_outcome" else ()
        )
        if len(states) == 2:
            return str(event.variable)
    return " and ".join(map(str, query.events))


def stated(setting: Setting, draw: Draw, i: int, row: Row) -> float:
    """Return what was stated, facing bad news; for a bound the latent value beyond its limit."""
    value = row.statement.location
    if row.statement.censored != "none":
        slack = math.log1p(math.exp(BOUND_SPREAD * draw.latent[f"bound: row {i}"]))
        value += slack if row.statement.censored == "above" else -slack
    return setting.signs[str(row.question.query)] * value


def _one_unit(setting: Setting, draw: Draw, rows: Sequence[tuple[int, Row]]) -> float:
    matrix = np.array([[covariance(setting, draw, first, second) for second in rows] for first in rows])
    said = np.array([stated(setting, draw, i, row) for i, row in rows])
    expected = np.array([location(setting, draw, row) for _, row in rows])
    return float(multivariate_t.logpdf(said, loc=expected, shape=matrix, df=DEGREES_OF_FREEDOM))


def _log_prior(setting: Setting, draw: Draw, name: str) -> float:
    kind, _, question = name.partition(": ")
    if kind not in {"shared error", "loading"} or question not in setting.centres:
        return float(norm.logpdf(draw.latent[name]))
    row = next(row for row in setting.observations.rows if row.asked == question)
    step = math.log(setting.centres[question].step)
    if kind == "shared error":
        error = shared_error(setting, draw, row)
        assert error is not None
        return float(norm.logpdf(error, 0.0, draw.scale["shared_error"])) + step
    mean = decided.LOADING_MEAN + decided.LOADING_MEAN_SD * draw.latent["loading mean"]
    return float(norm.logpdf(loading(setting, draw, row), mean, draw.scale["loading_spread"])) + step


def _quartiles(setting: Setting, draw: Draw, row: Row) -> float:
    """Return the log-density of a published interquartile range: a population's spread, with a log-normal error."""
    groups = sorted(noise_groups(setting))
    noises = [
        math.exp(decided.NOISE.log_median + decided.NOISE.log_sd * draw.latent[f"noise: {group}"]) for group in groups
    ]
    variance = (
        sum(noise**2 for noise in noises) / len(noises)
        + draw.scale["person_bias"] ** 2
        + draw.scale["person_slope"] ** 2 * draw.oriented(setting, row) ** 2
        + loading(setting, draw, row) ** 2
        + draw.scale["target_residual"] ** 2
    )
    expected = math.log(IQR_OF_STUDENT_4 * math.sqrt(variance))
    return float(norm.logpdf(math.log(row.quartile_range), expected, decided.QUARTILE_ERROR))


def _on_scale(space: ParameterSpace, query: Query, answer: float) -> float:
    ratio = isinstance(query, ParameterQuery) and space.parameters[space.names.index(query.name)].scale == "log"
    return math.log(answer) if ratio else float(logit(answer))
