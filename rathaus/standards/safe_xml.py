"""Reading XML that strangers send: a small element tree with line numbers, and nothing that can hurt.

expat is used directly because it lets the reader stop at the first dangerous byte: a document type declaration is
refused where it begins, so no entity can ever be declared, expanded or fetched, and depth and size are checked
while reading, not afterwards. Subtrees nobody needs are dropped while streaming and never occupy memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from rathaus.said import said

_CHUNK = 64 * 1024
# What expat says of a document without a document type; of others nothing is read.
_REASONS = {
    str(reason): reason
    for reason in (
        said("syntax error"),
        said("no element found"),
        said("not well-formed (invalid token)"),
        said("unclosed token"),
        said("partial character"),
        said("mismatched tag"),
        said("duplicate attribute"),
        said("junk after document element"),
        said("undefined entity"),
        said("reference to invalid character number"),
        said("XML or text declaration not at start of entity"),
        said("unknown encoding"),
        said("encoding specified in XML declaration is incorrect"),
        said("unclosed CDATA section"),
        said("unbound prefix"),
        said("must not undeclare prefix"),
        said("XML declaration not well-formed"),
        said("reserved prefix (xml) must not be undeclared or bound to another namespace name"),
        said("reserved prefix (xmlns) must not be declared or undeclared"),
        said("prefix must not be bound to one of the reserved namespace names"),
    )
}
# Blank lines before the XML declaration are an error of XML that editors and servers make all the same.
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?([ \t\r\n]+)(?=<\?xml[ \t\r\n])")


class XmlError(ValueError):
    """The document cannot be read. `message` says what was found, `line` where (1-based, 0 if unknown)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a document is read: bytes, nesting depth, elements kept in memory."""

    bytes: int = 64 * 1024 * 1024
    depth: int = 200
    elements: int = 500_000


DEFAULT_LIMITS = Limits()


@dataclass(slots=True, eq=False)
class Node:
    """One element: local name, namespace ("" for none), attributes without a namespace, own text, children, line.

    Two elements are never equal, whatever they hold: to compare whole subtrees would make work of every removal.
    """

    name: str
    namespace: str
    attributes: dict[str, str]
    line: int
    text: str = ""  # the character data directly inside this element
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Node]:
        """The children with this local name, in document order."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        """The first child with this local name."""
        return next(self.all(name), None)

    def text_of(self, *path: str) -> str:
        """The stripped text at the end of a path of local names, "" where an element is missing."""
        node: Node | None = self
        for name in path:
            node = node.first(name) if node else None
        return node.text.strip() if node else ""


def read_xml(
    source: BinaryIO | bytes | Path,
    *,
    drop: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT_LIMITS,
) -> Node:
    """Read a whole document into `Node`s and return its root.

    Elements whose local name is in `drop` are skipped together with everything below them.
    Raises `XmlError` for malformed XML, any document type declaration, and documents beyond `limits`.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _TreeReader(drop, limits).read(file)
    return _TreeReader(drop, limits).read(BytesIO(source) if isinstance(source, bytes) else source)


class _TreeReader:
    def __init__(self, drop: frozenset[str], limits: Limits) -> None:
        self._drop = drop
        self._limits = limits
        self._root: Node | None = None
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._depth = 0
        self._dropped_at: int | None = None  # depth of the outermost element being dropped
        self._elements = 0
        self._lines_before = 0
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._characters
        self._expat.StartDoctypeDeclHandler = self._doctype

    def read(self, file: BinaryIO) -> Node:
        size = 0
        try:
            while chunk := file.read(_CHUNK):
                if not size and (blank := _BLANK.match(chunk)):
                    self._lines_before = blank[1].count(b"\n")
                    chunk = chunk[blank.end() :]
                size += len(chunk)
                if size > self._limits.bytes:
                    self._fail(
                        said(
                            "the document is larger than %(most)s bytes",
                            most=self._limits.bytes,
                        )
                    )
                self._expat.Parse(chunk, False)
            self._expat.Parse(b"", True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            reason = _REASONS.get(reason, reason)
            line = error.lineno + self._lines_before
            raise XmlError(said("not well-formed XML: %(reason)s", reason=reason), line) from None
        except XmlError:
            raise
        except (ValueError, LookupError):  # Python does not know the encoding, or cannot read it by bytes
            raise XmlError(said("not readable as XML: its encoding is unknown"), self._line) from None
        if self._root is None:
            raise XmlError(said("the document is empty"))
        return self._root

    def _fail(self, message: str) -> None:
        raise XmlError(message, self._line)

    @property
    def _line(self) -> int:
        return self._expat.CurrentLineNumber + self._lines_before

    def _doctype(self, *_: object) -> None:
        self._fail(said("document type declarations (DOCTYPE) are not accepted"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            self._fail(said("elements are nested deeper than %(most)s", most=self._limits.depth))
        if self._dropped_at is not None:
            return
        namespace, _, name = tag.rpartition(" ")
        if name in self._drop:
            self._dropped_at = self._depth
            return
        self._elements += 1
        if self._elements > self._limits.elements:
            self._fail(
                said(
                    "the document has more than %(most)s elements",
                    most=self._limits.elements,
                )
            )
        own = {key: value for key, value in attributes.items() if " " not in key}
        node = Node(name, namespace, own, self._line)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)
        self._texts.append([])

    def _end(self, _tag: str) -> None:
        self._depth -= 1
        if self._dropped_at is not None:
            if self._depth < self._dropped_at:
                self._dropped_at = None
            return
        self._open.pop().text = "".join(self._texts.pop())

    def _characters(self, data: str) -> None:
        if self._dropped_at is None and self._texts:
            self._texts[-1].append(data)
