"""The lock pins everything by hash and names no host; docs/dependencies.md is current; licences allow the use."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.list_dependencies import ELSEWHERE, PAGE, at_run_time, incompatible, licence, page, read_lock

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {one.name: one for one in read_lock(TEXT)}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DIRECT = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
PIN = "numpy==2.0 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via precursor (pyproject.toml)\n"


def test_every_requirement_is_pinned_by_hash() -> None:
    assert len(LOCKED) > 50
    assert [name for name, one in LOCKED.items() if not one.hashes] == []
    assert not re.search(r"https?://|file:|git\+|^\s*-[-a-z]*(?:index|find-links|trusted)", TEXT, re.M)


@pytest.mark.parametrize(
    "line", ["numpy @ https://example.org/numpy.whl", "--index-url https://example.org", "numpy>=2", "-e ."]
)
def test_a_lock_that_names_a_host_or_pins_nothing_is_refused(line: str) -> None:
    """Negative control."""
    assert len(read_lock(PIN)) == 1
    with pytest.raises(ValueError, match="line 4"):
        read_lock(PIN + line)


def test_the_lock_has_what_the_project_asks_for() -> None:
    for asked in map(Requirement, DIRECT):
        assert LOCKED[asked.name.lower()].version in asked.specifier, asked


def test_everything_locked_is_asked_for_by_something_locked() -> None:
    roots = {"precursor (pyproject.toml)", "precursor (pyproject.toml:dev)"}
    for one in LOCKED.values():
        assert one.wanted_by, one.name
        assert {name.split("[")[0] for name in one.wanted_by} <= {*LOCKED, *roots}, one.name


def test_what_is_installed_is_what_is_locked() -> None:
    for name, one in LOCKED.items():
        try:
            assert version(name) == one.version, name
        except PackageNotFoundError:
            assert name in ELSEWHERE


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/list_dependencies.py"


def test_every_licence_allows_the_use() -> None:
    assert {name: licence(name) for name in LOCKED if incompatible(licence(name))} == {}
    # MPL's copyleft is for its own files: even so, none of it is needed to run.
    assert [name for name in at_run_time([*LOCKED.values()]) if "MPL" in licence(name)] == []


@pytest.mark.parametrize(
    "expression", ["GPL-3.0-or-later", "MIT AND GPL-2.0-only", "AGPL-3.0 OR LGPL-3.0", "", "UNKNOWN"]
)
def test_other_licences_are_noticed(expression: str) -> None:
    """Negative control."""
    assert incompatible(expression)
    assert not incompatible(f"{expression} OR MIT")
