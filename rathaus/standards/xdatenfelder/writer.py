"""Writing a schema as XDatenfelder 3.0.0: valid against the XSD wherever the model is, and read back to an equal value.

The same schema gives the same bytes. What the standard demands and the model does not hold is written as the standard's
own placeholder: status “in work”, changed at the time of the message, document profile D99000000001.
"""

from __future__ import annotations

from lxml import etree

from rathaus.standards.xdatenfelder.conversion import NO_DOCUMENT_PROFILE
from rathaus.standards.xdatenfelder.model import (
    Code,
    CodeListReference,
    Constraints,
    Field,
    Group,
    Placement,
    Record,
    Reference,
    Rule,
    Schema,
)
from rathaus.standards.xdatenfelder.reader import NAMESPACE

_STATUS_IN_WORK = "2"
_LIST_VERSIONS = {"freigabestatus": ("urn:xoev-de:xprozess:codeliste:status", "2022-07-12")}


def write_schema(schema: Schema, *, created_at: str = "1970-01-01T00:00:00Z", message_id: str = "") -> bytes:
    """The schema as message 0102 in UTF-8. `created_at` (xs:dateTime) also stands where a change is not dated."""
    root = etree.Element(f"{{{NAMESPACE}}}xdatenfelder.stammdatenschema.0102", nsmap={"xdf3": NAMESPACE})
    write_header(root, message_id or schema.id, created_at)
    _Writer(created_at).schema(write_child(root, "stammdatenschema"), schema)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def write_placement(placement: Placement, *, created_at: str = "1970-01-01T00:00:00Z") -> bytes:
    """One `struktur` with what it holds, to be put into a schema that is left as it is otherwise."""
    parent = etree.Element(f"{{{NAMESPACE}}}stammdatenschema", nsmap={"xdf3": NAMESPACE})
    _Writer(created_at).structures(parent, (placement,))
    element: bytes = etree.tostring(parent[0], encoding="UTF-8", xml_declaration=False)
    return element


def write_header(root: etree._Element, message_id: str, created_at: str) -> None:
    """The head of a message."""
    header = write_child(root, "header")
    write_child(header, "nachrichtID", message_id)
    write_child(header, "erstellungszeitpunkt", created_at)


def write_child(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    """An element of the standard below another."""
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text:
        element.text = text
    return element


def write_optional(parent: etree._Element, name: str, text: str | None) -> None:
    """An element that is left out where there is no text."""
    if text:
        write_child(parent, name, text)


def _code(parent: etree._Element, name: str, code: str) -> None:
    holder = write_child(parent, name)
    if name in _LIST_VERSIONS:
        uri, version = _LIST_VERSIONS[name]
        holder.set("listURI", uri)
        holder.set("listVersionID", version)
    etree.SubElement(holder, "code").text = code


def write_identification(parent: etree._Element, name: str, identifier: str, version: str | None) -> None:
    """An id with its version."""
    holder = write_child(parent, name)
    write_child(holder, "id", identifier)
    write_optional(holder, "version", version)


def write_codes(parent: etree._Element, codes: tuple[Code, ...]) -> None:
    """`werte`, left out where there are none."""
    if codes:
        values = write_child(parent, "werte")
        for code in codes:
            entry = write_child(values, "wert")
            write_child(entry, "code", code.code)
            write_child(entry, "name", code.name)
            write_optional(entry, "hilfe", code.help)


def _references(parent: etree._Element, references: tuple[Reference, ...]) -> None:
    for reference in references:
        element = write_child(parent, "bezug", reference.text)
        if reference.link:
            element.set("link", reference.link)


class _Writer:
    def __init__(self, created_at: str) -> None:
        self._created_at = created_at

    def schema(self, parent: etree._Element, schema: Schema) -> None:
        self._record(parent, schema)
        write_child(parent, "bezeichnung", schema.label)
        write_optional(parent, "hilfetext", schema.help)
        _code(parent, "ableitungsmodifikationenStruktur", schema.structure_changes or "3")
        _code(parent, "ableitungsmodifikationenRepraesentation", schema.representation_changes or "1")
        write_identification(
            parent, "dokumentsteckbrief", *(schema.document_profile or (NO_DOCUMENT_PROFILE, None))
        )
        self._rules(parent, schema.rules)
        self.structures(parent, schema.children)

    def _record(self, parent: etree._Element, element: Schema | Group | Field) -> None:
        record = element.record
        write_identification(parent, "identifikation", element.id, element.version)
        write_child(parent, "name", element.name)
        write_optional(parent, "beschreibung", element.description)
        write_optional(parent, "definition", record.definition)
        _references(parent, element.references)
        _code(parent, "freigabestatus", record.status or _STATUS_IN_WORK)
        write_optional(parent, "statusGesetztAm", record.status_set_on)
        write_optional(parent, "statusGesetztDurch", record.status_set_by)
        write_optional(parent, "gueltigAb", record.valid_from)
        write_optional(parent, "gueltigBis", record.valid_until)
        write_optional(parent, "versionshinweis", record.version_note)
        write_optional(parent, "veroeffentlichungsdatum", record.published_on)
        write_child(parent, "letzteAenderung", record.changed_at or self._created_at)
        self._keywords(parent, record)

    @staticmethod
    def _keywords(parent: etree._Element, record: Record) -> None:
        for keyword in record.keywords:
            write_child(parent, "stichwort", keyword.text).set("uri", keyword.uri)

    def _rules(self, parent: etree._Element, rules: tuple[Rule, ...]) -> None:
        for rule in rules:
            element = write_child(parent, "regel")
            write_identification(element, "identifikation", rule.id, rule.version)
            write_child(element, "name", rule.name)
            write_optional(element, "beschreibung", rule.description)
            write_optional(element, "freitextRegel", rule.text)
            _references(element, rule.references)
            self._keywords(element, rule.record)
            write_optional(element, "fachlicherErsteller", rule.record.status_set_by)
            write_child(element, "letzteAenderung", rule.record.changed_at or self._created_at)
            _code(element, "typ", rule.kind)
            for parameter in rule.parameters:
                holder = write_child(element, "param")
                holder.set("element", parameter.element)
                holder.set("name", parameter.name)
                write_child(holder, "typ", parameter.kind)
            for target in rule.targets:
                holder = write_child(element, "ziel")
                holder.set("element", target.element)
                holder.set("name", target.name)
            write_optional(element, "skript", rule.script)
            for message in rule.messages:
                write_child(element, "fehler", message.text).set("code", message.code)

    def structures(self, parent: etree._Element, children: tuple[Placement, ...]) -> None:
        """Elements at their places."""
        for placement in children:
            element = write_child(parent, "struktur")
            maximum = "*" if placement.maximum is None else placement.maximum
            write_child(element, "anzahl", f"{placement.minimum}:{maximum}")
            _references(element, placement.references)
            contained = write_child(element, "enthaelt")
            if isinstance(placement.element, Group):
                self._group(write_child(contained, "datenfeldgruppe"), placement.element)
            else:
                self._field(write_child(contained, "datenfeld"), placement.element)

    def _shared(self, parent: etree._Element, element: Group | Field) -> None:
        self._record(parent, element)
        write_child(parent, "bezeichnungEingabe", element.label)
        write_optional(parent, "bezeichnungAusgabe", element.label_output)
        _code(parent, "schemaelementart", element.origin or "RNG")
        write_optional(parent, "hilfetextEingabe", element.help)
        write_optional(parent, "hilfetextAusgabe", element.help_output)

    def _group(self, parent: etree._Element, group: Group) -> None:
        self._shared(parent, group)
        if group.is_choice:
            _code(parent, "art", "X")
        self._rules(parent, group.rules)
        self.structures(parent, group.children)

    def _field(self, parent: etree._Element, field: Field) -> None:
        self._shared(parent, field)
        _code(parent, "feldart", field.kind)
        _code(parent, "datentyp", field.datatype)
        self._constraints(parent, field.constraints)
        write_optional(parent, "inhalt", field.content)
        _code(parent, "vorbefuellung", field.prefill)
        write_codes(parent, field.codes)
        if field.code_list:
            self._code_list(parent, field.code_list)
        self._rules(parent, field.rules)
        write_optional(parent, "maxSize", None if field.max_size is None else str(field.max_size))
        for media_type in field.media_types:
            write_child(parent, "mediaType", media_type)

    @staticmethod
    def _constraints(parent: etree._Element, limits: Constraints) -> None:
        given = {
            "minLength": limits.min_length,
            "maxLength": limits.max_length,
            "minValue": limits.min_value,
            "maxValue": limits.max_value,
            "pattern": limits.pattern,
        }
        written = {name: str(value) for name, value in given.items() if value is not None}
        if written:
            element = write_child(parent, "praezisierung")
            for name, value in written.items():
                element.set(name, value)

    @staticmethod
    def _code_list(parent: etree._Element, reference: CodeListReference) -> None:
        element = write_child(parent, "codelisteReferenz")
        write_child(element, "canonicalIdentification", reference.canonical_uri)
        write_optional(element, "version", reference.version)
        write_optional(element, "canonicalVersionUri", reference.canonical_version_uri)
        write_optional(parent, "codeKey", reference.code_column)
        write_optional(parent, "nameKey", reference.name_column)
        write_optional(parent, "helpKey", reference.help_column)
