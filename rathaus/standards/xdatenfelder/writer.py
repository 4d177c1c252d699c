"""Writing a schema as XDatenfelder 3.0.0: valid against the XSD wherever the model is, and read back to an equal value.

The same schema gives the same bytes. What the standard demands and the model does not hold is written as the standard's
own placeholder: status “in work”, changed at the time of the message, document profile D99000000001.
"""

from __future__ import annotations

from lxml import etree

from rathaus.standards.xdatenfelder.conversion import NO_DOCUMENT_PROFILE
from rathaus.standards.xdatenfelder.model import (
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
    header = _child(root, "header")
    _child(header, "nachrichtID", message_id or schema.id)
    _child(header, "erstellungszeitpunkt", created_at)
    _Writer(created_at).schema(_child(root, "stammdatenschema"), schema)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def _child(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text:
        element.text = text
    return element


def _optional(parent: etree._Element, name: str, text: str | None) -> None:
    if text:
        _child(parent, name, text)


def _code(parent: etree._Element, name: str, code: str) -> None:
    holder = _child(parent, name)
    if name in _LIST_VERSIONS:
        uri, version = _LIST_VERSIONS[name]
        holder.set("listURI", uri)
        holder.set("listVersionID", version)
    etree.SubElement(holder, "code").text = code


def _identification(parent: etree._Element, name: str, identifier: str, version: str | None) -> None:
    holder = _child(parent, name)
    _child(holder, "id", identifier)
    _optional(holder, "version", version)


def _references(parent: etree._Element, references: tuple[Reference, ...]) -> None:
    for reference in references:
        element = _child(parent, "bezug", reference.text)
        if reference.link:
            element.set("link", reference.link)


class _Writer:
    def __init__(self, created_at: str) -> None:
        self._created_at = created_at

    def schema(self, parent: etree._Element, schema: Schema) -> None:
        self._record(parent, schema)
        _child(parent, "bezeichnung", schema.label)
        _optional(parent, "hilfetext", schema.help)
        _code(parent, "ableitungsmodifikationenStruktur", schema.structure_changes or "3")
        _code(parent, "ableitungsmodifikationenRepraesentation", schema.representation_changes or "1")
        _identification(
            parent, "dokumentsteckbrief", *(schema.document_profile or (NO_DOCUMENT_PROFILE, None))
        )
        self._rules(parent, schema.rules)
        self._structures(parent, schema.children)

    def _record(self, parent: etree._Element, element: Schema | Group | Field) -> None:
        record = element.record
        _identification(parent, "identifikation", element.id, element.version)
        _child(parent, "name", element.name)
        _optional(parent, "beschreibung", element.description)
        _optional(parent, "definition", record.definition)
        _references(parent, element.references)
        _code(parent, "freigabestatus", record.status or _STATUS_IN_WORK)
        _optional(parent, "statusGesetztAm", record.status_set_on)
        _optional(parent, "statusGesetztDurch", record.status_set_by)
        _optional(parent, "gueltigAb", record.valid_from)
        _optional(parent, "gueltigBis", record.valid_until)
        _optional(parent, "versionshinweis", record.version_note)
        _optional(parent, "veroeffentlichungsdatum", record.published_on)
        _child(parent, "letzteAenderung", record.changed_at or self._created_at)
        self._keywords(parent, record)

    @staticmethod
    def _keywords(parent: etree._Element, record: Record) -> None:
        for keyword in record.keywords:
            _child(parent, "stichwort", keyword.text).set("uri", keyword.uri)

    def _rules(self, parent: etree._Element, rules: tuple[Rule, ...]) -> None:
        for rule in rules:
            element = _child(parent, "regel")
            _identification(element, "identifikation", rule.id, rule.version)
            _child(element, "name", rule.name)
            _optional(element, "beschreibung", rule.description)
            _optional(element, "freitextRegel", rule.text)
            _references(element, rule.references)
            self._keywords(element, rule.record)
            _optional(element, "fachlicherErsteller", rule.record.status_set_by)
            _child(element, "letzteAenderung", rule.record.changed_at or self._created_at)
            _code(element, "typ", rule.kind)
            for parameter in rule.parameters:
                holder = _child(element, "param")
                holder.set("element", parameter.element)
                holder.set("name", parameter.name)
                _child(holder, "typ", parameter.kind)
            for target in rule.targets:
                holder = _child(element, "ziel")
                holder.set("element", target.element)
                holder.set("name", target.name)
            _optional(element, "skript", rule.script)
            for message in rule.messages:
                _child(element, "fehler", message.text).set("code", message.code)

    def _structures(self, parent: etree._Element, children: tuple[Placement, ...]) -> None:
        for placement in children:
            element = _child(parent, "struktur")
            maximum = "*" if placement.maximum is None else placement.maximum
            _child(element, "anzahl", f"{placement.minimum}:{maximum}")
            _references(element, placement.references)
            contained = _child(element, "enthaelt")
            if isinstance(placement.element, Group):
                self._group(_child(contained, "datenfeldgruppe"), placement.element)
            else:
                self._field(_child(contained, "datenfeld"), placement.element)

    def _shared(self, parent: etree._Element, element: Group | Field) -> None:
        self._record(parent, element)
        _child(parent, "bezeichnungEingabe", element.label)
        _optional(parent, "bezeichnungAusgabe", element.label_output)
        _code(parent, "schemaelementart", element.origin or "RNG")
        _optional(parent, "hilfetextEingabe", element.help)
        _optional(parent, "hilfetextAusgabe", element.help_output)

    def _group(self, parent: etree._Element, group: Group) -> None:
        self._shared(parent, group)
        if group.is_choice:
            _code(parent, "art", "X")
        self._rules(parent, group.rules)
        self._structures(parent, group.children)

    def _field(self, parent: etree._Element, field: Field) -> None:
        self._shared(parent, field)
        _code(parent, "feldart", field.kind)
        _code(parent, "datentyp", field.datatype)
        self._constraints(parent, field.constraints)
        _optional(parent, "inhalt", field.content)
        _code(parent, "vorbefuellung", field.prefill)
        if field.codes:
            values = _child(parent, "werte")
            for code in field.codes:
                entry = _child(values, "wert")
                _child(entry, "code", code.code)
                _child(entry, "name", code.name)
                _optional(entry, "hilfe", code.help)
        if field.code_list:
            self._code_list(parent, field.code_list)
        self._rules(parent, field.rules)
        _optional(parent, "maxSize", None if field.max_size is None else str(field.max_size))
        for media_type in field.media_types:
            _child(parent, "mediaType", media_type)

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
            element = _child(parent, "praezisierung")
            for name, value in written.items():
                element.set(name, value)

    @staticmethod
    def _code_list(parent: etree._Element, reference: CodeListReference) -> None:
        element = _child(parent, "codelisteReferenz")
        _child(element, "canonicalIdentification", reference.canonical_uri)
        _optional(element, "version", reference.version)
        _optional(element, "canonicalVersionUri", reference.canonical_version_uri)
        _optional(parent, "codeKey", reference.code_column)
        _optional(parent, "nameKey", reference.name_column)
        _optional(parent, "helpKey", reference.help_column)
