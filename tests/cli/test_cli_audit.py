"""``precursor audit``: of surveys without a run, of a run, and what cannot be audited."""

import json

import numpy as np
import pytest
import xarray as xr

from precursor.inference.plan import plan_model
from precursor.inference.runs.run import POSTERIOR, SUMMARY
from precursor.inference.surveys import open_reader
from tests.cli.made_runs import make_run

MORE = """
[[question]]
id = "proxy"
wording = "A proxy?"
query = "P(model_outcome=proxy | prosaic_paradigm=yes, tai_by_2100=yes)"
forms = ["point"]
"""


@pytest.fixture
def two(root, survey):
    (root / "data" / "questions" / "b.toml").write_text(MORE)
    return survey("two", "ada,deceptive,point,60%\nada,proxy,point,70%\nbob,deceptive,point,20%\nbob,proxy,point,20%\n")


@pytest.fixture
def run_of(root):
    """Write a run of a survey, made of draws of the prior, with today's latents."""

    def written(survey, **summary):
        folder = make_run(root, surveys=[{"id": survey}], **summary)
        names = plan_model([open_reader(root).read(survey)]).layout.names
        latent = np.random.default_rng(1).standard_normal((2, 150, len(names)))
        posterior = xr.Dataset(
            {"standard_normal": (("chain", "draw", "latent"), latent)}, coords={"latent": list(names)}
        )
        (folder / POSTERIOR).unlink()
        xr.DataTree.from_dict({"posterior": posterior}).to_netcdf(folder / POSTERIOR, engine="h5netcdf")
        return folder

    return written


@pytest.mark.usefixtures("two")
def test_of_a_survey_it_names_who_is_incoherent_with_the_rows(precursor):
    status, document, err = precursor("audit", "two", "--json")
    assert (status, err) == (0, "")
    assert document["run"] is None
    (conflict,) = document["coherence"]["conflicts"]
    assert (conflict["person"].split("/")[-1], [a["row"] for a in conflict["answers"]]) == ("ada", [2, 3])
    out = precursor("audit", "two")[1]
    assert "1 of 2 people with related answers are coherent" in out
    assert "two row 2" in out
    assert "bob" not in out


@pytest.mark.usefixtures("two")
def test_of_a_run_it_has_every_section(precursor, run_of):
    run_of("two")
    status, document, _ = precursor("audit", "made", "--json")
    assert status == 0
    assert document["run"] == "made"
    assert document["posterior"]["warnings"] == []
    assert {row["label"] for row in document["leave_out"]["rows"] if row["without"] == "expert"} == {"ada", "bob"}
    status, out, _ = precursor("audit", "made")
    assert status == 0
    for heading in ("COHERENCE", "STATED AGAINST EXPECTED", "BETWEEN SURVEYS", "WITHOUT EACH", "INDEPENDENCE"):
        assert heading in out


@pytest.mark.usefixtures("two")
def test_a_run_that_did_not_converge_is_no_result(precursor, run_of):
    run_of("two", converged=False)
    status, out, _ = precursor("audit", "made")
    assert status == 1
    assert out.startswith("FAILED CHECKS")


@pytest.mark.usefixtures("two")
def test_a_run_of_other_latents_is_said_to_be_approximate(precursor, run_of):
    folder = run_of("two")
    with xr.open_datatree(folder / POSTERIOR, engine="h5netcdf") as tree:
        fewer = tree["posterior"].to_dataset().isel(latent=slice(0, -2)).load()
    (folder / POSTERIOR).unlink()
    xr.DataTree.from_dict({"posterior": fewer}).to_netcdf(folder / POSTERIOR, engine="h5netcdf")
    (warning,) = precursor("audit", "made", "--json")[1]["posterior"]["warnings"]
    assert "lacks 2 of today's unknowns" in warning


@pytest.mark.usefixtures("two")
def test_answers_that_changed_since_the_run_are_named(precursor, run_of):
    folder = run_of("two")
    made = json.loads((folder / "provenance.json").read_text())
    made["inputs"] = {"surveys/two/responses.csv": "0" * 64}
    (folder / "provenance.json").write_text(json.dumps(made))
    (warning,) = precursor("audit", "made", "--json")[1]["posterior"]["warnings"]
    assert "two have changed" in warning


def test_what_is_neither_run_nor_survey(precursor):
    status, document, _ = precursor("audit", "nothing", "--json")
    assert status == 2
    assert "nothing" in document["errors"][0]["message"]


@pytest.mark.usefixtures("two")
def test_a_run_whose_draws_have_no_names(precursor, root):
    make_run(root, surveys=[{"id": "two"}])
    assert (root / "reports" / "made" / SUMMARY).is_file()
    status, document, _ = precursor("audit", "made", "--json")
    assert status == 2
    assert document["errors"][0]["allowed"] == "make the run again"
