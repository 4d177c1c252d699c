"""Small tables that show what a condition means: example answers and whether it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from typing import Any

from rathaus.forms.keys import Answers, put
from rathaus.forms.ruletypes import RuleTypes, value_type
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.freetext.celwriting import scope_of
from rathaus.freetext.effects import Effect
from rathaus.freetext.resolving import Element
from rathaus.rules.expressions import BOOL, DOUBLE, INT, TIMESTAMP, Expression, RuleError

_WRITTEN_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITTEN_NUMBER = re.compile(r"(?<![\w.\"])(\d{1,9})(?![\w\"])")
_DAY = date(2026, 1, 15)
TRIED = 512
"""As many example answers are tried: where there are this many, others may have been left out."""


@dataclass(frozen=True, slots=True)
class TruthRow:
    """`answers`: template path and value of each element the condition reads (None: not answered); `outcome`."""

    answers: tuple[tuple[str, Any], ...]
    outcome: bool


def truth_table(tree: SchemaTree, effect: Effect, limit: int = 12) -> tuple[TruthRow, ...]:
    """At most `limit` rows of example answers that make a difference, and whether the effect's condition holds.

    Values are canonical (codes, `true`); an answered group is shown as True. Both outcomes are among the rows if both
    were found. Raises `RuleError` for a condition that does not fit the schema.
    """
    target: Element | None = tree.nodes.get(effect.target) if effect.target else tree.root
    if target is None:
        raise RuleError(f"the schema has no {effect.target!r}", effect.condition)
    scope = scope_of(target) if effect.kind == "valid" else target.scope
    rule = RuleTypes(tree).environment_of(scope).compile(effect.condition)
    rows = [
        TruthRow(case.answers, holds(rule, case)) for case in cases(tree, scope, [(rule, effect.condition)])
    ]
    return _chosen(rows, limit)


@dataclass(frozen=True, slots=True)
class Case:
    """Example answers, shown as in `TruthRow`, and the same as variables of a rule."""

    answers: tuple[tuple[str, Any], ...]
    variables: Mapping[str, object]


def cases(tree: SchemaTree, scope: GroupNode, rules: Sequence[tuple[Expression, str]]) -> Iterator[Case]:
    """The example answers that make a difference to these rules of a scope (each with its source), at most `TRIED`."""
    nodes = {node: None for rule, _ in rules for node in _read_elements(tree, rule, scope)}
    found = sorted(nodes, key=list(tree.nodes.values()).index)
    read = [node for node in found if not _has_below(node, found)]
    around = [node for node in found if node not in read]  # a demand is about a group that is given
    written = " ".join(source for _, source in rules)
    for values in islice(product(*(_examples(node, written) for node in read)), TRIED):
        given = dict(zip(read, values, strict=True))
        shown = tuple((node.address, _shown(node, value)) for node, value in given.items())
        yield Case(shown, _variables(given, scope, around))


def holds(rule: Expression, case: Case) -> bool:
    """Whether a rule is true of example answers; one that reads an unanswered date is not (rathaus.forms)."""
    try:
        return bool(rule.evaluate(case.variables))
    except RuleError:
        return False


def _chosen(rows: list[TruthRow], limit: int) -> tuple[TruthRow, ...]:
    """Rows in their order, at least one of each outcome where there is room."""
    if len(rows) <= limit:
        return tuple(rows)
    head = rows[:limit]
    rare = [row for row in rows if row.outcome != head[0].outcome]
    if rare and all(row.outcome == head[0].outcome for row in head):
        head[-1] = rare[0]
    return tuple(head)


def _read_elements(tree: SchemaTree, rule: Expression, scope: GroupNode) -> list[Element]:
    found: dict[Element, None] = {}
    for reference in sorted(rule.references):
        address = reference.removeprefix("answers.")
        if address.startswith("self."):
            address = f"{scope.address}.{address.removeprefix('self.')}"
        if node := tree.nodes.get(address):
            found[node] = None
    return sorted(found, key=list(tree.nodes.values()).index)


def _has_below(node: Element, others: Iterable[Element]) -> bool:
    return any(other is not node and other.path[: len(node.path)] == node.path for other in others)


def _examples(node: Element, condition: str) -> list[Any]:
    if isinstance(node, GroupNode):
        return [_sample(node), None]
    if node.is_choice:
        written = set(_WRITTEN_TEXT.findall(condition))
        named = [code.code for code in node.codes if code.code in written]
        other = [code.code for code in node.codes if code.code not in written][:1]
        return [*(named or written), *other, None]
    kind = value_type(node)
    if kind is BOOL:
        return [True, False, None]
    if kind is TIMESTAMP:
        return [_DAY.isoformat(), _DAY.replace(month=6).isoformat(), None]
    if kind in (INT, DOUBLE):
        written_numbers = [int(number) for number in _WRITTEN_NUMBER.findall(condition)] or [1]
        near = (written_numbers[0], written_numbers[0] + 1, written_numbers[0] - 1, max(written_numbers))
        numbers = list(dict.fromkeys(near))
        return [*(numbers if kind is INT else map(str, numbers)), None]
    return [_sample(node), None]


def _sample(node: Element) -> Any:
    value: Any
    if isinstance(node, GroupNode):
        fields = (child for child in node.children if not (isinstance(child, FieldNode) and child.is_label))
        child = next(fields, None)
        value = {child.key: _sample(child)} if child else {}
    elif node.is_file:
        value = {"id": "1", "name": "Nachweis.pdf"}
    else:
        known: dict[Any, Any] = {BOOL: True, INT: 1, DOUBLE: "1", TIMESTAMP: _DAY.isoformat()}
        value = node.codes[0].code if node.codes else known.get(value_type(node), "Beispiel")
    return [value] if node.repeatable else value


def _shown(node: Element, value: Any) -> Any:
    return value is not None or None if isinstance(node, GroupNode) else value


def _other_answer(group: Element, given: Iterable[Element]) -> FieldNode | None:
    """A field in a group that is given, which the condition does not read."""
    if not isinstance(group, GroupNode) or group.opens_scope:
        return None
    read = [node.path for node in given]
    for leaf in group.fields():
        is_read = any(leaf.path[: len(path)] == path for path in read)
        if leaf.scope is group.scope and not leaf.is_label and not leaf.repeatable and not is_read:
            return leaf
    return None


def _variables(given: dict[Element, Any], scope: GroupNode, around: list[Element]) -> dict[str, object]:
    everything: Answers = {}
    entry: Answers = {}
    others: dict[Element, Any] = {
        leaf: _sample(leaf) for group in around if (leaf := _other_answer(group, given)) is not None
    }
    for node, value in {**others, **given}.items():
        if value is not None:
            inside = bool(scope.path) and node.scope is scope
            put(entry if inside else everything, node.local if inside else node.path, value)
    values: dict[str, object] = {**everything, "answers": everything, "today": _DAY}
    return {**values, "self": entry} if scope.path else values
