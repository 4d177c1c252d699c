"""Quality rules of what an element says about itself: identification, texts, status, references, rules, relations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from rathaus.standards.safe_xml import Node
from rathaus.standards.xdatenfelder.characters import in_string_latin
from rathaus.standards.xdatenfelder.quality.report import Say

_LETTERS = {"stammdatenschema": "S", "datenfeldgruppe": "G", "datenfeld": "F", "regel": "R"}
_LATIN = (
    "name", "beschreibung", "definition", "bezug", "statusGesetztDurch", "versionshinweis", "bezeichnung", "hilfetext",
    "bezeichnungEingabe", "bezeichnungAusgabe", "hilfetextEingabe", "hilfetextAusgabe", "inhalt", "freitextRegel",
    "fachlicherErsteller",
)  # fmt: skip
_STATUSES = frozenset("12345678")  # urn:xoev-de:xprozess:codeliste:status
_DATED_STATUSES = frozenset("34567")  # draft, approved (method, silver, gold), inactive
_INACTIVE = "7"
_BELOW_DRAFT = frozenset("12")
_FIM_ITSELF = ("FIM-Baustein Datenfelder", "FIM Baustein Datenfelder")
_RELATIONS = frozenset(("ABL", "ERS", "EQU", "VKN"))
_NAMED = re.compile(r"[FG]\d{11}", re.ASCII)
_NAMED_WITH_VERSION = re.compile(r"[FG]\d{11}V\d+\.\d+", re.ASCII)
_NAMED_SHORT = re.compile(r"\b([FG]\d{8})(?!\d)", re.ASCII)


def check_element(node: Node, say: Say) -> None:
    """The rules that hold for schemata, groups and fields alike."""
    check_identification(node, say)
    if not node.text_of("name"):
        say("1002")
    _check_status(node, say)
    for link in _links(node):
        say("1133", link, found=link.attributes["link"])
    _check_relations(node, say)
    is_schema = node.name == "stammdatenschema"
    pairs = (
        (("bezeichnung", "hilfetext"),)
        if is_schema
        else (("bezeichnungEingabe", "hilfetextEingabe"), ("bezeichnungAusgabe", "hilfetextAusgabe"))
    )
    for label, help_ in pairs:
        if not node.text_of(label):
            say({"bezeichnung": "1050", "bezeichnungEingabe": "1009", "bezeichnungAusgabe": "1010"}[label])
        elif node.text_of(label) == node.text_of(help_):
            say("1098", node.first(help_), found=node.text_of(label))
    for holder in (node, *node.all("regel"), *node.all("struktur")):
        for child in holder.children:
            if child.name in _LATIN and (strange := in_string_latin(child.text)[1]):
                say("1131", child, where=child.name, found=" ".join(strange))
    check_rules(node, say)


def check_part(node: Node, say: Say, schema: Node, published_group: Node | None) -> None:
    """The rules that hold for groups and fields as parts of a schema."""
    origin = node.text_of("schemaelementart", "code")
    if origin not in ("ABS", "HAR", "RNG"):
        say("1031", found=origin)
    if not any(entry.text.strip() for entry in node.all("bezug")):
        if origin == "RNG":
            say("1006")
        elif origin == "HAR":
            say("1101")
    version, schema_version = (one.text_of("identifikation", "version") for one in (node, schema))
    if schema_version and not version:
        say("1135")
    same_range = say.element[1:3] == schema.text_of("identifikation", "id")[1:3]
    if version and not schema_version and same_range and origin == "RNG":
        say("1134")
    status = node.text_of("freigabestatus", "code")
    if status == _INACTIVE:
        say("1116")
    in_schema = bool(schema.text_of("veroeffentlichungsdatum"))
    if not (in_schema or published_group):
        return
    group = (
        {}
        if in_schema or published_group is None
        else {"found": published_group.text_of("identifikation", "id")}
    )
    if not node.text_of("veroeffentlichungsdatum"):
        say("1127" if in_schema else "1128", **group)
    if not status or status in _BELOW_DRAFT:
        say("1129" if in_schema else "1130", **group)


def check_identification(node: Node, say: Say) -> None:
    """Id there, and in its form."""
    identifier = node.text_of("identifikation", "id")
    if not identifier:
        say("1038")
    elif not re.fullmatch(rf"{_LETTERS[node.name]}\d{{11}}", identifier, re.ASCII):
        say("1039", found=identifier)


def _check_status(node: Node, say: Say) -> None:
    status, is_schema = node.text_of("freigabestatus", "code"), node.name == "stammdatenschema"
    if status not in _STATUSES:
        say("1032", found=status)
    if status in _DATED_STATUSES and not node.text_of("statusGesetztAm"):
        say("1143" if is_schema else "1142", found=status)
    author = node.text_of("statusGesetztDurch")
    is_given_out = node.text_of("identifikation", "version") or node.text_of("veroeffentlichungsdatum")
    if is_given_out and not author:
        say("1117")
    if author in _FIM_ITSELF and say.element[1:3] != "60":
        say("1141" if is_schema else "1140", found=author)


def _links(node: Node) -> Iterator[Node]:
    """The references whose address is none."""
    for holder in (node, *node.all("struktur"), *node.all("regel")):
        for reference in holder.all("bezug"):
            link = reference.attributes.get("link", "").strip()
            if link and not _is_address(link):
                yield reference


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, link))


def _check_relations(node: Node, say: Say) -> None:
    """Relations are there only if the document was read with them."""
    is_schema = node.name == "stammdatenschema"
    for relation in node.all("relation"):
        kind, target = relation.text_of("praedikat", "code"), relation.text_of("objekt", "id")
        if kind not in _RELATIONS:
            say("1029", relation, found=kind)
        elif kind == "VKN" and not is_schema:
            say("1088", relation, found=kind)
        if not target:
            say("1091", relation)
        elif not re.fullmatch(r"[SFGD]\d{11}", target, re.ASCII):
            say("1039", relation, found=target)
        elif not is_schema and target[0] not in "FG":
            say("1087", relation, found=target)


def check_rules(bearer: Node, say: Say) -> None:
    """The rules an element bears: named, in words, about elements below the bearer."""
    rules = list(bearer.all("regel"))
    below = set(_identifiers(bearer)) if rules else set()
    for rule in rules:
        identifier, text = rule.text_of("identifikation", "id"), rule.text_of("freitextRegel")
        if not identifier:
            say("1038", rule)
        elif not re.fullmatch(r"R\d{11}", identifier, re.ASCII):
            say("1039", rule, found=identifier)
        if not text:
            say("1024", rule, rule=identifier)
        for named in sorted(set(_NAMED.findall(text)) - below):
            say("1001", rule, rule=identifier, found=named)
        for code, pattern in (("1019", _NAMED_WITH_VERSION), ("1041", _NAMED_SHORT)):
            for named in sorted(set(pattern.findall(text))):
                say(code, rule, rule=identifier, found=named)


def _identifiers(node: Node) -> Iterator[str]:
    yield node.text_of("identifikation", "id")
    for structure in node.all("struktur"):
        for contained in structure.all("enthaelt"):
            for element in contained.children:
                yield from _identifiers(element)
