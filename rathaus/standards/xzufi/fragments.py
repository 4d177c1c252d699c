"""HTML fragments of strangers as Markdown: what people read is kept, what could act is dropped.

Kept are paragraphs, line breaks, lists, emphasis, headings (as bold lines: the page has headings of its own), table
rows, and links to http, https, mailto and tel addresses. Scripts and styles go with their content, every other element
goes and leaves its text. Characters that Markdown would read as markup are escaped.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_SILENT = frozenset({"script", "style", "head", "template", "iframe", "object"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "table", "tr", "blockquote", "dl", "dt", "dd", "address"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_STRONG = frozenset({"strong", "b"}) | _HEADINGS
_EMPHASIS = frozenset({"em", "i"})
_MARKUP = re.compile(r"([\\`*_\[\]<>])")
_LINE_MARKUP = re.compile(r"^(\s*)([#+\-=~|]|\d+[.)])", re.MULTILINE)
_SPACE = re.compile(r"[ \t\r\f\v\n\u00a0]+")


def markdown_of(html: str) -> str:
    """The fragment as Markdown, blocks separated by one empty line; "" if nothing readable is in it."""
    parser = _MarkdownWriter()
    parser.feed(html)
    parser.close()
    return parser.result()


def text_of(html: str) -> str:
    """The fragment as one line of plain text."""
    parser = _TextReader()
    parser.feed(html)
    parser.close()
    return _SPACE.sub(" ", " ".join(parser.parts)).strip()


class _Silencing(HTMLParser):
    """Knows when it is inside an element whose content nobody should read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif not self._silent:
            self.opened(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif not self._silent:
            self.closed(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text(data)

    def opened(self, tag: str, attributes: dict[str, str | None]) -> None:
        """An element begins."""

    def closed(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Characters people read."""
        raise NotImplementedError


class _TextReader(_Silencing):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def text(self, data: str) -> None:
        self.parts.append(data)


class _MarkdownWriter(_Silencing):
    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[str] = []
        self._line: list[str] = []
        self._lists: list[int | None] = []  # number of the next entry; None in a list without numbers
        self._entry_open = False
        self._links: list[tuple[str, int]] = []  # address, where its text begins in the line

    def result(self) -> str:
        self._end_block()
        return "\n\n".join(self._blocks).strip()

    def opened(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _BLOCKS or tag in _HEADINGS:
            self._end_block()
        if tag in ("ul", "ol"):
            self._end_block()
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._end_block()
            self._entry_open = True
        elif tag == "br":
            self._line.append("\n")
        elif tag in ("td", "th"):
            self._line.append(" ")
        elif tag == "a":
            self._links.append((_safe_address(attributes.get("href") or ""), len(self._line)))
        if tag in _STRONG or tag in _EMPHASIS:
            self._line.append(_Mark("**" if tag in _STRONG else "*"))

    def closed(self, tag: str) -> None:
        if tag in _STRONG or tag in _EMPHASIS:
            self._line.append(_Mark("**" if tag in _STRONG else "*"))
        if tag == "a" and self._links:
            self._end_link()
        if tag in ("ul", "ol"):
            self._end_block()
            if self._lists:
                self._lists.pop()
        elif tag == "li" or tag in _BLOCKS or tag in _HEADINGS:
            self._end_block()

    def text(self, data: str) -> None:
        escaped = _MARKUP.sub(r"\\\1", _SPACE.sub(" ", data))
        self._line.append(escaped)

    def _end_link(self) -> None:
        address, start = self._links.pop()
        words = "".join(self._line[start:]).strip()
        if address and words:
            self._line[start:] = [f"[{words}](<{address}>)"]

    def _end_block(self) -> None:
        line, self._line = self._line, []
        self._links.clear()
        text = "".join(_balanced(line))
        lines = (_LINE_MARKUP.sub(r"\1\\\2", part.strip()) for part in text.split("\n"))
        content = "\\\n".join(part for part in lines if part)
        if not content:
            return
        if not self._entry_open:
            self._blocks.append(content)
            return
        self._entry_open = False
        depth = max(len(self._lists) - 1, 0)
        number = self._lists[-1] if self._lists else None
        bullet = "-" if number is None else f"{number}."
        if number is not None:
            self._lists[-1] = number + 1
        entry = f"{'   ' * depth}{bullet} {content}"
        if self._blocks and _is_entry(self._blocks[-1]):
            self._blocks[-1] += f"\n{entry}"
        else:
            self._blocks.append(entry)


class _Mark(str):
    """A sign of emphasis, as opposed to text that looks like one."""

    __slots__ = ()


def _is_entry(block: str) -> bool:
    return re.match(r"\s*(-|\d+\.) ", block) is not None


def _balanced(parts: list[str]) -> list[str]:
    """Emphasis around exactly the words it stands for: Markdown takes no blank inside, and no half pair."""
    out: list[str] = []
    open_marks: dict[str, int] = {}
    for part in parts:
        if not isinstance(part, _Mark):
            out.append(part)
            continue
        start = open_marks.pop(part, None)
        if start is None:
            open_marks[part] = len(out)
            continue
        words = "".join(out[start:])
        bare = words.strip()
        if bare and "\n" not in bare:
            before, _, after = words.partition(bare)
            out[start:] = [f"{before}{part}{bare}{part}{after}"]
            open_marks = {mark: place for mark, place in open_marks.items() if place <= start}
    return out


def _safe_address(address: str) -> str:
    address = address.strip()
    if re.search(r"[\s<>\x00-\x1f]", address):
        return ""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    return address if scheme in _SCHEMES else ""
