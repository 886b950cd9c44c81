"""A clock that stands still, or goes backwards: no name collides, and nothing is ordered by what it says."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from precursor.cli.main import main
from precursor.elicitation.retraction import list_tombstones
from precursor.inference.fits import fit as fits
from precursor.inference.plan import plan_model
from precursor.inference.runs import run as runs
from precursor.inference.runs.run import Run, free_name, run_names, write_run
from precursor.inference.surveys import open_reader
from tests.cli.conftest import write_survey
from tests.faults.killing import DONE, FOUND, SETTINGS, Bench, prepared

NEW_YEAR = "20260101T000000Z"
EARLIER = "20251231T235959Z"


@pytest.fixture
def bench(tmp_path):
    return Bench(prepared(tmp_path))


@pytest.fixture
def set_clock(monkeypatch):
    """Set the clock that names runs and dates retractions."""

    def set_to(text):
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        clock = SimpleNamespace(now=lambda _zone: moment)
        monkeypatch.setattr("precursor.inference.runs.run.datetime", clock)
        monkeypatch.setattr("precursor.elicitation.retraction.datetime", clock)

    return set_to


def document(bench, capsys, *words):
    with bench.computed():
        assert main([*words, "--json", "--root", str(bench.root)]) in DONE
    out, err = capsys.readouterr()
    return {**json.loads(out), "said": err}


def test_fits_get_names_of_their_own_whatever_the_clock_says(bench, set_clock, capsys):
    names = []
    for text in (NEW_YEAR, NEW_YEAR, EARLIER, NEW_YEAR):
        set_clock(text)
        names.append(document(bench, capsys, "fit", *SETTINGS, "--seed", "7")["run"])
    assert names == [f"{NEW_YEAR}-7", f"{NEW_YEAR}-7-2", f"{EARLIER}-7", f"{NEW_YEAR}-7-3"]
    assert {*names} < {*run_names(bench.root)}
    assert [Run.open(name, bench.root).provenance["made"][:10] for name in names[1:3]] == ["2026-01-01", "2025-12-31"]


def test_the_store_has_no_clock(bench, set_clock, capsys):
    kept = []
    for name, text in (("later", NEW_YEAR), ("early", EARLIER)):
        set_clock(text)
        write_survey(bench.root / "drafts" / name, "ada,deceptive,point,2%\n")
        document(bench, capsys, "accept", str(bench.root / "drafts" / name))
        kept.append((bench.root / "data" / "surveys" / name / "survey.toml").read_text().replace(name, ""))
    assert kept[0].splitlines()[1:] == kept[1].splitlines()[1:]
    assert [id_ for id_ in open_reader(bench.root).ids if id_ in ("later", "early")] == ["early", "later"]
    for name, text in (("early", NEW_YEAR), ("later", EARLIER)):
        set_clock(text)
        document(bench, capsys, "retract", name)
    assert [(stone.id, stone.when[:4]) for stone in list_tombstones(bench.root / "data" / "surveys")] == [
        ("early", "2026"), ("later", "2025"),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [(), ("--name", "mine")])
def test_a_name_that_is_taken_during_a_fit_is_followed_by_the_next(bench, set_clock, capsys, monkeypatch, words):
    set_clock(NEW_YEAR)
    name = words[-1] if words else f"{NEW_YEAR}-7"

    def taking(plan, settings):
        other = fits.Fit(plan, settings, fit.latent + 1, {})
        write_run(bench.root / "reports" / name, other, FOUND, {"seed": "the other"})
        return fit

    fit = fits.prior_fit(plan_model([]), fits.Settings(draws=50, chains=2, seed=7))
    monkeypatch.setattr(fits, "prior_fit", taking)
    found = document(bench, capsys, "fit", *SETTINGS, "--seed", "7", *words)
    assert found["run"] == f"{name}-2"
    assert f"Another run took the name {name} meanwhile: this one is {name}-2." in found["said"]
    assert [Run.open(run, bench.root).provenance["seed"] for run in (name, f"{name}-2")] == ["the other", 7]


def test_the_next_free_name(tmp_path):
    folder = tmp_path / "made"
    assert free_name(folder).name == "made"
    folder.mkdir()
    assert free_name(folder).name == "made-2"
    folder.with_name("made-2").mkdir()
    assert free_name(folder).name == "made-3"


def test_the_clock_is_asked_in_utc(monkeypatch):
    asked = []
    monkeypatch.setattr(runs, "datetime", SimpleNamespace(now=lambda zone: asked.append(zone) or datetime(2026, 1, 1)))
    assert runs.default_name(3) == f"{NEW_YEAR}-3"
    assert asked == [UTC]
