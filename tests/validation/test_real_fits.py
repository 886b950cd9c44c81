"""Real fits, short and small: the same bytes in this process, on one worker, on two, and after an interruption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from precursor.campaigns import InProcess, OnDask, ResultsFolder, Task, run
from precursor.campaigns.campaign import Campaign, Result
from precursor.validation.expert_model import campaign
from precursor.validation.simulated_fit import Length

FITS = 3


def planned(count: int = FITS) -> Campaign:
    return campaign(count, seed=3, length=Length(tune=40, draws=20, thinned=5))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "tasks").iterdir())}


class Interrupted(InProcess):
    """Stops after the first fit, as if it had been killed."""

    def results(self, function: str, tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        found = super().results(function, tasks)
        yield next(found)
        raise KeyboardInterrupt


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("here")
    run(planned(), ResultsFolder(folder))
    found = contents(folder)
    assert len({*found.values()}) == FITS, "every fit is another"
    return found


@pytest.mark.slow
def test_fits_that_were_interrupted(tmp_path: Path, whole: dict[str, bytes]) -> None:
    folder = ResultsFolder(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(planned(), folder, Interrupted())
    assert len(contents(tmp_path)) == 1
    run(planned(), folder)
    assert contents(tmp_path) == whole


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("workers", [1, 2])
def test_fits_on_workers(tmp_path: Path, whole: dict[str, bytes], workers: int) -> None:
    run(planned(), ResultsFolder(tmp_path), OnDask(workers=workers))
    assert contents(tmp_path) == whole
