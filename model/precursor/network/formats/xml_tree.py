"""XML that strangers wrote, as a plain tree with lines: no entities, nothing fetched, bounded depth and number."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape, quoteattr
from xml.sax.xmlreader import AttributesImpl, InputSource

from defusedxml.common import DefusedXmlException, EntitiesForbidden
from defusedxml.expatreader import DefusedExpatParser

from precursor.problems import InputError, Problem

MAX_DEPTH = 32
"""How deep elements may lie in each other."""
MAX_ELEMENTS = 500_000
"""How many elements a file may have."""
_EXTERNAL_ENTITIES = "http://xml.org/sax/features/external-general-entities"
_SPACE = " \t\r\n"
_WORD = re.compile(rf"[^{_SPACE}]+")
# What no XML 1.0 text holds, and what readers change on the way: line ends, and white space at the edges.
_UNHELD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Element:
    """An element: tag, attributes, line, the pieces of text directly in it, each with its line, and children."""

    tag: str
    attributes: dict[str, str]
    row: int
    pieces: list[tuple[int, str]] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in it, without white space at its edges."""
        return "".join(piece for _, piece in self.pieces).strip(_SPACE)

    def all(self, tag: str) -> list[Element]:
        """Return the children with a tag."""
        return [child for child in self.children if child.tag == tag]

    def rows(self) -> list[int]:
        """Return the line of every word of the text."""
        starts = list(accumulate((len(piece) for _, piece in self.pieces), initial=0))[:-1]
        words = _WORD.finditer("".join(piece for _, piece in self.pieces))
        return [self.pieces[bisect_right(starts, word.start()) - 1][0] for word in words]


def holds(name: str) -> bool:
    """Return whether XML text holds a name so that every reader gets it back."""
    return bool(name) and name == name.strip(_SPACE) and not _UNHELD.search(name)


def text_of(name: str) -> str:
    """Return a name as XML text."""
    return escape(name)


def attribute_of(name: str) -> str:
    """Return a name as an attribute's value, with its quotation marks."""
    return quoteattr(name)


class _Stop(Exception):
    """Something in the document is refused; the message says what, the second part what is allowed."""


class _Builder(ContentHandler):
    """Builds the tree from SAX events."""

    def __init__(self, parser: DefusedExpatParser) -> None:
        super().__init__()
        self._parser = parser
        self._open: list[Element] = []
        self._count = 0
        self.root: Element | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Begin an element."""
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise _Stop(f"There are more than {MAX_ELEMENTS:,} elements.", "fewer")
        if len(self._open) >= MAX_DEPTH:
            raise _Stop(f"Elements lie more than {MAX_DEPTH} deep.", "fewer")
        element = Element(name, dict(attrs.items()), self._parser.getLineNumber() or 1)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: ARG002 - SAX passes it
        """End an element."""
        self._open.pop()

    def characters(self, content: str) -> None:
        """Add a piece of text."""
        if self._open:
            self._open[-1].pieces.append((self._parser.getLineNumber() or 1, content))

    def skippedEntity(self, name: str) -> None:
        """Refuse an entity that only a document type elsewhere could know."""
        raise _Stop(f"The entity &{name}; is not known.", "the five that XML has itself: &amp; &lt; &gt; &quot; &apos;")


def parse_xml(source: str | bytes, file: str | None) -> Element:
    """Return the root of an XML document.

    Parameters
    ----------
    source
        Text, whose own declaration of an encoding is passed over, or bytes, whose declaration holds.
    file
        What problems call the file.

    Raises
    ------
    InputError
        Not XML; an entity is declared or used that XML itself does not have; too deep or too many elements.  A document
        type is passed over, and one that lies elsewhere is not fetched.
    """
    parser = DefusedExpatParser(forbid_dtd=False, forbid_entities=True, forbid_external=False)
    # Nothing outside the file is ever opened: a document type elsewhere is passed over instead of refused.
    parser.setFeature(_EXTERNAL_ENTITIES, False)
    builder = _Builder(parser)
    parser.setContentHandler(builder)
    document = InputSource()
    if isinstance(source, str):
        document.setEncoding("utf-8")
        source = source.encode("utf-8", "replace")
    document.setByteStream(BytesIO(source))
    try:
        parser.parse(document)
    except SAXParseException as error:
        problem = Problem(f"This is not XML: {error.getMessage()}.", "well-formed XML", file, error.getLineNumber())
    except EntitiesForbidden as error:
        text = f"The entity {error.name!r} is declared."
        problem = Problem(text, "no entities but those of XML itself", file, parser.getLineNumber())
    except _Stop as error:
        problem = Problem(str(error.args[0]), str(error.args[1]), file, parser.getLineNumber())
    except (SAXException, DefusedXmlException, LookupError, ValueError) as error:
        # An encoding that is unknown or that Python cannot map byte by byte.
        problem = Problem(f"This is not XML that can be read: {error}.", "XML in UTF-8", file, 1)
    else:
        assert builder.root is not None, "a document without a root is not well-formed"
        return builder.root
    raise InputError(problem)
