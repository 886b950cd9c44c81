"""Every form at once, fitted: the truth lies in the posterior's interval, and another truth does not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit, logit

from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.elicitation.survey import Survey
from precursor.inference.fits.fit import Settings, fit
from precursor.inference.quantities import contrasts
from precursor.network.grammar import parse_event, parse_query
from tests.inference.conftest import Make

PEOPLE = 60
SETTINGS = Settings(draws=250, tune=300, chains=2, seed=1, cores=2)
QUERIES = {
    "guarding": "parameter(guard)",
    "shift": "parameter(p_goal_shift)",
    "plays": "parameter(p_plays_along)",
    "governed": "parameter(p_governance)",
    "mix": "P(model_outcome | prosaic_paradigm=yes, tai_by_2100=yes)",
    "order": "order(base_goal_understood, goal_directed, long_term_goals | prosaic_paradigm=yes)",
    "ratio": "LR(alignment_faking_prompted=yes : model_outcome=deceptive)",
}
EXPERIMENT = {
    "alignment_faking_prompted": parse_event("finding_alignment_faking=yes"),
    "finding_alignment_faking": parse_event("model_outcome=deceptive"),
}
FORMS = {"guarding": "point", "shift": "quantiles", "plays": "chips", "governed": "bound", "mix": "distribution"}
MOVED = ("guard", "p_goal_shift", "p_plays_along", "p_governance", "ease of base_goal_understood",
         "p_indicator.finding_alignment_faking.event")  # fmt: skip
AT_TRUTH, AT_ANOTHER = 1.3, -1.3


def truths(at: float) -> dict[str, float | dict[str, float]]:
    """Return the network's answers where the latents named stand at a value and the others at zero."""
    space = parameter_space(EXPERIMENT)
    latents = np.zeros((1, len(space.latents)))
    latents[0, [space.latents.index(name) for name in MOVED]] = at
    queries = [parse_query(text) for text in QUERIES.values()]
    answers = answer_over(queries, space, space.mean + latents @ space.loadings.T, EXPERIMENT)
    return {
        name: {k: float(v[0]) for k, v in answer.items()} if isinstance(answer, dict) else float(answer[0])
        for name, answer in zip(QUERIES, answers, strict=True)
    }


def percent(log_odds: float) -> str:
    return f"{min(max(100 * expit(log_odds), 0.001), 99.999):.5f}%"


def told(form: str, place: float, rng: np.random.Generator) -> str:
    match form:
        case "point":
            return percent(place)
        case "quantiles":
            return "; ".join(f"{q}%: {percent(place + x)}" for q, x in ((5, -0.8), (50, 0.0), (95, 0.8)))
        case "bound":
            distance = rng.exponential(0.7) + 0.05
            return f"<{percent(place + distance)}" if rng.random() < 0.5 else f">{percent(place - distance)}"
    edges = [expit(place + x) for x in (-1.2, -0.4, 0.4, 1.2)]
    return "; ".join(f"{a:.9f}-{b:.9f}: {n}" for a, b, n in zip(edges[:-1], edges[1:], (2, 6, 2), strict=True))


def simulated(make: Make, truth: dict, seed: int) -> Survey:
    """Return a survey of people without camps; effects, shared errors and noise are drawn as the model has them."""
    rng = np.random.default_rng(seed)
    lines = []
    error = dict(zip(truth, 0.3 * rng.standard_normal(len(truth)), strict=True))
    orders = {order: p for order, p in truth["order"].items() if " < " in order}
    chances = np.array(list(orders.values())) / sum(orders.values())
    for e in range(PEOPLE):
        tail = math.sqrt(4 / rng.chisquare(4))
        bias, slope, worldview = 0.5 * tail * rng.normal(), 1 + 0.25 * tail * rng.normal(), tail * rng.normal()
        for name in ("guarding", "shift", "plays", "governed"):
            place = slope * logit(truth[name]) + error[name] + bias + worldview + tail * rng.normal(0, 1.06)
            lines.append(f"e{e},{name},{FORMS[name]},{told(FORMS[name], place, rng)},")
        parts = slope * contrasts(4) @ np.log(list(truth["mix"].values())) + tail * rng.normal(0, 1.06, 3)
        share = np.exp(contrasts(4).T @ parts / 2)
        mix = "; ".join(f"{k}: {p:.8f}" for k, p in zip(truth["mix"], share / share.sum(), strict=True))
        lines.append(f"e{e},mix,distribution,{mix},")
        lines.append(f"e{e},order,ranking,{rng.choice(list(orders), p=chances)},")
        ratio = slope * math.log(truth["ratio"]) + error["ratio"] + tail * rng.normal(0, 0.7)
        lines.append(f"e{e},ratio,likelihood_ratio,{math.exp(ratio):.6g},")
    forms = {**FORMS, "order": "ranking", "ratio": "likelihood_ratio"}
    questions = "".join(
        f'[[question]]\nid = "{name}"\nwording = "?"\nquery = "{query}"\nforms = ["{forms[name]}"]\n\n'
        for name, query in QUERIES.items()
    )
    return make("forms", "\n".join(lines), questions=questions)


def inside(draws: np.ndarray, value: float) -> bool:
    low, high = np.quantile(draws, [0.005, 0.995])
    return bool(low <= value <= high)


@pytest.mark.slow
def test_truth_is_recovered_in_every_form_and_another_is_not(make: Make) -> None:
    truth, other = truths(AT_TRUTH), truths(AT_ANOTHER)
    found = fit([simulated(make, truth, seed=3)], SETTINGS)
    assert found.statistics["diverging"].mean() < 0.01
    assert found.plan.observations.indicators == EXPERIMENT
    queries = [parse_query(text) for text in QUERIES.values()]
    answers = dict(zip(QUERIES, answer_over(queries, found.plan.space, found.flat, EXPERIMENT), strict=True))
    covered = {name: inside(answers[name], truth[name]) for name in QUERIES if name not in {"mix", "order"}}
    covered |= {f"mix {k}": inside(draws, truth["mix"][k]) for k, draws in answers["mix"].items()}
    most = max(truth["order"], key=lambda order: truth["order"][order])
    covered["order"] = inside(answers["order"][most], truth["order"][most])
    assert sum(covered.values()) >= len(covered) - 1, covered
    elsewhere = [inside(answers[name], other[name]) for name in ("guarding", "shift", "plays")]
    elsewhere.append(inside(answers["order"][most], other["order"][most]))
    assert sum(elsewhere) <= 1
