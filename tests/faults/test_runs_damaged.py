"""A run that is damaged, changed, gone, or of another version is refused with what to do; nothing is read off it."""

import io
import json
import shutil

import numpy as np
import pytest
import xarray as xr

from precursor.argument.parameters import parameter_space
from precursor.cli.main import main
from precursor.inference.runs import run as runs
from precursor.inference.runs.run import POSTERIOR, PROVENANCE, SUMMARY, Run
from precursor.problems import InputError
from tests.hostile.parsers import run_files

FILES = (POSTERIOR, SUMMARY, PROVENANCE)


@pytest.fixture
def folder(tmp_path):
    """A run whose provenance records the hashes of its files."""
    place = tmp_path / "reports" / "made"
    place.mkdir(parents=True)
    (tmp_path / "data").mkdir()
    contents = dict(run_files())
    hashes = {name: runs.hashlib.sha256(contents[name]).hexdigest() for name in (POSTERIOR, SUMMARY)}
    contents[PROVENANCE] = json.dumps({"format": 1, **json.loads(contents[PROVENANCE]), "files": hashes}).encode()
    for name, content in contents.items():
        (place / name).write_bytes(content)
    return place


def read(folder):
    run = Run.open(folder)
    return run.summary, run.provenance, run.posterior


def messages(folder):
    with pytest.raises(InputError) as caught:
        read(folder)
    assert all(problem.allowed for problem in caught.value.problems)
    return " ".join(problem.message for problem in caught.value.problems)


def unhashed(folder, name, content):
    """Change a file of a run that records no hashes, as before there were any."""
    (folder / PROVENANCE).write_bytes(run_files()[PROVENANCE])
    (folder / name).write_bytes(content)


def test_a_sound_run_is_read(folder):
    summary, _, posterior = read(folder)
    assert summary["converged"]
    assert posterior["posterior"]["standard_normal"].shape[:2] == (2, 5)


@pytest.mark.parametrize("name", [POSTERIOR, SUMMARY])
def test_one_flipped_bit_is_noticed(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert "is not as it was written" in messages(folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"a"', b"\x00" * 100, b"\xff\xfe{}", b"[" * 100_000])
def test_what_is_no_such_file_is_refused(folder, name, content):
    unhashed(folder, name, content)
    assert name in messages(folder)


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("name", FILES)
def test_what_is_cut_short_is_refused(folder, name, cut):
    content = (folder / name).read_bytes()
    unhashed(folder, name, content[: int(cut * len(content))])
    assert name in messages(folder)


def tree(**changes):
    latent = np.zeros((2, 5, len(parameter_space().latents)))
    dims, values = changes.get("dims", ("chain", "draw", "latent")), changes.get("values", latent)
    data = xr.Dataset({changes.get("name", "standard_normal"): (dims, values)}, coords=changes.get("coords", {}))
    return bytes(xr.DataTree.from_dict({changes.get("group", "posterior"): data}).to_netcdf(None, engine="h5netcdf"))


SPACE = parameter_space()
COUNT = len(SPACE.latents)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"group": "other"}, "draws are missing"),
        ({"name": "other"}, "draws are missing"),
        ({"dims": ("draw", "chain", "latent")}, "not numbers by chain, draw, latent"),
        ({"dims": ("chain", "draw"), "values": np.zeros((2, 5))}, "not numbers by chain, draw, latent"),
        ({"values": np.zeros((2, 0, COUNT))}, "no draws"),
        ({"values": np.full((2, 5, COUNT), 1, dtype=int)}, "not numbers by"),
        ({"values": np.full((2, 5, COUNT), np.nan)}, "not finite"),
        ({"values": np.zeros((2, 5, 3))}, "not those of this version"),
        ({"coords": {"parameter": ["of", "old"]}}, "not those of this version"),
    ],
)
def test_draws_of_another_shape_are_refused(folder, changes, words):
    unhashed(folder, POSTERIOR, tree(**changes))
    assert words in messages(folder)


@pytest.mark.parametrize(("number", "words"), [(2, "newer version"), (0, "made again"), ("x", "made again")])
def test_a_run_of_another_version_is_refused_with_what_to_do(folder, number, words):
    provenance = json.loads((folder / PROVENANCE).read_bytes())
    (folder / PROVENANCE).write_text(json.dumps({**provenance, "format": number}))
    with pytest.raises(InputError) as caught:
        read(folder)
    (problem,) = caught.value.problems
    assert "0.1.0" in problem.message
    assert words in (problem.allowed or "")


@pytest.mark.parametrize(
    "change",
    [
        {"headline": {}}, {"headline": [3]}, {"headline": [{"query": 3}]}, {"converged": "yes"}, {"indicators": []},
        {"untouched_parameters": "all"}, {"checks": [[]]}, {"surveys": {"a": 1}},
    ],
)  # fmt: skip
def test_a_summary_of_other_types_is_refused(folder, change):
    unhashed(folder, SUMMARY, json.dumps({**json.loads(run_files()[SUMMARY]), **change}).encode())
    assert f"{next(iter(change))!r} is not what it has to be" in messages(folder)


def test_what_a_summary_lacks_at_any_depth_is_bad_input(folder):
    unhashed(folder, SUMMARY, b'{"headline": [{"query": "a"}]}')
    summary = Run.open(folder).summary
    for missing in (lambda: summary["converged"], lambda: summary["headline"][0]["posterior"]):
        with pytest.raises(InputError, match="does not say"):
            missing()


def test_every_command_refuses_a_damaged_run_with_status_2(folder, capsys):
    (folder / POSTERIOR).write_bytes(b"no HDF5")
    root = str(folder.parents[1])
    for words in (["report", "made"], ["query", "P(existential_catastrophe=yes)", "--run", "made"]):
        assert main([*words, "--root", root]) == 2
        assert "posterior.nc" in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)


def test_a_run_that_vanishes_while_it_is_read_is_said_to_be_gone(folder):
    run = Run.open(folder)
    shutil.rmtree(folder)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        _ = run.summary


def test_posteriors_are_the_same_bytes_again():
    assert tree() == tree()
    assert xr.open_datatree(io.BytesIO(tree()), engine="h5netcdf")["posterior"]["standard_normal"].shape == (
        2,
        5,
        COUNT,
    )
