"""The script that simulates the questionnaire: people nested, finished fits kept, a table of what was found."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from precursor.inference.scenarios import shared_indicators
from precursor.inference.surveys import open_reader

ROOT = Path(__file__).resolve().parents[2]


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("simulate_questionnaire", ROOT / "scripts/simulate_questionnaire.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = load_script()


def found(key: Mapping[str, str], *_: object) -> dict[str, str]:
    """What a fit might find: an interval about a truth that it misses at ten people."""
    low = "0.5" if key["people"] == "10" else "0.2"
    values = dict.fromkeys(script.FOUND, "0")
    return {**values, "true": "0.3", "prior_low": "0.01", "prior_median": "0.1", "prior_high": "0.9",
            "low": low, "median": "0.55", "high": "0.6", "converged": "yes"}  # fmt: skip


def test_finished_fits_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []

    def measured(key: Mapping[str, str], *_: object) -> dict[str, str]:
        made.append((key["truth"], key["people"]))
        if len(made) == 2:
            raise KeyboardInterrupt
        return found(key)

    monkeypatch.setattr(script, "_measured", measured)
    asked = ["--people", "10", "30", "--truths", "critic", "--repeats", "1", "--out", str(tmp_path)]
    with pytest.raises(KeyboardInterrupt):
        script.main(asked)
    assert not (tmp_path / "precision.md").exists()
    assert script.main(asked) == 0
    assert made == [("critic", "10"), ("critic", "30"), ("critic", "30")]
    script.main([*asked, "--draws", "7"])
    assert len(made) == 5, "other settings are another fit"


def test_the_page_says_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "_measured", found)
    script.main(["--people", "10", "30", "--truths", "critic", "--repeats", "2", "--out", str(tmp_path)])
    text = (tmp_path / "precision.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| critic")]
    assert [line.split(" | ")[1:3] for line in lines] == [["10", "2"], ["30", "2"]]
    assert "0 of 2" in lines[0].split(" | ")[7]
    assert "2 of 2" in lines[1].split(" | ")[7]
    assert "SYNTHETIC" in text
    assert "--repeats 2" in text


def test_fewer_people_are_the_first_of_more() -> None:
    reader = open_reader(ROOT / "data")
    events = shared_indicators(reader.data)
    questions = [reader.shared.questions[id_] for id_ in ("core_deceptive", "core_no_defection")]
    options = script._options(["--truths", "critic"])
    truth = script._truth("critic", 1, reader, events, options)
    crowd = script._crowd(questions, truth, events, 1, "typical")
    few, more = script._first(crowd, 10), script._first(crowd, 30)
    assert len(few.people) == 10
    assert few.people == more.people[:10]
    assert few.answers == more.answers[: len(few.answers)]
    assert len(more.answers) == 30 * len(questions)


def test_impossible_numbers_of_people_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        script.main(["--people", "0"])
    assert "1 to 100" in capsys.readouterr().err
