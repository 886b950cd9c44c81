"""Which question a column of an export asks: by its code, by its wording, or not surely any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import zip_longest

from precursor.elicitation.imports.columns import Column
from precursor.elicitation.imports.texts import folded, heading
from precursor.elicitation.questions import Question

LIKE_ENOUGH = 0.8
CLEARLY = 0.05
_SHORTEST_WORDING = 15
_SHORTEST_CODE, _SHORTEST_BEGINNING = 12, 30
_HINT = 0.6
_NUMBERED = re.compile(r"^\s*(?:[Qq]?\d{1,3}[a-z]?)\s*[.):]\s+")
_IN_PERCENT = re.compile(
    r"\s*(?:[(\[]\s*(?:in |as )?(?:%|per ?cent(?:age)?|0\s*%?\s*(?:-|to)\s*100\s*%?)\s*[)\]]"
    r"|,? in (?:%|per ?cent))\s*$",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?P<code>[\w-]+)(?:\[(?P<part>[^\[\]]*)\])?\s*[.:]\s+\S")
_SPLITS = (
    re.compile(r"(?P<stem>.+?)\s*\[(?P<part>[^\[\]]*)\]\s*(?:\[(?P<more>[^\[\]]*)\])?", re.DOTALL),
    re.compile(r"(?P<stem>.+)\s+[-\u2013\u2014:]\s+(?P<part>[^-]+)", re.DOTALL),
    re.compile(r"(?P<stem>.+?)\s*\((?P<part>[^()]*)\)", re.DOTALL),
    re.compile(r"(?P<stem>.+)[_. ](?P<part>[A-Za-z0-9%.]+)", re.DOTALL),
)
_COMMENT = re.compile(r"(?P<stem>.+?)[\[_ .-]*(?:comments?|other|reasons?|text)\]?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Match:
    """A column that asks a question, or a part of it; ``surely`` unless the wording is only much alike."""

    question: str
    part: str = ""
    comment: bool = False
    surely: bool = True


class Matcher:
    """The questions, arranged so that many columns can be compared with them."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self._by_code = {folded(id_): id_ for id_ in questions}
        # A wording that two questions share tells nothing.
        shared = Counter(folded(question.wording) for question in questions.values())
        self._by_wording = {
            key: id_ for id_, question in questions.items() if shared[key := folded(question.wording)] == 1
        }
        self._words = {id_: _pairs(question.wording) for id_, question in questions.items()}

    def match(self, column: Column) -> Match | None:
        """Return what a column asks; None if it is nothing known, or not clearly one question."""
        texts = [bare for text in (column.name, column.wording) if (bare := _bare(text))]
        for text in texts:
            if found := self._whole(text) or self._in_parts(text) or self._with_code(text):
                return found
        for guess in (self._cut_short, self._alike):
            if found := next((found for text in texts if (found := guess(text))), None):
                return found
        return None

    def nearest(self, column: Column) -> str:
        """Return the id of the question most like a column, for a hint; "" if none is much like it."""
        code = get_close_matches(folded(column.name), self._by_code, n=1, cutoff=_HINT)
        if code:
            return self._by_code[code[0]]
        pairs = _pairs(column.wording or column.name)
        likeness, id_ = max(((_likeness(pairs, known), id_) for id_, known in self._words.items()), default=(0.0, ""))
        return id_ if likeness >= _HINT else ""

    def _whole(self, text: str) -> Match | None:
        key = folded(text)
        id_ = self._by_code.get(key) or self._by_wording.get(key)
        return None if id_ is None else Match(id_)

    def _in_parts(self, text: str) -> Match | None:
        for pattern in _SPLITS:
            split = pattern.fullmatch(text)
            if split and (found := self._whole(split["stem"])):
                more = split.groupdict().get("more")
                part = (more or split["part"]).strip()
                return Match(found.question, part, comment=folded(part) in ("comment", "comments"))
        comment = _COMMENT.fullmatch(text)
        if comment and (found := self._whole(comment["stem"])):
            return Match(found.question, comment=True)
        return None

    def _with_code(self, text: str) -> Match | None:
        """Match ``code. Wording`` and ``code: wording``, as some exports head their columns."""
        match = _CODE.match(text)
        if match is None:
            return None
        if match["part"] is not None:
            return self._in_parts(f"{match['code']} [{match['part']}]")
        part = _last_bracket(text)
        found = self._whole(match["code"])
        return self._in_parts(f"{match['code']} [{part}]") if found and part else found

    def _cut_short(self, text: str) -> Match | None:
        """Match the beginning of one code or wording and of no other: tools cut both (codes after 20 characters)."""
        key = folded(text)
        for known, least in ((self._by_code, _SHORTEST_CODE), (self._by_wording, _SHORTEST_BEGINNING)):
            begun = [id_ for full, id_ in known.items() if len(key) >= least and full.startswith(key)]
            if len(begun) == 1:
                return Match(begun[0], surely=False)
        return None

    def _alike(self, text: str) -> Match | None:
        if len(text) < _SHORTEST_WORDING:
            return None
        stems = [(text, "")] + [(m["stem"], m["part"]) for p in _SPLITS[:3] if (m := p.fullmatch(text))]
        for stem, part in stems:
            pairs = _pairs(stem)
            ranked = sorted(((_likeness(pairs, known), id_) for id_, known in self._words.items()), reverse=True)[:2]
            if not ranked or ranked[0][0] < LIKE_ENOUGH:
                continue
            if len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= CLEARLY:
                return Match(ranked[0][1], part.strip(), surely=False)
        return None


def says_percent(text: str) -> bool:
    """Return whether a header says that its numbers are percent: ``... (%)``, ``... in percent``."""
    return _IN_PERCENT.search(text) is not None


def _bare(text: str) -> str:
    """Return a header without its number (``Q3.``, ``12)``) and without its unit."""
    return _NUMBERED.sub("", _IN_PERCENT.sub("", text)).strip()


def _last_bracket(text: str) -> str:
    match = re.search(r"\[([^\[\]]*)\]\s*$", text)
    return match[1] if match else ""


@lru_cache(maxsize=4096)
def _pairs(text: str) -> Counter[tuple[str, str]]:
    words = [word for word in (folded(word) for word in heading(text).split()) if word]
    return Counter(zip_longest(words, words[1:], fillvalue=""))


def _likeness(left: Counter[tuple[str, str]], right: Counter[tuple[str, str]]) -> float:
    """Return the share of pairs of neighbouring words that two texts have in common (Dice), from 0 to 1."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0
