"""Questions and offsets as TOML files declare them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from precursor.elicitation.answers import FORMS, Scale
from precursor.elicitation.fields import Fields
from precursor.elicitation.findings import Place
from precursor.elicitation.questions import Offset, Question, natural_forms
from precursor.elicitation.toml_files import TomlFile, entries
from precursor.elicitation.vocabulary import QueryVocabulary
from precursor.network.grammar import DistributionQuery, Event, OrderQuery, Query, parse_query
from precursor.problems import did_you_mean

OFFSET_KEYS = ("id", "mean", "sd", "reason")
KEYS = (
    "id", "wording", "query", "forms", "offset", "seed", "outcome", "realised", "unit", "scale", "definition",
    "horizon", "source", "note",
)  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Known:
    """What a question may refer to: the network, the indicators with the event each bears on, the offsets' ids."""

    vocabulary: QueryVocabulary
    indicators: Mapping[str, Event]
    offsets: Collection[str]


def read_offsets(document: TomlFile, place: Place) -> Iterator[tuple[Offset, Place]]:
    """Yield the ``[[offset]]`` tables of a file, each with its place; what is wrong with any is noted there."""
    for fields in entries(document, "offset", place):
        offset = _offset(fields)
        if offset.id:
            yield offset, fields.place


def read_questions(document: TomlFile, known: Known, place: Place) -> Iterator[tuple[Question, Place]]:
    """Yield the usable ``[[question]]`` tables of a file, each with its place, where what is wrong is noted."""
    Fields(document.table, place).only(("question", "offset"))
    for fields in entries(document, "question", place):
        question = _question(fields, known)
        if question is not None:
            yield question, fields.place


def declared_ids(document: TomlFile) -> frozenset[str]:
    """Return the ids of all questions a file declares, usable or not."""
    found = document.table.get("question", [])
    tables = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    return frozenset(entry["id"] for entry in tables if isinstance(entry.get("id"), str))


def _offset(fields: Fields) -> Offset:
    fields.only(OFFSET_KEYS)
    id_, reason = fields.required_text("id"), fields.required_text("reason")
    mean, sd = fields.required_number("mean"), fields.required_number("sd")
    if sd < 0:
        fields.at("sd").error("'sd' is negative.", "0 or more")
    return Offset(id_, mean, sd, reason)


def _question(fields: Fields, known: Known) -> Question | None:
    fields.only(KEYS)
    before = len(fields.place.findings.errors)
    id_, wording = fields.required_text("id"), fields.required_text("wording")
    if id_ and not _ID.fullmatch(id_):
        fields.at("id").error(f"{id_!r} is no id.", "letters, digits, _ - and .")
    query = _query(fields, known)
    outcome, realised = _outcome(fields), fields.number("realised")
    scale = _scale(fields, query, known)
    unreadable = query is None and "query" in fields.table
    forms = _forms(fields, FORMS if unreadable else natural_forms(query, scale))
    texts = {key: fields.text(key) for key in ("unit", "definition", "horizon", "source", "note")}
    question = Question(
        id=id_, wording=wording, query=query, forms=forms, offset=_offset_id(fields, query, known),
        seed=fields.flag("seed"), outcome=outcome, realised=realised, scale=scale,
        source_file=fields.place.file, **texts,
    )  # fmt: skip
    _check_seed(question, fields)
    return question if len(fields.place.findings.errors) == before else None


def _query(fields: Fields, known: Known) -> Query | None:
    text = fields.text("query")
    query = None
    if text:
        with fields.at("query").noting():
            query = parse_query(text)
    if query is not None and (problems := known.vocabulary.problems(query, known.indicators)):
        fields.at("query").note(problems)
        return None
    return query


def _outcome(fields: Fields) -> int | None:
    outcome = fields.table.get("outcome")
    if outcome is None or (isinstance(outcome, int) and not isinstance(outcome, bool) and outcome in (0, 1)):
        return outcome
    fields.at("outcome").error("'outcome' is neither 0 nor 1.", "0 or 1")
    return None


def _scale(fields: Fields, query: Query | None, known: Known) -> Scale:
    if query is not None:
        whole = isinstance(query, DistributionQuery | OrderQuery)
        return "probability" if whole else known.vocabulary.scale(query)
    stated = fields.text("scale")
    if "realised" not in fields.table:
        return "probability"
    scales: dict[str | None, Scale] = {"linear": "linear", "log": "log"}
    if stated in scales:
        return scales[stated]
    fields.at("scale").error("A quantity needs a scale.", '"linear" or "log"')
    return "linear"


def _forms(fields: Fields, natural: tuple[str, ...]) -> tuple[str, ...]:
    forms = fields.words("forms")
    for form in forms:
        if form not in FORMS:
            fields.at("forms").error(f"Unknown form '{form}'.", did_you_mean(form, FORMS))
        elif form not in natural:
            fields.at("forms").error(f"This question cannot be answered in the form '{form}'.", ", ".join(natural))
    if len(set(forms)) < len(forms):
        fields.at("forms").error("A form is named twice.")
    return forms


def _offset_id(fields: Fields, query: Query | None, known: Known) -> str | None:
    offset = fields.text("offset")
    if offset is not None and offset not in known.offsets:
        fields.at("offset").error(f"Unknown offset '{offset}'.", did_you_mean(offset, known.offsets))
    if offset is not None and isinstance(query, DistributionQuery | OrderQuery):
        fields.at("offset").error("An offset shifts one number; this question asks for a whole distribution.")
    return offset


def _check_seed(question: Question, fields: Fields) -> None:
    stated = [key for key in ("outcome", "realised") if key in fields.table]
    if not question.seed:
        for key in ("outcome", "realised", "unit", "scale"):
            if key in fields.table:
                fields.at(key).error(f"'{key}' belongs to a seed question.", "seed = true, without a query")
        if "query" not in fields.table:
            fields.at("query").error("'query' is missing.", "a query, or seed = true with outcome or realised")
        return
    for key in ("query", "offset"):
        if key in fields.table:
            fields.at(key).error(f"A seed question has no {key}: its answer is known.")
    if len(stated) != 1:
        fields.at("outcome").error("A seed question has one known answer.", "either outcome or realised")
    _check_quantity(question, fields)


def _check_quantity(question: Question, fields: Fields) -> None:
    if "realised" not in fields.table:
        for key in ("unit", "scale"):
            if key in fields.table:
                fields.at(key).error(f"'{key}' belongs to a quantity.", "realised, unit and scale")
        return
    fields.required_text("unit")
    if question.scale == "log" and question.realised is not None and question.realised <= 0:
        fields.at("realised").error("On a log scale the realised value is above zero.", "a number above zero")
