"""A process drawn anew in an editor, brought back into the file it came from.

Editors write the whole file in their own manner. Here what says the same stays byte for byte, so that a change is as
small as what was changed: the history reads well, and two people who drew at different places both get their way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rathaus.editing.diagram import PROCESS
from rathaus.editing.edit import Files, with_file
from rathaus.editing.spans import Document, Span
from rathaus.editing.whole import ChangeFiles
from rathaus.editing.words import EditError, Words, gettext_noop
from rathaus.standards.safe_xml import Node, read_xml

# Elements whose children stand in no order that means anything.
_UNORDERED = frozenset({"definitions", "process", "laneSet", "lane", "BPMNDiagram", "BPMNPlane"})
_PREFIX = re.compile(r"""xmlns(?::([\w.-]+))?\s*=\s*["']([^"']*)["']""")
_MOST = 2_000_000  # bytes


@dataclass(frozen=True, slots=True)
class _Piece:
    """An element as bytes and as what it says."""

    span: Span
    node: Node

    @property
    def key(self) -> tuple[str, Any]:
        """By what it is known again: its id, or what it says."""
        return self.node.name, self.node.attributes.get("id") or _meaning(self.node)

    def pieces(self) -> Iterator[_Piece]:
        return (_Piece(span, node) for span, node in zip(self.span.children, self.node.children, strict=True))


def redraw(files: Files, drawn: str, *, over: bool = False) -> ChangeFiles | None:
    """The edit that brings a drawn process into the package; None if it says what the package says.

    With `over` it wins where others changed the same since. Raises `EditError` for what cannot be read.
    """
    before, new = files.get(PROCESS, b""), drawn.replace("\r\n", "\n").encode()
    if len(new) > _MOST:
        raise EditError(gettext_noop("Der Prozess ist nicht lesbar: %(error)s."), error="> 2 MB")
    content = grafted(before, new)
    if content == before:
        return None
    return ChangeFiles.between(
        files,
        with_file(files, PROCESS, content),
        Words(gettext_noop("Ablauf neu gezeichnet")),
        touches=frozenset(_touched(before, content)),
        over=over,
    )


def grafted(before: bytes, drawn: bytes) -> bytes:
    """The drawn process, with the bytes of the file before wherever both say the same. Raises `EditError`."""
    new = Document(drawn, PROCESS)
    try:
        old = Document(before, PROCESS)
    except EditError:
        return drawn  # nothing there to keep
    old_root, new_root = _Piece(old.root, read_xml(before)), _Piece(new.root, read_xml(drawn))
    if _meaning(old_root.node) == _meaning(new_root.node):
        return before
    known, brought = _prefixes(old), _prefixes(new)
    if not _can_be_grafted(old_root, new_root) or any(
        known.get(prefix, uri) != uri for prefix, uri in brought.items()
    ):
        return drawn
    for prefix, uri in brought.items():
        if prefix not in known:
            old.set_attribute(old.root, f"xmlns:{prefix}", uri)
    _graft(old, new, old_root, new_root)
    content = old.write()
    # An element may be written in a manner not foreseen here; then the drawn file is taken as it is.
    return content if _meaning(read_xml(content), sort=True) == _meaning(new_root.node, sort=True) else drawn


def _graft(old: Document, new: Document, here: _Piece, there: _Piece) -> None:
    """Make one element say what another says, child by child."""
    for name, value in there.span.attributes.items():
        if here.span.attributes.get(name) != value:
            old.set_attribute(here.span, name, value)
    mine = {piece.key: piece for piece in here.pieces()}
    theirs = {piece.key: piece for piece in there.pieces()}
    for key, piece in mine.items():
        if key not in theirs:
            start = piece.span.start - len(old.indent(piece.span).encode())
            old.replace(start, piece.span.end, "")
    place = here.span.inner
    for key, piece in theirs.items():
        kept = mine.get(key)
        text = new.text(piece.span)
        if kept is None:
            siblings = list(mine.values())
            indent = old.indent(siblings[0].span) if siblings else old.indent(here.span) + "  "
            old.replace(place, place, f"{indent}{text}")
            continue
        if _meaning(kept.node) != _meaning(piece.node):
            if _can_be_grafted(kept, piece):
                _graft(old, new, kept, piece)
            else:
                old.replace(kept.span.start, kept.span.end, text)
        place = kept.span.end


def _can_be_grafted(here: _Piece, there: _Piece) -> bool:
    """Whether an element is mended child by child: else it is taken whole."""
    changed = set(here.span.attributes.items()) ^ set(there.span.attributes.items())
    if any(name not in there.span.attributes or " " in name for name, _ in changed):
        return False  # an attribute that is gone, or one of a namespace
    if here.span.inner == here.span.end or here.node.text.strip() or there.node.text.strip():
        return False
    orders = [[piece.key for piece in one.pieces()] for one in (here, there)]
    both = set(orders[0]) & set(orders[1])
    if any(len(set(order)) < len(order) for order in orders):
        return False
    return here.node.name in _UNORDERED or [key for key in orders[0] if key in both] == [
        key for key in orders[1] if key in both
    ]


def _prefixes(document: Document) -> dict[str, str]:
    """The prefixes that the root declares, with their namespaces."""
    head = document.content[document.root.start : document.root.inner].decode()
    return {found[1] or "": found[2] for found in _PREFIX.finditer(head)}


def _meaning(node: Node, *, sort: bool = False) -> tuple[Any, ...]:
    """What an element says, however it is written; with `sort` in whichever order its children stand."""
    inner = [_meaning(child, sort=sort) for child in node.children]
    return (
        node.namespace,
        node.name,
        tuple(sorted(node.attributes.items())),
        " ".join(node.text.split()),
        tuple(sorted(inner) if sort else inner),
    )


def _touched(before: bytes, after: bytes) -> Iterator[str]:
    """The places two states of a process differ at: steps, ways, lanes, and what is only drawn elsewhere."""
    old, new = dict(_places(before)), dict(_places(after))
    yield from (place for place in {**old, **new} if old.get(place) != new.get(place))


def _places(content: bytes) -> Iterator[tuple[str, Any]]:
    try:
        root = read_xml(content)
    except ValueError:
        return
    for top in root.children:
        if top.name == "process":
            yield from _of_process(top)
        elif top.name == "BPMNDiagram":
            for shape in (child for plane in top.children for child in plane.children):
                yield f"drawing:{shape.attributes.get('bpmnElement', '')}", _meaning(shape)
        else:
            yield f"step:{top.attributes.get('id', top.name)}", _meaning(top)


def _of_process(process: Node) -> Iterator[tuple[str, Any]]:
    yield f"step:{process.attributes.get('id', '')}", tuple(sorted(process.attributes.items()))
    for node in process.children:
        if node.name == "laneSet":
            for lane in node.all("lane"):
                yield f"lane:{lane.attributes.get('name', '')}", lane.attributes.get("id", "")
                for member in lane.all("flowNodeRef"):
                    yield f"step:{member.text.strip()}/lane", lane.attributes.get("name", "")
        else:
            kind = "way" if node.name == "sequenceFlow" else "step"
            yield f"{kind}:{node.attributes.get('id', node.name)}", _meaning(node)
