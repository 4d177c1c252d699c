"""Formats for submitted data that follow from a schema alone: JSON Schema 2020-12 and XSD (“XFall”).

Both name a property or element `<id>V<version>` (only `<id>` where the schema gives no version), leave labels out, and
turn a choice group (art X) into exactly one of its children. An element that stands twice among its siblings is one
repeated property: a name can only be there once. Rules are not part of either format.

Source: FIM-Baustein Datenfelder, derivation of XFall from XDatenfelder 3; namespace `urn:fim-de:xfall:xdf3:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from rathaus.standards.xdatenfelder.model import (
    Code,
    CodeListReference,
    DataType,
    Field,
    FieldKind,
    Group,
    Placement,
    Schema,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAMESPACE = "urn:fim-de:xfall:xdf3:"
_XS = "http://www.w3.org/2001/XMLSchema"

CodeLists = Mapping[str, tuple[Code, ...]]
"""Codes by canonical URI or canonical version URI; a list that is missing leaves its field an open text."""

_TEXTS = (DataType.TEXT, DataType.TEXT_LATIN)
_NUMBERS = (DataType.NUM, DataType.NUM_CURRENCY, DataType.NUM_INT)
_JSON_FORMATS = {DataType.DATE: "date", DataType.TIME: "time", DataType.DATETIME: "date-time"}
_XML_TYPES = {
    DataType.DATE: "xs:date",
    DataType.TIME: "xs:time",
    DataType.DATETIME: "xs:dateTime",
    DataType.BOOL: "xs:boolean",
    DataType.NUM: "xs:decimal",
    DataType.NUM_CURRENCY: "xs:decimal",
    DataType.NUM_INT: "xs:integer",
}


def qualified_name(element: Field | Group | Schema) -> str:
    """The name of an element in both formats: `F60000000243V1.2.0`."""
    return f"{element.id}V{element.version}" if element.version else element.id


def namespace_of(schema: Schema) -> str:
    """The XML namespace of a schema's data."""
    return f"{NAMESPACE}{qualified_name(schema)}"


@dataclass(frozen=True, slots=True)
class Member:
    """One property of a group: an element, and how often it may occur there."""

    name: str
    element: Field | Group
    minimum: int
    maximum: int | None

    @property
    def is_list(self) -> bool:
        """Whether its value is a list."""
        return self.maximum != 1 or self.minimum > 1


def members(children: tuple[Placement, ...]) -> tuple[Member, ...]:
    """The properties of a group in order: labels left out, an element that stands there twice counted together."""
    found: dict[str, Member] = {}
    for placement in children:
        element = placement.element
        if isinstance(element, Field) and element.kind is FieldKind.LABEL:
            continue
        name = qualified_name(element)
        known = found.get(name)
        minimum = placement.minimum + (known.minimum if known else 0)
        maximum = None
        if placement.maximum is not None and (known is None or known.maximum is not None):
            maximum = placement.maximum + ((known.maximum or 0) if known else 0)
        found[name] = Member(name, known.element if known else element, minimum, maximum)
    return tuple(found.values())


def codes_of(field: Field, lists: CodeLists) -> tuple[Code, ...]:
    """The choices of a field: its own values, or those of its list; empty if it has none or the list is missing."""
    if field.codes or field.code_list is None:
        return field.codes
    return _listed(field.code_list, lists)


def _listed(reference: CodeListReference, lists: CodeLists) -> tuple[Code, ...]:
    return lists.get(reference.canonical_version_uri or "") or lists.get(reference.canonical_uri) or ()


# -- JSON Schema ----------------------------------------------------------------------------------


def json_schema(schema: Schema, lists: CodeLists | None = None) -> dict[str, Any]:
    """JSON Schema 2020-12 of the data of a schema; every field and group is one entry of `$defs`."""
    writer = _JsonWriter(lists or {})
    name = qualified_name(schema)
    return {
        "$schema": DIALECT,
        "$id": f"{NAMESPACE}{name}",
        "title": schema.label or schema.name,
        **writer.content(schema.children, is_choice=False),
        "$defs": writer.definitions,
    }


class _JsonWriter:
    def __init__(self, lists: CodeLists) -> None:
        self._lists = lists
        self._written: dict[str, Field | Group] = {}
        self.definitions: dict[str, Any] = {}

    def content(self, children: tuple[Placement, ...], *, is_choice: bool) -> dict[str, Any]:
        properties = members(children)
        content: dict[str, Any] = {
            "type": "object",
            "properties": {member.name: self._member(member) for member in properties},
            "additionalProperties": False,
        }
        if is_choice and properties:
            content["oneOf"] = [{"required": [member.name]} for member in properties]
        elif required := [member.name for member in properties if member.minimum > 0]:
            content["required"] = required
        return content

    def _member(self, member: Member) -> dict[str, Any]:
        single = self._reference(member.name, member.element)
        if not member.is_list:
            return single
        items: dict[str, Any] = {"type": "array", "items": single}
        if member.minimum:
            items["minItems"] = member.minimum
        if member.maximum is not None:
            items["maxItems"] = member.maximum
        return items

    def _reference(self, name: str, element: Field | Group) -> dict[str, Any]:
        known = self._written.get(name)
        if known is not None and known != element:
            # The same id and version with other content: it is described where it stands.
            return self._definition(element)
        if known is None:
            self._written[name] = element
            self.definitions[name] = self._definition(element)
        return {"$ref": f"#/$defs/{name}"}

    def _definition(self, element: Field | Group) -> dict[str, Any]:
        notes: dict[str, Any] = {"title": element.label or element.name}
        if element.help:
            notes["description"] = element.help
        if isinstance(element, Group):
            return {**notes, **self.content(element.children, is_choice=element.is_choice)}
        return {**notes, **self._field(element)}

    def _field(self, field: Field) -> dict[str, Any]:
        if field.kind is FieldKind.SELECT:
            return self._choice(field)
        if field.kind is FieldKind.LOCKED and field.content and field.datatype in _TEXTS:
            return {"type": "string", "const": field.content}
        if field.datatype is DataType.BOOL:
            return {"type": "boolean"}
        limits = field.constraints
        if field.datatype in _NUMBERS:
            kind = "integer" if field.datatype is DataType.NUM_INT else "number"
            bounds = {"minimum": _number(limits.min_value), "maximum": _number(limits.max_value)}
            return {"type": kind, **{key: value for key, value in bounds.items() if value is not None}}
        text: dict[str, Any] = {"type": "string"}
        if field.datatype in _JSON_FORMATS:
            text["format"] = _JSON_FORMATS[field.datatype]
        elif field.datatype in _TEXTS:
            lengths = {"minLength": limits.min_length, "maxLength": limits.max_length}
            text.update({key: value for key, value in lengths.items() if value is not None})
            if limits.pattern and _is_expression(limits.pattern):
                text["pattern"] = f"^(?:{limits.pattern})$"
        return text

    def _choice(self, field: Field) -> dict[str, Any]:
        choice: dict[str, Any] = {"type": "string"}
        if codes := {code.code: code.name for code in codes_of(field, self._lists)}:
            choice["oneOf"] = [{"const": code, "title": name} for code, name in codes.items()]
        return choice


def _number(text: str | None) -> int | float | None:
    number = _decimal(text)
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _decimal(text: str | None) -> Decimal | None:
    try:
        number = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def _is_expression(pattern: str) -> bool:
    # Real schemata hold prose in `pattern`; what no engine reads would make the whole schema unusable.
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


# -- XSD ------------------------------------------------------------------------------------------


def xml_schema(schema: Schema, lists: CodeLists | None = None) -> bytes:
    """The XSD 1.0 of the data of a schema, as a UTF-8 document; every field and group is one named type."""
    return _XsdWriter(schema, lists or {}).document()


class _XsdWriter:
    def __init__(self, schema: Schema, lists: CodeLists) -> None:
        self._schema = schema
        self._lists = lists
        self._written: dict[str, Field | Group] = {}
        self._namespace = namespace_of(schema)
        self._root = etree.Element(
            f"{{{_XS}}}schema",
            nsmap={"xs": _XS, "xfall": self._namespace},
            targetNamespace=self._namespace,
            elementFormDefault="qualified",
        )

    def document(self) -> bytes:
        name = qualified_name(self._schema)
        element = self._add(self._root, "element", name=name)
        self._content(self._add(element, "complexType"), self._schema.children, is_choice=False)
        document: bytes = etree.tostring(
            self._root, xml_declaration=True, encoding="UTF-8", pretty_print=True
        )
        return document

    @staticmethod
    def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{_XS}}}{tag}", attributes)

    def _content(self, parent: etree._Element, children: tuple[Placement, ...], *, is_choice: bool) -> None:
        order = self._add(parent, "choice" if is_choice else "sequence")
        for member in members(children):
            attributes = {"name": member.name}
            kind = self._type_of(member.name, member.element)
            if kind is not None:
                attributes["type"] = kind
            # The one child that is chosen must be there.
            minimum = max(member.minimum, 1) if is_choice else member.minimum
            if minimum != 1:
                attributes["minOccurs"] = str(minimum)
            if member.maximum != 1:
                attributes["maxOccurs"] = "unbounded" if member.maximum is None else str(member.maximum)
            element = self._add(order, "element", **attributes)
            if kind is None:
                self._inline(element, member.element)

    def _type_of(self, name: str, element: Field | Group) -> str | None:
        """The name of the element's type; None if it must be described where it stands."""
        known = self._written.get(name)
        if known is not None:
            return f"xfall:{name}Type" if known == element else None
        self._written[name] = element
        kind = "complexType" if isinstance(element, Group) else "simpleType"
        self._describe(self._add(self._root, kind, name=f"{name}Type"), element)
        return f"xfall:{name}Type"

    def _inline(self, parent: etree._Element, element: Field | Group) -> None:
        kind = "complexType" if isinstance(element, Group) else "simpleType"
        self._describe(self._add(parent, kind), element)

    def _describe(self, parent: etree._Element, element: Field | Group) -> None:
        label = element.label or element.name
        if label:
            note = self._add(self._add(parent, "annotation"), "documentation")
            note.text = label
        if isinstance(element, Group):
            self._content(parent, element.children, is_choice=element.is_choice)
        else:
            self._restrict(parent, element)

    def _restrict(self, parent: etree._Element, field: Field) -> None:
        is_choice = field.kind is FieldKind.SELECT
        base = "xs:string" if is_choice else _XML_TYPES.get(field.datatype, "xs:string")
        restriction = self._add(parent, "restriction", base=base)
        facets = self._choices(field) if is_choice else self._limits(field)
        for name, value in facets:
            self._add(restriction, name, value=value)

    def _choices(self, field: Field) -> Iterator[tuple[str, str]]:
        for code in dict.fromkeys(code.code for code in codes_of(field, self._lists)):
            yield "enumeration", code

    @staticmethod
    def _limits(field: Field) -> Iterator[tuple[str, str]]:
        limits = field.constraints
        if field.datatype in _TEXTS:
            if limits.min_length is not None:
                yield "minLength", str(limits.min_length)
            if limits.max_length is not None and limits.max_length >= (limits.min_length or 0):
                yield "maxLength", str(limits.max_length)
            if limits.pattern and (pattern := xsd_pattern(limits.pattern)) is not None:
                yield "pattern", pattern
        if field.datatype in _NUMBERS:
            low, high = _decimal(limits.min_value), _decimal(limits.max_value)
            if field.datatype is DataType.NUM_INT:
                low = None if low is None else low.to_integral_value(rounding="ROUND_CEILING")
                high = None if high is None else high.to_integral_value(rounding="ROUND_FLOOR")
            if low is not None:
                yield "minInclusive", format(low, "f")
            if high is not None and (low is None or high >= low):
                yield "maxInclusive", format(high, "f")


def xsd_pattern(pattern: str) -> str | None:
    """An HTML pattern in the regular expressions of XSD (XML Schema Part 2, Appendix F); None if it has no equal there.

    XSD anchors by itself, knows no look-around and no word boundary, and its `\\d` and `\\w` are wider.
    """
    body = pattern.removeprefix("^")
    if body.endswith("$") and not body.endswith(r"\$"):
        body = body[:-1]
    converted: list[str] = []
    in_class = False
    for piece in re.findall(r"\\.|\(\?:|\(\?|.", body, re.DOTALL):
        if piece == r"\d":
            converted.append("0-9" if in_class else "[0-9]")
        elif piece == r"\w":
            converted.append("A-Za-z0-9_" if in_class else "[A-Za-z0-9_]")
        elif in_class:
            in_class = piece != "]"
            converted.append(piece)
        elif piece == "(?" or piece in ("^", "$", r"\b", r"\B"):
            return None
        else:
            in_class = piece == "["
            converted.append("(" if piece == "(?:" else piece)
    probe = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    kind = etree.SubElement(probe, f"{{{_XS}}}simpleType", name="probe")
    restriction = etree.SubElement(kind, f"{{{_XS}}}restriction", base="xs:string")
    etree.SubElement(restriction, f"{{{_XS}}}pattern", value="".join(converted))
    try:
        etree.XMLSchema(probe)
    except etree.XMLSchemaParseError:
        return None
    return "".join(converted)
