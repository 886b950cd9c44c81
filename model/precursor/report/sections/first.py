"""Page one: the headline with everything that must stand beside it, three drivers, three cautions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    PRIOR_MARK,
    Block,
    Run,
    Section,
    callout,
    column,
    columns,
    emphasis,
    figure,
    from_queries,
    from_run,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.words import between, one_in, pct, plural, points, upper_first, value, who, words

TITLE = "What the judgements imply about deceptive alignment"
_BIG = {
    "deceptive": "the first transformative AI system, if machine learning by gradients produced it, is deceptive: it "
    "has a goal of its own that training did not want, understands what training wants, and plays along",
    "catastrophe": "an existential catastrophe through AI happens by 2100, on any route, deception being one of five",
}


def first(data: Mapping[str, Any]) -> Section:
    """Return page one."""
    return section(
        "headline",
        TITLE,
        *warnings(data),
        status(data),
        numbers(data),
        _reading(),
        _table(data),
        _stances(data),
        _lists(data),
    )


def warnings(data: Mapping[str, Any]) -> list[Block]:
    """Return what has to be said before any number."""
    run, found = data["run"], []
    if not run["converged"]:
        failed = ", ".join(data["labels"].get(c["name"], words(c["name"])) for c in data["checks"] if not c["passed"])
        found.append(
            callout(
                "This run did not pass its checks.",
                f"The sampler has not converged{f' ({failed})' if failed else ''}: no number below should be quoted.",
                says=["not_converged"],
            )
        )
    if run["quick"]:
        found.append(
            callout(
                "A quick run.",
                f"Only {run['draws']:,} draws: the last digits and the ends of the intervals are not reliable.",
                says=["quick"],
            )
        )
    if run["synthetic"]:
        named = ", ".join(map(words, run["synthetic_surveys"]))
        found.append(
            callout(
                "Synthetic answers.",
                f"Some answers were made up to try out the program{f' ({named})' if named else ''}: this is no "
                "statement about the world.",
                says=["synthetic"],
            )
        )
    untaught = [e["label"] for e in data["headline"] if e["prior_dominated"]]
    if untaught:
        found.append(
            callout(
                "No better than the prior.",
                "Of these quantities the answers taught less than a tenth of a bit, so that what is said is what was "
                f"assumed before: {'; '.join(untaught)}.",
                says=["no_better_than_prior"],
            )
        )
    return found


def status(data: Mapping[str, Any]) -> Block:
    """Return one line on what kind of run this is."""
    run, whose = data["run"], data["whose"]
    checks = "all checks passed" if run["converged"] else "checks NOT passed"
    real = "some answers synthetic" if run["synthetic"] else "no synthetic answers"
    made = data["provenance"].get("made")
    return paragraph(
        f"Run {run['name']}{f', {made}' if made else ''}. {plural(whose['answers'], 'answer', 'answers')} of "
        f"{plural(whose['people'], 'person or group', 'people and groups')}; {run['draws']:,} draws, {checks}; {real}.",
        small=True,
    )


def numbers(data: Mapping[str, Any]) -> Block:
    """Return the two large figures, each with its interval and the next expert."""
    entries = []
    for id_, what in _BIG.items():
        e = next(entry for entry in data["headline"] if entry["id"] == id_)
        mean = e["posterior"]["mean"]
        entries.append(
            {
                "id": id_,
                "query": e["query"],
                "value": pct(mean) + (PRIOR_MARK if e["prior_dominated"] else ""),
                "odds": one_in(mean),
                "interval": between(e["posterior"]),
                "next_expert": between(e["next_expert"]),
                "text": [f"that {what}."],
            }
        )
    return {"block": "numbers", "entries": entries, "says": ["headline"]}


def _reading() -> Block:
    return paragraph(
        strong("How to read it. "),
        "The large figure is the probability at which to bet, if one accepts the model. The ",
        strong("90 % interval"),
        " is how far the model’s own parameters leave that probability open; it is not how often something happens. "
        "The ",
        strong("next expert"),
        " is where one more expert’s answer is expected: people differ far more than the model is unsure.",
    )


def _table(data: Mapping[str, Any]) -> Block:
    rows = []
    for e in data["headline"]:
        shares = [pct(e["share_below"].get(level)) for level in ("0.01", "0.1")]
        rows.append(
            row(
                e["label"],
                pct(e["prior"]["mean"]),
                strong(pct(e["posterior"]["mean"])),
                between(e["posterior"]),
                between(e["next_expert"]),
                *shares,
                about=[e["query"]],
            )
        )
    return table(
        "headline",
        "The headline quantities.",
        "Before the answers (prior) and after; the last two columns are how much of the posterior lies below 1 and 10 "
        "%. The argument’s own case: every assumption about training as the argument has it.",
        head=("|l*", "Prior|r", "Probability|r", "90 % interval|r", "Next expert, 90 %|r", "< 1 %|r", "< 10 %|r"),
        rows=rows,
        source={**from_queries(*(e["query"] for e in data["headline"])), "summary": ["headline"]},
    )


def _stances(data: Mapping[str, Any]) -> Block | None:
    found = data["stance_range"]["deceptive"]
    if found is None:
        return paragraph("This run was not repeated for single stances (whose answers one listens to).")
    return figure(
        "stances",
        f"Whom one listens to matters: from {pct(found['low'])} to {pct(found['high'])} for deception.",
        f"Lowest: {found['lowest']}; highest: {found['highest']}. Dot and number: the probability; bar: 90 %. Each "
        "stance is a fit of its own; that camps count equally by default is a convention."
        + (" All but the prior and the default took fewer draws." if any(s["quick"] for s in data["stances"]) else ""),
        source=from_run("stances"),
    )


def _lists(data: Mapping[str, Any]) -> Block:
    return columns(
        column(*(driver(d, data) for d in data["drivers"]), title="Three things that drive the numbers"),
        column(
            *(caution(c, data) for c in data["cautions"]), title="Three cautions", says=["uncalibrated", *_says(data)]
        ),
    )


def _says(data: Mapping[str, Any]) -> list[str]:
    return ["no_better_than_prior"] if any(e["prior_dominated"] for e in data["headline"]) else []


def driver(found: Mapping[str, Any], data: Mapping[str, Any]) -> list[Run]:
    """Return a driver as a sentence with its number."""
    labels = data["labels"]
    match found["kind"]:
        case "uncertainty":
            return [
                strong(upper_first(found["meaning"]) + ". "),
                f"It carries {pct(found['share'])} of the uncertainty about deception, more than any other group of "
                f"beliefs. Over its own 90 % ({_range(found)}), “{found['words']}” takes the probability from "
                f"{pct(found['at_low'])} to {pct(found['at_high'])}.",
            ]
        case "pathway":
            name = upper_first(labels.get(found["pathway"], words(found["pathway"])))
            deception = (
                "" if found["pathway"] == "deception_catastrophe" else f"; deception carries {pct(found['deception'])}"
            )
            return [
                strong(f"{name}. "),
                f"Of the existential risk, {pct(found['share'])} runs through it, the largest share{deception}.",
            ]
        case "gap":
            return [
                strong(upper_first(found["meaning"]) + ". "),
                f"It makes {pct(found['share'])} of the gap between the argument’s own numbers ({pct(found['at_a'])}) "
                f"and a critic’s ({pct(found['at_b'])}), more than any other disagreement.",
            ]
        case "training":
            name = ": ".join(labels.get(found[key], words(found[key])) for key in ("assumption", "state"))
            return [
                strong(upper_first(name) + ". "),
                f"Of all choices of training it moves deception most, by {points(found['difference']['mean'])} points, "
                f"to {pct(found['posterior']['mean'])}.",
            ]
    low, high = (value(found["scale"], found[side]["median"]) for side in ("prior", "posterior"))
    return [
        strong(upper_first(found["words"]) + ". "),
        f"The answers taught most about it: {low} before, {high} after (medians).",
    ]


def _range(found: Mapping[str, Any]) -> str:
    scale = "ratio" if found["parameter"].startswith(("hr_", "drift", "deployment_exposure")) else "probability"
    return f"{value(scale, found['low'])} to {value(scale, found['high'])}"


def caution(found: Mapping[str, Any], data: Mapping[str, Any]) -> list[Run]:
    """Return a caution as a sentence with its number."""
    match found["kind"]:
        case "outcomes":
            return [strong("No outcome has tested this number, and none can yet. "), *_decided(found)]
        case "voices":
            most = found["most_about_training"]
            tail = (
                f" Of the {found['about_training']} about training, {pct(most['share'])} are {who(most)} alone."
                if most
                else ""
            )
            return [
                strong("Much of it is few people, read by us. "),
                f"{found['our_reading']} of {plural(found['answers'], 'answer', 'answers')} are our readings of what "
                f"authors wrote, not their own answers.{tail}",
            ]
    share = f"{found['dominated']} of {found['parameters']} parameters"
    ids = {e["id"]: e["label"] for e in data["headline"]}
    if found["headline"]:
        named = "; ".join(ids[id_] for id_ in found["headline"])
        return [strong("No better than the prior: "), f"{named}. On {share} the answers taught next to nothing."]
    tail = " Reweighting shows that prior and answers both pull." if "both" in (found["diagnosis"] or "") else ""
    return [
        strong("Much of it is still what we assumed. "),
        f"On {share} the answers taught less than a tenth of a bit ({PRIOR_MARK} marks them).{tail} And the model "
        "itself may be wrong: no interval here knows of that.",
    ]


def _decided(found: Mapping[str, Any]) -> list[Run]:
    ranges = found["decisions"]
    text: list[Run] = [
        "How far all experts err together, and how extreme their odds should be taken, is decided, not learned."
    ]
    if ranges["deceptive"] and ranges["catastrophe"]:
        text.append(
            f" Other decisions give {between(ranges['deceptive'])} for deception and {between(ranges['catastrophe'])} "
            "for catastrophe."
        )
    if found["not_converged"]:
        text.append(
            emphasis(f" ({plural(found['not_converged'], 'of these fits', 'of these fits')} did not converge.)")
        )
    return text
