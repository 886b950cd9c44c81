"""A run made of draws of the prior, in the shape that `inference.runs.run.Run` promises, with invented answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from precursor.analysis.queries import CATASTROPHE, CATASTROPHE_GIVEN_TAI, DECEPTIVE
from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.network.grammar import parse_event, parse_query

INDICATORS = {"power_seeking": "human_extinction=yes", "alignment_faking": "model_outcome=deceptive"}
INDICATOR_EVENTS = {name: parse_event(about) for name, about in INDICATORS.items()}
HOSTILE = '#let x = 1 *bold* $ <script> "quoted" \\n @ref naïve – → ≤ 中文'
GUARD, UNDERSTANDING = (
    "parameter(guard)",
    "P(base_goal_understood@pretraining=yes | prosaic_paradigm=yes, tai_by_2100=yes)",
)


@dataclass(frozen=True)
class FakeRun:
    """See `precursor.inference.runs.run.Run`."""

    name: str
    folder: Path
    summary: dict[str, Any]
    provenance: dict[str, Any]
    judgements: xr.Dataset
    untouched: list[str]
    posterior: np.ndarray
    prior: np.ndarray
    indicators: dict[str, str] = field(default_factory=lambda: dict(INDICATORS))

    def draws(self) -> np.ndarray:
        return self.posterior

    def prior_draws(self) -> np.ndarray:
        return self.prior


@cache
def draws(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return prior draws, and the same pulled together and moved in the first third of the parameters."""
    space = parameter_space(INDICATOR_EVENTS)
    rng = np.random.default_rng(seed)
    prior = space.prior_draws(rng, count)
    posterior = space.prior_draws(rng, count)
    learnt = np.arange(len(space.names)) % 3 == 0
    posterior[:, learnt] = space.mean[learnt] + 0.5 * (posterior - space.mean)[:, learnt] - 0.4
    return prior, posterior


def headline(posterior: np.ndarray, prior: np.ndarray) -> list[dict[str, Any]]:
    space = parameter_space(INDICATOR_EVENTS)
    indicators = {name: parse_event(about) for name, about in INDICATORS.items()}
    texts = [DECEPTIVE, CATASTROPHE, CATASTROPHE_GIVEN_TAI]
    queries = [parse_query(text) for text in texts]
    sides = [answer_over(queries, space, side, indicators) for side in (prior, posterior)]
    return [_item(*parts) for parts in zip(texts, *sides, strict=True)]


def _item(text: str, before: np.ndarray, after: np.ndarray) -> dict[str, Any]:
    def three(values: np.ndarray) -> dict[str, float]:
        return dict(zip(("low", "median", "high"), np.quantile(values, [0.05, 0.5, 0.95]).tolist(), strict=True))

    logit = np.log(after) - np.log1p(-after)
    noisy = 1 / (1 + np.exp(-(logit + np.random.default_rng(3).standard_t(4, len(logit)))))
    below = {f"{level:g}": float((after < level).mean()) for level in (0.01, 0.05, 0.1)}
    posterior = {**three(after), "mean": float(after.mean()), "mass": 0.9}
    return {
        "query": text,
        "prior": three(before),
        "posterior": posterior,
        "next_expert": three(noisy),
        "share_below": below,
    }


def who_answers() -> dict[str, Any]:
    """Return what a run says of those who answered: scales, experts, audit."""
    three = {"low": 0.2, "median": 0.4, "high": 0.9}
    measures = ("bias", "extremity", "worldview", "noise_multiplier", "width_factor")
    expert = {"person": "x", "group": "authors", "camp": "", "answers": 7, "our_reading": True, "label": HOSTILE}
    claim = {"claim": "P(human_extinction=yes)", "answer": HOSTILE}
    left_out = {
        "without": "expert", "label": HOSTILE, "answers": 7, "pareto_k": 0.3,
        "moves": {"deceptive": -0.012, "catastrophe": 0.004}, "errors": {"deceptive": 0.002, "catastrophe": 0.001},
    }  # fmt: skip
    return {
        "scales": [{"name": "person_bias", "reason": HOSTILE, "prior": three, "posterior": three}],
        "experts": [{**expert, **{name: {**three, "touched": name == "bias"} for name in measures}}],
        "audit": {
            "coherence": {
                "people": 3, "coherent": 2, "unit": "log-odds",
                "conflicts": [{"label": HOSTILE, "shift": 0.42, "answers": [claim, claim]}],
            },
            "conflicts": {"tests": 4, "untrusted": 1, "named": []},
            "leave_out": [left_out],
            "compared": 5,
            "untrusted": [HOSTILE],
            "effective": {"sources": 3, "overall": 1.5, "sentences": [HOSTILE]},
        },
    }  # fmt: skip


def judgement(**changed: Any) -> dict[str, Any]:
    row = {
        "survey": "fri_adversarial_collaboration",
        "person": "fri_ash",
        "label": "Ash",
        "group": "forecasters",
        "camp": "skeptical",
        "question": "human_extinction_by_2100",
        "wording": "How probable is human extinction by 2100?",
        "query": "P(human_extinction=yes)",
        "form": "point",
        "answer": "0.1%",
        "comment": "",
        "synthetic": False,
        "scale": "probability",
        "stated": 0.001,
        "stated_low": 0.0005,
        "stated_high": 0.0015,
        "implied": 0.03,
        "implied_low": 0.01,
        "implied_high": 0.1,
        "predicted_low": 0.0004,
        "predicted_high": 0.4,
        "surprise": 0.12,
    }
    return {**row, **changed}


def few_judgements() -> list[dict[str, Any]]:
    author = {"group": "authors", "camp": "", "survey": "argument_premises", "person": "david_w", "label": "David W."}
    critic = {
        "group": "authors",
        "camp": "",
        "survey": "critics_premises",
        "person": "joe_carlsmith",
        "label": "Joe Carlsmith",
    }
    return [
        judgement(),
        judgement(
            person="fri_eve",
            label="Eve",
            camp="concerned",
            answer="20%",
            stated=0.2,
            stated_low=0.195,
            stated_high=0.205,
        ),
        judgement(
            **author,
            question="guard",
            query=GUARD,
            wording="How far is a schemer still corrected?",
            form="verbal",
            answer="unlikely",
            comment=HOSTILE,
            stated=0.2,
            stated_low=0.05,
            stated_high=0.4,
            implied=0.3,
        ),
        judgement(
            **author,
            question="understanding_pretraining",
            query=UNDERSTANDING,
            wording="Is the base goal understood?",
            form="verbal",
            answer="very likely",
            stated=0.9,
            stated_low=0.8,
            stated_high=0.98,
            implied=0.8,
            implied_low=0.6,
            implied_high=0.95,
            predicted_low=0.3,
            predicted_high=0.99,
            surprise=0.6,
        ),
        judgement(
            **critic,
            question="hr_long_term_goals_given_awareness",
            scale="ratio",
            form="bound",
            answer=">1",
            query="parameter(hr_long_term_goals_given_awareness)",
            wording="How many times as fast?",
            stated=np.nan,
            stated_low=1.0,
            stated_high=np.inf,
            implied=1.8,
            implied_low=0.4,
            implied_high=9.0,
            predicted_low=0.2,
            predicted_high=20.0,
            surprise=0.7,
        ),
    ]


def dataset(rows: list[dict[str, Any]]) -> xr.Dataset:
    return xr.Dataset({name: ("judgement", [row[name] for row in rows]) for name in rows[0]})


def fake_run(count: int = 150, rows: list[dict[str, Any]] | None = None, **summary: Any) -> FakeRun:
    """Return a run of ``count`` draws; keywords replace entries of its summary."""
    prior, posterior = draws(count)
    space = parameter_space(INDICATOR_EVENTS)
    items = headline(posterior, prior)
    rows = rows or few_judgements()
    stances = [
        {
            "name": name,
            "title": title,
            "description": description,
            "surveys": surveys,
            "quick": True,
            "converged": True,
            "headline": headline(prior + shift, prior),
        }
        for name, title, description, surveys, shift in (
            ("prior", "The prior", "no data at all", [], 0.0),
            ("argument", "The argument's premises alone", "our readings of one author", ["argument_premises"], -0.8),
            ("critics", "Its critics' premises alone", "our readings of several authors", ["critics_premises"], 0.4),
            (
                "all",
                "All groups, camps equally weighted",
                "the default",
                ["argument_premises", "critics_premises"],
                -0.2,
            ),
        )
    ]
    made = {
        "headline": items,
        "stances": stances,
        "stated": [
            {
                "person": "David W.",
                "survey": "authors_bottom_lines",
                "question": "deceptive_if_prosaic",
                "query": DECEPTIVE,
                "answer": "<1%",
                "implied": {"mean": 0.05, "low": 0.002, "high": 0.2},
            }
        ],
        **who_answers(),
        "decisions": [
            {
                "extremity": extremity,
                "shared_error": error,
                "default": extremity == error == 1,
                "quick": False,
                "converged": extremity < 2,
                "headline": headline(prior - 0.2 * extremity, prior),
            }
            for extremity, error in ((1.0, 1.0), (0.5, 1.0), (2.0, 1.0), (1.0, 0.0))
        ],
        "waiting": [
            {"survey": "critics_premises", "form": "ranking", "answers": 3, "reason": "no likelihood for rankings yet"}
        ],
        "surveys": [
            {"id": name, "answers": sum(r["survey"] == name for r in rows), "experts": 1, "synthetic": False}
            for name in dict.fromkeys(r["survey"] for r in rows)
        ],
        "checks": [
            {"name": "r_hat_max", "passed": True, "value": 1.004, "threshold": 1.01},
            {"name": "divergences", "passed": True, "value": 0, "threshold": 0},
        ],
        "converged": True,
        "quick": False,
    }
    provenance = {
        "versions": {"precursor": "0.1.0", "pymc": "6.4.0"},
        "seed": 1,
        "command": "precursor run --seed 1",
        "inputs": {"data/surveys/argument_premises/responses.csv": "ab" * 32},
        "time": "2026-11-05T12:00:00Z",
    }
    untouched = [name for i, name in enumerate(space.names) if i % 3]
    return FakeRun("fake", Path("fake"), {**made, **summary}, provenance, dataset(rows), untouched, posterior, prior)


def with_summary(run: FakeRun, **summary: Any) -> FakeRun:
    return replace(run, summary={**run.summary, **summary})
