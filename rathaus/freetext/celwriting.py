"""Resolved conditions as CEL, in the scope where the form engine evaluates them.

Unanswered questions: a comparison with a value is false, a comparison by `!=` is true, `nein` needs an answer, and an
order of dates or numbers is not judged before both are there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from rathaus.forms.ruletypes import rule_has, rule_path, value_type
from rathaus.forms.tree import FieldNode, GroupNode
from rathaus.freetext.resolving import Element, Resolver
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
from rathaus.rules.expressions import BOOL, DOUBLE, INT, STRING, TIMESTAMP
from rathaus.rules.functions import folded

_OPPOSITE = {"==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class CelWriter:
    """Writes conditions of a rule of `bearer` for evaluation in the scope of `scope` (a group that opens one)."""

    resolver: Resolver
    bearer: Element
    scope: GroupNode

    def write(self, condition: Condition) -> str:
        """The condition as CEL. Raises `NotUnderstoodError` where an id or a value is not certain."""
        if isinstance(condition, Combination):
            if not condition.parts:
                return "true"
            parts = [self.write(part) for part in condition.parts]
            if condition.joint == "xor":
                return " != ".join(f"({part})" for part in parts)
            return _joined(" && " if condition.joint == "and" else " || ", parts)
        if isinstance(condition, Negation):
            inner = condition.condition
            return self.write(inner.condition) if isinstance(inner, Negation) else f"!({self.write(inner)})"
        if isinstance(condition, CalendarDate):
            return self._calendar_date(condition)
        node = self.resolver.find(condition.reference.value, self.bearer)
        if isinstance(condition, Filled):
            return self._has(node)
        return self._comparison(node, condition)

    def _comparison(self, node: Element, condition: Compare) -> str:
        written = condition.reference.value
        if not isinstance(node, FieldNode) or node.is_label or node.is_file:
            raise NotUnderstoodError(f"{written} „{node.label}“ hat keinen Wert, der sich vergleichen lässt.")
        if node.repeatable:
            raise NotUnderstoodError(
                f"{written} „{node.label}“ kann mehrere Werte haben: Welcher gemeint ist, ist unklar."
            )
        if isinstance(condition.value, Token):
            return self._order(node, condition.sign, condition.value)
        kind = value_type(node)
        path = self._path(node)
        if condition.value == Value() or (
            not condition.value.code and condition.value.truth is None and not condition.value.text
        ):
            return {"==": f"!{self._has(node)}", "!=": self._has(node)}.get(condition.sign) or self._no_order(
                node
            )
        if kind is BOOL:
            return self._truth(node, condition.sign, condition.value)
        if node.is_choice:
            if condition.sign not in _OPPOSITE:
                self._no_order(node)
            return f"{path} {condition.sign} {json.dumps(code_of(node, condition.value), ensure_ascii=False)}"
        if kind in (INT, DOUBLE) and condition.value.code and not condition.value.text:
            number = str(int(condition.value.code)) + (".0" if kind is DOUBLE else "")
            compared = f"{path} {condition.sign} {number}"
            return (
                f"!{self._has(node)} || {compared}"
                if condition.sign == "!="
                else f"{self._has(node)} && {compared}"
            )
        if (
            kind is STRING
            and condition.sign in _OPPOSITE
            and not condition.value.code
            and condition.value.truth is None
        ):
            return f"{path} {condition.sign} {json.dumps(condition.value.text, ensure_ascii=False)}"
        raise NotUnderstoodError(
            f"Der Wert „{_spoken(condition.value)}“ passt nicht zu {written} „{node.label}“."
        )

    def _truth(self, node: FieldNode, sign: str, value: Value) -> str:
        if value.truth is None or sign not in _OPPOSITE:
            raise NotUnderstoodError(
                f"„{node.label}“ ist eine Ja/Nein-Frage; „{_spoken(value)}“ ist dort keine Antwort."
            )
        path, has = self._path(node), self._has(node)
        if value.truth:
            return path if sign == "==" else f"!{path}"
        return f"{has} && !{path}" if sign == "==" else f"!{has} || {path}"

    def _order(self, first: FieldNode, sign: str, other: Token) -> str:
        second = self.resolver.find(other.value, self.bearer)
        comparable = isinstance(second, FieldNode) and not second.repeatable and not second.is_label
        kind = value_type(first)
        if not comparable or not isinstance(second, FieldNode) or value_type(second) is not kind:
            raise NotUnderstoodError(f"„{first.label}“ und „{second.label}“ lassen sich nicht vergleichen.")
        if kind not in (TIMESTAMP, INT, DOUBLE):
            self._no_order(first)
        return (
            f"!{self._has(first)} || !{self._has(second)} || {self._path(first)} {sign} {self._path(second)}"
        )

    def _calendar_date(self, date: CalendarDate) -> str:
        nodes = [self.resolver.find(part.value, self.bearer) for part in (date.day, date.month, date.year)]
        if any(not isinstance(node, FieldNode) or value_type(node) is not INT for node in nodes):
            raise NotUnderstoodError("Tag, Monat und Jahr eines Kalenderdatums müssen ganze Zahlen sein.")
        day, month, year = (self._path(node) for node in nodes)
        missing = " || ".join(f"!{self._has(node)}" for node in nodes)
        leap = f"{year} % 4 == 0 && ({year} % 100 != 0 || {year} % 400 == 0)"
        last = f"({month} == 2 ? ({leap} ? 29 : 28) : {month} in [4, 6, 9, 11] ? 30 : 31)"
        return f"{missing} || ({month} >= 1 && {month} <= 12 && {day} >= 1 && {day} <= {last})"

    def _no_order(self, node: Element) -> str:
        raise NotUnderstoodError(f"„{node.label}“ hat keine Reihenfolge, die sich vergleichen lässt.")

    def _path(self, node: Element) -> str:
        if path := rule_path(node, self.scope):
            return path
        raise NotUnderstoodError(
            f"„{node.label}“ kann mehrfach vorkommen („{node.scope.label}“): Welche Angabe gemeint ist, ist unklar."
        )

    def _has(self, node: Element) -> str:
        if isinstance(node, FieldNode) and node.is_label:
            raise NotUnderstoodError(f"„{node.label}“ ist ein Hinweistext und wird nie ausgefüllt.")
        return rule_has(self._path(node))


def scope_of(bearer: Element) -> GroupNode:
    """The scope in which what a bearer demands is evaluated: one entry of it, if it can be repeated."""
    return bearer if isinstance(bearer, GroupNode) and bearer.opens_scope else bearer.scope


def when_given(condition: str, bearer: Element) -> str:
    """A demand of a group that may be left out holds where anything in it is answered."""
    group: Element | None = bearer if isinstance(bearer, GroupNode) else bearer.parent
    scope = scope_of(bearer)
    while group is not None and group is not scope:
        if not group.needed:
            steps = (("self",) if scope.path else ()) + group.path[len(scope.path) :]
            path = ".".join(steps if len(steps) > 1 else ("answers", *steps))
            return f"!has({path}) || ({condition})"
        group = group.parent
    return condition


def disjoined(conditions: list[str]) -> str:
    """True if any of these is."""
    return _joined(" || ", list(dict.fromkeys(conditions)))


def _joined(sign: str, parts: list[str]) -> str:
    return (
        parts[0]
        if len(parts) == 1
        else sign.join(part if part.isidentifier() else f"({part})" for part in parts)
    )


def code_of(node: FieldNode, value: Value) -> str:
    """The code of a choice that a rule means: written exactly, by a number and name that both fit, or by a name alone.

    Raises `NotUnderstoodError` for a code or name that the list does not have, or a code with another code's name.
    """
    named = [code.code for code in node.codes if value.text and folded(code.name) == folded(value.text)]
    if value.truth is not None:
        named = [code.code for code in node.codes if folded(code.name) == folded(value.text)]
    if value.code and not node.codes:
        raise NotUnderstoodError(
            f"Die Codeliste von „{node.label}“ fehlt: Ob sie {value.code} enthält, ist unbekannt."
        )
    if value.code in node.code_index:
        if named and value.code not in named:
            raise NotUnderstoodError(
                f"„{value.text}“ heißt in der Codeliste von „{node.label}“ nicht {value.code}, sondern {named[0]}."
            )
        return value.code
    if len(named) == 1 and (not value.code or int(value.code) == _number(named[0])):
        return named[0]
    if not value.code and value.text in node.code_index:
        return value.text
    known = ", ".join(f"{code.code} {code.name}" for code in node.codes[:4])
    raise NotUnderstoodError(f"„{_spoken(value)}“ steht nicht in der Codeliste von „{node.label}“ ({known}).")


def _number(code: str) -> int | None:
    return int(code) if code.isdecimal() else None


def _spoken(value: Value) -> str:
    return f"{value.code} {value.text}".strip()
