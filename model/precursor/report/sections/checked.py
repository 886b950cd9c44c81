"""What was checked against outcomes, what the numbers do not know, and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from precursor.report.blocks import (
    Block,
    Run,
    Section,
    by_medium,
    code,
    from_command,
    from_run,
    items,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.missing import missing
from precursor.report.words import plural, signed, upper_first, words

_METHODS = {
    "precursor": "our expert model",
    "mean": "mean of probabilities",
    "median": "median",
    "log_odds": "mean of log-odds",
    "extremised": "log-odds, extremised (fitted)",
    "extremised_2_5": "log-odds × 2.5",
    "recalibrated_log_odds": "log-odds, recalibrated",
    "neyman_roughgarden": "Neyman–Roughgarden",
    "beta_linear": "beta-transformed linear pool",
    "best_expert": "best expert so far",
}
_LENGTH = 64


def calibration(data: Mapping[str, Any]) -> Section:
    """Return the section on what was checked against outcomes."""
    seeds = data["whose"]["seeds"]
    return section(
        "calibration",
        "What was checked against outcomes",
        paragraph(
            strong("The headline was not, and cannot be. "),
            "No question about the first transformative system has an outcome. "
            + (
                f"{plural(seeds, 'seed answer', 'seed answers')} in this run concern questions with known outcomes and "
                "inform how far people are to be trusted."
                if seeds
                else "No answer in this run concerns a question with a known outcome."
            ),
            says=["uncalibrated"],
        ),
        *_pooling(data),
    )


def _pooling(data: Mapping[str, Any]) -> list[Block]:
    known = data["analyses"].get("pooling", {})
    if not known.get("available"):
        found = missing(data, "pooling", "The score of the expert model on resolved forecasts")
        return [found] if found else []
    d = known["data"]
    ours = next(m for m in known["methods"] if m["method"] == "precursor")
    better = [m for m in known["methods"] if m["method"] != "precursor" and m["minus_precursor"]["brier"]["high"] < 0]
    worse = [m for m in known["methods"] if m["method"] != "precursor" and m["minus_precursor"]["brier"]["low"] > 0]
    base = d["base_rate"] * (1 - d["base_rate"])
    rows = [
        row(
            strong(_name(m)) if m is ours else _name(m),
            f"{m['brier']:.3f}",
            "" if m is ours else _gap(m),
            f"{m['log_score']:.2f}",
            f"{m['decomposition']['miscalibration']:.3f}",
        )
        for m in known["methods"]
    ]
    verdict = "better than the base rate" if ours["brier"] < base else "no better than the base rate"
    return [
        paragraph(
            "What can be checked is the part of the model that turns answers into probabilities, on other questions: "
            f"{d['answers']} forecasts of {d['experts']} people on {d['questions']} questions that have been resolved, "
            f"each predicted from the others. There our expert model is {verdict} (Brier score {ours['brier']:.3f} "
            f"against {base:.3f}; one forecaster alone: {d['individual_brier']:.3f}; lower is better). "
            f"{upper_first(plural(len(better), 'method is', 'methods are'))} clearly better, {len(worse)} clearly "
            f"worse, and on {d['questions']} questions of one kind the rest cannot be told apart.",
            says=["checked_against_outcomes"],
        ),
        table(
            "pooling",
            "Our expert model against other ways of pooling, on resolved forecasts.",
            "Brier score; difference to our model with its 90 % interval over questions (below zero: better than "
            "ours); log score (natural log); the part of the Brier score that is miscalibration. How these questions "
            "resemble ours, nobody can say.",
            head=("Method|l*", "Brier|r", "Difference, 90 %|r", "Log score|r", "Miscalibration|r"),
            rows=rows,
            source=from_command(known["command"], seed=known["seed"]),
        ),
    ]


def _name(method: Mapping[str, Any]) -> str:
    return _METHODS.get(method["method"], words(method["method"]))


def _gap(method: Mapping[str, Any]) -> str:
    gap = method["minus_precursor"]["brier"]
    return f"{signed(gap['mean'], 3)} ({signed(gap['low'], 3)} to {signed(gap['high'], 3)})"


def limits(data: Mapping[str, Any]) -> Section:
    """Return the section on what the numbers do not know."""
    whose = data["whose"]
    return section(
        "limits",
        "What the numbers do not know",
        items(
            [
                strong("The model’s form. "),
                "One system, four properties, four phases, constant rates within a phase. An interval given the model "
                "says nothing about the model.",
            ],
            [
                strong("What experts share. "),
                "The data cannot tell a consensus from a common mistake; how far all err together, and whether they "
                "over- or understate, are decisions. By default the model takes the scatter of a large crowd to tell "
                "a little of it; under another decision it does not.",
            ],
            [
                strong("Our readings. "),
                f"{whose['our_reading']} of {plural(whose['answers'], 'answer', 'answers')} are our coding of texts. "
                "That a sentence is this query, and “very unlikely” this range, is ours.",
            ],
            [
                strong("Who is missing. "),
                "A convenience sample of those who wrote and those who were asked. That camps count equally is a "
                "convention; another weighting is another stance.",
            ],
            [
                strong("Extinction and catastrophe. "),
                "Forecasters were asked of human extinction; the probability of extinction given catastrophe carries "
                "the whole difference.",
            ],
            [
                strong("Experiments. "),
                "They elicited deception under stated conditions; they are not counted as frequencies.",
            ],
        ),
    )


def provenance(data: Mapping[str, Any]) -> Section:
    """Return the section on checks, versions and where every number can be found again."""
    checks = [
        row(
            upper_first(data["labels"].get(c["name"], words(c["name"]))),
            _number(c["value"]),
            _number(c["threshold"]),
            "yes" if c["passed"] else strong("NO"),
        )
        for c in data["checks"]
    ]
    return section(
        "provenance",
        "What stands behind the numbers",
        table(
            "checks",
            "Whether the sampler did its work.",
            "These say nothing about whether the model is right.",
            head=("Check|l*", "Value|r", "Threshold|r", "Passed|l"),
            rows=checks,
            source=from_run("checks"),
        )
        if checks
        else paragraph("This run has no sampler’s checks."),
        paragraph(
            "Every number is in ",
            code("report.json"),
            " beside this file: under ",
            code("document"),
            " the pages themselves, each table and figure with the queries or the command that its numbers come from. "
            "Any query can be asked again: ",
            code(f'precursor query "P(...)" --run {data["run"]["name"]}'),
            ". ",
            by_medium(
                "The page report.html beside it has every answer, parameter and input besides.",
                "Every answer, parameter and input stands below; report.pdf has the same pages without them.",
                "all-parameters",
            ),
        ),
        table(
            "made-with",
            "Versions, seed, command and time.",
            *_where_hashes_are(data),
            head=("What|l", "Value|l*"),
            rows=[row("run", data["run"]["name"]), row("draws", f"{data['run']['draws']:,}"), *_made(data)],
            source=from_run("provenance.json"),
        ),
    )


def _where_hashes_are(data: Mapping[str, Any]) -> list[Run]:
    if not hash_rows(data):
        return []
    there = by_medium("in the HTML page", "further down", "inputs")
    return ["The SHA-256 of every input is ", there, " and in report.json."]


def _made(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return provenance in few lines: a group a line, hashes apart."""
    rows = []
    for key, value in data["provenance"].items():
        if isinstance(value, Mapping):
            if key == "inputs" or any(_is_hash(v) for v in value.values()):
                continue
            rows.append(row(words(key), ", ".join(f"{words(k)} {v}" for k, v in value.items())))
        else:
            rows.append(row(words(key), str(value)))
    return rows


def hash_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each input's hash, for the page."""
    return [row(name, code(value)) for name, value in _leaves(data["provenance"]) if _is_hash(value)]


def _leaves(value: Mapping[str, Any], stem: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, f"{key}/" if stem == "" and key != "inputs" else "")
        else:
            yield f"{stem}{key}", inner


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == _LENGTH and set(value) <= set("0123456789abcdef")


def _number(value: float) -> str:
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"  # noqa: PLR2004
