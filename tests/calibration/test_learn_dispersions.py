import importlib.util
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from precursor.calibration.expert_model import Settings
from precursor.calibration.interval_model import NARROWEST, fit_intervals, widths_of
from precursor.calibration.quantities import ResolvedQuantities, read_quantities
from precursor.problems import InputError

from .conftest import DATA

SCRIPT = Path(__file__).parents[2] / "scripts" / "learn_dispersions.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("learn_dispersions", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def shipped():
    return tomllib.loads((DATA / "dispersions.toml").read_text(encoding="utf-8"))


def test_every_figure_of_the_file_is_sane(shipped):
    assert len(shipped["dispersion"]) == 6
    for entry in shipped["dispersion"].values():
        learned, prior, widened = entry["learned"], entry["prior"], entry["widened"]
        assert 0 < learned["low"] < learned["median"] < learned["high"] < 3
        assert prior["median"] == pytest.approx(learned["median"] * widened["times"], abs=2e-3)
        assert prior["log_sd"] > widened["log_sd"]
        assert entry["reason"]
        assert (DATA / entry["source"].split(",")[0]).is_file()
    assert shipped["checks"]["r_hat_max"] < 1.05
    assert shipped["checks"]["divergences"] == 0


def test_a_short_run_gives_entries_of_the_same_shape_and_size(script, shipped):
    rounds = [script.learn_round(number, Settings(draws=400, tune=200, chains=2)) for number in (1, 2)]
    found = tomllib.loads("\n".join(script.replicats(rounds)))["dispersion"]
    for name, entry in found.items():
        theirs = shipped["dispersion"][name]
        assert set(entry) == set(theirs)
        for part in ("learned", "round_2", "prior"):
            assert entry[part]["median"] == pytest.approx(theirs[part]["median"], rel=0.15)


def test_an_entry_is_the_summary_of_its_draws(script):
    draws = np.exp(np.random.default_rng(1).normal(-1.0, 0.3, 40_000))
    text = "\n".join(script.entry("x", "what", "where.csv", draws, script.Widening(2.0, 0.4, "why")))
    entry = tomllib.loads(text)["dispersion"]["x"]
    assert entry["learned"]["median"] == pytest.approx(np.exp(-1), rel=0.02)
    assert entry["prior"] == {"median": pytest.approx(2 * np.exp(-1), rel=0.02), "log_sd": pytest.approx(0.5, rel=0.02)}


def simulated(seed, *, k, spread):
    """Eight people on forty quantities in ten groups; medians err by ``k exp(spread z)`` stated deviations."""
    random = np.random.default_rng(seed)
    expert, question = (axis.ravel() for axis in np.meshgrid(np.arange(8), np.arange(40)))
    factor, width = k * np.exp(spread * random.normal(size=8)), 0.1 * np.exp(0.3 * random.normal(size=320))
    median = 5.0 + factor[expert] * width * random.standard_t(4, 320)
    levels = (0.05, 0.5, 0.95)
    return ResolvedQuantities(
        questions=tuple(f"q{q}" for q in range(40)), experts=tuple(f"e{e}" for e in range(8)), levels=levels,
        question=question, expert=expert, quantiles=np.exp(median[:, None] + 1.6448536 * width[:, None] * [-1, 0, 1]),
        realised=np.full(40, np.exp(5.0)), group=tuple(f"g{q // 4}" for q in range(40)), attributes={},
    )  # fmt: skip


def test_widths_are_standard_deviations_of_logarithms(files):
    forecasts = "question,expert,quantile,value\n" + "".join(
        f"{q},ada,{level},{value}\n" for q in ("q1", "q2") for level, value in ((0.05, 10), (0.5, 20), (0.95, 40))
    )
    quantities = read_quantities(*files(forecasts, "question,realised\nq1,10\nq2,20\n"))
    found = widths_of(quantities)
    np.testing.assert_allclose(found.error, [np.log(2), 0.0], atol=1e-12)
    np.testing.assert_allclose(found.width, np.log(4) / (2 * 1.6448536), rtol=1e-6)
    certain = replace(quantities, quantiles=np.full((2, 3), 7.0))
    np.testing.assert_array_equal(widths_of(certain).width, NARROWEST)
    with pytest.raises(InputError):
        widths_of(replace(quantities, realised=np.array([0.0, 1.0])))


@pytest.mark.slow
def test_the_width_factor_is_recovered_and_one_is_not_always_found():
    settings = Settings(draws=300, tune=300, chains=2)
    for k in (1.0, 2.5):
        fit = fit_intervals(simulated(5, k=k, spread=0.2), settings, shared=False)
        low, high = np.quantile(fit.width_factor, [0.005, 0.995])
        assert low < k < high
        assert not low < (2.5 if k == 1.0 else 1.0) < high
