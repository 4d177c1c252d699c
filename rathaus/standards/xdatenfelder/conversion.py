"""XDatenfelder 2.0 → 3.0.0, on the tree of nodes: what the standard's own conversion does.

Identifiers get eleven digits, versions three parts, one string of references becomes several, status and author move
to their new elements, the JSON in `praezisierung` becomes attributes. What 3.0.0 has no place for – a praezisierung
that is no JSON, a rule's script that does something – is kept as text in the description, never thrown away. References
inside a rule's sentence (`F00000463`) are lengthened with the elements they name; the sentence is otherwise untouched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from rathaus.standards.safe_xml import Node
from rathaus.standards.xdatenfelder.reader import NAMESPACE

NAMESPACE_2 = "urn:xoev-de:fim:standard:xdatenfelder_2"
NO_DOCUMENT_PROFILE = "D99000000001"  # the standard's placeholder where a schema names no Dokumentsteckbrief

_ID = re.compile(r"[CDFGRS]\d{8}")
_ID_IN_TEXT = re.compile(r"\b[FGRS]\d{8}\b")
_VERSION = re.compile(r"\d+\.\d+")
_RANGE = re.compile(r"\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*")
_EMPTY_SCRIPT = re.compile(r"\s*(function\s+script\s*\(\s*\)\s*\{\s*\})?\s*")
_LIMITS = ("minLength", "maxLength", "minValue", "maxValue", "pattern")
_NUMERIC = ("num", "num_int", "num_currency")


def to_version_3(root: Node) -> Node:
    """The same message in 3.0.0. The given tree is used up: its nodes are changed in place."""
    created = root.text_of("header", "erstellungszeitpunkt")
    for node in _all(root):
        if node.namespace:
            node.namespace = NAMESPACE
    for schema in root.all("stammdatenschema"):
        label = schema.first("bezeichnungEingabe")
        if label is not None:
            label.name = "bezeichnung"
        if schema.first("dokumentsteckbrief") is None:
            schema.children.append(_parent("dokumentsteckbrief", _text("id", NO_DOCUMENT_PROFILE)))
    for node in _all(root):
        if node.name in ("stammdatenschema", "datenfeldgruppe", "datenfeld"):
            _convert_record(node, created)
        elif node.name == "regel":
            _convert_rule(node, created)
        elif node.name == "struktur":
            _split_references(node)
        if node.name == "datenfeld":
            _convert_field(node)
        if node.name in ("identifikation", "dokumentsteckbrief"):
            _convert_identification(node)
    return root


def lengthened(identifier: str) -> str:
    """An identifier of 2.0 in 3.0.0: `F60000319` → `F60000000319`. Others stay as they are."""
    return f"{identifier[:3]}000{identifier[3:]}" if _ID.fullmatch(identifier) else identifier


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in list(node.children):
        yield from _all(child)


def _text(name: str, text: str) -> Node:
    return Node(name, NAMESPACE, {}, 0, text)


def _parent(name: str, *children: Node) -> Node:
    return Node(name, NAMESPACE, {}, 0, children=list(children))


def _code(name: str, code: str) -> Node:
    return _parent(name, Node("code", "", {}, 0, code))


def _convert_identification(node: Node) -> None:
    for child in node.children:
        text = child.text.strip()
        if child.name == "id":
            child.text = lengthened(text)
        elif child.name == "version" and _VERSION.fullmatch(text):
            child.text = f"{text}.0"


def _convert_record(node: Node, created: str) -> None:
    released = node.text_of("freigabedatum")
    if node.text_of("status", "code") == "inaktiv":
        status = "7"
    else:
        status = "6" if released and node.text_of("identifikation", "version") else "2"
    node.children = [child for child in node.children if child.name != "status"]
    node.children.append(_code("freigabestatus", status))
    for child in node.children:
        if child.name == "freigabedatum":
            child.name = "statusGesetztAm"
        elif child.name == "fachlicherErsteller":
            child.name = "statusGesetztDurch"
    if created:
        node.children.append(_text("letzteAenderung", created))
    _split_references(node)


def _split_references(node: Node) -> None:
    children: list[Node] = []
    for child in node.children:
        if child.name == "bezug":
            parts = (part.strip() for part in child.text.split(";"))
            children.extend(Node("bezug", NAMESPACE, {}, child.line, part) for part in parts if part)
        else:
            children.append(child)
    node.children = children


def _convert_rule(node: Node, created: str) -> None:
    _split_references(node)
    for child in node.children:
        if child.name == "definition":
            child.name = "freitextRegel"
            child.text = _ID_IN_TEXT.sub(lambda found: lengthened(found[0]), child.text)
    if script := node.first("script"):
        if not _EMPTY_SCRIPT.fullmatch(script.text):
            _remark(node, f"Skript: {script.text.strip()}")
        node.children.remove(script)
    node.children.append(_code("typ", "K"))
    if created:
        node.children.append(_text("letzteAenderung", created))


def _remark(node: Node, text: str) -> None:
    description = node.first("beschreibung")
    if description is None:
        description = _text("beschreibung", "")
        node.children.append(description)
    description.text = "\n".join(filter(None, (description.text.strip(), text)))


def _convert_field(node: Node) -> None:
    node.children.append(_code("vorbefuellung", "keine"))
    reference = node.first("codelisteReferenz")
    if reference is not None:
        named = reference.first("genericodeIdentification")
        reference.children = named.children if named else []
    limits = node.first("praezisierung")
    if limits is None:
        return
    written, limits.text = limits.text.strip(), ""
    if not written:
        return
    given = _limits(written, is_number=node.text_of("datentyp", "code") in _NUMERIC)
    if given is None:
        _remark(node, f"Präzisierung: {written}")
    else:
        limits.attributes.update(given)


def _limits(written: str, *, is_number: bool) -> dict[str, str] | None:
    """The attributes that a praezisierung of 2.0 means; None if it is not certain."""
    try:
        read = json.loads(written)
    except (ValueError, RecursionError):
        read = None
    if isinstance(read, dict):
        return {
            key: str(value).strip() for key, value in read.items() if key in _LIMITS and str(value).strip()
        }
    if span := _RANGE.fullmatch(written):
        low, high = ("minValue", "maxValue") if is_number else ("minLength", "maxLength")
        return {low: span[1], high: span[2]}
    return None
