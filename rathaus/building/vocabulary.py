"""What a condition may speak about: the questions within its reach, what they are called, and what fits them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from rathaus.building.comparisons import COMPARISONS, Kind
from rathaus.building.conditions import Answer, Condition, Group, Part, Today, Value
from rathaus.forms.numbers import MAX_DIGITS
from rathaus.forms.ruletypes import rule_path, value_type
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.rules.expressions import BOOL, DOUBLE, INT, TIMESTAMP
from rathaus.standards.xdatenfelder.model import DataType

Node = FieldNode | GroupNode

# As many digits as a double keeps for certain (IEEE 754, 53 bits).
_DOUBLE_DIGITS = 15
_MAX_COUNT = 100_000


@dataclass(frozen=True)
class Vocabulary:
    """The questions of a form that a condition in `scope` (a group that opens one; None: the application) can ask.

    `labels` and `codes` are the form's own words for questions and choices, by template path; without, the schema's.
    `inside`: it is about single entries of the list `scope`, and sees nothing but them.
    """

    tree: SchemaTree
    scope: GroupNode | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inside: bool = False

    @cached_property
    def reach(self) -> GroupNode:
        """The group whose answers are `self`, or the root."""
        return self.scope or self.tree.root

    def of_entries(self, path: str) -> Vocabulary:
        """What a condition about single entries of a list can ask. Raises `KeyError` for anything but a list."""
        group = self.lists[path]
        return replace(self, scope=group, inside=True)

    def node(self, path: str) -> Node | None:
        """The question at a template path, None if a condition here cannot ask it."""
        node = self.tree.nodes.get(path)
        if node is None or (isinstance(node, FieldNode) and node.is_label):
            return None
        if self.inside and node.scope is not self.reach:
            return None
        return node if rule_path(node, self.reach) else None

    @cached_property
    def nodes(self) -> Sequence[Node]:
        """Everything a condition here can ask, in the order of the schema: single questions, and groups and lists."""
        return [node for path in self.tree.nodes if (node := self.node(path)) is not None]

    @cached_property
    def lists(self) -> Mapping[str, GroupNode]:
        """Groups with several entries, by path."""
        return {node.address: node for node in self.nodes if isinstance(node, GroupNode) and node.opens_scope}

    def label(self, path: str) -> str:
        """What people call a question; with the group around it where two questions are called the same."""
        own = self._own_label(path)
        node = self.tree.nodes.get(path)
        if node is None or self._often[own] < 2 or node.parent is None or not node.parent.address:
            return own
        around = self._own_label(node.parent.address)
        return own if around == own else f"{own} ({around})"

    def _own_label(self, path: str) -> str:
        node = self.tree.nodes.get(path)
        return self.labels.get(path) or (node.label if node else path)

    @cached_property
    def _often(self) -> Counter[str]:
        return Counter(self._own_label(node.address) for node in self.nodes)

    def choices(self, path: str) -> Sequence[tuple[str, str]]:
        """Code and name of each choice of a question."""
        node = self.tree.nodes.get(path)
        if not isinstance(node, FieldNode):
            return []
        names = self.codes.get(path, {})
        return [(code.code, names.get(code.code) or code.name) for code in node.codes]

    def choice(self, path: str, code: str) -> str:
        """The name of a choice; the code itself if it has none."""
        return dict(self.choices(path)).get(code) or code

    def comparisons(self, path: str) -> list[str]:
        """The comparisons that fit a question."""
        node = self.node(path)
        if node is None:
            return []
        kind = kind_of(node)
        found = [key for key, comparison in COMPARISONS.items() if kind in comparison.kinds]
        if kind == "list" and (isinstance(node, GroupNode) or single_kind(node) not in ("text", "choice")):
            found = [key for key in found if key not in ("includes", "not_includes")]
        return found

    def fits(self, condition: Condition) -> bool:
        """Whether everything in it can be asked here, with values that fit."""
        return all(
            self._fits_group(part) if isinstance(part, Group) else self.fits_part(part)
            for part in condition.parts
        )

    def _fits_group(self, group: Group) -> bool:
        if group.over is None:
            return all(map(self.fits_part, group.parts))
        return group.entries in self.lists and all(map(self.of_entries(group.entries).fits_part, group.parts))

    def fits_part(self, part: Part) -> bool:
        """Whether the question can be asked here, and compared like this with these values."""
        node = self.node(part.field)
        if node is None or part.comparison not in self.comparisons(part.field):
            return False
        comparison = COMPARISONS[part.comparison]
        if comparison.values is None:
            if not part.values or len(set(part.values)) < len(part.values):
                return False
        elif len(part.values) != comparison.values:
            return False
        return all(self.fits_value(node, part.comparison, value) for value in part.values)

    def fits_value(self, node: Node, comparison: str, value: Value) -> bool:
        """Whether a question can be compared with a value."""
        expected = COMPARISONS[comparison]
        if isinstance(value, Answer):
            return expected.answers and value.path in self.comparable(node.address)
        if expected.value_kind == "count":
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_COUNT
        if expected.value_kind == "text":
            return _is_text(value)
        if not isinstance(node, FieldNode):
            return False
        kind = single_kind(node)
        if kind == "choice":
            return isinstance(value, str) and value in node.code_index
        if kind == "text":
            return _is_text(value)
        if kind in ("date", "moment"):
            return isinstance(value, date) or (isinstance(value, Today) and comparison != "between")
        return kind == "number" and _is_number(node, value)

    def comparable(self, path: str) -> Iterator[str]:
        """Questions whose answers are of the same kind, to compare with."""
        node = self.node(path)
        if not isinstance(node, FieldNode) or node.repeatable:
            return
        for other in self.nodes:
            if (
                isinstance(other, FieldNode)
                and other is not node
                and not other.repeatable
                and kind_of(other) == kind_of(node)
                and value_type(other) is value_type(node)
                and (not node.is_choice or other.codes == node.codes)
            ):
                yield other.address


def kind_of(node: Node) -> Kind:
    """What a question asks for."""
    if node.repeatable:
        return "list"
    return "group" if isinstance(node, GroupNode) else single_kind(node)


def single_kind(node: FieldNode) -> Kind:
    """What one answer to a question is."""
    if node.is_file:
        return "file"
    if node.is_choice:
        return "choice"
    kind = value_type(node)
    if kind is BOOL:
        return "yes_no"
    if kind in (INT, DOUBLE):
        return "number"
    if kind is TIMESTAMP:
        return "date" if node.datatype is DataType.DATE else "moment"
    return "text"


def _is_text(value: Value) -> bool:
    return (
        isinstance(value, str)
        and bool(value.strip())
        and not any(char < " " or "\ud800" <= char <= "\udfff" for char in value)
    )


def _is_number(node: FieldNode, value: Value) -> bool:
    if value_type(node) is INT:
        return isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) <= MAX_DIGITS
    return (
        isinstance(value, Decimal)
        and value.is_finite()
        and len(f"{abs(value):f}".replace(".", "")) <= _DOUBLE_DIGITS
    )
