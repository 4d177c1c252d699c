"""Merging XML files by their elements: diagrams, decision tables, code lists, data schemata.

An element is found again by its `id`, else by what tells it from its siblings: a language, a name, its text, the
element it refers to. What only one side changed is taken from it byte for byte, comments and blanks included.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from rathaus.editing.spans import Document, Span
from rathaus.editing.words import EditError, Words, gettext_noop
from rathaus.merging.conflict import Choices
from rathaus.merging.words import file_words

Key = tuple[str, ...]
_ATTRIBUTE = re.compile(rb"""(\s+)([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_BLANK = re.compile(rb"(?:\s|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
# What tells siblings of one tag apart where they have no id.
_NAMING = ("lang", "key", "name", "value", "ColumnRef")
# Rows of a decision table: the first that fits may decide, so it matters which comes first.
_ORDERED = frozenset({"rule"})
# Where boxes and lines are drawn; nothing depends on it.
_DRAWING = "BPMNDiagram"
_REFERRING = frozenset({"incoming", "outgoing", "default", "bpmnElement"})


class UnclearError(ValueError):
    """Elements that cannot be told apart, or changes that do not go together: the file is no matter of its elements."""


@dataclass
class _Node:
    """One element of one side."""

    document: Document
    span: Span

    @property
    def text(self) -> bytes:
        """The element as it stands in its file."""
        return self.document.content[self.span.start : self.span.end]

    @property
    def head(self) -> bytes:
        """Its start tag."""
        return self.document.content[self.span.start : self.span.inner]

    @property
    def inner(self) -> bytes:
        """What stands between its tags."""
        return self.document.content[self.span.inner : self.span.inner_end]

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written `<tag/>`."""
        return self.span.inner == self.span.end

    @cached_property
    def attributes(self) -> dict[bytes, tuple[bytes, bytes]]:
        """Name as written → the blank before it, and its value with its quotes."""
        return {found[2]: (found[1], found[3]) for found in _ATTRIBUTE.finditer(self.head)}

    @cached_property
    def children(self) -> list[_Node]:
        """The elements in it."""
        return [_Node(self.document, child) for child in self.span.children]

    @cached_property
    def leads(self) -> list[bytes]:
        """What stands before each child, and behind the last."""
        ends = [self.span.inner, *(child.span.end for child in self.children)]
        starts = [*(child.span.start for child in self.children), self.span.inner_end]
        return [self.document.content[end:start] for end, start in zip(ends, starts, strict=True)]

    @property
    def is_mixed(self) -> bool:
        """Whether text stands between its elements."""
        return any(not _BLANK.fullmatch(lead) for lead in self.leads)

    def spoken(self) -> str:
        """What the element says, for people: its name and the texts in it."""
        own = self.span.attributes.get("name") or self.span.attributes.get("label") or ""
        if not self.children:
            inner = re.sub(r"<!--.*?-->", "", self.inner.decode(), flags=re.DOTALL)
            return own or unescape(inner).strip() or " ".join(self.span.attributes.values())
        return " · ".join(filter(None, [own, *(child.spoken() for child in self.children)]))


Three = tuple[_Node | None, _Node, _Node]


def merge_elements(file: str, base: bytes, ours: bytes, theirs: bytes, choices: Choices) -> bytes | None:
    """The merged file; None if its elements do not say how. Conflicts are named by element."""
    mark = len(choices.open)
    try:
        was, mine, other = (Document(content, file) for content in (base, ours, theirs))
        roots = [_Node(document, document.root) for document in (was, mine, other)]
        merging = _Merging(file, choices)
        outside = [
            (one.document.content[: one.span.start], one.document.content[one.span.end :]) for one in roots
        ]
        before, behind = (_blank(*sides) for sides in zip(*outside, strict=True))
        result = before + merging.element((roots[0], roots[1], roots[2]), (), False) + behind
        _prove_references(result, file, was, mine, other)
    except (EditError, UnclearError):
        del choices.open[mark:]
        return None
    return result


@dataclass
class _Merging:
    """One file being merged."""

    file: str
    choices: Choices

    def element(self, three: Three, path: Key, is_drawing: bool) -> bytes:
        """The element as both sides want it."""
        base, ours, theirs = three
        if ours.text == theirs.text or (base and base.text == theirs.text):
            return ours.text
        if base and base.text == ours.text:
            return theirs.text
        is_drawing = is_drawing or ours.span.name == _DRAWING
        if base is None or ours.span.tag != theirs.span.tag:
            return self._either(base, ours, theirs, path, is_drawing)
        head = f"<{ours.span.tag}".encode() + self._attributes((base, ours, theirs), path, is_drawing)
        inner = self._inner((base, ours, theirs), path, is_drawing)
        if not inner and (ours.is_empty_tag or theirs.is_empty_tag):
            return head + b"/>"
        for one in (ours, theirs):  # as it is written there, where one side has it all
            if not one.is_empty_tag and one.head.rstrip(b"> \t\n") == head:
                head = one.head.removesuffix(b">")
                break
        return head + b">" + inner + f"</{ours.span.tag}>".encode()

    def _attributes(self, three: tuple[_Node, _Node, _Node], path: Key, is_drawing: bool) -> bytes:
        base, ours, theirs = (node.attributes for node in three)
        written = b""
        for name in dict.fromkeys([*ours, *theirs]):
            was, mine, other = (side.get(name, (b"", b"")) for side in (base, ours, theirs))
            taken = mine
            if mine[1] != other[1] and was[1] != other[1]:
                taken = other
                if was[1] != mine[1]:
                    if _refers(name.decode()):
                        raise UnclearError
                    texts = [unescape(value[1:-1].decode()) for _, value in (was, mine, other)]
                    place = (*path, f"@{name.decode()}")
                    taken = mine if self._ours(place, three[1], texts, is_drawing) else other
            if taken[1]:
                written += taken[0] + name + b"=" + taken[1]
        return written

    def _inner(self, three: tuple[_Node, _Node, _Node], path: Key, is_drawing: bool) -> bytes:
        base, ours, theirs = three
        if ours.inner == theirs.inner or base.inner == theirs.inner:
            return ours.inner
        if base.inner == ours.inner:
            return theirs.inner
        keys = None
        if any(node.children for node in three) and not any(node.is_mixed for node in three):
            keys = _keys(three)
        if keys is not None:
            return self._children(three, keys, path, is_drawing)
        if _refers(ours.span.name):
            raise UnclearError
        texts = [node.spoken() for node in three]
        return ours.inner if self._ours(path, ours, texts, is_drawing) else theirs.inner

    def _children(
        self, three: tuple[_Node, _Node, _Node], keys: Sequence[list[Key]], path: Key, is_drawing: bool
    ) -> bytes:
        sides: list[Mapping[Key, tuple[bytes, _Node]]] = [
            {
                key: (lead, child)
                for key, lead, child in zip(names, node.leads[:-1], node.children, strict=True)
            }
            for names, node in zip(keys, three, strict=True)
        ]
        written = b""
        for key in _order(*keys):
            was, mine, other = (side.get(key) for side in sides)
            here = (*path, "#".join(key))
            kept: tuple[bytes, bytes] | None = None
            if mine and other:
                lead = _blank(was[0] if was else mine[0], mine[0], other[0])
                kept = lead, self.element((was[1] if was else None, mine[1], other[1]), here, is_drawing)
            elif one := mine or other:
                kept = one[0], one[1].text
                if was and was[1].text == one[1].text:
                    kept = None  # the other side took it out
                elif was:
                    texts = [side[1].spoken() if side else "" for side in (was, mine, other)]
                    if self._ours(here, one[1], texts, is_drawing) != bool(mine):
                        kept = None
            if kept:
                written += kept[0] + kept[1]
        return written + _blank(*(node.leads[-1] for node in three))

    def _either(self, base: _Node | None, ours: _Node, theirs: _Node, path: Key, is_drawing: bool) -> bytes:
        texts = [node.spoken() if node else "" for node in (base, ours, theirs)]
        return ours.text if self._ours(path, ours, texts, is_drawing) else theirs.text

    def _ours(self, path: Key, node: _Node, texts: Sequence[str], is_drawing: bool) -> bool:
        """Whether our side counts. Where things are drawn, nobody is asked."""
        if is_drawing:
            return True
        words = Words(
            gettext_noop("%(thing)s: %(key)s"), {"thing": file_words(self.file), "key": _called(node)}
        )
        return self.choices.choose(f"{self.file}:{'/'.join(path)}", words, *texts) == "ours"


def _called(node: _Node) -> str:
    """What people call the element: its own name, or that of the nearest one around it that has one."""
    way = [node.document.root]
    while way[-1] is not node.span:
        inside = [child for child in way[-1].children if child.start <= node.span.start < child.end]
        if not inside:
            break
        way.append(inside[0])
    for span in reversed(way):
        described = span.first("description")
        name = span.attributes.get("name") or span.attributes.get("label")
        if name:
            return name
        if described is not None:
            return _Node(node.document, described).spoken()
    return node.span.attributes.get("id", node.span.name)


def _blank(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Blanks and comments between elements as both sides want them. Raises `UnclearError`."""
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    if ours.split() != theirs.split():
        raise UnclearError
    return ours


def _keys(three: Sequence[_Node]) -> list[list[Key]] | None:
    """The children of each side by what tells them apart; None if that is not certain."""
    counts = [Counter(child.span.name for child in node.children) for node in three]
    single = {
        name for name in {*counts[0], *counts[1], *counts[2]} if all(side[name] <= 1 for side in counts)
    }
    found = [[_key(child, single) for child in node.children] for node in three]
    if any(len(set(names)) != len(names) for names in found):
        return None
    return found


def _key(node: _Node, single: set[str]) -> Key:
    name, attributes = node.span.name, node.span.attributes
    if "id" in attributes:
        return (name, attributes["id"])
    if name in single:
        return (name,)
    naming = next((attributes[one] for one in _NAMING if one in attributes), None)
    if naming is not None:
        return (name, naming)
    identified = next((child for child in node.span.below() if child.name == "identifikation"), None)
    if identified is not None:  # of XDatenfelder: what is meant, in whichever version
        own = identified.first("id")
        return (name, _Node(node.document, own or identified).inner.decode().strip())
    leaf = next((child for child in node.span.below() if not child.children), node.span)
    return (name, _Node(node.document, leaf).inner.decode().strip())


def _order(base: Sequence[Key], ours: Sequence[Key], theirs: Sequence[Key]) -> list[Key]:
    """All of `ours` and `theirs`, moved and inserted as either side did. Raises `UnclearError`; takes linear time."""
    mine, other, was = set(ours), set(theirs), set(base)
    common = [[key for key in keys if key in mine and key in other] for keys in (base, ours, theirs)]
    skeleton = common[1]
    if common[1] != common[2]:
        known = [[key for key in keys if key in was] for keys in common]
        if known[1] == known[0]:
            skeleton = common[2]
        elif known[2] != known[0]:
            raise UnclearError
    shared = set(skeleton)
    gaps: dict[Key | None, list[list[Key]]] = {}
    for side, keys in enumerate((ours, theirs)):
        behind: Key | None = None
        for key in keys:
            if key in shared:
                behind = key
            else:
                gaps.setdefault(behind, [[], []])[side].append(key)
    for here, there in gaps.values():
        new = [[key for key in keys if key not in was] for keys in (here, there)]
        if all(new) and any(key[0] in _ORDERED for keys in new for key in keys):
            raise UnclearError  # both put rows at the same place: which comes first decides
    result: list[Key] = []
    for place in (None, *skeleton):
        if place is not None:
            result.append(place)
        for keys in sorted(gaps.get(place, [])):
            result += keys
    return result


def _refers(name: str) -> bool:
    """Whether an attribute or element of this name says which other element is meant."""
    return name.endswith("Ref") or name in _REFERRING


def _prove_references(result: bytes, file: str, base: Document, ours: Document, theirs: Document) -> None:
    """Raises `UnclearError` if something refers to an element that one side took out."""
    gone = _ids(base) - (_ids(ours) & _ids(theirs))
    if not gone:
        return
    merged = Document(result, file)
    gone -= _ids(merged)
    for span in merged.root.below():
        meant = {value.removeprefix("#") for name, value in span.attributes.items() if name != "id"}
        if _refers(span.name):
            meant.add(_Node(merged, span).inner.decode().strip())
        if meant & gone:
            raise UnclearError


def _ids(document: Document) -> set[str]:
    return {span.attributes["id"] for span in document.root.below() if "id" in span.attributes}
