"""Reading XDatenfelder 3.0.0 messages: a Stammdatenschema (0102) and its translations (0106).

Elements are matched by local name under the namespace of the root: real files use any prefix, and the `code` inside
a code-typed element is in no namespace at all. `relation` elements, nine tenths of many published files, are dropped
while streaming. The XSD is not enforced: released files of the FIM portal break it in harmless places; what the
model cannot express without guessing is an `XdfError` with its line.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

from rathaus.said import said
from rathaus.standards.safe_xml import Limits, Node, XmlError, read_xml
from rathaus.standards.xdatenfelder.model import (
    Code,
    CodeListReference,
    Constraints,
    DataType,
    ElementTranslation,
    Field,
    FieldKind,
    Group,
    Keyword,
    Placement,
    Record,
    Reference,
    Rule,
    RuleMessage,
    RuleParameter,
    RuleTarget,
    RuleTranslation,
    Schema,
    Translation,
)

NAMESPACE = "urn:xoev-de:fim:standard:xdatenfelder_3.0.0"
_NAMESPACES = "urn:xoev-de:fim:standard:xdatenfelder_"
SCHEMA_ROOT = "xdatenfelder.stammdatenschema.0102"
_TRANSLATION_ROOT = "xdatenfelder.uebersetzung.0106"
_LIMITS = Limits(depth=120)  # each group costs three elements; the deepest released schema nests eight groups

_DROPPED = frozenset({"relation"})

_Choice = TypeVar("_Choice", bound=StrEnum)


class XdfError(XmlError):
    """The document is not a readable XDatenfelder 3.0.0 message. `message` says what was found, `line` where."""


def read_schema(source: BinaryIO | bytes | Path) -> Schema:
    """Read a Stammdatenschema (message 0102) of XDatenfelder 3.0.0.

    Raises `XdfError` for anything else, naming what was found (another version, another message, foreign XML).
    """
    return schema_of(_message(source, SCHEMA_ROOT))


def schema_of(root: Node) -> Schema:
    """The schema of a message 0102 that has been read into nodes. Raises `XdfError`."""
    return _schema(_required(root, "stammdatenschema"))


def read_translations(source: BinaryIO | bytes | Path) -> tuple[Translation, ...]:
    """Read the translations of a schema (message 0106), one per `sprache` element. Raises `XdfError`."""
    root = _message(source, _TRANSLATION_ROOT)
    schema = _identification(root, "uebersetzt")
    return tuple(_translation(language, *schema) for language in root.all("sprache"))


def read_message(source: BinaryIO | bytes | Path, *, relations: bool = False) -> Node:
    """Any XML document as nodes within the limits of this standard, without its relations. Raises `XdfError`."""
    try:
        return read_xml(source, drop=frozenset() if relations else _DROPPED, limits=_LIMITS)
    except XmlError as error:
        raise XdfError(error.message, error.line) from None


def _message(source: BinaryIO | bytes | Path, expected: str) -> Node:
    root = read_message(source)
    if root.namespace != NAMESPACE:
        if root.namespace.startswith(_NAMESPACES):
            version = root.namespace.removeprefix(_NAMESPACES)
            _fail(
                root,
                said(
                    "this is XDatenfelder %(version)s; only XDatenfelder 3.0.0 is read here", version=version
                ),
            )
        home = (
            said("namespace %(namespace)s", namespace=root.namespace)
            if root.namespace
            else said("no namespace")
        )
        _fail(
            root,
            said(
                "this is not XDatenfelder: the root element is <%(root)s> in %(home)s",
                root=root.name,
                home=home,
            ),
        )
    if root.name != expected:
        _fail(
            root,
            said(
                "this is the message %(root)s; expected %(expected)s",
                root=root.name,
                expected=expected,
            ),
        )
    return root


def _fail(node: Node, message: str) -> NoReturn:
    raise XdfError(message, node.line)


def _required(node: Node, name: str) -> Node:
    child = node.first(name)
    if child is None:
        _fail(node, said("<%(node)s> has no <%(name)s>", node=node.name, name=name))
    return child


def _identification(node: Node, name: str = "identifikation") -> tuple[str, str | None]:
    identification = _required(node, name)
    element_id = identification.text_of("id")
    if not element_id:
        _fail(identification, said("<%(name)s> has no <id>", name=name))
    return element_id, identification.text_of("version") or None


def _references(node: Node) -> tuple[Reference, ...]:
    return tuple(
        Reference(entry.text.strip(), entry.attributes.get("link") or None)
        for entry in node.all("bezug")
        if entry.text.strip()
    )


def _rules(node: Node) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            *_identification(rule),
            name=rule.text_of("name"),
            text=rule.text_of("freitextRegel"),
            kind=rule.text_of("typ", "code") or "K",
            description=rule.text_of("beschreibung"),
            references=_references(rule),
            parameters=tuple(
                RuleParameter(
                    entry.attributes.get("element", ""),
                    entry.attributes.get("name", ""),
                    entry.text_of("typ") or entry.text_of("typ", "code"),  # the XSD demands the bare text
                )
                for entry in rule.all("param")
            ),
            targets=tuple(
                RuleTarget(entry.attributes.get("element", ""), entry.attributes.get("name", ""))
                for entry in rule.all("ziel")
            ),
            script=rule.text_of("skript"),
            messages=_messages(rule),
            record=_record(rule, "fachlicherErsteller"),
        )
        for rule in node.all("regel")
    )


def _messages(rule: Node) -> tuple[RuleMessage, ...]:
    return tuple(
        RuleMessage(entry.attributes.get("code", ""), entry.text.strip()) for entry in rule.all("fehler")
    )


def _record(node: Node, author: str = "statusGesetztDurch") -> Record:
    return Record(
        definition=node.text_of("definition"),
        status=node.text_of("freigabestatus", "code"),
        status_set_on=node.text_of("statusGesetztAm"),
        status_set_by=node.text_of(author),
        valid_from=node.text_of("gueltigAb"),
        valid_until=node.text_of("gueltigBis"),
        version_note=node.text_of("versionshinweis"),
        published_on=node.text_of("veroeffentlichungsdatum"),
        changed_at=node.text_of("letzteAenderung"),
        keywords=tuple(
            Keyword(entry.text.strip(), entry.attributes.get("uri", ""))
            for entry in node.all("stichwort")
            if entry.text.strip()
        ),
    )


def _schema(node: Node) -> Schema:
    schema_id, version = _identification(node)
    name = node.text_of("name")
    return Schema(
        id=schema_id,
        version=version,
        name=name,
        label=node.text_of("bezeichnung") or name,
        children=_placements(node),
        help=node.text_of("hilfetext"),
        description=node.text_of("beschreibung"),
        rules=_rules(node),
        references=_references(node),
        structure_changes=node.text_of("ableitungsmodifikationenStruktur", "code"),
        representation_changes=node.text_of("ableitungsmodifikationenRepraesentation", "code"),
        document_profile=_identification(node, "dokumentsteckbrief")
        if node.first("dokumentsteckbrief")
        else None,
        record=_record(node),
    )


def _placements(node: Node) -> tuple[Placement, ...]:
    return tuple(_placement(child) for child in node.all("struktur"))


def _placement(node: Node) -> Placement:
    contained = _required(node, "enthaelt")
    minimum, maximum = _cardinality(_required(node, "anzahl"))
    element: Field | Group
    if group := contained.first("datenfeldgruppe"):
        element = _group(group)
    elif field := contained.first("datenfeld"):
        element = _field(field)
    else:
        _fail(contained, said("<enthaelt> holds neither <datenfeld> nor <datenfeldgruppe>"))
    return Placement(element, minimum, maximum, _references(node))


def _cardinality(node: Node) -> tuple[int, int | None]:
    low, separator, high = (part.strip() for part in node.text.partition(":"))
    if not separator or not _is_number(low) or not (high == "*" or _is_number(high)):
        _fail(node, said("<anzahl> must read min:max, found %(found)r", found=node.text.strip()))
    minimum, maximum = int(low), None if high == "*" else int(high)
    if maximum is not None and (maximum < minimum or maximum == 0):
        _fail(node, said("<anzahl> %(found)r can never be met", found=node.text.strip()))
    return minimum, maximum


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _group(node: Node) -> Group:
    group_id, version = _identification(node)
    name = node.text_of("name")
    return Group(
        id=group_id,
        version=version,
        name=name,
        label=node.text_of("bezeichnungEingabe") or name,
        children=_placements(node),
        label_output=node.text_of("bezeichnungAusgabe"),
        help=node.text_of("hilfetextEingabe"),
        help_output=node.text_of("hilfetextAusgabe"),
        description=node.text_of("beschreibung"),
        is_choice=node.text_of("art", "code") == "X",
        rules=_rules(node),
        references=_references(node),
        origin=node.text_of("schemaelementart", "code"),
        record=_record(node),
    )


def _field(node: Node) -> Field:
    field_id, version = _identification(node)
    name = node.text_of("name")
    return Field(
        id=field_id,
        version=version,
        name=name,
        label=node.text_of("bezeichnungEingabe") or name,
        kind=_choice(node, "feldart", FieldKind),
        datatype=_choice(node, "datentyp", DataType),
        label_output=node.text_of("bezeichnungAusgabe"),
        help=node.text_of("hilfetextEingabe"),
        help_output=node.text_of("hilfetextAusgabe"),
        description=node.text_of("beschreibung"),
        constraints=_constraints(node),
        content=node.text_of("inhalt"),
        prefill=node.text_of("vorbefuellung", "code") or "keine",
        codes=_codes(node),
        code_list=_code_list_reference(node),
        max_size=_whole_number(node, node.text_of("maxSize"), "maxSize"),
        media_types=tuple(entry.text.strip() for entry in node.all("mediaType")),
        rules=_rules(node),
        references=_references(node),
        origin=node.text_of("schemaelementart", "code"),
        record=_record(node),
    )


def _choice(node: Node, name: str, choices: type[_Choice]) -> _Choice:
    holder = _required(node, name)
    code = holder.text_of("code")
    try:
        return choices(code)
    except ValueError:
        known = ", ".join(choices)
        _fail(
            holder,
            said("<%(name)s> %(code)r is unknown; known are %(known)s", name=name, code=code, known=known),
        )


def _constraints(node: Node) -> Constraints:
    limits = node.first("praezisierung")
    if limits is None:
        return Constraints()
    given = limits.attributes
    return Constraints(
        min_length=_whole_number(limits, given.get("minLength", ""), "minLength"),
        max_length=_whole_number(limits, given.get("maxLength", ""), "maxLength"),
        min_value=given.get("minValue", "").strip() or None,
        max_value=given.get("maxValue", "").strip() or None,
        pattern=given.get("pattern") or None,
    )


def _whole_number(node: Node, text: str, name: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        _fail(node, said("%(name)s must be a whole number, found %(text)r", name=name, text=text))
    return int(text)


def _codes(node: Node) -> tuple[Code, ...]:
    values = node.first("werte")
    if values is None:
        return ()
    return tuple(_code(entry) for entry in values.all("wert"))


def _code(node: Node) -> Code:
    code = node.text_of("code")
    if not code:
        _fail(node, said("<wert> has no <code>"))
    return Code(code, node.text_of("name") or code, node.text_of("hilfe"))


def _code_list_reference(node: Node) -> CodeListReference | None:
    reference = node.first("codelisteReferenz")
    if reference is None:
        return None
    version = reference.text_of("version") or None
    version_uri = reference.text_of("canonicalVersionUri") or None
    uri = reference.text_of("canonicalIdentification")
    if not uri and version_uri:
        uri = version_uri.removesuffix(f"_{version}") if version else version_uri.rpartition("_")[0]
    if not uri:
        _fail(reference, said("<codelisteReferenz> names no code list"))
    return CodeListReference(
        canonical_uri=uri,
        version=version,
        canonical_version_uri=version_uri,
        code_column=node.text_of("codeKey") or None,
        name_column=node.text_of("nameKey") or None,
        help_column=node.text_of("helpKey") or None,
    )


def _translation(node: Node, schema_id: str, schema_version: str | None) -> Translation:
    language = node.attributes.get("lang", "")
    if not language:
        _fail(node, said("<sprache> has no attribute lang"))
    return Translation(
        schema_id=schema_id,
        language=language,
        region=node.attributes.get("region") or None,
        variant=node.attributes.get("variant") or None,
        version=_whole_number(node, node.attributes.get("version", ""), "version") or 1,
        schema_version=schema_version,
        elements=tuple(_element_translation(element) for element in node.all("element")),
    )


def _element_translation(node: Node) -> ElementTranslation:
    element_id, version = _identification(node, "uebersetzt")
    return ElementTranslation(
        id=element_id,
        version=version,
        label=node.text_of("bezeichnungEingabe"),
        label_output=node.text_of("bezeichnungAusgabe"),
        help=node.text_of("hilfetextEingabe"),
        help_output=node.text_of("hilfetextAusgabe"),
        content=node.text_of("inhalt"),
        codes=_codes(node),
        rules=tuple(
            RuleTranslation(*_identification(rule, "uebersetzt"), messages=_messages(rule))
            for rule in node.all("regel")
        ),
    )
