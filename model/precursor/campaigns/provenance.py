"""Which code and libraries made a result: versions, and a hash of the package's own source."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGES = ("precursor", "numpy", "numba", "nutpie", "pymc", "pytensor", "scipy")
# What decides a result; command line, report and figures do not.
_DECISIVE = ("argument", "campaigns", "elicitation", "emergence", "exact", "inference", "network", "validation")


def provenance(inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return versions, the hash of the source, and the given hashes of inputs."""
    return {
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "source": source_hash(),
        "inputs": dict(inputs or {}),
    }


@cache
def source_hash() -> str:
    """Return the SHA-256 of the package's modules that decide a result, by name and content."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for part in _DECISIVE:
        for path in sorted((package / part).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
