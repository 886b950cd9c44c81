"""No draws, one draw, equal draws, no answers, far-out values: finite, or refused with a message; never nan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from precursor.analysis.audit.audit import audit_document
from precursor.analysis.camps import camps_of
from precursor.analysis.sensitivity.sensitivity import sensitivity
from precursor.analysis.sensitivity.variance_indices import CLASSES
from precursor.analysis.sources import require_spread
from precursor.argument.answer import answer_over
from precursor.argument.nodes import ASSUMPTIONS
from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import Scenario
from precursor.inference.ask import query
from precursor.inference.fits.fit import Fit, Settings, prior_fit
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.plan import plan_model
from precursor.inference.runs.run import POSTERIOR, Run, provenance_of, write_run
from precursor.inference.runs.summary import summarise
from precursor.network.grammar import parse_query
from precursor.problems import InputError
from tests.cli.made_runs import make_run
from tests.inference.conftest import Make, make, reader

__all__ = ["make", "reader"]

SPACE = parameter_space()
REFERENCE = {node: states[0] for node, states in ASSUMPTIONS.items()}
QUERIES = (
    "P(model_outcome)",
    "P(existential_catastrophe=yes)",
    "order(goal_directed, base_goal_understood)",
    "P(human_extinction=yes | model_outcome=deceptive, do(governance=strong))",
    "E(correction_window)",
)


def scenario_of(probability: float, ratio: float, regime: Mapping[str, str]) -> Scenario:
    """Return the scenario in which every probability and every ratio has the same value."""
    values = {}
    for p in SPACE.parameters:
        size = sum(other.group == p.group for other in SPACE.parameters)
        below = min(probability, 1 - 2**-53) if p.hazard else probability
        values[p.name] = {"log": ratio, "logit": below, "simplex": 1 / size}[p.scale]
    return Scenario("edge", values, regime)


@pytest.mark.parametrize("probability", [0.0, 1e-300, 0.5, 1 - 1e-16, 1.0])
@pytest.mark.parametrize("ratio", [0.0, 1e3, 1e12, 1e300])
@pytest.mark.parametrize("regime", [REFERENCE, pytest.param({}, marks=pytest.mark.slow)], ids=["reference", "averaged"])
def test_scenarios_at_the_edges(probability: float, ratio: float, regime: Mapping[str, str]) -> None:
    for text in QUERIES:
        try:
            found = query(text, scenario=scenario_of(probability, ratio, regime))
        except InputError:
            # Evidence of probability zero: refused.
            assert "|" in text
            continue
        values = np.array([*found.values()] if isinstance(found, dict) else [found])
        assert np.isfinite(values).all(), text
        assert (values >= 0).all(), text
        if isinstance(found, dict):
            assert values.sum() == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("texts", [(*HEADLINE, QUERIES[4]), pytest.param(QUERIES[:3], marks=pytest.mark.slow)])
def test_draws_at_the_edges(texts: tuple[str, ...]) -> None:
    """Log-odds and logarithms of 300 and 30 either way, where probabilities round to nothing and to one."""
    rows = [[(30.0 if p.scale == "log" else 300.0) * s for p in SPACE.parameters] for s in (-1.0, 1.0)]
    rows += [[x if p.scale == "log" else -x for p in SPACE.parameters] for x in (-30.0, 30.0)]
    answers = answer_over([parse_query(text) for text in texts], SPACE, np.array(rows))
    for text, found in zip(texts, answers, strict=True):
        for values in found.values() if isinstance(found, dict) else [found]:
            assert np.isfinite(values).all(), text


def test_float32_draws_agree_to_their_precision() -> None:
    """The documented tolerance of draws given as 32-bit floats."""
    draws = SPACE.prior_draws(np.random.default_rng(2), 40)
    queries = [parse_query(text) for text in (*HEADLINE, QUERIES[4])]
    full, half = (answer_over(queries, SPACE, same) for same in (draws, draws.astype(np.float32)))
    for text, wanted, found in zip(queries, full, half, strict=True):
        assert np.asarray(found) == pytest.approx(np.asarray(wanted), rel=1e-5), text


@pytest.mark.parametrize(
    ("latent", "what"), [(np.zeros((2, 0, 5)), "no draws"), (np.full((1, 2, 5), np.nan), "finite")]
)
def test_a_run_of_no_draws_or_of_no_numbers_is_refused(tmp_path, latent: np.ndarray, what: str) -> None:
    folder = make_run(tmp_path)
    (folder / POSTERIOR).unlink()
    posterior = xr.Dataset({"standard_normal": (("chain", "draw", "latent"), latent)})
    xr.DataTree.from_dict({"posterior": posterior}).to_netcdf(folder / POSTERIOR, engine="h5netcdf")
    with pytest.raises(InputError, match=what):
        Run(folder).draws()


def test_one_draw_can_be_asked_and_not_be_taken_apart(tmp_path) -> None:
    run = Run(make_run(tmp_path, draws=1))
    assert query("P(existential_catastrophe=yes)", run=run).shape == (2,)
    with pytest.raises(InputError, match="too few draws"):
        sensitivity(run)


def test_what_does_not_vary_is_named() -> None:
    varying = np.linspace(0, 1, 2 * CLASSES)
    require_spread(["a"], varying[:, None], "made")
    with pytest.raises(InputError, match="b is the same in every draw of made"):
        require_spread(["a", "b"], np.stack([varying, np.full_like(varying, 0.3)], axis=1), "made")


@pytest.mark.parametrize(("chains", "draws"), [(1, 100), (2, 1)])
def test_what_cannot_be_checked_becomes_no_run(chains: int, draws: int) -> None:
    with pytest.raises(InputError, match="cannot be checked"):
        summarise(prior_fit(plan_model(()), Settings(chains=chains, draws=draws)), (), (), quick=True)


def _written(tmp_path, fit: Fit) -> Run:
    return write_run(tmp_path / "reports" / "made", fit, summarise(fit, (), (), quick=True), provenance_of(fit, "", {}))


@pytest.mark.slow
def test_chains_that_never_moved_are_not_converged(tmp_path) -> None:
    drawn = prior_fit(plan_model(()), Settings(chains=2, draws=30))
    run = _written(tmp_path, replace(drawn, latent=np.zeros_like(drawn.latent)))
    assert not run.summary["converged"]
    assert all(np.isfinite(check["value"]) for check in run.summary["checks"])


@pytest.mark.slow
def test_a_survey_of_blank_answers_leaves_the_prior(make: Make, tmp_path) -> None:
    survey = make("blank", "ada,deceptive,point,,\nbob,deceptive,point,,")
    run = _written(tmp_path, prior_fit(plan_model([survey]), Settings(chains=2, draws=30)))
    assert camps_of(run) == []
    assert audit_document(run, [survey])["posterior"] is None
