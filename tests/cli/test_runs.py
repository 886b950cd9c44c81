import json

import pytest

from tests.cli.made_runs import make_run


def test_no_runs(precursor):
    assert precursor("runs") == (0, "There are no runs.\n", "")
    assert precursor("runs", "--json")[1] == {"runs": []}


def test_runs_with_their_headline(precursor, root):
    make_run(root, "b", converged=False, quick=True)
    make_run(root, "a")
    status, document, err = precursor("runs", "--json")
    assert (status, err) == (0, "")
    assert document["runs"] == [
        {
            "name": name,
            "made": "2026-11-21 05:00 UTC",
            "converged": converged,
            "quick": not converged,
            "headline": [{"query": "P(existential_catastrophe=yes)", "median": 0.05}],
            "errors": [],
        }
        for name, converged in (("a", True), ("b", False))
    ]
    out = precursor("runs")[1]
    assert "a: 2026-11-21 05:00 UTC, passed its checks\n  0.05  P(existential_catastrophe=yes)\n" in out
    assert "b: 2026-11-21 05:00 UTC, did not pass its checks, quick\n" in out


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "summary.json").unlink(),
        lambda folder: (folder / "posterior.nc").unlink(),
        lambda folder: (folder / "provenance.json").write_text("{}"),
        lambda folder: (folder / "summary.json").write_text("{"),
        lambda folder: (folder / "summary.json").write_text("[]"),
        lambda folder: (folder / "summary.json").write_text('{"headline": [1], "converged": true}'),
        lambda folder: (folder / "summary.json").write_text(
            json.dumps({"converged": True, "headline": [{"query": "q", "posterior": {"median": float("nan")}}]})
        ),
        lambda folder: (folder / "summary.json").write_bytes(b"\xff"),
    ],
)
def test_a_broken_run_is_listed_as_such(precursor, root, change):
    make_run(root, "sound")
    change(make_run(root, "broken"))
    status, document, _ = precursor("runs", "--json")
    assert status == 0
    broken, sound = document["runs"]
    assert list(broken) == ["name", "errors"]
    assert len(broken["errors"]) == 1
    assert str(root) not in broken["errors"][0]["message"]
    assert sound["errors"] == []
    assert precursor("runs")[1].startswith("broken: broken\n")


def test_what_is_not_a_run_is_passed_over(precursor, root):
    (root / "reports" / ".unfinished-x").mkdir(parents=True)
    (root / "reports" / "notes.txt").write_text("")
    assert precursor("runs", "--json")[1] == {"runs": []}
