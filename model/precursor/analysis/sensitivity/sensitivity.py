"""What drives a run's number: tornado, variance-based indices, power-scaling, prior swaps, and what was learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from precursor.analysis.estimates import estimate, plain
from precursor.analysis.queries import CATASTROPHE, DECEPTIVE
from precursor.analysis.sensitivity.information_gain import bits_by_spacings
from precursor.analysis.sensitivity.learning import bits_learnt
from precursor.analysis.sensitivity.power_scaling import power_scaling, prior_pulls, prior_swap
from precursor.analysis.sensitivity.tornado import tornado
from precursor.analysis.sensitivity.variance_indices import Indices, first_order, linear_shapley_effects, sobol_indices
from precursor.analysis.sources import (
    Source,
    log_odds_over,
    natural_of,
    parse_single,
    relevant,
    require_spread,
    source_of_run,
)
from precursor.analysis.words.parameter_groups import GROUPS, groups_of, latent_groups
from precursor.analysis.words.parameter_words import parameter_words
from precursor.argument.parameters import ParameterSpace
from precursor.inference.runs.run import Run
from precursor.network.grammar import Query
from precursor.problems import InputError, for_each

HEADLINES = (DECEPTIVE, CATASTROPHE)
SOBOL_SIZE = 512
_SOBOL_SEED = 20_100_215
Say = Callable[[str], None]


def sensitivity(
    run: Run, texts: Sequence[str] = HEADLINES, *, root: str | Path | None = None, say: Say = lambda _: None
) -> dict[str, Any]:
    """Return everything about a run's sensitivity as one document.

    Keys: ``run``, ``draws``, ``queries`` (a list with ``tornado``, ``first_order``, ``shapley_effects``,
    ``prior_indices``, ``posterior_indices``, ``power_scaling``, ``prior_pulls``, ``prior_swap`` for each query),
    ``learned`` (bits by parameter),
    ``likelihood`` (``available``, and why not, or which latents are new since the run was made).
    Raises `InputError` for a query that is unknown or not of a single quantity.
    """
    source = source_of_run(run)
    queries = for_each(lambda text: parse_single(text, source.indicators), texts)
    log_odds = log_odds_over(queries, source)
    require_spread(texts, log_odds, run.name)
    say(f"First the answers' density at the {len(log_odds)} draws; then some ten seconds a query.")
    latent = latents_of(run)
    likelihood, note = likelihood_over(run, root)
    densities = {"prior": -0.5 * (latent**2).sum(axis=1), **({} if likelihood is None else {"likelihood": likelihood})}
    documents = []
    for i, (text, query) in enumerate(zip(texts, queries, strict=True)):
        say(f"{i + 1} of {len(texts)}: tornado, indices and reweighting of {text}.")
        documents.append(_of_query(text, query, source, log_odds[:, i], densities, latent))
    return plain(
        {
            "run": run.name,
            "draws": len(log_odds),
            "queries": documents,
            "learned": learned(source.space, source.unconstrained, set(run.summary.get("untouched_parameters", []))),
            "likelihood": note,
        }
    )


def learned(space: ParameterSpace, unconstrained: np.ndarray, untouched: set[str]) -> list[dict[str, Any]]:
    """Return what was learned of each parameter, most first: parameter, bits, bits_normal, untouched."""
    spacings, normal = bits_by_spacings(space, unconstrained), bits_learnt(space, unconstrained)
    rows = [
        {
            "parameter": name,
            "words": parameter_words(name),
            "bits": spacings[i],
            "bits_normal": normal[i],
            "untouched": name in untouched,
        }
        for i, name in enumerate(space.names)
        if np.square(space.loadings[i]).sum() > 0
    ]
    return sorted(rows, key=lambda row: -float(row["bits"]))


def latents_of(run: Run) -> np.ndarray:
    """Return the posterior draws of the parameters' standard-normal latents, (draw, latent)."""
    latent = np.asarray(run.posterior["posterior"]["standard_normal"].data, dtype=float)
    return latent.reshape(-1, latent.shape[-1])[:, : len(run.space.latents)]


def likelihood_over(run: Run, root: str | Path | None = None) -> tuple[np.ndarray | None, dict[str, Any]]:
    """Return the log-density of a run's answers at its draws, (draw,), and a note; ``None`` where it cannot be had."""
    from precursor.inference.audit.posterior import posterior_of_run  # noqa: PLC0415
    from precursor.inference.density.pointwise import pointwise  # noqa: PLC0415
    from precursor.inference.surveys import open_reader  # noqa: PLC0415
    from precursor.inference.update.surveys import surveys_of_run  # noqa: PLC0415

    try:
        posterior = posterior_of_run(run, surveys_of_run(run, open_reader(root)))
    except (InputError, KeyError) as error:
        reason = error.problems[0].message if isinstance(error, InputError) else f"the run has no {error}"
        return None, {"available": False, "reason": reason, "new_latents": []}
    found = pointwise(posterior.plan, posterior.latent).total
    return found, {"available": True, "reason": None, "new_latents": list(posterior.missing)}


def prior_indices(query: Query, source: Source, size: int = SOBOL_SIZE) -> list[dict[str, Any]]:
    """Return Sobol indices of a query's log-odds under the prior, by group of latents, largest total first."""
    space = source.space
    own = set(relevant(query, source).tolist())
    groups = {
        name: positions
        for name, positions in latent_groups(space).items()
        if own & set(np.flatnonzero(np.abs(space.loadings[:, positions]).sum(axis=1)).tolist())
    }
    found = sobol_indices(
        lambda latent: log_odds_over([query], source, space.mean + latent @ space.loadings.T)[:, 0],
        lambda rng, rows: rng.standard_normal((rows, len(space.latents))),
        groups,
        size,
        np.random.default_rng(_SOBOL_SEED),
    )
    return _by_group(groups, found)


def posterior_indices(query: Query, source: Source, size: int = SOBOL_SIZE) -> list[dict[str, Any]]:
    """Return Sobol indices of a query's log-odds by group of parameters, each group as the posterior has it.

    Every group's parameters are drawn together from the posterior, independently of the other groups': dependence
    within a group is kept, dependence between groups is cut, for total indices have no meaning with it.  Largest total
    first.
    """
    depends = set(relevant(query, source).tolist())
    groups = {
        name: own
        for name, own in groups_of(source.space).items()
        if depends & set(own.tolist()) and np.ptp(source.unconstrained[:, own], axis=0).any()
    }
    draws = source.unconstrained

    def drawn(rng: np.random.Generator, rows: int) -> np.ndarray:
        values = np.repeat(draws[:1], rows, axis=0)
        for own in groups.values():
            values[:, own] = draws[np.ix_(rng.integers(len(draws), size=rows), own)]
        return values

    found = sobol_indices(
        lambda values: log_odds_over([query], source, values)[:, 0],
        drawn,
        groups,
        size,
        np.random.default_rng(_SOBOL_SEED),
    )
    return _by_group(groups, found)


def _by_group(groups: Mapping[str, np.ndarray], found: Indices) -> list[dict[str, Any]]:
    names = ("first", "first_error", "total", "total_error")
    rows = [{"group": group, **{name: getattr(found, name)[i] for name in names}} for i, group in enumerate(groups)]
    return sorted(rows, key=lambda row: -float(row["total"]))


def _of_query(
    text: str,
    query: Query,
    source: Source,
    log_odds: np.ndarray,
    densities: Mapping[str, np.ndarray],
    latent: np.ndarray,
) -> dict[str, Any]:
    space = source.space
    spread = np.square(space.loadings).sum(axis=1) > 0
    positions = [int(i) for i in relevant(query, source) if spread[i]]
    values = natural_of(query, space, log_odds)
    first, error = first_order(source.unconstrained[:, positions], log_odds)
    order = np.argsort(-first, kind="stable")
    depends = set(positions)
    groups = {name: np.array([i for i in own if i in depends]) for name, own in groups_of(space).items()}
    groups = {name: own for name, own in groups.items() if len(own)}
    shares, explained = linear_shapley_effects(source.unconstrained, log_odds, groups)
    return {
        "query": text,
        "present": estimate(values),
        "tornado": tornado(query, source, positions, log_odds),
        "first_order": [
            {"parameter": name, "words": parameter_words(name), "index": first[i], "error": error[i]}
            for i in order
            for name in [space.names[positions[i]]]
        ],
        "shapley_effects": {
            "of": "the log-odds, by linear regression on all parameters, over the posterior",
            "r_squared": explained,
            "groups": sorted(
                ({"group": name, "meaning": GROUPS[name], "share": share} for name, share in shares.items()),
                key=lambda row: -float(str(row["share"])),
            ),
        },
        "prior_indices": {
            "of": "the log-odds, over the prior's independent latents",
            "sample": SOBOL_SIZE,
            "groups": prior_indices(query, source),
        },
        "posterior_indices": {
            "of": "the log-odds, over the posterior, the groups drawn independently of each other",
            "sample": SOBOL_SIZE,
            "groups": posterior_indices(query, source),
        },
        "power_scaling": power_scaling(values, densities),
        "prior_pulls": prior_pulls(values, latent, latent_groups(space)),
        "prior_swap": prior_swap(values, latent, latent_groups(space)),
    }
