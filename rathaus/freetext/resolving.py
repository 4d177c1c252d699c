"""From ids as written to the elements they mean, seen from the bearer of the rule.

The elements below the bearer come first, then those below its parent, and so on up to the schema. On each level a
direct child goes before what lies deeper; several equally near ones are ambiguous, and the rule stays open.
"""

from __future__ import annotations

from collections.abc import Mapping

from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.freetext.syntax import NotUnderstoodError
from rathaus.standards.xdatenfelder.model import Group, Placement, Schema

Element = FieldNode | GroupNode
_LONG_ID = 12


class Resolver:
    """Finds elements of one schema by id, or by ids of a way to them (`G….F…`)."""

    def __init__(self, tree: SchemaTree) -> None:
        self.tree = tree
        self._by_id: dict[str, list[Element]] = {}
        for node in tree.nodes.values():
            self._by_id.setdefault(node.id, []).append(node)

    def find(self, written: str, bearer: Element) -> Element:
        """The element that `written` means in a rule of `bearer`. Raises `NotUnderstoodError`."""
        way = [long_id(part) for part in written.split(".")]
        candidates = [node for node in self._by_id.get(way[-1], ()) if _lies_on(node, way[:-1])]
        if not candidates:
            raise NotUnderstoodError(f"{written} kommt in diesem Schema nicht vor.")
        level: Element | None = bearer
        while level is not None:
            near = [node for node in candidates if _below(node, level)]
            direct = [node for node in near if node.parent is level or node is level]
            chosen = direct or near
            if len(chosen) == 1:
                return chosen[0]
            if chosen:
                places = ", ".join(node.address for node in chosen[:3])
                raise NotUnderstoodError(
                    f"{written} kommt hier {len(chosen)}-mal vor ({places}): Welches gemeint ist, ist unklar."
                )
            level = level.parent
        raise NotUnderstoodError(f"{written} kommt in diesem Schema nicht vor.")


def long_id(written: str) -> str:
    """An id of XDatenfelder 3; ids of version 2 get three zeros behind their third character (official conversion)."""
    return written if len(written) >= _LONG_ID else f"{written[:3]}000{written[3:]}"


def names_by_id(schema: Schema) -> Mapping[str, tuple[str, ...]]:
    """What each element is called – name and labels – by its id (and by the short id of version 2)."""
    names: dict[str, set[str]] = {}

    def collect(placements: tuple[Placement, ...]) -> None:
        for placement in placements:
            element = placement.element
            called = names.setdefault(element.id, set())
            called.update(filter(None, (element.name, element.label, element.label_output)))
            if element.id[3:6] == "000":
                names.setdefault(element.id[:3] + element.id[6:], set()).update(called)
            if isinstance(element, Group):
                collect(element.children)

    collect(schema.children)
    return {key: tuple(sorted(called)) for key, called in names.items()}


def _below(node: Element, level: Element) -> bool:
    return node.path[: len(level.path)] == level.path


def _lies_on(node: Element, way: list[str]) -> bool:
    above = node.parent
    for wanted in reversed(way):
        while above is not None and above.id != wanted:
            above = above.parent
        if above is None:
            return False
        above = above.parent
    return True
