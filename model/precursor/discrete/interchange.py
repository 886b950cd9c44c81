"""A network as an object of the other Python libraries, where they are installed; nothing goes through a file."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError, Problem


def to_pgmpy(network: DiscreteNetwork) -> Any:  # noqa: ANN401 - the library is optional
    """Return a single network as a pgmpy ``DiscreteBayesianNetwork``.

    Raises
    ------
    InputError
        pgmpy is not installed, or there are many draws (take ``at_draw`` or ``mean``).
    """
    single = network.single()
    models = _library("pgmpy.models", "pgmpy")
    factors = _library("pgmpy.factors.discrete", "pgmpy")
    # The class had another name before version 1.
    made = getattr(models, "DiscreteBayesianNetwork", None) or models.BayesianNetwork
    found = made()
    found.add_nodes_from(single.variables)
    found.add_edges_from((parent, name) for name, parents in single.parents.items() for parent in parents)
    for name, parents in single.parents.items():
        size = len(single.states[name])
        cpd = factors.TabularCPD(
            name,
            size,
            single.tables[name].reshape(-1, size).T,
            evidence=list(parents) or None,
            evidence_card=[len(single.states[parent]) for parent in parents] or None,
            state_names={one: list(single.states[one]) for one in (name, *parents)},
        )
        found.add_cpds(cpd)
    return found


def to_pyagrum(network: DiscreteNetwork) -> Any:  # noqa: ANN401 - the library is optional
    """Return a single network as a pyAgrum ``BayesNet``.

    Raises
    ------
    InputError
        pyAgrum is not installed, or there are many draws (take ``at_draw`` or ``mean``).
    """
    single = network.single()
    library = _library("pyagrum", "pyagrum")
    found = library.BayesNet(single.name)
    for name, states in single.states.items():
        found.add(library.LabelizedVariable(name, name, list(states)))
    for name, parents in single.parents.items():
        for parent in parents:
            found.addArc(parent, name)
        # Its tables run through the variable itself first, then the first parent.
        axes = (*reversed(range(len(parents))), len(parents))
        found.cpt(name).fillWith(np.transpose(single.tables[name], axes).ravel().tolist())
    return found


def _library(module: str, package: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError as error:
        problem = Problem(f"{package} is not installed: {error}.", f"pip install {package}")
        raise InputError(problem) from error
