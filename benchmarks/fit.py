"""What the default fit costs: compiling with empty and with filled caches, sampling, and the most memory held.

Each measurement is a process of its own.  ``--quick`` samples as ``precursor run --quick`` does.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path


def measure(quick: bool) -> dict[str, float]:
    """Fit the default surveys in this process; return seconds and gigabytes."""
    from precursor.inference.fits.fit import QUICK, Settings, fit
    from precursor.inference.surveys import open_reader

    reader = open_reader()
    surveys = [reader.read(name) for name in reader.ids]
    found = fit([survey for survey in surveys if survey.fit_by_default], QUICK if quick else Settings())
    steps = found.statistics["n_steps"]
    return {
        **found.seconds,
        "draws": float(steps.size),
        "leapfrogs": float(steps.mean()),
        "divergences": float(found.statistics["diverging"].sum()),
        "gigabytes": peak_gigabytes(),
    }


def peak_gigabytes() -> float:
    """Return the most memory this process has held (the system counts in kilobytes, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e9 if sys.platform == "darwin" else 1e6)


def in_a_process(caches: Path, arguments: list[str]) -> dict[str, float]:
    """Return what `measure` finds in a process with its own compilation caches."""
    flags = [os.environ.get("PYTENSOR_FLAGS", ""), f"base_compiledir={caches / 'pytensor'}"]
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(caches / "numba"),
        "PYTENSOR_FLAGS": ",".join(flag for flag in flags if flag),
    }
    command = [sys.executable, __file__, "--measure", *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(arguments: list[str]) -> None:
    """Print cold, then warm."""
    if "--measure" in arguments:
        print(json.dumps(measure("--quick" in arguments)))
        return
    with tempfile.TemporaryDirectory() as folder:
        for caches in ("empty", "filled"):
            found = in_a_process(Path(folder), arguments)
            print(
                f"caches {caches}: compiled in {found['compile']:.1f} s, {found['draws']:.0f} draws in "
                f"{found['sample']:.1f} s ({found['leapfrogs']:.1f} leapfrogs a draw, "
                f"{found['divergences']:.0f} divergences), at most {found['gigabytes']:.2f} GB"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
