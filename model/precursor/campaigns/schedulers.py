"""Where tasks run: in this process, on two local workers, or on a Dask cluster that is already there.

The result of a task depends on its seed and settings alone, so every scheduler gives the same results, in any order.
On Dask a task whose worker died is given to another; only when it brought down several is it given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from precursor.campaigns.campaign import Result, Task, function_of
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from distributed import Client

WORKERS = 2
# How many workers may die while they hold a task before the task itself is held to be the cause.
DEATHS_ALLOWED = 10


class Scheduler(Protocol):
    """What runs tasks."""

    def results(self, function: str, tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield every task with its result, as they are done."""
        ...


@dataclass(frozen=True, slots=True)
class InProcess:
    """One task after another, here."""

    def results(self, function: str, tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield every task with its result, in order."""
        call = function_of(function)
        for task in tasks:
            yield task, call(task.seed, task.settings)


@dataclass(frozen=True, slots=True)
class OnDask:
    """A Dask cluster: the one at ``address``, or without an address ``workers`` local processes of one thread each.

    A scheduler that does not answer within so many ``seconds`` is bad input.
    """

    address: str | None = None
    workers: int = WORKERS
    seconds: float = 20.0

    def results(self, function: str, tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield every task with its result, as they are done."""
        from distributed import as_completed

        with self._client() as client:
            waiting = {
                client.submit(_call, function, task.seed, dict(task.settings), key=f"{function}-{task.name}"): task
                for task in tasks
            }
            for future, result in as_completed(list(waiting), with_results=True):
                task = waiting.pop(future)
                future.release()
                yield task, result

    @contextmanager
    def _client(self) -> Iterator[Client]:
        _require_distributed()
        from distributed import Client, LocalCluster

        if self.address is not None:
            try:
                client = Client(self.address, timeout=self.seconds)
            except (OSError, ValueError) as error:
                raise InputError(
                    Problem(f"No scheduler answers at {self.address!r}: {error}.", "none, local or tcp://HOST:PORT")
                ) from error
            with client:
                yield client
            return
        with (
            LocalCluster(
                n_workers=self.workers, threads_per_worker=1, processes=True, dashboard_address=":0",
                memory_limit=None, silence_logs=50, scheduler_kwargs={"allowed_failures": DEATHS_ALLOWED},
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            yield client


def scheduler_of(name: str) -> Scheduler:
    """Return the scheduler that ``--scheduler`` names: ``none``, ``local``, or an address."""
    if name == "none":
        return InProcess()
    if name == "local":
        _require_distributed()
        return OnDask()
    if "://" not in name and ":" not in name:
        raise InputError(Problem(f"--scheduler {name!r} is no scheduler.", "none, local or tcp://HOST:PORT"))
    return OnDask(name)


def _call(function: str, seed: int, settings: dict[str, Any]) -> Result:
    return function_of(function)(seed, settings)


def _require_distributed() -> None:
    if find_spec("distributed") is None:
        raise InputError(
            Problem("Dask's distributed is not installed.", "pip install 'precursor[cluster]', or --scheduler none")
        )
