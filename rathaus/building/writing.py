"""Conditions as CEL, written so that unanswered questions make no comparison true."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from rathaus.building.comparisons import SIGNS, SPANS
from rathaus.building.conditions import (
    Answer,
    Condition,
    Group,
    Part,
    Today,
    Value,
    is_conjunction,
    is_negated,
)
from rathaus.building.vocabulary import Node, Vocabulary, single_kind
from rathaus.forms.numbers import plain
from rathaus.forms.ruletypes import rule_has, rule_path
from rathaus.forms.tree import FieldNode

# The loop variable of conditions about entries.
ENTRY = "entry"
_AND, _OR = " && ", " || "


def to_cel(condition: Condition, vocabulary: Vocabulary) -> str:
    """The condition in the rule language. Raises `ValueError` if it asks what cannot be asked here."""
    if not vocabulary.fits(condition):
        raise ValueError("the condition does not fit the form")
    if condition.always:
        return "true"
    return _joined(condition, vocabulary)[1]


# A rule and what joins it: "" for one that can stand anywhere without brackets.
_Written = tuple[str, str]


def _joined(whole: Condition | Group, vocabulary: Vocabulary) -> _Written:
    joint = _AND if is_conjunction(whole.joint) else _OR
    written = [
        _group(part, vocabulary) if isinstance(part, Group) else _part(part, vocabulary)
        for part in whole.parts
    ]
    if len(written) == 1:
        joint, text = written[0]
    else:
        text = joint.join(rule if inner in ("", joint) else f"({rule})" for inner, rule in written)
    return ("", f"!({text})") if is_negated(whole.joint) else (joint, text)


def _group(group: Group, vocabulary: Vocabulary) -> _Written:
    if group.over is None:
        return _joined(group, vocabulary)
    inner = _joined(group, vocabulary.of_entries(group.entries))[1]
    sign = "!" if group.over in ("no", "not_every") else ""
    macro = "exists" if group.over in ("some", "no") else "all"
    path = rule_path(vocabulary.lists[group.entries], vocabulary.reach)
    return "", f"{sign}{path}.{macro}({ENTRY}, {inner})"


def _part(part: Part, vocabulary: Vocabulary) -> _Written:
    node = vocabulary.node(part.field)
    assert node is not None  # noqa: S101 - `fits` has seen it
    path = path_of(node, vocabulary)
    has = rule_has(path)
    match part.comparison:
        case "filled":
            return "", has
        case "empty":
            return "", f"!{has}"
        case "yes":
            return "", path
        case "not_yes":
            return "", f"!{path}"
        case "no":
            return _AND, f"{has}{_AND}!{path}"
        case "not_no":
            return _OR, f"!{has}{_OR}{path}"
        case "one_of":
            return "", f"{path} in [{_texts(part.values)}]"
        case "not_one_of":
            return "", f"!({path} in [{_texts(part.values)}])"
        case "contains" | "not_contains":
            return "", f"{_not(part)}{path}.contains({_texts(part.values)})"
        case "words" | "not_words":
            return "", f"{_not(part)}contains_any({path}, [{_texts(part.values)}])"
        case "town_postal_code":
            return "", f"{path} in town.postal_codes"
        case "not_town_postal_code":
            return "", f"!({path} in town.postal_codes)"
        case "includes":
            return "", f"{_texts(part.values)} in {path}"
        case "not_includes":
            return "", f"!({_texts(part.values)} in {path})"
        case "entries_at_least":
            return "", f"size({path}) >= {part.values[0]}"
        case "entries_at_most":
            return "", f"size({path}) <= {part.values[0]}"
    return _comparison(part, node, path, vocabulary)


def _comparison(part: Part, node: Node, path: str, vocabulary: Vocabulary) -> _Written:
    """A comparison that needs answers to be there, unless it is of a text with a given one: "" is none of these."""
    paths = [path, *_paths(part.values, vocabulary)]
    if part.comparison in SPANS:
        call, sign = SPANS[part.comparison]
        rules = [f"{call.format(path)} {sign} {part.values[0]}"]
    elif part.comparison == "between":
        low, high = (_value(value, node, vocabulary) for value in part.values)
        rules = [f"{path} >= {low}", f"{path} <= {high}"]
    else:
        rules = [f"{path} {SIGNS[part.comparison]} {_value(part.values[0], node, vocabulary)}"]
    if is_plain_text(part, node):
        return "", rules[0]
    if part.comparison == "is_not":
        return _OR, _OR.join([*(f"!{rule_has(one)}" for one in paths), *rules])
    return _AND, _AND.join([*(rule_has(one) for one in paths), *rules])


def is_plain_text(part: Part, node: Node) -> bool:
    """Whether the part compares a text or choice with given ones: unanswered it is "", which is none of them."""
    return (
        isinstance(node, FieldNode)
        and single_kind(node) in ("text", "choice")
        and not any(isinstance(value, Answer) for value in part.values)
    )


def path_of(node: Node, vocabulary: Vocabulary) -> str:
    """How a condition names an answer here."""
    if vocabulary.inside:
        return ".".join((ENTRY, *node.local))
    return rule_path(node, vocabulary.reach) or ""


def _paths(values: Iterable[Value], vocabulary: Vocabulary) -> list[str]:
    return [
        path_of(node, vocabulary)
        for value in values
        if isinstance(value, Answer) and (node := vocabulary.node(value.path))
    ]


def _value(value: Value, node: Node, vocabulary: Vocabulary) -> str:
    match value:
        case Answer():
            return _paths([value], vocabulary)[0]
        case Today():
            return "today"
        case str():
            return _text(value)
        case int():
            return str(value)
        case Decimal():
            text = plain(value)
            return text if "." in text else f"{text}.0"
    return f'timestamp("{_day(value).isoformat()}T00:00:00Z")'


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _texts(values: Iterable[Value]) -> str:
    return ", ".join(_text(str(value)) for value in values)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _not(part: Part) -> str:
    return "!" if part.comparison.startswith("not_") else ""
