"""The forecasters' own value of information, from what each said of P(U), P(c), P(U|c), beside the model's.

Why the two differ, and by construction must:

* *Whose belief.*  Theirs is a person's expected movement, of which the median is taken; the model's is that of one
  belief that holds all answers.  The value is not linear in the triple, so the median of values is not the value of
  a median.
* *Coherence.*  The three numbers of a person need not hold together: where P(c) P(U|c) > P(U), P(U | not c) is negative
  and the formula has no value (the row is counted in ``incoherent`` and left out).  The model's triples always hold.
* *Pooling.*  The model shrinks P(U|c) towards what others said and towards its prior, in which an indicator tells
  nothing; a person's extreme update is then worth less than by that person's own account.
* *Where.*  With three numbers that hold together the expected shift is ``2 P(c) P(U) |P(U|c) / P(U) - 1|``.  So
  `parts_of` divides the ratio of two expected shifts into three factors: the bottom line, how likely the indicator is
  held to be, and how far it would move one.
* *Parameters.*  The model's predictive value includes what the indicator says about the parameters, theirs cannot.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from precursor.analysis.value.information_value import discrimination, values_of_information
from precursor.problems import InputError, Problem

ULTIMATE = "extinction_by_2100"
_REPEATED = "(unconditional, stated with {})"
Triples = dict[str, dict[str, tuple[str, float, float, float]]]


def read_triples(path: Path) -> Triples:
    """Return, by crux and expert, camp and P(U), P(c), P(U|c); P(U) as stated together with the crux.

    Experts who left one of the three out are left out.  Raises `InputError` if the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise InputError(Problem(f"{path.name} cannot be read: {error.strerror}.", file=path.name)) from error
    stated: dict[tuple[str, str, str], float] = {}
    camps: dict[str, str] = {}
    for row in rows:
        camps[row["expert"]] = row["camp"]
        if row["probability"].strip():
            stated[row["expert"], row["quantity"], row["given"]] = float(row["probability"])
    cruxes = dict.fromkeys(row["quantity"] for row in rows if row["quantity"] != ULTIMATE)
    found: Triples = {crux: {} for crux in cruxes}
    for crux in cruxes:
        for expert, camp in camps.items():
            keys = [(ULTIMATE, _REPEATED.format(crux)), (crux, ""), (ULTIMATE, crux)]
            parts = [stated.get((expert, *key)) for key in keys]
            if None not in parts:
                found[crux][expert] = (camp, *parts)  # type: ignore[assignment]
    return found


def forecasters_value(triples: Triples) -> list[dict[str, Any]]:
    """Return one row for each crux, as the forecasters would compute it.

    Keys: ``indicator``, ``people``, ``incoherent`` (people whose three numbers cannot all hold), by camp ``shift`` and
    ``bits`` (medians over coherent people), ``median_triple`` (of each part), ``discrimination`` (between the camps'
    median triples; ``None`` unless there are two camps), ``pooled`` (see `pooled`: of all coherent people).
    """
    rows = []
    for crux, people in triples.items():
        by_camp: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        for camp, *parts in people.values():
            by_camp[camp].append((float(parts[0]), float(parts[1]), float(parts[2])))
        camps = {camp: _camp(np.array(parts)) for camp, parts in sorted(by_camp.items())}
        medians = [camp["median_triple"] for camp in camps.values()]
        rows.append(
            {
                "pooled": pooled([np.array(parts) for parts in by_camp.values()]),
                "indicator": crux,
                "people": len(people),
                "incoherent": sum(camp["incoherent"] for camp in camps.values()),
                "camps": camps,
                "discrimination": discrimination(*medians) if len(medians) == 2 else None,  # noqa: PLR2004 - two camps
            }
        )
    return rows


def _camp(parts: np.ndarray) -> dict[str, Any]:
    found = values_of_information(*parts.T)
    coherent = ~np.isnan(found["shift"])
    medians = {name: float(np.median(found[name][coherent])) if coherent.any() else None for name in ("shift", "bits")}
    return {
        "people": len(parts),
        "incoherent": int((~coherent).sum()),
        **medians,
        "median_triple": np.median(parts, axis=0).tolist(),
    }


def pooled(camps: Sequence[np.ndarray]) -> dict[str, float] | None:
    """Return the value to one belief that is the mean of people's, camps alike; ``None`` where nobody is coherent.

    Parameters
    ----------
    camps
        P(U), P(c), P(U|c) of each person of each camp, (person, 3).
    """
    means = []
    for parts in camps:
        u, c, u_given_c = parts[~np.isnan(values_of_information(*parts.T)["shift"])].T
        if len(u):
            means.append((u.mean(), c.mean(), (c * u_given_c).mean()))
    if not means:
        return None
    p_u, p_c, both = (float(part) for part in np.mean(means, axis=0))
    found = values_of_information(np.array(p_u), np.array(p_c), np.array(both / p_c))
    return {"p_u": p_u, "p_c": p_c, "p_u_given_c": both / p_c} | {name: float(value) for name, value in found.items()}


def parts_of(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Return by what factors the expected shift of one belief differs from another's: bottom_line, likely, update.

    Their product is the ratio of the two shifts.  Each belief has p_u, p_c, p_u_given_c.
    """
    return {
        "bottom_line": one["p_u"] / other["p_u"],
        "likely": one["p_c"] / other["p_c"],
        "update": abs(one["p_u_given_c"] / one["p_u"] - 1.0) / abs(other["p_u_given_c"] / other["p_u"] - 1.0),
    }
