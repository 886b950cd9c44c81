"""Two runs compared, as a document: what moved, whose answers moved it, through which questions, and what to doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from precursor.analysis.comparison.words import sentences
from precursor.analysis.estimates import estimate, plain
from precursor.argument.parameters import parameter_space
from precursor.elicitation.judgements import Judgement
from precursor.inference.answers.rows import Ranked, Row
from precursor.inference.comparison.changes import Changes, Player
from precursor.inference.comparison.runs import LEAST_EFFECTIVE, Comparison, Move
from precursor.inference.runs.run import Run
from precursor.network.grammar import ParameterQuery

Document = dict[str, Any]
SHARING, REMAINDER, UNREADABLE = "(sharing and decisions)", "(Monte Carlo and settings)", "(answers not at hand)"
_PARAMETERS = 8
METHOD = (
    "Aumann-Shapley attribution along the tempered path from the earlier posterior to the later, estimated from the "
    "draws of both runs pooled; within a unit, Shapley values over its questions."
)


def comparison_document(found: Comparison, before: Run | None = None, after: Run | None = None) -> Document:
    """Return a comparison as JSON can hold it; the runs, where there are any, say which settings differ.

    ``moves`` has for every query ``before``, ``after`` (posterior means) and, in units of probability,
    ``by_question`` and ``by_expert``, each of which sums to ``after - before``: with the answers' parts stand what the
    same answers did because others share their errors (`SHARING`), and what remains (`REMAINDER`: Monte Carlo error,
    the quadrature along the path, versions).  ``log_odds`` has the same in log-odds, ``experts`` and ``questions``
    each part with its standard error.
    """
    n = len(found.queries)
    moves = [_move(found, i, found.moves[i], found.moves[n + i]) for i in range(n)]
    document = {
        "runs": {"before": found.names[0], "after": found.names[1]},
        "moves": moves,
        "answers": _answers(found),
        "parameters": [
            {"parameter": p.name, "shift": p.shift, "error": p.shift_error, "before": p.before, "after": p.after}
            for p in found.parameters[:_PARAMETERS]
        ],
        "overlap": {
            "trusted": found.trusted,
            "effective_draws": found.split.least_effective,
            "wanted": LEAST_EFFECTIVE,
            "draws": list(found.draws),
            "populations_between": found.bridges,
        },
        "surveys": _surveys(found.changes),
        "synthetic": any(
            s.synthetic for side in (found.changes.before, found.changes.after) for s in side.observations.surveys
        ),
        "settings": [] if before is None or after is None else setting_differences(before, after),
        "method": METHOD,
    }
    return plain({**document, "sentences": sentences(document)})


def means_document(before: Run, after: Run, why: Sequence[str]) -> Document:
    """Return what moved between runs whose answers are not at hand: ``why`` says so; nothing is split."""
    old = {item["query"]: item["posterior"] for item in before.summary["headline"]}
    moves = []
    for item in after.summary["headline"]:
        if item["query"] in old:
            first, last = old[item["query"]], item["posterior"]
            whole = {UNREADABLE: last["mean"] - first["mean"]}
            moves.append(
                {
                    "query": item["query"],
                    "before": first["mean"],
                    "after": last["mean"],
                    "by_question": whole,
                    "by_expert": dict(whole),
                    "before_estimate": first,
                    "after_estimate": last,
                }
            )
    return plain(
        {
            "runs": {"before": before.name, "after": after.name},
            "moves": moves,
            "settings": setting_differences(before, after),
            "sentences": ["Who moved the numbers cannot be said, because answers are not at hand.", *why],
        }
    )


def _move(found: Comparison, i: int, probability: Move, log_odds: Move) -> Document:
    document: Document = {
        "query": probability.query,
        "before": float(probability.before.mean()),
        "after": float(probability.after.mean()),
        "error": probability.error,
        "before_estimate": estimate(probability.before),
        "after_estimate": estimate(probability.after),
    }
    document |= _parts(found, probability)
    document["log_odds"] = {
        "before": float(log_odds.before.mean()),
        "after": float(log_odds.after.mean()),
        "error": log_odds.error,
        **_parts(found, log_odds),
    }
    n = len(found.queries)
    for name, key in (("experts", _expert), ("questions", _question)):
        groups = _grouped(found.changes.players, key)
        document[name] = [
            {
                **_named(found.changes, key, members),
                "part": float(probability.parts[members].sum()),
                "error": float(found.split.error_of(members)[i]),
                "log_odds": float(log_odds.parts[members].sum()),
                "log_odds_error": float(found.split.error_of(members)[n + i]),
            }
            for members in sorted(groups.values(), key=lambda m: -abs(float(probability.parts[m].sum())))
        ]
    document["sharing"] = {"part": probability.structure, "error": probability.structure_error}
    document["remainder"] = {"part": probability.residual, "error": probability.error}
    document["cells"] = [
        {"expert": _expert(player), "question": player.question, "part": part, "error": error}
        for player, part, error in sorted(
            zip(found.changes.players, probability.parts.tolist(), probability.errors.tolist(), strict=True),
            key=lambda cell: -abs(cell[1]),
        )
    ]
    return document


def _parts(found: Comparison, move: Move) -> Document:
    return {
        name: {
            **{
                label: float(move.parts[members].sum())
                for label, members in _grouped(found.changes.players, key).items()
            },
            SHARING: move.structure,
            REMAINDER: move.residual,
        }
        for name, key in (("by_question", _question), ("by_expert", _expert))
    }


def _expert(player: Player) -> str:
    is_group, id_ = player.unit
    return f"{id_} (group)" if is_group else id_


def _question(player: Player) -> str:
    return player.question


def _grouped(players: Sequence[Player], key: Any) -> dict[str, np.ndarray]:  # noqa: ANN401
    groups: dict[str, list[int]] = defaultdict(list)
    for i, player in enumerate(players):
        groups[key(player)].append(i)
    return {name: np.array(members) for name, members in groups.items()}


def _named(changes: Changes, key: Any, members: np.ndarray) -> Document:  # noqa: ANN401
    player = changes.players[members[0]]
    if key is _question:
        return {"question": player.question}
    answers: tuple[Row | Ranked, ...] = (*changes.union.rows, *changes.union.ranked)
    unit = next(a.unit for a in answers if (a.unit.is_group, a.unit.id) == player.unit)
    return {"expert": _expert(player), "label": unit.label}


def _answers(found: Comparison) -> list[Document]:
    """Return every changed answer: what was said before and after, and what the runs' draws imply."""
    changes, table = found.changes, []
    for player in changes.players:
        said: dict[str, list[str]] = {"before": [], "after": []}
        query = None
        kinds: tuple[tuple[Sequence[Row | Ranked], str], ...] = (
            (changes.union.rows, "rows"),
            (changes.union.ranked, "ranked"),
        )
        for answers, attribute in kinds:
            for i, answer in enumerate(answers):
                if ((answer.unit.is_group, answer.unit.id), answer.key) != (player.unit, player.question):
                    continue
                query = answer.question.query
                for side in ("before", "after"):
                    if getattr(getattr(changes, side), attribute)[i] and (text := _text(answer)) not in said[side]:
                        said[side].append(text)
        implied = found.implied.get(str(query))
        scale = _scale(found, query)
        table.append(
            {
                "expert": _expert(player),
                "question": player.question,
                "before": "; ".join(said["before"]) or None,
                "after": "; ".join(said["after"]) or None,
                "scale": scale,
                "implied_before": None if implied is None else _natural(implied[0], scale),
                "implied_after": None if implied is None else _natural(implied[1], scale),
            }
        )
    return table


def _text(answer: Row | Ranked) -> str:
    judgement = answer.judgement
    return (
        judgement.text if isinstance(judgement, Judgement) else f"median {judgement.median.value:g} of {judgement.n:,}"
    )


def _scale(found: Comparison, query: object) -> str:
    if str(query).startswith("LR("):
        return "ratio"
    if isinstance(query, ParameterQuery):
        known = {p.name: p.scale for p in parameter_space(found.changes.union.indicators).parameters}
        return "ratio" if known.get(query.name) == "log" else "probability"
    return "probability"


def _natural(value: float, scale: str) -> float:
    return float(np.exp(min(value, 700.0))) if scale == "ratio" else float(0.5 * (1 + np.tanh(0.5 * value)))


def _surveys(changes: Changes) -> Document:
    old, new = (
        {survey.id: dict(survey.hashes) for survey in side.observations.surveys}
        for side in (changes.before, changes.after)
    )
    return {
        "added": sorted(set(new) - set(old)),
        "removed": sorted(set(old) - set(new)),
        "replaced": sorted(id_ for id_ in set(old) & set(new) if old[id_] != new[id_]),
    }


def setting_differences(before: Run, after: Run) -> list[Document]:
    """Return how two runs were made differently, answers apart: seed, draws, decisions, versions."""
    differences = []
    for name in ("seed", "settings", "decisions", "versions"):
        old, new = (_flat(name, run.provenance.get(name)) for run in (before, after))
        differences += [
            {"name": key, "before": old.get(key), "after": new.get(key)}
            for key in sorted({*old, *new})
            if old.get(key) != new.get(key)
        ]
    return differences


def _flat(name: str, value: object) -> dict[str, object]:
    if isinstance(value, Mapping):
        return {f"{name}.{key}": inner for key, inner in value.items()}
    return {} if value is None else {name: value}
