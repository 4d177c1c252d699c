"""An XML document as the places of its elements: one can be changed while every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat

from rathaus.editing.words import EditError, gettext_noop
from rathaus.standards.safe_xml import XmlError, read_xml

_START_TAG = re.compile(rb"""<([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")


@dataclass(slots=True)
class Span:
    """One element and where it stands: its start tag begins at `start`, its content is `inner` to `inner_end`."""

    name: str  # without its namespace
    tag: str  # as written in the file
    attributes: dict[str, str]
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    children: list[Span] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Span]:
        """The children with this local name, in order."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Span | None:
        """The first child with this local name."""
        return next(self.all(name), None)

    def below(self) -> Iterator[Span]:
        """The element and all below it."""
        yield self
        for child in self.children:
            yield from child.below()

    @property
    def prefix(self) -> str:
        """What stands before the name of an element of the same namespace."""
        head, colon, _ = self.tag.rpartition(":")
        return head + colon


class Document:
    """A document being changed: changes are noted by place and made together by `write`."""

    def __init__(self, content: bytes, file: str) -> None:
        """Raises `EditError` if the file cannot be read."""
        self.content = content
        self._changes: list[tuple[int, int, bytes]] = []
        try:
            read_xml(content)  # refuses what could hurt
        except XmlError as error:
            raise _unreadable(file, error.message) from None
        encoding = _ENCODING.match(content)
        if b"\0" in content or (encoding and encoding[1].lower() != b"utf-8"):
            raise _unreadable(file, "the encoding is not UTF-8")
        self.root = _spans(content)

    def text(self, span: Span) -> str:
        """The bytes of an element as text."""
        return self.content[span.start : span.end].decode()

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in place of what stands there; an empty range inserts."""
        self._changes.append((start, end, text.encode()))

    def set_text(self, span: Span, text: str) -> None:
        """Put a text in place of everything an element holds."""
        shown = escape(text, quote=False)
        if span.inner == span.end:  # <text/>
            opened = self.content[span.start : span.end].decode().removesuffix("/>").rstrip()
            self.replace(span.start, span.end, f"{opened}>{shown}</{span.tag}>")
        else:
            self.replace(span.inner, span.inner_end, shown)

    def set_attribute(self, span: Span, name: str, value: str) -> None:
        """Write an attribute in place of the old one, or behind the others."""
        head = self.content[span.start : span.inner]
        shown = f' {name}="{escape(value)}"'.encode()
        old = re.search(rb"\s" + re.escape(name.encode()) + rb"""\s*=\s*("[^"]*"|'[^']*')""", head)
        if old is None:
            position = span.start + 1 + len(span.tag.encode())
            self._changes.append((position, position, shown))
        else:
            self._changes.append((span.start + old.start(), span.start + old.end(), shown))

    def lead(self, span: Span, siblings: Iterable[Span]) -> int:
        """Where what belongs to an element begins: behind its predecessor, so with the comments above it."""
        return max((other.end for other in siblings if other.end <= span.start), default=span.start)

    def indent(self, span: Span) -> str:
        """The line break and blanks before an element."""
        before = self.content[: span.start]
        blank = before[len(before.rstrip()) :].decode()
        return blank[blank.rfind("\n") :] if "\n" in blank else ""

    def write(self) -> bytes:
        """The document with all changes made."""
        content = self.content
        # From the end on, so that places before stay true; what was noted first at one place comes first.
        noted = [(start, end, number, text) for number, (start, end, text) in enumerate(self._changes)]
        for start, end, _, text in sorted(noted, reverse=True):
            content = content[:start] + text + content[end:]
        return content


def _unreadable(file: str, error: str) -> EditError:
    return EditError(
        gettext_noop("%(file)s ist nicht lesbar (%(error)s). Stellen Sie einen früheren Stand her."),
        file=file,
        error=error,
    )


def _spans(content: bytes) -> Span:
    parser = expat.ParserCreate(namespace_separator=" ")
    roots: list[Span] = []
    opened: list[Span] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        begin = parser.CurrentByteIndex
        head = _START_TAG.match(content, begin)
        if head is None:
            raise ValueError(f"expat read a start tag at byte {begin}, where none can be found")
        span = Span(tag.rpartition(" ")[2], head[1].decode(), attributes, begin, head.end())
        (opened[-1].children if opened else roots).append(span)
        opened.append(span)

    def end(_tag: str) -> None:
        span = opened.pop()
        if content[span.inner - 2 : span.inner] == b"/>":
            span.inner_end = span.end = span.inner
        else:
            span.inner_end = parser.CurrentByteIndex
            span.end = content.index(b">", span.inner_end) + 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)
    return roots[0]
