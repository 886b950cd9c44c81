"""A Bayesian network of the argument about deceptive alignment, updated by expert elicitation.

    import precursor

    precursor.query("P(model_outcome=deceptive)", scenario="argument")
    survey = precursor.load_survey("critics_premises")
    fit = precursor.fit([survey])

Everything is imported when it is first used, so that ``import precursor`` is instant.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from precursor.argument.scenario import Scenario, read_scenario
    from precursor.discrete.conditioned import Policy
    from precursor.discrete.network import Network, read_network
    from precursor.inference.ask import query
    from precursor.inference.fit import fit
    from precursor.inference.model import build_model
    from precursor.inference.run import Run
    from precursor.inference.surveys import load_survey
    from precursor.problems import InputError

    __version__: str

__all__ = [
    "InputError", "Network", "Policy", "Run", "Scenario", "__version__", "build_model", "fit", "load_survey", "query",
    "read_network", "read_scenario",
]  # fmt: skip

_HOMES: Mapping[str, str] = MappingProxyType(
    {
        "InputError": "precursor.problems",
        "Network": "precursor.discrete.network",
        "Policy": "precursor.discrete.conditioned",
        "Run": "precursor.inference.run",
        "Scenario": "precursor.argument.scenario",
        "build_model": "precursor.inference.model",
        "fit": "precursor.inference.fit",
        "load_survey": "precursor.inference.surveys",
        "query": "precursor.inference.ask",
        "read_network": "precursor.discrete.network",
        "read_scenario": "precursor.argument.scenario",
    }
)


def __getattr__(name: str) -> object:
    """Import a public name from its module when it is first asked for, and keep it (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("precursor")
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names along with what is there already."""
    return sorted({*globals(), *__all__})
