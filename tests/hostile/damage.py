"""Sound inputs damaged by chance: edits of bytes, and words that once broke a reader of something."""

from __future__ import annotations

import io
import random
import zipfile

WORDS = tuple(
    word.encode("utf-8", "surrogatepass")
    for word in (
        "=", "+", "-", "@", "\t", "\r", "\n", "\r\n", "\0", "\ufeff", "\u202e", "\u200b", "\u2028", "\ud800",
        "\x1b[2J", "\x07", "'", '"', '"""', ",", ";", ":", "|", "%", "%%", "(", ")", "[", "]", "[[", "{", "}", "<",
        ">", "&", "\\", "\\u", "\\ud800", "/", "..", "../../x", "/etc/passwd", "C:\\x", "CON", "NUL.csv", "~", "#",
        "1e999999", "-1e999999", "1e-999999", "9" * 400, "0." + "0" * 400 + "1", "9" * 5000, "nan", "inf", "-inf",
        "NaN", "Infinity", "0x1F", "1_000", "\u00bd", "\uff11", "\u0663", "\u00b2", "1/0", "0/0", "0:0 against",
        "1 in 0", "true", "null", "2024-05-01", "1-Feb", "((((", "a" * 3000, "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        '<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;", "&amp;", "<![CDATA[", "]]>", "=cmd|' /C calc'!A0",
        "__class__", "{0.__class__}", "%s%n", "${x}", "`id`", "$(id)", "#let x = 1", "\\input{x}", "<script>", "do(",
        "P(", "order(", "LR(", "parameter(", "id", "expert", "[a]\n", "a.b.c = 1\n", "type discrete [ 999999999 ]",
        " " * 2000, "(" * 2000, "[" * 2000, "{a=" * 500, "<a>" * 100, "\U0001f600", "e\u0301" * 50,
    )
)  # fmt: skip
_BYTES = (b"\x00", b"\xff", b"\xfe", b"\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf")


def damaged(sound: bytes, rng: random.Random) -> bytes:
    """Return an input with up to six edits: pieces cut, doubled, moved, replaced by odd words or bytes."""
    made = bytearray(sound)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 6))):
        at = rng.randrange(len(made) + 1)
        length = rng.choice((0, 0, 1, 2, 5, 20, 200))
        kind = rng.random()
        if kind < 0.6:
            made[at : at + length] = rng.choice(WORDS)
        elif kind < 0.7:
            made[at : at + length] = rng.choice(_BYTES)
        elif kind < 0.8:
            made[at : at + 1] = bytes([rng.randrange(256)])
        elif kind < 0.9:
            piece, place = bytes(made[at : at + max(length, 1)]), rng.randrange(len(made) + 1)
            made[place:place] = piece * rng.choice((1, 1, 2, 30))
        elif kind < 0.95:
            del made[at : at + length]
        else:
            del made[at:]
    return bytes(made)


def damaged_archive(sound: bytes, rng: random.Random) -> bytes:
    """Return a workbook whose parts are damaged, or whose archive is."""
    if rng.random() < 0.3:
        return damaged(sound, rng)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        names = archive.namelist()
        hit = rng.choice(names)
        for name in names:
            part = archive.read(name)
            made.writestr(name, damaged(part, rng) if name == hit else part)
    return stream.getvalue()
