"""Which field or group of a newer schema is which of an older one, whatever it is called and wherever it lies.

An element keeps its FIM id through all versions; its name, of which the answer's key is made, may change. The same
element may stand at several places, so places are compared from the top: the children of two groups that correspond.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree

Element = FieldNode | GroupNode


def correspondence(old: SchemaTree, new: SchemaTree) -> Mapping[str, str]:
    """Template path in `old` → template path in `new`, of every field and group that both have.

    First by FIM id and then by key among the children of corresponding groups; what is left over moved to another
    group if its id is left over exactly once on both sides. No path of `new` is named twice.
    """
    return _Search(old, new).run()


class _Search:
    def __init__(self, old: SchemaTree, new: SchemaTree) -> None:
        self._old, self._new = old, new
        self._found: dict[str, str] = {}

    def run(self) -> Mapping[str, str]:
        self._children(self._old.root, self._new.root)
        while self._moved():
            pass
        return {path: self._found[path] for path in self._old.nodes if path in self._found}

    def _children(self, old: GroupNode, new: GroupNode) -> None:
        """Match what lies in two groups that are the same."""
        taken = set(self._found.values())
        for name in (_by_id, _by_key):
            free = [child for child in new.children if child.address not in taken]
            left = [child for child in old.children if child.address not in self._found]
            others = dict(zip(name(free), free, strict=True))
            for key, child in zip(name(left), left, strict=True):
                other = others.get(key)
                if other is not None and type(other) is type(child):
                    taken.add(other.address)
                    self._same(child, other)

    def _moved(self) -> bool:
        """Match one element that moved to another group; False if none did."""
        taken = set(self._found.values())
        gone = [node for path, node in self._old.nodes.items() if path not in self._found]
        come = [node for path, node in self._new.nodes.items() if path not in taken]
        counts = Counter(node.id for node in gone), Counter(node.id for node in come)
        by_id = {node.id: node for node in come}
        for node in gone:
            if all(count[node.id] == 1 for count in counts) and type(by_id[node.id]) is type(node):
                self._same(node, by_id[node.id])
                return True
        return False

    def _same(self, old: Element, new: Element) -> None:
        self._found[old.address] = new.address
        if isinstance(old, GroupNode) and isinstance(new, GroupNode):
            self._children(old, new)


def _by_id(nodes: Iterable[Element]) -> Sequence[Hashable]:
    """FIM id, and which of several siblings with it."""
    seen: Counter[str] = Counter()
    names = []
    for node in nodes:
        seen[node.id] += 1
        names.append((node.id, seen[node.id]))
    return names


def _by_key(nodes: Iterable[Element]) -> Sequence[Hashable]:
    return [node.key for node in nodes]
