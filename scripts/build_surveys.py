"""Build data/surveys from the tables in data/sources: the same tables always give the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
SOURCES = DATA / "sources"
Row = Mapping[str, str]

POINT_FORMS = ("point", "quantiles", "bound", "verbal", "chips")
REQUIRED = ("title", "population", "protocol", "elicited", "source", "licence", "synthetic", "fit_by_default")
EXTINCTION = "human_extinction_by_2100"
CRUXES = (
    "alignment_solution",
    "escalating_warning_shots",
    "evidence_of_misalignment",
    "power_seeking",
    "power_seeking_shutdown",
)


@dataclass(frozen=True)
class Survey:
    """What one folder of data/surveys holds, apart from what data/sources/surveys.toml says of it."""

    id: str
    responses: Sequence[Row] = ()
    summaries: Sequence[Row] = ()
    experts: Sequence[Row] = ()
    questions: Sequence[Mapping[str, object]] = ()
    lexicon: Sequence[Row] = field(default=())


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in data/sources."""
    with (SOURCES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def typed(probability: str) -> str:
    """Return a published figure as a person would type it, its last digit showing how finely it was stated.

    A single decimal becomes whole percent: who publishes 0.1 means 10 %, not 5 to 15 %.
    """
    if re.fullmatch(r"0\.[1-9]0?|1\.0", probability):
        return f"{round(100 * float(probability))}%"
    return re.sub(r"e-0(?=\d)", "e-", probability)


# --- forecasters and groups ---------------------------------------------------------------------------------------


def forecasters(rows: Sequence[Row]) -> list[Row]:
    """Return one line for each alias, in the order of the table."""
    camps = {row["expert"]: row["camp"].lower() for row in rows}
    return [
        {"expert": name.lower(), "name": name, "camp": camp, "group": "forecasters", "person": f"fri_{name.lower()}"}
        for name, camp in camps.items()
    ]


def crux_questions() -> list[Mapping[str, object]]:
    """Return the two questions about each crux: how probable it is, and what it would mean."""
    declared = tomllib.loads((DATA / "indicators" / "fri_cruxes.toml").read_text(encoding="utf-8"))["indicator"]
    wording = {str(entry["id"]): str(entry["wording"]) for entry in declared}
    return [question for crux in CRUXES for question in _about_crux(crux, wording[crux])]


def _about_crux(crux: str, event: str) -> list[Mapping[str, object]]:
    return [
        {
            "id": f"crux_{crux}",
            "wording": f"How probable is this event? {event}",
            "query": f"P({crux}=yes)",
            "forms": POINT_FORMS,
        },
        {
            "id": f"extinction_given_{crux}",
            "wording": (
                "Suppose you learn that this has happened. How probable is it then that AI causes human extinction "
                f"by the end of 2100? {event}"
            ),
            "query": f"P(human_extinction=yes | {crux}=yes)",
            "forms": POINT_FORMS,
        },
    ]


def fri_question(row: Row) -> str | None:
    """Return the id of the question that a row answers; None if it repeats the unconditional statement."""
    if row["quantity"] != "extinction_by_2100":
        return f"crux_{row['quantity']}"
    if row["given"] in CRUXES:
        return f"extinction_given_{row['given']}"
    return EXTINCTION if row["given"] == "" else None


def adversarial_collaboration(rows: Sequence[Row]) -> Survey:
    """All 22 people, plain statements, cruxes and conditionals; the repeats are a survey of their own."""
    responses = [
        {"expert": row["expert"].lower(), "question": question, "form": "point", "answer": typed(row["probability"])}
        for row in rows
        if (question := fri_question(row)) is not None
    ]
    return Survey(
        "fri_adversarial_collaboration",
        responses=responses,
        experts=forecasters(rows),
        questions=crux_questions(),
    )


def repeated_unconditionals(rows: Sequence[Row]) -> Survey:
    """P(extinction) as stated again beside each crux, one round a crux."""
    responses = []
    for row in rows:
        if fri_question(row) is None:
            crux = row["given"].removeprefix("(unconditional, stated with ").removesuffix(")")
            responses.append(
                {
                    "expert": row["expert"].lower(),
                    "question": EXTINCTION,
                    "form": "point",
                    "answer": typed(row["probability"]),
                    "round": str(CRUXES.index(crux) + 1),
                    "comment": f"stated with {crux}",
                }
            )
    return Survey("fri_repeated_unconditionals", responses=responses, experts=forecasters(rows))


GROUP_NAMES = {
    "Superforecasters": "superforecasters",
    "Domain Experts": "ai_domain_experts",
    "General X-risk Experts": "existential_risk_experts",
    "Non-Domain Experts": "other_domain_experts",
    "Public survey": "public",
    "machine-learning researchers": "machine_learning_researchers",
    "respondents": "long_term_ai_risk_workers",
}


def group_summaries(decisions: Sequence[Row]) -> list[Survey]:
    """The published groups, one survey for each study."""
    rows = keyed("group_summaries")
    by_survey: dict[str, list[Row]] = {}
    for decision in decided(decisions, "group_summaries"):
        row = rows[decision["key"]]
        figures = {name: typed(row[name]) for name in ("median", "q25", "q75", "ci95_low", "ci95_high")}
        summary = {"group": GROUP_NAMES[row["group"]], "question": decision["question"], "n": row["n"], **figures}
        by_survey.setdefault(decision["survey"], []).append(summary)
    return [Survey(survey, summaries=summaries) for survey, summaries in by_survey.items()]


# --- authors ------------------------------------------------------------------------------------------------------

LEFT_OUT = "left_out"
AUTHOR_TABLES = ("argument_reading_own", "argument_claims", "critics_claims", "published_credences")
READINGS = {"argument_reading_own": "david_w_own_reading", "argument_claims": "david_w_independent_reading"}
NOT_NAMED = {"AFX24-01": "anonymous_alignment_forum_post", "EAC25-01": "anonymous_forum_comment"}


def key_of(table: str, row: Row) -> str:
    """Return what names a row in decisions.csv."""
    match table:
        case "group_summaries":
            return f"{row['group']}: {row['forecast']}"
        case "published_credences":
            return f"{row['who']}: {row['quantity']}"
        case "argument_reading_own":
            return row["claim"]
        case _:
            return row["source_id"]


def keyed(table: str) -> dict[str, Row]:
    """Return the rows of a table by key."""
    return {key_of(table, row): row for row in read_table(f"{table}.csv")}


def decided(decisions: Sequence[Row], table: str) -> list[Row]:
    """Return the decisions on a table's rows that put them in a survey."""
    return [decision for decision in decisions if decision["table"] == table and decision["survey"] != LEFT_OUT]


def author_of(table: str, key: str, row: Row) -> Row:
    """Return the line of experts.csv for whoever a row is by; who is not named on the page stays so."""
    if table in READINGS:
        return _author(READINGS[table], "David W.", "david_w")
    if key in NOT_NAMED:
        return _author(NOT_NAMED[key], "an author whose page shows no name", NOT_NAMED[key])
    name = row["author"] if "author" in row else re.sub(r" \d{4}$", "", row["who"])
    name = {"Carlsmith": "Joe Carlsmith", "Roger": "Fabien Roger"}.get(name, name)
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return _author(slug, name, slug)


def _author(expert: str, name: str, person: str) -> Row:
    return {"expert": expert, "name": name, "group": "authors", "person": person}


def comment_on(table: str, key: str, row: Row) -> str:
    """Return where an answer comes from, in one line."""
    if table == "published_credences":
        return f"our reading of {row['who']}, {row['quantity']}; {row['stated_in']}"
    where = row["section"] if table in READINGS else f"{row['work']} ({row['date']}), {row['section']}"
    return f"{key}, our reading of {where}: {row['paraphrase']}"


def authors_surveys(decisions: Sequence[Row]) -> list[Survey]:
    """Everything read off texts: one survey for each name that decisions.csv gives."""
    responses: dict[str, list[Row]] = {}
    experts: dict[str, dict[str, Row]] = {}
    for table in AUTHOR_TABLES:
        rows = keyed(table)
        for decision in decided(decisions, table):
            survey, row = decision["survey"], rows[decision["key"]]
            author = author_of(table, decision["key"], row)
            experts.setdefault(survey, {})[author["expert"]] = author
            comment = comment_on(table, decision["key"], row)
            responses.setdefault(survey, []).append({**decision, "expert": author["expert"], "comment": comment})
    return [
        Survey(
            survey,
            responses=answers,
            experts=tuple(experts[survey].values()),
            lexicon=own_phrases(answers),
        )
        for survey, answers in responses.items()
    ]


def own_phrases(answers: Sequence[Row]) -> list[Row]:
    """Return our written meanings of the phrases that these answers use and the carried lexicon lacks."""
    used = {answer["answer"] for answer in answers if answer["form"] == "verbal"}
    return [row for row in read_table("phrases.csv") if row["phrase"] in used]


# --- the two readings of the argument, side by side ---------------------------------------------------------------


def compared_readings(decisions: Sequence[Row]) -> list[dict[str, str]]:
    """Return the matched claims of the two readings of the argument, and where they differ."""
    question = {decision["key"]: decision["question"] for decision in decisions}
    own, independent = keyed("argument_reading_own"), keyed("argument_claims")
    return [
        {
            **match,
            "own_query": own[match["own"]]["query"],
            "independent_query": independent[match["independent"]]["query"],
            "same_query": "yes" if _same_query(question, own, independent, match) else "no",
            "own_answer": own[match["own"]]["answer"],
            "independent_answer": independent[match["independent"]]["answer"],
            "answers": _agreement(own[match["own"]], independent[match["independent"]]),
        }
        for match in read_table("argument_reading_matches.csv")
    ]


def _same_query(question: Row, own: Mapping[str, Row], independent: Mapping[str, Row], match: Row) -> bool:
    ids = question[match["own"]], question[match["independent"]]
    return ids[0] == ids[1] if all(ids) else own[match["own"]]["query"] == independent[match["independent"]]["query"]


def _agreement(own: Row, independent: Row) -> str:
    if own["answer"] == independent["answer"]:
        return "same words"
    meanings = [row["nearest_lexicon"] or row["answer"] for row in (own, independent)]
    return "same meaning" if meanings[0] == meanings[1] else "differ"


def comparison_text(pairs: Sequence[Row], decisions: Sequence[Row]) -> str:
    """Return the comparison of the two readings as a page."""
    own = [decision["key"] for decision in decisions if decision["table"] == "argument_reading_own"]
    independent = [decision["key"] for decision in decisions if decision["table"] == "argument_claims"]
    same = [pair for pair in pairs if pair["same_query"] == "yes"]
    other = [pair for pair in pairs if pair["same_query"] == "no"]
    only_own = [key for key in own if key not in {pair["own"] for pair in pairs}]
    only_independent = [key for key in independent if key not in {pair["independent"] for pair in pairs}]
    lines = [
        "# Two readings of the argument, compared",
        "",
        "Made by scripts/build_surveys.py from argument_reading_own.csv, argument_claims.csv and",
        "argument_reading_matches.csv. Both are readings of one author's text: a difference is noise of reading.",
        "The own reading was complete before the other table was opened, though not wholly blind: see SOURCES.md.",
        "",
        f"* claims: own reading {len(own)}, independent reading {len(independent)}; {len(pairs)} pairs matched",
        f"* same query: {len(same)} pairs ({_counted(same)})",
        f"* another query for the same claim: {len(other)} pairs ({_counted(other)})",
        f"* only in the own reading: {', '.join(only_own)}",
        f"* only in the independent reading: {', '.join(only_independent)}",
        "",
        "| own | independent | same query | own answer | independent answer | answers | difference |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    columns = ("own", "independent", "same_query", "own_answer", "independent_answer", "answers", "difference")
    lines += [f"| {' | '.join(pair[column] for column in columns)} |" for pair in pairs]
    return "\n".join(lines) + "\n"


def _counted(pairs: Sequence[Row]) -> str:
    kinds = ("same words", "same meaning", "differ")
    return ", ".join(f"{kind} {sum(pair['answers'] == kind for pair in pairs)}" for kind in kinds)


# --- what is left out ---------------------------------------------------------------------------------------------


def left_out_text(decisions: Sequence[Row]) -> str:
    """Return the list of every row of the carried tables that is in no survey, with the reason."""
    lines = [
        "# Rows of the carried tables that are in no survey",
        "",
        "Made by scripts/build_surveys.py from data/sources/decisions.csv, which says where every other row went.",
        "Every row of fri_adversarial_collaboration.csv is used.",
    ]
    for table in (*AUTHOR_TABLES, "group_summaries"):
        out = [decision for decision in decisions if (decision["table"], decision["survey"]) == (table, LEFT_OUT)]
        if out:
            lines += ["", f"## {table}.csv", "", "| row | reason |", "| --- | --- |"]
            lines += [f"| {decision['key']} | {decision['reason']} |" for decision in out]
    return "\n".join(lines) + "\n"


# --- writing ------------------------------------------------------------------------------------------------------


def table_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV text; a column that is empty in every row is dropped, unless it is one of the first four."""
    kept = [name for place, name in enumerate(columns) if place < 4 or any(row.get(name) for row in rows)]
    file = io.StringIO()
    writer = csv.DictWriter(file, kept, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def toml_value(value: object) -> str:
    """Return a string, a truth value, a number or a list of them as TOML."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value, ensure_ascii=False)


def toml_lines(entries: Mapping[str, object]) -> str:
    """Return ``key = value`` lines."""
    return "".join(f"{key} = {toml_value(value)}\n" for key, value in entries.items())


def survey_files(survey: Survey, about: Mapping[str, object]) -> dict[str, str]:
    """Return the texts of a survey's folder by file name."""
    missing = [key for key in REQUIRED if key not in about]
    if missing:
        raise ValueError(f"surveys.toml says nothing of {', '.join(missing)} for {survey.id}.")
    lexicon = {"lexicon": "lexicon.csv"} if survey.lexicon else {}
    files = {"survey.toml": toml_lines({"id": survey.id, **about, **lexicon})}
    if survey.responses:
        columns = ("expert", "question", "form", "answer", "round", "comment")
        files["responses.csv"] = table_text(survey.responses, columns)
    if survey.summaries:
        columns = ("group", "question", "n", "median", "q25", "q75", "ci95_low", "ci95_high")
        files["summaries.csv"] = table_text(survey.summaries, columns)
    if survey.experts:
        files["experts.csv"] = table_text(survey.experts, ("expert", "name", "camp", "group", "person", "note"))
    if survey.questions:
        files["questions.toml"] = "\n".join("[[question]]\n" + toml_lines(entry) for entry in survey.questions)
    if survey.lexicon:
        files["lexicon.csv"] = table_text(survey.lexicon, ("phrase", "low", "median", "high", "reason"))
    return files


def write_surveys(surveys: Iterable[Survey], folder: Path) -> None:
    """Write every survey's folder."""
    about = tomllib.loads((SOURCES / "surveys.toml").read_text(encoding="utf-8"))
    for survey in surveys:
        place = folder / survey.id
        place.mkdir(parents=True, exist_ok=True)
        for name, text in survey_files(survey, about[survey.id]).items():
            write_text(place / name, text)


def check_complete(decisions: Sequence[Row]) -> None:
    """Raise unless decisions.csv speaks of every row of the tables, of nothing else, and gives reasons."""
    for table in (*AUTHOR_TABLES, "group_summaries"):
        rows, named = set(keyed(table)), {row["key"] for row in decisions if row["table"] == table}
        if rows != named:
            raise ValueError(f"decisions.csv and {table}.csv differ on {', '.join(sorted(rows ^ named))}.")
    silent = [row["key"] for row in decisions if row["survey"] == LEFT_OUT and not row["reason"]]
    if silent:
        raise ValueError(f"decisions.csv leaves out {', '.join(silent)} without a reason.")


def build(decisions: Sequence[Row]) -> list[Survey]:
    """Return every survey that the carried tables give."""
    fri = read_table("fri_adversarial_collaboration.csv")
    forecasts = [adversarial_collaboration(fri), repeated_unconditionals(fri)]
    return [*forecasts, *group_summaries(decisions), *authors_surveys(decisions)]


def write_text(path: Path, text: str) -> None:
    """Write text with the same line ends everywhere."""
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Write data/surveys, the list of what is left out, and the comparison of the two readings."""
    decisions = read_table("decisions.csv")
    check_complete(decisions)
    write_surveys(build(decisions), DATA / "surveys")
    write_text(DATA / "surveys" / "LEFT_OUT.md", left_out_text(decisions))
    pairs = compared_readings(decisions)
    write_text(SOURCES / "argument_readings_compared.csv", table_text(pairs, tuple(pairs[0])))
    write_text(SOURCES / "argument_readings_compared.md", comparison_text(pairs, decisions))


if __name__ == "__main__":
    main()
