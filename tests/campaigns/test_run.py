"""The runner: the same bytes on every scheduler, whatever dies; resumable; nothing mixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from precursor.campaigns import Campaign, InProcess, OnDask, ResultsFolder, Task, run, scheduler_of
from precursor.campaigns.campaign import Result
from precursor.problems import InputError

WORK = "tests.campaigns.worked_tasks"


def campaign(function: str = "draw", count: int = 12, **settings: object) -> Campaign:
    return Campaign("trial", f"{WORK}:{function}", seed=5, settings=settings, count=count)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "tasks").iterdir())}


class Interrupted(InProcess):
    """Stops after four tasks, as if it had been killed."""

    def results(self, function: str, tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        for i, found in enumerate(super().results(function, tasks)):
            if i == 4:
                raise KeyboardInterrupt
            yield found


class Counting(InProcess):
    """Says which tasks it was given."""

    given: list[str]

    def results(self, function: str, tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        Counting.given = [task.name for task in tasks]
        return super().results(function, tasks)


def test_an_interrupted_campaign_goes_on_where_it_stopped(tmp_path: Path) -> None:
    whole = run(campaign(), ResultsFolder(tmp_path / "whole"))
    part = ResultsFolder(tmp_path / "part")
    with pytest.raises(KeyboardInterrupt):
        run(campaign(), part, Interrupted())
    resumed = run(campaign(), part, Counting())
    assert Counting.given == [f"{i:05d}" for i in range(4, 12)]
    assert contents(tmp_path / "part") == contents(tmp_path / "whole")
    assert all(np.array_equal(resumed[name], whole[name]) for name in whole)
    assert whole["values"].shape == (12, 3)


def test_more_tasks_leave_the_first_as_they_were(tmp_path: Path) -> None:
    folder = ResultsFolder(tmp_path / "r")
    few = run(campaign(count=3), folder)
    many = run(campaign(count=7), folder)
    assert np.array_equal(many["values"][:3], few["values"])
    assert len(np.unique(many["values"])) == 21


@pytest.mark.parametrize(
    "other",
    [campaign(scale=2.0), Campaign("trial", f"{WORK}:draw", seed=6, count=12), campaign("draw_or_die")],
    ids=["settings", "seed", "function"],
)
def test_results_of_another_campaign_are_not_mixed_in(tmp_path: Path, other: Campaign) -> None:
    folder = ResultsFolder(tmp_path / "r")
    run(campaign(), folder)
    before = contents(folder.folder)
    with pytest.raises(InputError, match="another"):
        run(other, folder)
    assert contents(folder.folder) == before
    with pytest.raises(InputError, match="provenance"):
        run(campaign(), folder, inputs={"survey.toml": "another hash"})


def test_a_damaged_result_is_named(tmp_path: Path) -> None:
    folder = ResultsFolder(tmp_path / "r")
    run(campaign(), folder)
    (tmp_path / "r" / "tasks" / "00003.npz").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="00003"):
        run(campaign(), folder)


def test_an_unknown_scheduler_is_refused() -> None:
    assert isinstance(scheduler_of("none"), InProcess)
    assert scheduler_of("tcp://somewhere:8786") == OnDask("tcp://somewhere:8786")
    with pytest.raises(InputError, match="no scheduler"):
        scheduler_of("nowhere")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("workers", [1, 2])
def test_workers_die_and_the_bytes_are_the_same(tmp_path: Path, workers: int) -> None:
    run(campaign(), ResultsFolder(tmp_path / "here"))
    folder = tmp_path / "marks"
    folder.mkdir()
    mortal = campaign("draw_or_die", folder=str(folder))
    run(mortal, ResultsFolder(tmp_path / "there"), OnDask(workers=workers))
    assert list(folder.iterdir()), "a worker died"
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_there_already_is_used(tmp_path: Path) -> None:
    from distributed import LocalCluster

    run(campaign(), ResultsFolder(tmp_path / "here"))
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        run(campaign(), ResultsFolder(tmp_path / "there"), scheduler_of(cluster.scheduler_address))
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
    with pytest.raises(InputError, match="No scheduler answers"):
        run(campaign(count=13), ResultsFolder(tmp_path / "there"), OnDask("tcp://127.0.0.1:9", seconds=1))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_failing_task_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="A task that fails"):
        run(campaign("fail"), ResultsFolder(tmp_path / "r"), OnDask(workers=1))
