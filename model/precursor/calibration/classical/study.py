"""A study: quantiles that experts state of quantities, some of which (the seeds) are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from precursor.problems import InputError, Problem, did_you_mean

Background = Literal["linear", "log"]


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What experts stated, and what is known.

    Parameters
    ----------
    experts, items
        Their names, each once.
    levels
        Of the quantiles, strictly rising between 0 and 1.
    quantiles
        ``[expert, item, level]``, in the item's unit, not falling with the level; an item that an expert did not answer
        is nan at all levels.
    realisations
        ``[item]``; nan where the answer is not known.
    scales
        Of each item: is the background measure uniform in the quantity (``linear``) or in its logarithm (``log``)?
    warnings
        What a reader of the study should know.

    Raises
    ------
    InputError
        With everything that is wrong.
    """

    experts: tuple[str, ...]
    items: tuple[str, ...]
    levels: tuple[float, ...]
    quantiles: np.ndarray
    realisations: np.ndarray
    scales: tuple[Background, ...]
    warnings: tuple[Problem, ...] = field(default=())

    def __post_init__(self) -> None:
        """Check that the parts fit, and that the numbers can be quantiles."""
        problems = _shape_problems(self) or [*_name_problems(self), *_answer_problems(self), *_known_problems(self)]
        if problems:
            raise InputError(problems)

    @property
    def seeds(self) -> np.ndarray:
        """``[item]``: whether the answer is known."""
        return ~np.isnan(self.realisations)

    @property
    def answered(self) -> np.ndarray:
        """``[expert, item]``: whether the expert answered."""
        return ~np.isnan(self.quantiles[:, :, 0])

    @property
    def bins(self) -> np.ndarray:
        """``[bin]``: the probability of each bin between quantiles."""
        return np.diff(self.levels, prepend=0.0, append=1.0)

    def keep(self, experts: Sequence[str] | None = None, items: Sequence[str] | None = None) -> Study:
        """Return the study of some of the experts and items, in the order given; None keeps all."""
        chosen = range(len(self.experts)) if experts is None else positions(experts, self.experts, "expert")
        asked = range(len(self.items)) if items is None else positions(items, self.items, "item")
        return replace(
            self,
            experts=tuple(self.experts[e] for e in chosen),
            items=tuple(self.items[i] for i in asked),
            quantiles=self.quantiles[np.ix_(list(chosen), list(asked))],
            realisations=self.realisations[list(asked)],
            scales=tuple(self.scales[i] for i in asked),
        )

    def forgetting(self, items: Collection[str]) -> Study:
        """Return the study as if the answers to ``items`` were not known."""
        realisations = self.realisations.copy()
        realisations[positions(tuple(items), self.items, "item")] = np.nan
        return replace(self, realisations=realisations)


def positions(names: Sequence[str], among: Sequence[str], what: str) -> list[int]:
    """Return where ``names`` stand ``among`` others; raise `InputError` for those that do not."""
    unknown = [name for name in names if name not in among]
    if unknown:
        raise InputError(Problem(f"There is no {what} '{name}'.", did_you_mean(name, among)) for name in unknown)
    return [among.index(name) for name in names]


def level_problems(levels: Sequence[float]) -> list[Problem]:
    """Return what keeps ``levels`` from being the levels of quantiles."""
    shown = ", ".join(f"{level:g}" for level in levels)
    if not levels:
        return [Problem("There are no quantile levels.", "at least one")]
    if not all(0 < level < 1 for level in levels):
        return [Problem(f"The levels {shown} are not all between 0 and 1.", "levels such as 0.05, 0.5 and 0.95")]
    if any(after <= before for before, after in pairwise(levels)):
        return [Problem(f"The levels {shown} do not rise.", "each level once, rising")]
    return []


def value_problems(values: Sequence[float], levels: Sequence[float], scale: Background) -> list[Problem]:
    """Return what keeps ``values`` from being one expert's quantiles at ``levels``; the column is the level."""
    problems = [
        Problem("The value is not finite.", "a number", column=shown_level(level))
        for value, level in zip(values, levels, strict=True)
        if not np.isfinite(value)
    ]
    if problems:
        return problems
    for (before, after), level in zip(pairwise(values), levels[1:], strict=True):
        if after < before:
            message = f"The quantiles fall: {after:g} after {before:g}."
            problems.append(Problem(message, "values that do not fall", column=shown_level(level)))
    if scale == "log":
        problems += [
            Problem(f"{value:g} has no logarithm.", "values above zero on a log scale", column=shown_level(level))
            for value, level in zip(values, levels, strict=True)
            if value <= 0
        ]
    return problems


def shown_level(level: float) -> str:
    """Return a level as people write it: ``5%``."""
    return f"{100 * level:g}%"


def _shape_problems(study: Study) -> list[Problem]:
    problems = level_problems(study.levels)
    shape = (len(study.experts), len(study.items), len(study.levels))
    if 0 in shape[:2]:
        problems.append(Problem("The study has no experts or no items.", "at least one of each"))
    if study.quantiles.shape != shape:
        problems.append(Problem(f"The quantiles have the shape {study.quantiles.shape}.", f"{shape}"))
    if study.realisations.shape != shape[1:2]:
        problems.append(Problem(f"The realisations have the shape {study.realisations.shape}.", f"{shape[1:2]}"))
    if len(study.scales) != shape[1]:
        problems.append(Problem(f"There are {len(study.scales)} scales.", f"{shape[1]}: one an item"))
    return problems


def _name_problems(study: Study) -> list[Problem]:
    return [
        Problem(f"The {what} '{name}' is named {names.count(name)} times.", "each name once")
        for what, names in (("expert", study.experts), ("item", study.items))
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def _answer_problems(study: Study) -> list[Problem]:
    problems = []
    for expert, answers in zip(study.experts, study.quantiles, strict=True):
        for item, values, scale in zip(study.items, answers, study.scales, strict=True):
            if not np.isnan(values).all():
                found = value_problems(values.tolist(), study.levels, scale)
                problems += [replace(p, message=f"{expert}, {item}: {p.message}") for p in found]
    return problems


def _known_problems(study: Study) -> list[Problem]:
    problems = []
    for item, value, scale in zip(study.items, study.realisations.tolist(), study.scales, strict=True):
        if np.isinf(value):
            problems.append(Problem(f"{item}: the realisation is not finite.", "a number"))
        elif scale == "log" and value <= 0:
            problems.append(Problem(f"{item}: {value:g} has no logarithm.", "a realisation above zero on a log scale"))
    return problems
