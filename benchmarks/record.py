"""Run every comparison, and write what it printed to ``benchmarks/results.md``.

    python benchmarks/record.py [NAME ...]

The page says on what kind of machine, with which versions and at what load each was run; nothing on it is written by
hand.  With names, only those are run anew, and the rest of the page stays.
"""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE / "results.md"
COMMANDS = {
    "log_density": [],
    "by_expm": [],
    "fit": [],
    "samplers": [],
    "network_over_draws": [],
    "queries_over_draws": [],
    "networks": [],
    "growth": [],
    "scale": ["--questions", "10", "--sizes", "1", "10", "100", "1000", "10000"],
    "analysis": [],
    "pooling": [],
}
VERSIONS = ("precursor", "numpy", "scipy", "numba", "pytensor", "pymc", "nutpie", "pgmpy", "pyagrum")
HEADING = """# Results of the benchmarks

Written by `python benchmarks/record.py`, which runs each script and keeps what it printed. Times of one machine; ratios
travel better. A bar is a limit set beforehand: *met* or *NOT MET* stands beside it; those not met are listed first.
"""


def main(names: list[str]) -> int:
    """Run the named scripts, or all; write the page after each; return 0."""
    unknown = [name for name in names if name not in COMMANDS]
    if unknown:
        sys.stderr.write(f"No benchmark {', '.join(unknown)}; there are {', '.join(COMMANDS)}.\n")
        return 2
    sections = read()
    for name in names or COMMANDS:
        sys.stderr.write(f"{name} ...\n")
        sections[name] = measured(name)
        PAGE.write_text(page(sections), encoding="utf-8")
    return 0


def read() -> dict[str, str]:
    """Return the page's sections by name, as they stand."""
    if not PAGE.exists():
        return {}
    parts = re.split(r"^## (\w+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


def measured(name: str) -> str:
    """Return a script's section."""
    arguments = COMMANDS[name]
    start, load = time.perf_counter(), os.getloadavg()[0]
    done = subprocess.run(
        [sys.executable, str(HERE / f"{name}.py"), *arguments],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    spent = time.perf_counter() - start
    command = " ".join(["python", f"benchmarks/{name}.py", *arguments])
    return (
        f"`{command}`, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {spent:.0f} s; load when it began {load:.1f}; "
        f"{machine()}.\n\n```text\n{done.stdout.rstrip()}\n```"
    )


def machine() -> str:
    """Return kind of processor, cores and versions."""
    found = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    return f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {found}"


def processor() -> str:
    """Return the processor's name, as far as the system tells."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        names = re.findall(r"^model name\s*: (.+)$", listing.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def page(sections: dict[str, str]) -> str:
    """Return the page: bars not met first, then every section in order."""
    missed = [
        f"* {name}: {line.strip()}"
        for name in COMMANDS
        for line in sections.get(name, "").splitlines()
        if "NOT MET" in line
    ]
    parts = [HEADING, "\n".join(["Not met:", "", *missed]) if missed else "Every bar was met."]
    parts += [f"## {name}\n\n{sections[name]}" for name in COMMANDS if name in sections]
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
