"""The density of experts' answers, written out: one dense covariance matrix a person, loops over pairs of answers.

A slow reference.  Given the latents by name, every random quantity of the model is computed as its definition has it,
and every pair of a person's answers is asked what the two share.  Nothing is factored, nothing is vectorised.

    stated[e, q] = a[e] + b[e] logit(theta[q]) + z[e] w[q] + d[q] + u[e, target] + noise,

with a, b, z and u (and d, where nobody else answers) integrated out, so that a person's answers are jointly Student-t
with four degrees of freedom: its scale matrix is the sum of what each pair of answers has in common.

A distribution over K states is K - 1 answers, its balances ``sqrt(2 j / (j + 1)) log(gmean(x_1 .. x_j) / x_(j + 1))``;
bias and worldview move them along one direction.  A likelihood ratio has neither bias nor worldview; the error of a
known quantity has no effect but the question's own.  A ranking is a set of orders, whose probabilities are the
network's, raised to a power, each times its error, normalised anew.
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
from precursor.elicitation.answers import Distribution, Quantiles, Ranking
from precursor.inference import decisions as decided
from precursor.inference.answers.observations import Observations
from precursor.inference.answers.rows import Ranked, Row
from precursor.network.grammar import (
    DistributionQuery,
    LikelihoodRatioQuery,
    OrderQuery,
    ParameterQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
)
from tests.oracles.joint import ASSUMPTIONS, CHAIN_NODES, DOWNSTREAM

DEGREES_OF_FREEDOM = 4
BOUND_SPREAD = 2.0
IQR_OF_STUDENT_4 = 1.4814


@dataclass(frozen=True, slots=True)
class Centre:
    """Where a latent of a much-answered question is put: it stands ``step`` times itself from here.

    A question that follows another on the same target stands that one's latent further on, or (``turned`` -1) back.
    """

    location: float
    step: float
    follows: str | None = None
    turned: float = 1.0

    def shift(self, latent: Mapping[str, float], kind: str, question: str) -> float:
        """Return how far from here a question's latent puts it."""
        own = latent[f"{kind}: {question}"]
        led = self.turned * latent[f"{kind}: {self.follows}"] if self.follows else 0.0
        return self.step * (own + led)


@dataclass(frozen=True)
class Setting:
    """What is fixed: the answers, the decisions, how bad news acts on each quantity, what is centred."""

    observations: Observations
    decisions: decided.Decisions
    acting: Mapping[str, float]
    errors: Mapping[str, Centre]
    loadings: Mapping[str, Centre]

    def turn(self, row: Row) -> float:
        """Return +1 or -1: which way a row faces bad news; what is neither good nor bad is left as it is."""
        query = row.question.query
        return self.acting[str(query)] if isinstance(query, ProbabilityQuery | ParameterQuery) else 1.0

    def push(self, row: Row) -> float:
        """Return how much of bad news acts on a row: all, or its part along a distribution's balance."""
        query = row.question.query
        return self.acting[balance_name(query, row.contrast)] if isinstance(query, DistributionQuery) else 1.0


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
        """Return the truth of what a row answers, facing bad news; that of an error is that there is none."""
        query = row.question.query
        if isinstance(query, DistributionQuery):
            truth = self.theta[balance_name(query, row.contrast)]
        elif query is not None:
            truth = self.theta[str(query)]
        elif row.question.outcome is not None:
            truth = decided.SEED_LOGIT_MEAN + decided.SEED_LOGIT_SD * self.latent[f"seed: {row.key}"]
        else:
            truth = 0.0
        return setting.turn(row) * (truth + self.offset(setting, row))

    def noise(self, row: Row) -> float:
        """Return the standard deviation of the noise of one answer; a published group has its own error instead."""
        if row.unit.is_group:
            return 0.0
        group = row.unit.noise_group
        if isinstance(row.question.query, LikelihoodRatioQuery):
            group = "likelihood ratios"
        elif row.question.realised is not None:
            group = "known quantities"
        found = math.exp(decided.NOISE.log_median + decided.NOISE.log_sd * self.latent[f"noise: {group}"])
        return self.scale["transfer"] * found

    def width_factor(self, row: Row) -> float:
        """Return by how much a person's stated widths are too narrow."""
        own = self.latent.get(f"width: {row.unit.id}", 0.0)
        return self.scale["width_factor"] * math.exp(self.scale["width_spread"] * own)

    def error_scale(self, row: Row) -> float:
        """Return the scale of the error that all who answer a row's question share."""
        return self.scale["known_shared_error" if in_widths(row) else "shared_error"]


def log_density(setting: Setting, latent: Mapping[str, float], switched_off: Sequence[int] = ()) -> float:
    """Return the log-density of all answers and of the latents, at latents given by name."""
    draw = drawn(setting, latent)
    every = setting.observations.rows
    rows = [(i, row) for i, row in enumerate(every) if i not in switched_off]
    total = sum(_log_prior(setting, draw, name) for name in latent)
    for unit in dict.fromkeys((row.unit.id, row.unit.is_group) for _, row in rows):
        total += _one_unit(setting, draw, [(i, row) for i, row in rows if (row.unit.id, row.unit.is_group) == unit])
    for i, row in rows:
        if row.statement.censored != "none":
            x = latent[f"bound: row {i}"]
            total += math.log(BOUND_SPREAD * expit(BOUND_SPREAD * x)) - norm.logpdf(x)
        if row.quartile_range > 0 and any(answers_a_quantity(row) and not row.unit.is_group for row in every):
            total += _quartiles(setting, draw, row)
    outcomes = {row.key: row.question.outcome for row in every if row.question.outcome is not None}
    for key, outcome in outcomes.items():
        happens = expit(decided.SEED_LOGIT_MEAN + decided.SEED_LOGIT_SD * latent[f"seed: {key}"])
        total += math.log(happens if outcome == 1 else 1 - happens)
    for i, ranking in enumerate(setting.observations.ranked, start=len(every)):
        if i not in switched_off:
            total += math.log(ranking_probability(draw, ranking))
    return float(total)


def drawn(setting: Setting, latent: Mapping[str, float]) -> Draw:
    """Return scales and the network's answers at given latents."""
    scale = {
        name: math.exp(prior.log_median + prior.log_sd * latent[f"scale: {name}"])
        for name, prior in decided.SCALES.items()
    }
    scale["shared_error"] *= setting.decisions.shared_error
    for name in ("person_bias", "person_slope", "width_factor"):
        scale[name] *= setting.decisions.transfer
    scale["transfer"] = setting.decisions.transfer
    return Draw(latent, network_truths(setting.observations, latent), scale)


def network_truths(observations: Observations, latent: Mapping[str, float]) -> dict[str, float]:
    """Return the network's answers by name at latents given by name.

    Log-odds of probabilities, logs of ratios, the balances of distributions, the probability of every order.
    """
    space = parameter_space(observations.indicators)
    point = unconstrained(space, latent)
    queries = list(observations.query_of.values())
    answers = answer_over(queries, space, point[None, :], observations.indicators)
    found: dict[str, float] = {}
    for query, answer in zip(queries, answers, strict=True):
        if isinstance(query, DistributionQuery):
            shares = [float(share[0]) for share in answer.values()]
            for j in range(len(shares) - 1):
                found[balance_name(query, j)] = balance([math.log(share) for share in shares], j)
        elif isinstance(query, OrderQuery):
            found |= {f"{query} ranking {order}": float(share[0]) for order, share in answer.items()}
        else:
            found[str(query)] = _on_scale(space, query, float(answer[0]))
    return found


def balance_name(query: Query, j: int) -> str:
    """Return the name of a distribution's balance, counted from zero."""
    return f"{query} contrast {j + 1}"


def balance(logs: Sequence[float], j: int) -> float:
    """Return the balance of the first ``j + 1`` parts against the next, times the square root of two."""
    n = j + 1
    return math.sqrt(2 * n / (n + 1)) * (sum(logs[:n]) / n - logs[n])


def answers_a_quantity(row: Row) -> bool:
    """Return whether a row answers for a probability or parameter."""
    return isinstance(row.question.query, ProbabilityQuery | ParameterQuery)


def in_widths(row: Row) -> bool:
    """Return whether a row is a known quantity that is compared in widths typically stated for it."""
    question = row.question
    return question.realised is not None and question.scale != "log" and question.unit not in ("%", "fraction")


def judged_orders(ranking: Ranked) -> tuple[list[str], list[str]]:
    """Return the orders that a ranking says (of those that can happen), and those that can happen."""
    answer = ranking.judgement.answer
    assert isinstance(answer, Ranking)
    prefix = f"{ranking.question.query} ranking "
    orders = [order.removeprefix(prefix) for order in ranking.orders]

    def place(order: str) -> dict[str, int]:
        return {name: i for i, tier in enumerate(order.split(" < ")) for name in tier.split(" = ")}

    holds = []
    for order in orders:
        at = place(order)
        claims = [
            at[first] < at[second]
            for i, earlier in enumerate(answer.tiers)
            for later in answer.tiers[i + 1 :]
            for first in earlier
            for second in later
        ]
        if all(claims):
            holds.append(order)
    return [prefix + order for order in holds], [prefix + order for order in orders]


def ranking_probability(draw: Draw, ranking: Ranked) -> float:
    """Return the probability of stating a ranking: the network's orders, sharpened, each with its error, or a slip."""
    stated_orders, orders = judged_orders(ranking)
    total = sum(draw.theta[order] for order in orders)
    weights = {}
    for order in orders:
        error = draw.scale["shared_error"] * draw.latent[f"order error: {ranking.key}: {order}"]
        weights[order] = (draw.theta[order] / total) ** draw.scale["ranking_sharpness"] * math.exp(error)
    meant = sum(weights[order] for order in stated_orders) / sum(weights.values())
    return (1 - decided.RANKING_SLIP) * meant + decided.RANKING_SLIP * len(stated_orders) / len(orders)


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
    """Return the groups of persons whose answers on quantities, distributions or events have a noise of their own."""
    return {
        row.unit.noise_group
        for row in setting.observations.rows
        if not row.unit.is_group
        and row.question.realised is None
        and not isinstance(row.question.query, LikelihoodRatioQuery)
    }


def camp_biases(setting: Setting, draw: Draw) -> tuple[float, float]:
    """Return the mean of the two sides' biases, and half their difference; a side's is the mean over its groups.

    Without sides, the mean over all groups.
    """
    sides = {row.unit.group: row.unit.side for row in setting.observations.rows if not row.unit.is_group}
    bias = {group: decided.GROUP_BIAS_SD * draw.latent[f"group bias: {group}"] for group in sides}
    if bias and not any(sides.values()):
        return sum(bias.values()) / len(bias), 0.0
    means = {-1.0: 0.0, 1.0: 0.0}
    for side in means:
        biases = [bias[group] for group in sides if sides[group] == side]
        means[side] = sum(biases) / len(biases) if biases else 0.0
    return (means[1.0] + means[-1.0]) / 2, (means[1.0] - means[-1.0]) / 2


def bias_acts(setting: Setting, row: Row) -> float:
    """Return how a tendency towards bad news acts on a row: not on likelihood ratios, nor on known quantities."""
    if isinstance(row.question.query, LikelihoodRatioQuery) or row.question.realised is not None:
        return 0.0
    return setting.push(row)


def worldview_acts(setting: Setting, row: Row) -> float:
    """Return how a worldview acts on a row: where bias does, but not on events whose outcome is known."""
    return 0.0 if row.question.outcome is not None else bias_acts(setting, row)


def slope_acts(row: Row) -> float:
    """Return how extremity acts on a row: on all that has a truth away from zero."""
    return 0.0 if row.question.realised is not None else 1.0


def shared_error(setting: Setting, draw: Draw, row: Row) -> float | None:
    """Return d of a row's question; ``None`` where one unit alone answered it (there it is integrated out)."""
    question = row.asked
    name = f"shared error: {question}"
    if name not in draw.latent:
        return None
    if question not in setting.errors:
        return draw.error_scale(row) * draw.latent[name]
    # Centred: the latent places the middle between the camps' expected answers.
    centre, level = setting.errors[question], camp_biases(setting, draw)[0]
    middle = centre.location + centre.shift(draw.latent, "shared error", question)
    truth = setting.decisions.extremity * slope_acts(row) * draw.oriented(setting, row)
    return middle - truth - bias_acts(setting, row) * level


def loading(setting: Setting, draw: Draw, row: Row) -> float:
    """Return w: by how much optimists and pessimists part on a row's question."""
    mean = decided.LOADING_MEAN + decided.LOADING_MEAN_SD * draw.latent["loading mean"]
    name = f"loading: {row.asked}"
    if name not in draw.latent:
        return mean
    if row.asked not in setting.loadings:
        return mean + draw.scale["loading_spread"] * draw.latent[name]
    # Centred: the latent places half the distance between the camps' expected answers.
    centre = setting.loadings[row.asked]
    return centre.location + centre.shift(draw.latent, "loading", row.asked) - camp_biases(setting, draw)[1]


def acting_loading(setting: Setting, draw: Draw, row: Row) -> float:
    """Return the loading that answers have: within one camp the mean one, whatever the question's own."""
    if setting.decisions.camp:
        return decided.LOADING_MEAN + decided.LOADING_MEAN_SD * draw.latent["loading mean"]
    return loading(setting, draw, row)


def side_of(setting: Setting, side: float) -> float:
    """Return how far a camp's worldview is from the population's belief: within one camp, not at all."""
    return 0.0 if setting.decisions.camp else side


def location(setting: Setting, draw: Draw, row: Row) -> float:
    """Return where a row's answer is expected."""
    alpha = 0.0 if row.unit.is_group else decided.GROUP_BIAS_SD * draw.latent[f"group bias: {row.unit.group}"]
    error = shared_error(setting, draw, row) or 0.0
    extremity = setting.decisions.extremity
    return (
        bias_acts(setting, row) * alpha
        + extremity * slope_acts(row) * draw.oriented(setting, row)
        + side_of(setting, row.unit.side) * worldview_acts(setting, row) * acting_loading(setting, draw, row)
        + error
    )


def leant_on(setting: Setting, draw: Draw, row: Row) -> float:
    """Return what a unit's own extremity multiplies on a row."""
    error = shared_error(setting, draw, row) or 0.0
    return draw.oriented(setting, row) + setting.decisions.amplified_error * error


def covariance(setting: Setting, draw: Draw, first: tuple[int, Row], second: tuple[int, Row]) -> float:
    """Return what two answers of one unit have in common (or, twice the same answer, its variance)."""
    (i, left), (j, right) = first, second
    scale, group = draw.scale, left.unit.is_group
    bias = decided.GROUP_BIAS_SD if group else scale["person_bias"]
    slope = decided.GROUP_SLOPE_SD if group else scale["person_slope"]
    total = bias**2 * bias_acts(setting, left) * bias_acts(setting, right)
    truths = leant_on(setting, draw, left) * leant_on(setting, draw, right)
    total += slope**2 * slope_acts(left) * slope_acts(right) * truths
    parts = acting_loading(setting, draw, left) * acting_loading(setting, draw, right)
    total += left.unit.side_spread**2 * worldview_acts(setting, left) * worldview_acts(setting, right) * parts
    about = target(left)
    if not group and about is not None and about == target(right):
        total += scale["target_residual"] ** 2 * residual_faces(setting, left) * residual_faces(setting, right)
    if left.asked == right.asked and shared_error(setting, draw, left) is None:
        total += draw.error_scale(left) ** 2
    if left.statement.phrase is not None and left.statement.phrase == right.statement.phrase:
        total += left.statement.phrase_sd**2
    if isinstance(left.question.query, DistributionQuery) and left.judgement == right.judgement:
        total += _common_rounding(left, right)
    if i == j:
        width = draw.width_factor(left) * stated_width(setting, left)
        total += draw.noise(left) ** 2 + left.statement.variance + width**2
    return total


def effect_moments(setting: Setting, latent: Mapping[str, float], person: str) -> dict[str, tuple[float, float]]:
    """Return mean and variance of a person's bias, extremity, worldview and tail scale, given their answers."""
    draw = drawn(setting, latent)
    rows = [(i, row) for i, row in enumerate(setting.observations.rows) if row.unit.id == person]
    unit = rows[0][1].unit
    alpha = decided.GROUP_BIAS_SD * latent[f"group bias: {unit.group}"]
    scale = draw.scale
    acting = {
        "bias": (alpha, scale["person_bias"], [bias_acts(setting, row) for _, row in rows]),
        "extremity": (
            setting.decisions.extremity, scale["person_slope"],
            [slope_acts(row) * leant_on(setting, draw, row) for _, row in rows],
        ),
        "worldview": (
            side_of(setting, unit.side), unit.side_spread,
            [worldview_acts(setting, row) * acting_loading(setting, draw, row) for _, row in rows],
        ),
    }  # fmt: skip
    found = {
        name: _conditional(setting, draw, rows, level, spread**2, [spread**2 * part for part in parts])
        for name, (level, spread, parts) in acting.items()
    }
    shape, rate = (DEGREES_OF_FREEDOM + len(rows)) / 2, (DEGREES_OF_FREEDOM + _distance(setting, draw, rows)) / 2
    found["tail_scale"] = (shape / rate, shape / rate**2)
    return found


def residual_moments(setting: Setting, latent: Mapping[str, float], person: str, about: str) -> tuple[float, float]:
    """Return mean and variance of a person's residual on a target (its first state), given their answers."""
    draw = drawn(setting, latent)
    rows = [(i, row) for i, row in enumerate(setting.observations.rows) if row.unit.id == person]
    spread = draw.scale["target_residual"] ** 2
    shared = [spread * residual_faces(setting, row) if row.target == about else 0.0 for _, row in rows]
    return _conditional(setting, draw, rows, 0.0, spread, shared)


def _conditional(
    setting: Setting,
    draw: Draw,
    rows: Sequence[tuple[int, Row]],
    level: float,
    variance: float,
    shared: Sequence[float],
) -> tuple[float, float]:
    """Return mean and variance of an effect, jointly Student-t with the answers, with which it shares covariances."""
    matrix, deviation = _unit_parts(setting, draw, rows)
    weights = np.linalg.solve(matrix, np.array(shared))
    n, nu = len(rows), DEGREES_OF_FREEDOM
    stretch = (nu + _distance(setting, draw, rows)) / (nu + n)
    scale = stretch * (variance - weights @ np.array(shared))
    return float(level + weights @ deviation), float(scale * (nu + n) / (nu + n - 2))


def _distance(setting: Setting, draw: Draw, rows: Sequence[tuple[int, Row]]) -> float:
    matrix, deviation = _unit_parts(setting, draw, rows)
    return float(deviation @ np.linalg.solve(matrix, deviation))


def _unit_parts(setting: Setting, draw: Draw, rows: Sequence[tuple[int, Row]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the scale matrix of a unit's answers, and how far they are from where they are expected."""
    matrix = np.array([[covariance(setting, draw, first, second) for second in rows] for first in rows])
    said = np.array([stated(setting, draw, i, row) for i, row in rows])
    return matrix, said - np.array([location(setting, draw, row) for _, row in rows])


def residual_faces(setting: Setting, row: Row) -> float:
    """Return which way a person's residual on a target moves a row: it is a residual of the target's first state."""
    query = row.question.query
    if isinstance(query, ProbabilityQuery) and len(query.events) == 1:
        states = two_states(query)
        if states and query.events[0].state != states[0]:
            return -setting.turn(row)
    return setting.turn(row)


def two_states(query: ProbabilityQuery) -> tuple[str, ...]:
    """Return the states of the one event's node, if they are two."""
    event = query.events[0]
    if not isinstance(event, StateEvent):
        return ()
    node = event.variable.node
    states = {**ASSUMPTIONS, **CHAIN_NODES, **DOWNSTREAM}.get(node, ("yes", "no") if node != "model_outcome" else ())
    return tuple(states) if len(states) == 2 else ()


def _log_shares(answer: Distribution) -> list[tuple[float, float]]:
    """Return middle and standard deviation of the logarithm of every share that rounding leaves open."""
    found = []
    for k, share in enumerate(answer.probabilities):
        low = answer.lows[k] if answer.lows else share
        high = answer.highs[k] if answer.highs else share
        if share <= 0 or low <= 0:
            high = max(high, 0.005)
            low = high / 20
        ends = math.log(low), math.log(min(high, 1.0))
        found.append((sum(ends) / 2, (ends[1] - ends[0]) / math.sqrt(12)))
    return found


def _common_rounding(left: Row, right: Row) -> float:
    """Return what the resolution of the shares adds to a pair of balances."""
    answer = left.judgement.answer
    assert isinstance(answer, Distribution)
    total = 0.0
    for k, (_, spread) in enumerate(_log_shares(answer)):
        one = [float(i == k) for i in range(len(answer.probabilities))]
        total += spread**2 * balance(one, left.contrast) * balance(one, right.contrast)
    return total


def _natural(row: Row, value: float) -> float:
    """Return a known quantity on the scale on which it is compared: log-odds, logs, or as it is."""
    if row.question.unit in ("%", "fraction"):
        return float(logit(value / 100 if row.question.unit == "%" else value))
    return math.log(value) if row.question.scale == "log" else value


def _median_and_width(row: Row) -> tuple[float, float]:
    """Return the stated median (else that of the fitted normal) and the fitted normal's standard deviation."""
    answer = row.judgement.answer
    assert isinstance(answer, Quantiles)
    scores = norm.ppf(answer.levels)
    values = np.array([_natural(row, value) for value in answer.values])
    width, middle = np.linalg.lstsq(np.column_stack([scores, np.ones(len(scores))]), values, rcond=None)[0]
    if 0.5 in answer.levels:
        middle = values[answer.levels.index(0.5)]
    return float(middle), float(width)


def _unit(setting: Setting, row: Row) -> float:
    """Return what the error of a known quantity is measured in."""
    if not in_widths(row):
        return 1.0
    fellows = [other for other in setting.observations.rows if other.key == row.key]
    return float(np.median([_median_and_width(other)[1] for other in fellows]))


def stated_width(setting: Setting, row: Row) -> float:
    """Return the stated standard deviation."""
    if row.question.realised is None:
        return row.statement.width
    return _median_and_width(row)[1] / _unit(setting, row)


def target(row: Row) -> str | None:
    """Return what a row is about, whatever it is conditioned on: for a binary node it does not matter which state."""
    query = row.question.query
    if query is None or isinstance(query, LikelihoodRatioQuery):
        return None
    if isinstance(query, DistributionQuery):
        return f"balance {row.contrast} of {query.variable}"
    if not isinstance(query, ProbabilityQuery):
        return str(query)
    if len(query.events) == 1 and two_states(query):
        return str(query.events[0].variable)
    return " and ".join(map(str, query.events))


def stated(setting: Setting, draw: Draw, i: int, row: Row) -> float:
    """Return what was stated, facing bad news; for a bound the latent value beyond its limit."""
    value = row.statement.location
    if isinstance(row.question.query, DistributionQuery):
        assert isinstance(row.judgement.answer, Distribution)
        value = balance([middle for middle, _ in _log_shares(row.judgement.answer)], row.contrast)
    elif row.question.realised is not None:
        value = (_median_and_width(row)[0] - _natural(row, row.question.realised)) / _unit(setting, row)
    if row.statement.censored != "none":
        slack = math.log1p(math.exp(BOUND_SPREAD * draw.latent[f"bound: row {i}"]))
        value += slack if row.statement.censored == "above" else -slack
    return setting.turn(row) * value


def _one_unit(setting: Setting, draw: Draw, rows: Sequence[tuple[int, Row]]) -> float:
    matrix, deviation = _unit_parts(setting, draw, rows)
    return float(multivariate_t.logpdf(deviation, shape=matrix, df=DEGREES_OF_FREEDOM))


def _log_prior(setting: Setting, draw: Draw, name: str) -> float:
    kind, _, question = name.partition(": ")
    centre = {"shared error": setting.errors, "loading": setting.loadings}.get(kind, {}).get(question)
    if centre is None:
        return float(norm.logpdf(draw.latent[name]))
    row = next(row for row in setting.observations.rows if row.asked == question)
    step = math.log(centre.step)
    if kind == "shared error":
        error = shared_error(setting, draw, row)
        assert error is not None
        return float(norm.logpdf(error, 0.0, draw.error_scale(row))) + step
    mean = decided.LOADING_MEAN + decided.LOADING_MEAN_SD * draw.latent["loading mean"]
    return float(norm.logpdf(loading(setting, draw, row), mean, draw.scale["loading_spread"])) + step


def _quartiles(setting: Setting, draw: Draw, row: Row) -> float:
    """Return the log-density of a published interquartile range: a population's spread, with a log-normal error."""
    groups = sorted(noise_groups(setting))
    noises = [
        draw.scale["transfer"]
        * math.exp(decided.NOISE.log_median + decided.NOISE.log_sd * draw.latent[f"noise: {group}"])
        for group in groups
    ]
    variance = (
        sum(noise**2 for noise in noises) / len(noises)
        + draw.scale["person_bias"] ** 2
        + draw.scale["person_slope"] ** 2 * leant_on(setting, draw, row) ** 2
        + acting_loading(setting, draw, row) ** 2
        + draw.scale["target_residual"] ** 2
    )
    expected = math.log(IQR_OF_STUDENT_4 * math.sqrt(variance))
    return float(norm.logpdf(math.log(row.quartile_range), expected, decided.QUARTILE_ERROR))


def _on_scale(space: ParameterSpace, query: Query, answer: float) -> float:
    if isinstance(query, LikelihoodRatioQuery):
        return math.log(answer)
    ratio = isinstance(query, ParameterQuery) and space.parameters[space.names.index(query.name)].scale == "log"
    return math.log(answer) if ratio else float(logit(answer))
