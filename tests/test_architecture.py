"""ARCHITECTURE.md says what is there: folders, imports, dims, dependencies."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "precursor"
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def section(title: str) -> str:
    """Return the text of a section of the page."""
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(title: str) -> list[list[str]]:
    """Return the cells of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names_in(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


MAY_IMPORT = {names_in(cells[0])[0]: set(names_in(cells[2])) for cells in rows("Folders")}


def sources(name: str) -> list[Path]:
    folder = PACKAGE / name
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def imported(path: Path) -> Iterator[str]:
    """Yield the parts of the package that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name.split(".")[1] for name in names if name.startswith("precursor."))


def test_every_part_of_the_package_is_named() -> None:
    present = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    present |= {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert set(MAY_IMPORT) == present


def test_every_path_named_exists() -> None:
    paths = [name for name in names_in(PAGE) if "/" in name and " " not in name]
    assert len(paths) > 5
    assert [name for name in paths if not (ROOT / name).exists()] == []


def test_every_module_named_exists() -> None:
    dotted = [name for name in names_in(PAGE) if re.fullmatch(r"[a-z_]+(\.[A-Za-z_]+)+", name)]
    modules = [name for name in dotted if name.split(".")[0] in MAY_IMPORT]
    assert modules
    for name in modules:
        parts = [part for part in name.split(".") if part.islower()]
        assert PACKAGE.joinpath(*parts).with_suffix(".py").exists(), name


def namesakes(test: Path) -> set[Path]:
    """Return where in its part of the package modules and folders have the name of a test."""
    part, name = PACKAGE / test.parts[0], test.stem.removeprefix("test_").removeprefix("cli_")
    found = [*part.rglob(f"{name}.py"), *part.rglob(f"{name}/__init__.py")]
    return {path.parent.relative_to(PACKAGE) for path in found}


def out_of_place(tests: Iterable[Path]) -> set[Path]:
    """Return the tests whose module lies in another folder of the package than they in theirs."""
    return {test for test in tests if (places := namesakes(test)) and test.parent not in places}


def test_the_tests_mirror_the_package() -> None:
    root = ROOT / "tests"
    tests = {path.relative_to(root) for path in root.glob("*/**/test_*.py")}
    named = {Path(name).relative_to("tests") for name in names_in(PAGE) if re.fullmatch(r"tests/\w+/", name)}
    assert {test.parent for test in tests if not (PACKAGE / test.parent).is_dir()} == named - {Path("cases")}
    assert out_of_place(tests) == set()


def test_a_test_beside_its_folder_is_found() -> None:
    right = {Path("analysis/value/test_voi.py"), Path("exact/dense/test_dense.py"), Path("exact/test_circuit.py")}
    wrong = {Path("analysis/test_voi.py"), Path("exact/test_dense.py"), Path("exact/dense/test_circuit.py")}
    assert out_of_place(right | wrong) == wrong


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_folder_imports_only_what_its_row_allows(name: str) -> None:
    allowed = {name, *(MAY_IMPORT[name] or (set(MAY_IMPORT) if name == "cli" else set()))}
    found = {(path.name, part) for path in sources(name) for part in imported(path)}
    assert {(file, part) for file, part in found if part not in allowed} == set()


def test_rows_and_import_linter_agree_on_the_order() -> None:
    """Whatever a row allows lies in a lower layer of the contract."""
    (layers,) = (c["layers"] for c in PROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    level = {name.strip(" ()"): i for i, layer in enumerate(layers) for name in layer.split("|")}
    assert set(MAY_IMPORT) <= set(level)
    assert all(level[name] < level[other] for name, allowed in MAY_IMPORT.items() for other in allowed)


def literals(node: ast.AST) -> Iterator[str]:
    yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def dims_in(path: Path) -> Iterator[str]:
    """Yield the dims that a file spells out: ``dims=...``, and keys of ``coords={...}``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "dims":
            yield from literals(node.value)
        if isinstance(node, ast.keyword) and node.arg == "coords" and isinstance(node.value, ast.Dict):
            yield from (name for key in node.value.keys if key is not None for name in literals(key))


def test_dims_are_those_of_the_list_and_all_are_used() -> None:
    listed = set(names_in(section("Dims").split("\n\n")[-1]))
    files = sorted(PACKAGE.rglob("*.py"))
    assert {dim for path in files for dim in dims_in(path)} <= listed
    written = {name for path in files for name in literals(ast.parse(path.read_text(encoding="utf-8")))}
    assert listed <= written


def test_every_dependency_has_a_reason() -> None:
    declared = {re.match(r"[a-z0-9]+", line).group() for line in PROJECT["project"]["dependencies"]}  # type: ignore[union-attr]
    assert {names_in(cells[0])[0] for cells in rows("Run-time dependencies")} == declared
    assert all(len(cells[1].split()) >= 1 for cells in rows("Run-time dependencies"))


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page: str) -> None:
    """Except into the baseline, which `make baseline` makes."""
    text = (ROOT / page).read_text(encoding="utf-8")
    local = [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    assert [target for target in local if not target.startswith("reports/") and not (ROOT / target).exists()] == []
