"""`precursor experts RUN`: what a run learned of every expert; and which round is fitted."""

from __future__ import annotations

import json

import pytest

from precursor.cli.main import main
from tests.cli.made_runs import make_run


def measure(median: float, *, touched: bool = True) -> dict[str, object]:
    return {"median": median, "low": median - 1, "high": median + 1, "touched": touched}


def expert(name: str, *, our_reading: bool = False, touched: bool = True) -> dict[str, object]:
    return {
        "person": name,
        "label": name.title(),
        "group": "authors" if our_reading else "lab",
        "camp": "concerned",
        "our_reading": our_reading,
        "answers": 3,
        "bias": measure(0.25),
        "extremity": measure(1.5),
        "worldview": measure(1.0),
        "noise_multiplier": measure(1.75),
        "width_factor": measure(2.5, touched=touched),
    }


def test_lists_every_expert_and_marks_what_is_as_expected_of_anybody(tmp_path, capsys) -> None:
    (tmp_path / "data").mkdir()
    run = make_run(tmp_path, experts=[expert("ann", touched=False), expert("bob", our_reading=True)])
    assert main(["experts", str(run)]) == 0
    head, ann, bob, *_ = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["expert", "group", "answers"]
    assert ann.startswith("Ann ")
    assert "(2.50, 1.50 to 3.50)" in ann
    assert "(0.25" not in ann
    assert bob.startswith("our reading of Bob ")
    assert "(2.50" not in bob


def test_json_holds_the_table_of_the_run(tmp_path, capsys) -> None:
    (tmp_path / "data").mkdir()
    entries = [expert("ann")]
    run = make_run(tmp_path, converged=False, experts=entries)
    assert main(["experts", str(run), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document == {"run": "made", "converged": False, "experts": entries}


@pytest.mark.parametrize(("entries", "words"), [([], "has no experts"), (None, "says nothing of its experts")])
def test_a_run_without_experts_says_so(tmp_path, capsys, entries, words: str) -> None:
    (tmp_path / "data").mkdir()
    run = make_run(tmp_path, **({} if entries is None else {"experts": entries}))
    assert main(["experts", str(run)]) == (2 if entries is None else 0)
    said = capsys.readouterr()
    assert words in said.out + said.err


@pytest.mark.parametrize("command", ["fit", "run"])
@pytest.mark.parametrize("typed", ["0", "-1", "two", "1.5"])
def test_a_round_that_is_no_round_is_refused_with_every_other_bad_number(capsys, command: str, typed: str) -> None:
    assert main([command, f"--round={typed}", "--draws", "1", "--json"]) == 2
    messages = [error["message"] for error in json.loads(capsys.readouterr().out)["errors"]]
    assert len(messages) == 2
    assert any("--round" in message for message in messages)
    assert any("--draws" in message for message in messages)
