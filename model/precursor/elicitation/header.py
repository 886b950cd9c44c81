"""``survey.toml``: who was asked, by which protocol, when, and where it was published."""

from __future__ import annotations

import re
from dataclasses import dataclass

from precursor.elicitation.fields import Fields
from precursor.elicitation.findings import Place
from precursor.elicitation.toml_files import TomlFile, key_lines
from precursor.problems import did_you_mean

PROTOCOLS = ("single_round", "idea", "delphi", "published")
CARRIED = "carried"
LONGEST_ID = 100
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
_CSV_BESIDE = re.compile(r"[^/\\:\0]+\.csv", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The required keys of ``survey.toml``, and the name of the survey's own lexicon if it has one."""

    id: str
    title: str
    population: str
    protocol: str
    elicited: str
    source: str
    licence: str
    synthetic: bool
    fit_by_default: bool
    lexicon_file: str | None


def is_survey_id(text: str) -> bool:
    """Return whether ``text`` can be a survey's id, and so the name of a folder."""
    return len(text) <= LONGEST_ID and _ID.fullmatch(text) is not None


def read_header(document: TomlFile, folder_name: str, place: Place) -> Header:
    """Return the header; what is missing or wrong is noted at ``place``.  Keys of the survey's own are welcome."""
    fields = Fields(document.table, place, key_lines(document))
    header = Header(
        id=fields.required_text("id"),
        title=fields.required_text("title"),
        population=fields.required_text("population"),
        protocol=fields.required_text("protocol"),
        elicited=fields.required_text("elicited"),
        source=fields.required_text("source"),
        licence=fields.required_text("licence"),
        synthetic=fields.required_flag("synthetic"),
        fit_by_default=fields.required_flag("fit_by_default"),
        lexicon_file=_lexicon_file(fields),
    )
    _check_id(header.id, folder_name, fields.at("id"))
    if header.protocol and header.protocol not in PROTOCOLS:
        allowed = f"{did_you_mean(header.protocol, PROTOCOLS, 1)}; all: {', '.join(PROTOCOLS)}"
        fields.at("protocol").error(f"Unknown protocol '{header.protocol}'.", allowed)
    return header


def _check_id(id_: str, folder_name: str, place: Place) -> None:
    if id_ and not is_survey_id(id_):
        place.error(
            f"{id_!r} is no id for a survey.", f"letters, digits, _ - and ., up to {LONGEST_ID}: the folder's name"
        )
    elif id_ and id_ != folder_name:
        place.error(f"The id '{id_}' is not the folder's name.", f"'{folder_name}'")


def _lexicon_file(fields: Fields) -> str | None:
    lexicon = fields.text("lexicon")
    if lexicon is None or lexicon == CARRIED:
        return None
    if not _CSV_BESIDE.fullmatch(lexicon):
        fields.at("lexicon").error(f"{lexicon!r} is no lexicon.", f'"{CARRIED}", or the name of a .csv file beside it')
        return None
    return lexicon
