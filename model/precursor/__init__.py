"""A Bayesian network of the argument about deceptive alignment, updated by expert elicitation.

    import precursor

    precursor.query("P(model_outcome=deceptive)", scenario="argument")
    survey = precursor.load_survey("critics_premises")
    fit = precursor.fit([survey])

What a run or a scenario means, by its name, each as one document (plain dictionaries and lists):

    precursor.pathways("baseline")              # the ways to catastrophe, interventions, research priorities
    precursor.sensitivity("baseline")           # what drives the answers, and whether they lean on the prior
    precursor.value_of_information("baseline")  # which indicators and which questions would teach most
    precursor.difference("argument", "critic")  # which beliefs make the gap between two sides
    precursor.concessions("argument", "critic") # what one side would say if it gave way

For people, in a notebook:

    precursor.network_picture("argument")       # the network, with a source's probabilities on it
    precursor.chart(rows)                       # rows of numbers, estimates or draws as one chart
    precursor.table(rows, columns)              # rows of a document as a table
    precursor.checks(fit)                       # whether the sampler did its work, in words
    precursor.judgements(fit)                   # every answer beside what was expected of it

Everything is imported when it is first used, so that ``import precursor`` is instant.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from precursor.analysis.by_name import concessions, difference, pathways, sensitivity, value_of_information
    from precursor.analysis.tables.fit_tables import checks, judgements
    from precursor.analysis.tables.tables import table
    from precursor.argument.scenario import Scenario, read_scenario
    from precursor.discrete.conditioned import Policy
    from precursor.discrete.network import Network, read_network
    from precursor.figures.chart import chart
    from precursor.inference.ask import query
    from precursor.inference.density.model import build_model
    from precursor.inference.fits.fit import Settings, compile_model, fit
    from precursor.inference.runs.run import Run
    from precursor.inference.surveys import load_survey
    from precursor.problems import InputError
    from precursor.report.network_picture import network_picture

    __version__: str

__all__ = [
    "InputError", "Network", "Policy", "Run", "Scenario", "Settings", "__version__", "build_model", "chart", "checks",
    "compile_model", "concessions", "difference", "fit", "judgements", "load_survey", "network_picture", "pathways",
    "query", "read_network", "read_scenario", "sensitivity", "table", "value_of_information",
]  # fmt: skip

_HOMES: Mapping[str, str] = MappingProxyType(
    {
        "InputError": "precursor.problems",
        "Network": "precursor.discrete.network",
        "Policy": "precursor.discrete.conditioned",
        "Run": "precursor.inference.runs.run",
        "Scenario": "precursor.argument.scenario",
        "Settings": "precursor.inference.fits.fit",
        "build_model": "precursor.inference.density.model",
        "chart": "precursor.figures.chart",
        "checks": "precursor.analysis.tables.fit_tables",
        "compile_model": "precursor.inference.fits.fit",
        "concessions": "precursor.analysis.by_name",
        "difference": "precursor.analysis.by_name",
        "fit": "precursor.inference.fits.fit",
        "judgements": "precursor.analysis.tables.fit_tables",
        "load_survey": "precursor.inference.surveys",
        "network_picture": "precursor.report.network_picture",
        "pathways": "precursor.analysis.by_name",
        "query": "precursor.inference.ask",
        "read_network": "precursor.discrete.network",
        "read_scenario": "precursor.argument.scenario",
        "sensitivity": "precursor.analysis.by_name",
        "table": "precursor.analysis.tables.tables",
        "value_of_information": "precursor.analysis.by_name",
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
