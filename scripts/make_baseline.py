"""Replace ``reports/baseline``: the default run at the default seed, and the picture that the README shows.

The only way in which that folder is made.  The old one is moved aside first and comes back if the fit fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

REPORTS = Path(__file__).resolve().parent.parent / "reports"
BASELINE, FORMER = REPORTS / "baseline", REPORTS / ".former-baseline"
LARGEST_COMMITTED = 10 * 2**20


def main() -> int:
    """Make the run; return the exit status of ``precursor run``."""
    REPORTS.mkdir(exist_ok=True)
    if BASELINE.exists():
        shutil.rmtree(FORMER, ignore_errors=True)
        BASELINE.rename(FORMER)
    made = subprocess.run([sys.executable, "-m", "precursor.cli.main", "run", "--name", "baseline"], check=False)
    if made.returncode != 0:
        shutil.rmtree(BASELINE, ignore_errors=True)
        if FORMER.exists():
            FORMER.rename(BASELINE)
        return made.returncode
    shutil.rmtree(FORMER, ignore_errors=True)
    _write_picture()
    size = (BASELINE / "posterior.nc").stat().st_size
    if size > LARGEST_COMMITTED:
        sys.stderr.write(f"posterior.nc has {size / 2**20:.1f} MB: too large to commit.\n")
    return 0


def _write_picture() -> None:
    """Write the figure of the headline, prior against posterior, as a picture of its own."""
    import json

    from precursor.figures.pictures import pictures
    from precursor.figures.style import svg

    data = json.loads((BASELINE / "report.json").read_text(encoding="utf-8"))
    for picture in pictures(data):
        if picture.name == "headline":
            (BASELINE / "headline.svg").write_text(svg(picture.figure), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
