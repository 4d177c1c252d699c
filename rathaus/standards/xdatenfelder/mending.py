"""A schema from outside, mended so far that it makes sense; everything that was mended is said, with its place.

Real files leave labels empty, write prose where a number belongs, or point to nothing. One such place must not keep a
town from the other two hundred fields: the smallest part that cannot be understood is left out or taken at its
widest meaning, and a person reads about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from rathaus.standards.safe_xml import Node
from rathaus.standards.xdatenfelder.characters import in_string_latin
from rathaus.standards.xdatenfelder.model import DataType, FieldKind

# Elements whose type is String.Latin.
_TEXTS = frozenset(
    {
        "name", "beschreibung", "definition", "bezug", "statusGesetztDurch", "versionshinweis", "bezeichnung",
        "hilfetext", "bezeichnungEingabe", "bezeichnungAusgabe", "hilfetextEingabe", "hilfetextAusgabe", "inhalt",
        "freitextRegel", "fachlicherErsteller",
    }
)  # fmt: skip
Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at. `place` names the element (id and name), `line` where it stands."""

    code: str
    message: str  # German, for the designer
    place: str
    line: int | None
    severity: Severity = "warning"


class _Say(Protocol):
    """Note a finding about one element."""

    def __call__(self, code: str, message: str, at: Node, severity: Severity = "warning") -> None: ...


def mend(schema: Node) -> list[Finding]:
    """Mend a `stammdatenschema` of 3.0.0 in place, so that the strict reader takes it."""
    findings: list[Finding] = []
    _mend_element(schema, findings)
    return findings


def _place(node: Node) -> str:
    return " ".join(filter(None, (node.text_of("identifikation", "id"), f"„{node.text_of('name')}“")))


def _mend_element(node: Node, findings: list[Finding]) -> None:
    place = _place(node)

    def say(code: str, message: str, at: Node, severity: Severity = "warning") -> None:
        findings.append(Finding(code, message, place, at.line or None, severity))

    _mend_characters(node, say)
    if node.name != "stammdatenschema" and not node.text_of("bezeichnungEingabe"):
        say("label.empty", "Die Bezeichnung fehlt; gezeigt wird der interne Name.", node)
    _mend_rules(node, say)
    seen: set[tuple[str, str]] = set()
    kept: list[Node] = []
    for child in node.children:
        if child.name != "struktur":
            kept.append(child)
            continue
        element = _element_of(child)
        if element is None or not element.text_of("identifikation", "id"):
            say(
                "structure.empty",
                "Eine Stelle nennt kein Datenfeld und keine Gruppe; sie entfällt.",
                child,
                "error",
            )
            continue
        identity = (element.text_of("identifikation", "id"), element.text_of("identifikation", "version"))
        if identity in seen:
            say("structure.twice", f"{identity[0]} steht hier mehrmals.", child)
        seen.add(identity)
        _mend_cardinality(child, _place(element), findings)
        if element.name == "datenfeld":
            _mend_field(element, findings)
        else:
            _mend_element(element, findings)
            if element.first("struktur") is None:
                findings.append(
                    Finding(
                        "group.empty", "Die Gruppe ist leer; sie entfällt.", _place(element), element.line
                    )
                )
                continue
        kept.append(child)
    node.children = kept


def _element_of(structure: Node) -> Node | None:
    contained = structure.first("enthaelt")
    if contained is None:
        return None
    return contained.first("datenfeldgruppe") or contained.first("datenfeld")


def _mend_characters(node: Node, say: _Say) -> None:
    replaced: dict[str, None] = {}
    for holder in (node, *node.all("regel"), *node.all("struktur")):
        for child in holder.children:
            if child.name in _TEXTS:
                child.text, found = in_string_latin(child.text)
                replaced.update(dict.fromkeys(found))
    if replaced:
        say(
            "characters",
            f"Diese Zeichen erlaubt der Standard nicht; sie sind umschrieben: {' '.join(replaced)}",
            node,
            "hint",
        )


def _mend_rules(node: Node, say: _Say) -> None:
    known: set[str] = set()
    for rule in list(node.all("regel")):
        identifier = rule.text_of("identifikation", "id")
        if not identifier:
            say(
                "rule.unnamed",
                f"Eine Regel hat keine Kennung und entfällt: {rule.text_of('freitextRegel')}",
                rule,
            )
            node.children.remove(rule)
        elif identifier in known:
            say("rule.twice", f"Die Regel {identifier} steht hier mehrmals.", rule)
        elif not rule.text_of("freitextRegel") and not rule.text_of("skript"):
            say("rule.empty", f"Die Regel {identifier} hat keinen Text.", rule)
        known.add(identifier)


def _mend_cardinality(structure: Node, place: str, findings: list[Finding]) -> None:
    count = structure.first("anzahl")
    written = count.text.strip() if count else ""
    low, _, high = (part.strip() for part in written.partition(":"))
    understood = _is_number(low) and (high == "*" or _is_number(high))
    if understood and (high == "*" or int(high) >= max(int(low), 1)):
        return
    if count is None:
        count = Node("anzahl", structure.namespace, {}, structure.line)
        structure.children.insert(0, count)
    count.text = "0:1" if not understood or high == "0" else f"{high}:{low}"
    findings.append(
        Finding(
            "cardinality",
            f"Die Anzahl „{written}“ ist nicht erfüllbar; angenommen ist {count.text}.",
            place,
            structure.line or None,
            "error",
        )
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _mend_field(node: Node, findings: list[Finding]) -> None:
    place = _place(node)

    def say(code: str, message: str, at: Node, severity: Severity = "warning") -> None:
        findings.append(Finding(code, message, place, at.line or None, severity))

    _mend_characters(node, say)
    if not node.text_of("bezeichnungEingabe"):
        say("label.empty", "Die Bezeichnung fehlt; gezeigt wird der interne Name.", node)
    _mend_rules(node, say)
    _mend_code(node, "feldart", [*FieldKind], FieldKind.INPUT, say)
    _mend_code(node, "datentyp", [*DataType], DataType.TEXT, say)
    for holder, name, value in list(_whole_numbers(node)):
        if value.strip() and not (
            value.strip().isascii() and value.strip().isdigit() and len(value.strip()) <= 15
        ):
            say("limit", f"„{name}“ ist keine ganze Zahl: „{value}“. Die Grenze entfällt.", holder)
            if name == "maxSize":
                node.children.remove(holder)
            else:
                del holder.attributes[name]
    if values := node.first("werte"):
        for entry in list(values.all("wert")):
            if not entry.text_of("code"):
                say(
                    "value.empty",
                    f"Der Wert „{entry.text_of('name')}“ hat keinen Code und entfällt.",
                    entry,
                    "error",
                )
                values.children.remove(entry)
        if not values.children:
            node.children.remove(values)
    reference = node.first("codelisteReferenz")
    if reference is not None and not (
        reference.text_of("canonicalIdentification") or reference.text_of("canonicalVersionUri")
    ):
        say("code-list.unnamed", "Die Codeliste ist nicht genannt; der Verweis entfällt.", reference, "error")
        node.children.remove(reference)


def _whole_numbers(node: Node) -> Iterator[tuple[Node, str, str]]:
    if limits := node.first("praezisierung"):
        for name in ("minLength", "maxLength"):
            if name in limits.attributes:
                yield limits, name, limits.attributes[name]
    if size := node.first("maxSize"):
        yield size, "maxSize", size.text


def _mend_code(
    node: Node, name: str, known: list[FieldKind] | list[DataType], default: str, say: _Say
) -> None:
    code = node.text_of(name, "code")
    if code in set(known):
        return
    say(
        "code.unknown",
        f"„{name}“ ist „{code}“ und damit unbekannt; angenommen ist „{default}“.",
        node,
        "error",
    )
    node.children = [child for child in node.children if child.name != name]
    holder = Node(name, node.namespace, {}, node.line)
    holder.children.append(Node("code", "", {}, node.line, default))
    node.children.append(holder)
