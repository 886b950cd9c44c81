"""A disk so small that it is soon full, and that can be made read-only: the system itself does the refusing."""

import os
import subprocess
from pathlib import Path

import pytest

MEGABYTE = 2**20


class SmallDisk:
    """A file system of its own, in memory."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        _system("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))

    def fill(self, left: int) -> None:
        """Fill the disk up but for so many bytes, rounded down to whole pages."""
        found = os.statvfs(self.folder)
        (self.folder / "filler").write_bytes(b"\0" * (found.f_bavail - left // found.f_frsize) * found.f_frsize)

    def empty(self) -> None:
        (self.folder / "filler").unlink()

    def read_only(self, yes: bool) -> None:
        _system("mount", "-o", f"remount,{'ro' if yes else 'rw'}", str(self.folder))

    def remove(self) -> None:
        _system("umount", str(self.folder))


def _system(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip() or words[0])


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """A disk of 64 MB; the test is skipped where none may be mounted."""
    try:
        made = SmallDisk(tmp_path_factory.mktemp("disk"), 64 * MEGABYTE)
    except OSError as error:
        pytest.skip(f"no file system may be mounted here: {error}")
    yield made
    made.remove()
