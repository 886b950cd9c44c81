"""Write docs/dependencies.md: every locked package with its version, licence, use, and what asked for it.

Usage: scripts/list_dependencies.py [--check]     with --check nothing is written; exit 1 if the page is not current

Versions, and what asked for what, are those of requirements.lock; licences those of the installed packages' metadata.
Nothing is fetched.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "dependencies.md"

# Not installed here, because for another system or implementation: as published.
ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "cffi": "MIT",
    "colorama": "BSD-3-Clause",
    "pycparser": "BSD-3-Clause",
}
# What metadata says in classifiers or in words, in SPDX's; a BSD licence of unstated clauses is called BSD.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Licences whose code may stand beside, and be called by, a project under MIT.  MPL's copyleft ends at its own files.
COMPATIBLE = frozenset(
    {
        "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC",
        "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
    }
)  # fmt: skip
HEAD = """# Dependencies

Made by `scripts/list_dependencies.py` from `requirements.lock` and the installed packages' metadata; a test holds it
current. Why each direct one is needed stands in `ARCHITECTURE.md`. Precursor itself is MIT, and carries none of their
code.

What wheels bundle has licences of its own, stated inside them: Graphviz (Eclipse Public License) with
cairo (LGPL or MPL) in `pygraphviz`, OpenBLAS (BSD) and the GCC run-time library (GPL with its run-time exception) in
`numpy` and `scipy`, HDF5 (BSD-style) in `h5py`, fonts in `matplotlib` and `typst`. Precursor calls
them and does not distribute them.
"""


@dataclass(frozen=True)
class Locked:
    """A package of the lock: its pin, its hashes, the condition it is wanted under, and who asks for it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]


def read_lock(text: str) -> list[Locked]:
    """Return the packages of a lock; a line that is none of what a lock holds is an error."""
    found: list[dict[str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        pin = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)(?:\s*;\s*(.*?))?(?:\s*\\)?", line)
        hash_ = re.fullmatch(r"\s+--hash=(sha256:[0-9a-f]{64})(?:\s*\\)?", line)
        via = re.fullmatch(r"\s+#(?: via)?(?:\s+([^\s].*))?", line)
        if pin:
            found.append({"pin": [pin[1], pin[2], pin[3] or ""], "hashes": [], "via": []})
        elif hash_ and found:
            found[-1]["hashes"].append(hash_[1])
        elif via and found:
            found[-1]["via"] += [via[1]] if via[1] else []
        elif line.strip():
            raise ValueError(f"requirements.lock, line {number}: not a pin, a hash or a reason: {line!r}")
    return [Locked(*one["pin"], tuple(one["hashes"]), tuple(one["via"])) for one in found]


def at_run_time(locked: list[Locked]) -> set[str]:
    """Return the packages that the project itself asks for, and what those ask for in turn."""
    found = {one.name for one in locked if "precursor (pyproject.toml)" in one.wanted_by}
    while more := {one.name for one in locked if found & {*one.wanted_by}} - found:
        found |= more
    return found


def licence(name: str) -> str:
    """Return a package's licence, in SPDX's words where its metadata allow."""
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return ELSEWHERE[name]
    if expression := metadata.get("License-Expression"):
        return str(expression)
    prefix = "License :: OSI Approved :: "
    told = [c.removeprefix(prefix) for c in metadata.get_all("Classifier") or [] if c.startswith(prefix)]
    words = told or [str(metadata.get("License", "")).splitlines()[0]]
    return " OR ".join(sorted({SPDX.get(word, word) for word in words}))


def incompatible(expression: str) -> bool:
    """Return whether none of a licence's alternatives may be used in all its parts."""
    alternatives = [part.strip(" ()").split(" AND ") for part in expression.split(" OR ")]
    return not any(all(part.strip(" ()") in COMPATIBLE for part in parts) for parts in alternatives)


def page() -> str:
    """Return the whole page."""
    locked = read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    direct = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    needed = at_run_time(locked)
    parts = (("At run time", needed), ("For development only", {one.name for one in locked} - needed))
    lines = [
        HEAD,
        f"{len(locked)} packages: {len(direct)} direct and {len(needed) - len(direct)} indirect at run time.",
    ]
    for title, names in parts:
        lines += ["", f"## {title}", "", "| package | version | licence | wanted by |", "| --- | --- | --- | --- |"]
        lines += [_row(one) for one in locked if one.name in names]
    return "\n".join([*lines, ""])


def _row(one: Locked) -> str:
    where = f" ({one.marker})" if one.marker else ""
    return f"| `{one.name}` | {one.version}{where} | {licence(one.name)} | {', '.join(_wanted(one))} |"


def _wanted(one: Locked) -> Iterator[str]:
    for name in one.wanted_by:
        yield {"precursor (pyproject.toml)": "**precursor**", "precursor (pyproject.toml:dev)": "**development**"}.get(
            name, name
        )


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        if PAGE.read_text(encoding="utf-8") == page():
            return 0
        print("docs/dependencies.md is not current: run scripts/list_dependencies.py", file=sys.stderr)
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
