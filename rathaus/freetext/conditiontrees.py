"""FITKO's machine-readable translations of free-text rules, imported directly.

Source: FIM portal, `GET /api/v1/translated-rules/{id}/{version}`: `effect` (require, forbid, valid), `target` as a way
of ids from the bearer (`self.G….F…`), `condition` as a tree, `message`. The collected form with `rule_id` (the bearer's
id), `actions` (required, forbidden, hide, show, validation), a `target` from the schema down, and `text` is read too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from rathaus.forms.tree import CodeSource, FieldNode, SchemaTree
from rathaus.freetext.celwriting import CelWriter, scope_of, when_given
from rathaus.freetext.effects import Effect, EffectKind
from rathaus.freetext.reading import Reader, RuleReading, check_target
from rathaus.freetext.resolving import Element
from rathaus.freetext.syntax import (
    CalendarDate,
    Combination,
    Compare,
    Condition,
    Filled,
    Negation,
    NotUnderstoodError,
    Value,
)
from rathaus.freetext.tokens import Token
from rathaus.standards.xdatenfelder.model import Schema

_KINDS: dict[str, EffectKind] = {
    "require": "require",
    "required": "require",
    "forbid": "forbid",
    "forbidden": "forbid",
    "hide": "forbid",
    "valid": "valid",
    "validation": "valid",
    "show": "show",
}
_SIGNS = {
    "equal": "==",
    "not_equal": "!=",
    "less_than": "<",
    "less_than_or_equal": "<=",
    "greater_than": ">",
    "greater_than_or_equal": ">=",
}
_JOINTS: dict[str, Literal["and", "or", "xor"]] = {"and": "and", "or": "or", "xor": "xor"}
_MAX_DEPTH = 20
_NUMBER_OF_DATE_PARTS = 3


def from_condition_trees(
    entries: Iterable[Mapping[str, Any]],
    schema: Schema,
    bearer_id: str = "",
    code_lists: Mapping[str, CodeSource] | None = None,
) -> tuple[RuleReading, ...]:
    """One reading for each entry at each place of its bearer; never raises for what an entry says.

    `bearer_id` is the element the translations were fetched for, where the entries do not say it (`rule_id`).
    """
    reader = Reader(SchemaTree.build(schema, code_lists), schema)
    return tuple(
        _read(reader, entry, bearer)
        for entry in entries
        for bearer in _bearers(reader.resolver.tree, entry, bearer_id)
    )


def _bearers(tree: SchemaTree, entry: Mapping[str, Any], bearer_id: str) -> list[Element]:
    wanted = str(entry.get("rule_id") or bearer_id)
    if wanted in ("", tree.root.id):
        return [tree.root]
    found: list[Element] = [node for node in tree.nodes.values() if node.id == wanted]
    way = str(entry.get("target") or "").split(".")
    if wanted in way and not str(entry.get("target")).startswith("self."):
        above = way[: way.index(wanted) + 1]
        found = [node for node in found if _ids(node) == above]
    return found


def _ids(node: Element | None) -> list[str]:
    return [*_ids(node.parent), node.id] if node is not None and node.parent is not None else []


def _read(reader: Reader, entry: Mapping[str, Any], bearer: Element) -> RuleReading:
    text = str(entry.get("text") or entry.get("message") or "")
    known = str(entry.get("rule_id") or bearer.id)
    try:
        effect = _effect(reader, entry, bearer, text)
    except NotUnderstoodError as error:
        return RuleReading(known, None, "", text, bearer.address, "open", reason=error.reason)
    return RuleReading(known, None, "", text, bearer.address, "understood", (effect,))


def _effect(reader: Reader, entry: Mapping[str, Any], bearer: Element, text: str) -> Effect:
    actions = entry.get("actions") or [entry.get("effect")]
    kind = _KINDS.get(str(actions[0])) if isinstance(actions, list) and len(actions) == 1 else None
    if kind is None:
        raise NotUnderstoodError(f"Diese Wirkung ist nicht bekannt: {actions}.")
    target = bearer
    if kind != "valid":
        target = _target(reader, str(entry.get("target") or ""), bearer)
        check_target(target, target.id)
        if isinstance(target, FieldNode) and target.is_label and kind == "require":
            kind = "show"
    scope = scope_of(bearer) if kind == "valid" else target.scope
    tree = entry.get("condition")
    condition = (
        "true" if tree is True else CelWriter(reader.resolver, bearer, scope).write(_condition(tree, 0))
    )
    if kind == "valid":
        condition = when_given(condition, bearer)
    reader.check(condition, scope)
    return Effect(kind, target.address, condition, text)


def _target(reader: Reader, way: str, bearer: Element) -> Element:
    steps = way.removeprefix("self.").split(".")
    below = _ids(bearer)
    if not way.startswith("self.") and steps[: len(below)] == below and len(steps) > len(below):
        steps = steps[len(below) :]
    return reader.resolver.find(".".join(steps), bearer)


def _condition(tree: Any, depth: int) -> Condition:
    if depth > _MAX_DEPTH or not isinstance(tree, Mapping) or len(tree) != 1:
        raise NotUnderstoodError("Dieser Bedingungsbaum hat keine bekannte Form.")
    ((name, operand),) = tree.items()
    if name == "identifier":
        return Compare(_reference(tree), "==", Value(truth=True))
    if name == "not":
        return Negation(_condition(operand, depth + 1))
    if name == "is_empty":
        return Negation(Filled(_reference(operand)))
    parts = operand if isinstance(operand, list) else []
    if name in _JOINTS and parts:
        return Combination(_JOINTS[name], tuple(_condition(part, depth + 1) for part in parts))
    if name in _SIGNS and len(parts) == 2:
        return Compare(_reference(parts[0]), _SIGNS[name], _value(parts[1]))
    if name == "is_valid_date" and len(parts) == _NUMBER_OF_DATE_PARTS:
        return CalendarDate(*map(_reference, parts))
    raise NotUnderstoodError(f"Diese Bedingung ist nicht bekannt: {name}.")


def _reference(tree: Any) -> Token:
    identifier = tree.get("identifier") if isinstance(tree, Mapping) else None
    if not isinstance(identifier, str):
        raise NotUnderstoodError("Im Bedingungsbaum fehlt eine ID.")
    way = identifier.removeprefix("self.")
    return Token("id", way, way, 0)


def _value(tree: Any) -> Value | Token:
    if isinstance(tree, bool):
        return Value(truth=tree)
    if isinstance(tree, int):
        return Value(code=str(tree))
    if isinstance(tree, str):
        code, _, name = tree.partition(" ")
        return Value(code=code, text=name) if code.isdecimal() else Value(text=tree)
    return _reference(tree)
