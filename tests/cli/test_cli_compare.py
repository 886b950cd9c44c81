"""`precursor compare` on runs whose draws are resampled from the prior by the density of the answers."""

import json
import shutil

import numpy as np
import pytest
import xarray as xr

from precursor.elicitation.store import find_root
from precursor.inference.density.pointwise import pointwise
from precursor.inference.fits.fit import Fit, Settings
from precursor.inference.fits.headline import HEADLINE, headline_items, headline_logits, prior_draws
from precursor.inference.plan import plan_model
from precursor.inference.runs.run import POSTERIOR, PROVENANCE, SUMMARY, shared_hashes
from precursor.inference.surveys import open_reader
from tests.cli.conftest import QUESTIONS, write_survey

OLD = "ada,deceptive,point,2%\nbob,deceptive,point,10%\n"
NEW = "cy,deceptive,point,60%\ncy,existential_catastrophe,point,30%\n"
CAMPS = "expert,camp\nada,skeptical\nbob,concerned\n"
QUESTION = """
[[question]]
id = "existential_catastrophe"
wording = "How probable is an existential catastrophe?"
query = "P(existential_catastrophe=yes)"
forms = ["point"]
"""


def data_folder(root):
    """Make a data folder with two questions and two surveys."""
    for name, text in {"a": QUESTIONS, "b": QUESTION}.items():
        path = root / "data" / "questions" / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "data" / "indicators").mkdir()
    (write_survey(root / "data" / "surveys" / "old", OLD) / "experts.csv").write_text(CAMPS)
    write_survey(root / "data" / "surveys" / "new", NEW)
    return root


def fitted_run(root, name, ids, *, seed=1, draws=200, pool=1000):
    """Write the run that a fit of surveys would have written; its draws are resampled from the prior's."""
    reader = open_reader(root)
    plan = plan_model([reader.read(id_) for id_ in ids])
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((pool, len(plan.layout.names)))
    weights = np.ones(pool)
    if ids:
        log_density = pointwise(plan, latent).total
        weights = np.exp(log_density - log_density.max())
    latent = latent[rng.choice(pool, 2 * draws, p=weights / weights.sum())].reshape(2, draws, -1)
    fit = Fit(plan, Settings(draws=draws, chains=2, seed=seed), latent, {})
    folder = root / "reports" / name
    folder.mkdir(parents=True)
    data = xr.Dataset(
        {"standard_normal": (("chain", "draw", "latent"), latent)}, coords={"latent": list(plan.layout.names)}
    )
    xr.DataTree.from_dict({"posterior": data}).to_netcdf(folder / POSTERIOR, engine="h5netcdf")
    headline = headline_items(
        fit, headline_logits(fit, fit.flat), headline_logits(fit, prior_draws(fit)), ask_expert=False
    )
    surveys = plan.observations.surveys
    summary = {
        "headline": headline, "converged": True, "quick": False, "indicators": {}, "untouched_parameters": [],
        "surveys": [{"id": survey.id} for survey in surveys], "checks": [],
    }  # fmt: skip
    (folder / SUMMARY).write_text(json.dumps(summary))
    inputs = {f"surveys/{s.id}/{file}": hash_ for s in surveys for file, hash_ in s.hashes.items()}
    provenance = {
        "seed": seed, "decisions": {"extremity": 1.0, "shared_error": 1.0},
        "inputs": {**inputs, **shared_hashes(find_root(root))},
    }  # fmt: skip
    (folder / PROVENANCE).write_text(json.dumps(provenance))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with two surveys, and the runs of one and of both."""
    root = data_folder(tmp_path_factory.mktemp("made"))
    fitted_run(root, "first", ["old"])
    fitted_run(root, "second", ["old", "new"], seed=2)
    return root


@pytest.fixture
def root(made, tmp_path):
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "root")


def test_who_moved_the_number_and_by_how_much(precursor, root):
    status, document, _ = precursor("compare", "first", "second", "--json")
    assert status == 0
    assert [move["query"] for move in document["moves"]] == list(HEADLINE)
    for move in document["moves"]:
        for name in ("by_question", "by_expert"):
            assert sum(move[name].values()) == pytest.approx(move["after"] - move["before"], abs=1e-9)
    first = document["moves"][0]
    assert first["by_expert"]["new/cy"] > 0.01
    assert set(first["by_question"]) >= {"deceptive", "existential_catastrophe"}
    target = root / "who.svg"
    status, out, _ = precursor("compare", "first", "second", "--svg", str(target), "--report")
    assert status == 0
    for suffix in ("pdf", "html", "json"):
        assert (root / "reports" / "second" / f"comparison-first.{suffix}").stat().st_size > 1000
    assert out.splitlines()[0] == "With SYNTHETIC answers."
    assert out.splitlines()[1].startswith("All by cy, through deceptive")
    assert "in all" in out
    assert target.read_text().startswith("<?xml")
    assert [path.name for path in root.iterdir() if "unfinished" in path.name] == []


def test_one_run_twice(precursor):
    status, document, _ = precursor("compare", "first", "first", "--json")
    assert status == 0
    assert all(move["before"] == move["after"] for move in document["moves"])
    assert "Nobody" in document["sentences"][0]


def test_answers_that_are_gone_leave_the_means(precursor, root):
    shutil.rmtree(root / "data" / "surveys" / "new")
    status, document, _ = precursor("compare", "first", "second", "--json")
    assert status == 0
    (move,) = [move for move in document["moves"] if move["query"] == HEADLINE[0]]
    assert list(move["by_expert"]) == ["(answers not at hand)"]
    assert sum(move["by_expert"].values()) == pytest.approx(move["after"] - move["before"], abs=1e-9)
    assert any("new" in sentence for sentence in document["sentences"])


@pytest.mark.slow
def test_a_survey_elsewhere_may_be_pointed_to(precursor, root):
    shutil.move(root / "data" / "surveys" / "new", root / "new")
    status, document, _ = precursor("compare", "first", "second", "--survey", str(root / "new"), "--json")
    assert status == 0
    assert "new/cy" in document["moves"][0]["by_expert"]


def test_a_run_that_did_not_converge_is_said_first(precursor, root):
    third = shutil.copytree(root / "reports" / "first", root / "reports" / "third") / SUMMARY
    third.write_text(json.dumps({**json.loads(third.read_text()), "converged": False}))
    status, out, _ = precursor("compare", "first", "third")
    assert status == 1
    assert out.startswith("NOT CONVERGED, not a result: third.")


def test_an_unknown_run_is_an_error(precursor):
    status, document, _ = precursor("compare", "first", "secnod", "--json")
    assert status == 2
    assert "secnod" in document["errors"][0]["message"]
    assert "second" in document["errors"][0]["allowed"]
