"""Pages drafted from the groups of a schema: one topic a page, at most about seven questions, rounds for entries.

A group that fits is one page under its own name. A larger one is cut between its members, small neighbours together;
a repeatable group becomes a round of its own pages. Nothing is asked twice and nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rathaus.forms.tree import FieldNode, GroupNode, Node, SchemaTree
from rathaus.standards.xdatenfelder.model import FieldKind

MOST_QUESTIONS = 7
"""What people take in at a glance; a page of more is cut where the schema allows."""
MOST_ALTERNATIVES = 14
"""A choice group stays whole up to here: who fills one of its members must see the others."""
_LONGEST_ID = 40
_LONGEST_TITLE = 120
_SHORT_TITLE = 60
_LOOSE = {"en": "About your request"}
"""The page of fields that stand in no group, in languages other than German."""
_PART = {"en": "part"}
RESERVED = frozenset({"pruefen", "dateien", "loeschen"})
"""Last parts of the portal's own addresses."""

Element = FieldNode | GroupNode


@dataclass(slots=True)
class DraftPage:
    """One `[[page]]`. `repeat` is the address of the group whose entries it asks for."""

    id: str
    title: str
    fields: list[str]
    section: str
    repeat: str = ""
    entry_label: str = ""
    entry_name: list[str] = field(default_factory=list)

    def table(self) -> dict[str, Any]:
        """The table of form.toml, without what is empty."""
        names = ("id", "section", "title", "fields", "repeat", "entry_label", "entry_name")
        return {name: content for name in names if (content := getattr(self, name))}


def draft_pages(tree: SchemaTree, language: str = "de") -> list[DraftPage]:
    """The pages of a form in the order of its schema; `language` is that of the tree's texts."""
    return list(_Drafter(tree, language).pages())


def clean(label: str) -> str:
    """A text of the schema on one line, without what editors leave at its ends."""
    return " ".join(label.split())


def shortened(label: str, longest: int) -> str:
    """The text cut at a word, with an ellipsis if something is missing."""
    label = clean(label)
    if len(label) <= longest:
        return label
    return label[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-(") + "…"


def name_of(node: Node) -> str:
    """What people call a node: its label, or its key where the schema gives none."""
    return clean(node.label) or clean(node.key.replace("_", " ")).capitalize() or "Angabe"


def questions(node: Element) -> int:
    """How many questions a node asks for; texts and hidden fields ask nothing, a date in three parts is one."""
    if isinstance(node, FieldNode):
        return 0 if node.is_label or node.kind is FieldKind.HIDDEN else 1
    return 1 if node.is_partial_date else sum(map(questions, node.children))


def is_asked(node: Element) -> bool:
    """Whether a page shows anything of it."""
    if isinstance(node, FieldNode):
        return node.kind is not FieldKind.HIDDEN
    return any(map(is_asked, node.children))


def has_rounds(group: GroupNode) -> bool:
    """Whether a repeatable group lies below."""
    return any(
        isinstance(child, GroupNode) and (child.repeatable or has_rounds(child)) for child in group.children
    )


class _Drafter:
    def __init__(self, tree: SchemaTree, language: str) -> None:
        self._tree = tree
        self._loose = _LOOSE.get(language, "Zu Ihrem Anliegen")
        self._part = _PART.get(language, "Teil")
        # An overview has the address of its group, so no page may be called the same.
        self._taken = {
            node.address for node in tree.nodes.values() if isinstance(node, GroupNode) and node.repeatable
        } | RESERVED

    def pages(self) -> Iterator[DraftPage]:
        yield from self._within(self._tree.root, self._loose, "", self._tree.root)

    def _within(self, group: GroupNode, title: str, section: str, scope: GroupNode) -> Iterator[DraftPage]:
        """The pages of a group's members."""
        at_top = group.parent is None
        chunks = list(self._chunks(group))
        plain = [chunk for chunk in chunks if len(chunk) > 1 or not _has_own_pages(chunk[0])]
        for chunk in chunks:
            first = chunk[0]
            if len(chunk) == 1 and isinstance(first, GroupNode) and _has_own_pages(first):
                name = name_of(first)
                yield from self._group(first, name, name if at_top else section, scope)
                continue
            number = plain.index(chunk)
            heading = self._heading(chunk, group, title, number, len(plain))
            named = heading if isinstance(first, GroupNode) and len(chunk) == 1 else title
            yield self._page(chunk, heading, section or named, scope)

    def _group(self, group: GroupNode, title: str, section: str, scope: GroupNode) -> Iterator[DraftPage]:
        inner = group if group.repeatable else scope
        if _fits(group):
            yield self._page([group], title, section, inner)
        else:
            yield from self._within(group, title, section, inner)

    def _chunks(self, group: GroupNode) -> Iterator[list[Element]]:
        """Members that share a page: neighbours, as long as they are few questions and no group is torn apart."""
        chunk: list[Element] = []
        count = 0
        at_top = group.parent is None
        for child in group.children:
            if not is_asked(child):
                continue
            size = questions(child)
            alone = isinstance(child, GroupNode) and (
                child.repeatable or not _fits(child) or (at_top and not child.is_partial_date)
            )
            if chunk and (alone or count + size > MOST_QUESTIONS):
                yield chunk
                chunk, count = [], 0
            if alone:
                yield [child]
                continue
            chunk.append(child)
            count += size
        if chunk:
            yield chunk

    def _heading(
        self, chunk: Sequence[Element], group: GroupNode, title: str, number: int, total: int
    ) -> str:
        """What a page of a group's members is about: the group; or the only member; or the group and its first."""
        asked = [node for node in chunk if questions(node)] or list(chunk)
        if len(asked) == 1 and (total > 1 or group.parent is None or isinstance(asked[0], GroupNode)):
            return shortened(name_of(asked[0]), _LONGEST_TITLE)
        if number == 0:
            return shortened(title, _LONGEST_TITLE)
        topic = name_of(asked[0])
        short = shortened(title, _SHORT_TITLE)
        return f"{short}: {topic}" if len(topic) <= _SHORT_TITLE else f"{short} ({self._part} {number + 1})"

    def _page(self, chunk: Sequence[Element], title: str, section: str, scope: GroupNode) -> DraftPage:
        repeats = scope.parent is not None
        fields = [node.address for node in chunk]
        return DraftPage(
            id=self._id(chunk[0] if len(chunk) == 1 else chunk[0].parent or chunk[0], chunk[0]),
            title=title,
            fields=fields,
            section=shortened(section or title, _SHORT_TITLE),
            repeat=scope.address if repeats else "",
            entry_label=shortened(name_of(scope), _SHORT_TITLE) if repeats else "",
            entry_name=_entry_name(scope) if repeats else [],
        )

    def _id(self, named: Node, first: Node) -> str:
        base = re.sub(r"[^a-z0-9_]", "", (named.key or first.key))[:_LONGEST_ID].strip("_") or "seite"
        if not base[0].isalpha():
            base = f"seite_{base}"
        name, count = base, 1
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        return name


def _has_own_pages(node: Element) -> bool:
    """Whether a group brings its pages along: an entry's, or more than one page."""
    return isinstance(node, GroupNode) and not node.is_partial_date and (node.repeatable or not _fits(node))


def _fits(group: GroupNode) -> bool:
    """Whether the members of a group can stand on one page."""
    most = MOST_ALTERNATIVES if group.is_choice else MOST_QUESTIONS
    return not has_rounds(group) and questions(group) <= most


_NAMES = ("name", "familienname", "nachname", "bezeichnung", "titel", "vornamen", "vorname")


def _entry_name(scope: GroupNode) -> list[str]:
    """The answers an entry is called by: a name if there is one, else its first short single answer."""
    single = [
        child
        for child in scope.children
        if isinstance(child, FieldNode)
        and not child.repeatable
        and not child.is_label
        and not child.is_file
        and not child.is_fixed
    ]
    named = [child.key for child in single if child.key in _NAMES]
    if named:
        return named[:2]
    return [child.key for child in _texts(single)][:1]


def _texts(nodes: Iterable[FieldNode]) -> Iterator[FieldNode]:
    return (node for node in nodes if node.datatype.value.startswith("text") or node.is_choice)
