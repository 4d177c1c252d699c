"""The answers of a form as JSON Schema 2020-12: what the API takes, for those who generate code or forms from it.

Property names are the keys of the schema tree; `x-fim-id` and `x-fim-version` name the FIM element, `$comment` both.
It describes canonical values; the API also takes what `normalising` tolerates. What depends on conditions (a field
that is required when it is shown, checks) cannot be said here: only always required fields are in `required`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rathaus.forms.numbers import MAX_DIGITS
from rathaus.forms.plan import Plan
from rathaus.forms.textkinds import TextKind
from rathaus.forms.texts import Texts
from rathaus.forms.tree import FieldNode, GroupNode, Node
from rathaus.forms.values import MAX_TEXT, bound
from rathaus.standards.xdatenfelder.model import DataType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_ENUM = 300
"""Longer code lists are given by their address, not spelt out."""

_STRINGS: dict[DataType, dict[str, Any]] = {
    DataType.DATE: {"type": "string", "format": "date"},
    DataType.TIME: {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    DataType.DATETIME: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"},
    DataType.NUM: {"type": "string", "pattern": f"^-?[0-9]{{1,{MAX_DIGITS}}}(\\.[0-9]+)?$"},
    DataType.NUM_CURRENCY: {"type": "string", "pattern": f"^-?[0-9]{{1,{MAX_DIGITS}}}\\.[0-9]{{2}}$"},
    DataType.BOOL: {"type": "boolean"},
}


def json_schema(plan: Plan, texts: Texts) -> dict[str, Any]:
    """The schema of the whole answers object."""
    root = plan.tree.root
    return {
        "$schema": DIALECT,
        "$id": f"urn:fim:{root.id}:{root.version}" if root.version else f"urn:fim:{root.id}",
        "title": root.label,
        **_Writer(plan, texts).group(root),
    }


class _Writer:
    def __init__(self, plan: Plan, texts: Texts) -> None:
        self._plan = plan
        self._texts = texts

    def group(self, group: GroupNode) -> dict[str, Any]:
        children = [
            child for child in group.children if not (isinstance(child, FieldNode) and child.is_label)
        ]
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {child.key: self._child(child) for child in children},
            "additionalProperties": False,
        }
        required = [child.key for child in children if self._always_required(child)]
        if group.is_partial_date:
            # A date whose day is known has a month, and every date has a year (`check_partial_date`).
            day, month, year = (part.key for part in group.date_parts)
            required = list(dict.fromkeys([*required, year]))
            schema["dependentRequired"] = {day: [month]}
        if required:
            schema["required"] = required
        choices = [child for child in children if not (isinstance(child, FieldNode) and child.is_fixed)]
        if group.is_choice and choices:
            if all(child in self._plan.guarded for child in choices):
                schema["maxProperties"] = 1  # perhaps none of them is asked
            else:
                schema["oneOf"] = [{"required": [child.key]} for child in choices]
        return schema

    def _always_required(self, child: FieldNode | GroupNode) -> bool:
        if not child.needed or child in self._plan.guarded:
            return False
        if isinstance(child, FieldNode):
            page = self._plan.placed.get(child)
            asked = page is not None and page.show is None
            return (asked or self._is_date_part(child)) and not child.is_fixed
        if child.is_partial_date:
            page = self._plan.placed.get(child)
            return page is not None and page.show is None
        if child.repeatable:
            return self._always_asked(child)
        return any(self._always_required(inner) for inner in child.children)

    def _always_asked(self, group: GroupNode) -> bool:
        """Whether an entry of the group always has a question; one whose questions are all hidden is not missed."""
        fields = (field for field in group.fields() if field not in self._plan.guarded and not field.is_fixed)
        pages = (self._plan.placed.get(field) for field in fields)
        return any(page is not None and page.show is None for page in pages)

    @staticmethod
    def _is_date_part(child: FieldNode) -> bool:
        return child.parent is not None and child.parent.is_partial_date

    def _child(self, node: FieldNode | GroupNode) -> dict[str, Any]:
        single = self.group(node) if isinstance(node, GroupNode) else self._field(node)
        notes = self._notes(node)
        if not node.repeatable:
            return {**notes, **single}
        schema: dict[str, Any] = {**notes, "type": "array", "items": single}
        if node.minimum > 1 or (node.needed and node.minimum):
            schema["minItems"] = node.minimum
        if node.maximum is not None:
            schema["maxItems"] = node.maximum
        if isinstance(node, FieldNode) and node.is_choice:
            schema["uniqueItems"] = True
        return schema

    def _notes(self, node: Node) -> dict[str, Any]:
        notes: dict[str, Any] = {"title": self._texts.label(node)}
        if help_text := self._texts.help(node):
            notes["description"] = help_text
        notes["$comment"] = f"FIM {node.id}" + (f" {node.version}" if node.version else "")
        notes["x-fim-id"] = node.id
        if node.version:
            notes["x-fim-version"] = node.version
        return notes

    def _field(self, node: FieldNode) -> dict[str, Any]:
        content = self._plan.content.get(node)
        if content is not None:
            return {"const": content[0] if node.repeatable else content}
        if node.is_choice:
            return self._choice(node)
        if node.is_file:
            return _file(node)
        limits = node.constraints
        if node.datatype is DataType.NUM_INT:
            return {"type": "integer", **_whole_bounds(limits.min_value, limits.max_value)}
        if node.datatype in _STRINGS:
            return dict(_STRINGS[node.datatype])
        # An empty text is no answer: the key is absent then.
        schema: dict[str, Any] = {
            "type": "string",
            "minLength": max(limits.min_length or 1, 1),
            "maxLength": MAX_TEXT,
        }
        if limits.max_length is not None:
            schema["maxLength"] = limits.max_length
        if node.pattern is not None:
            schema["pattern"] = f"^(?:{node.pattern.source})$"
        if node.text_kind is TextKind.EMAIL:
            schema["format"] = "email"
        return schema

    def _choice(self, node: FieldNode) -> dict[str, Any]:
        choices = self._texts.choices(node)
        schema: dict[str, Any] = {"type": "string"}
        if node.code_list is not None:
            schema["x-code-list"] = node.code_list.canonical_version_uri or node.code_list.canonical_uri
        if len(choices) <= MAX_ENUM:
            schema["oneOf"] = [{"const": choice.code, "title": choice.name} for choice in choices]
        else:
            schema["minLength"] = 1
        return schema


def _whole_bounds(smallest: str | None, largest: str | None) -> Mapping[str, int]:
    limit = 10**MAX_DIGITS - 1
    low, high = bound(smallest), bound(largest)
    return {
        "minimum": -limit if low is None else int(low.to_integral_value(rounding="ROUND_CEILING")),
        "maximum": limit if high is None else int(high.to_integral_value(rounding="ROUND_FLOOR")),
    }


def _file(node: FieldNode) -> dict[str, Any]:
    size: dict[str, Any] = {"type": "integer", "minimum": 0}
    if node.max_size is not None:
        size["maximum"] = node.max_size
    media_type: dict[str, Any] = {"type": "string"}
    if node.media_types:
        media_type["enum"] = list(node.media_types)
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "size": size,
            "media_type": media_type,
            "sha256": {"type": "string"},
        },
        "required": ["id", "name", "size", "media_type"],
        "additionalProperties": False,
    }
