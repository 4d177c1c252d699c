"""A schema from outside, mended so far that it makes sense; everything that was mended is said, with its place.

Real files leave labels empty, write prose where a number belongs, or point to nothing. One such place must not keep a
town from the other two hundred fields: the smallest part that cannot be understood is left out or taken at its
widest meaning, and a person reads about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rathaus.standards.safe_xml import Node
from rathaus.standards.xdatenfelder.characters import in_string_latin
from rathaus.standards.xdatenfelder.model import DataType, FieldKind
from rathaus.standards.xdatenfelder.quality.fields import is_less, value_of

# Elements whose type is String.Latin.
_TEXTS = frozenset(
    {
        "name", "beschreibung", "definition", "bezug", "statusGesetztDurch", "versionshinweis", "bezeichnung",
        "hilfetext", "bezeichnungEingabe", "bezeichnungAusgabe", "hilfetextEingabe", "hilfetextAusgabe", "inhalt",
        "freitextRegel", "fachlicherErsteller",
    }
)  # fmt: skip
# `/^…$/i`: slashes and switches are no part of a pattern here, and no text would match.
_SCRIPTED = re.compile(r"/(\^.*\$)/([a-z]*)", re.DOTALL)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]*/[a-z0-9][a-z0-9.+_-]*")
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "application/x-pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "png": "image/png",
    "image/x-png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "image/tif": "image/tiff",
    "txt": "text/plain",
}
Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at. `place` names the element (id and name), `line` where it stands."""

    code: str
    text: str  # German, with placeholders for `values`
    place: str
    line: int | None
    severity: Severity = "warning"
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The German sentence."""
        return self.text % self.values if self.values else self.text


class _Say(Protocol):
    """Note a finding about one element."""

    def __call__(
        self, code: str, text: str, at: Node, severity: Severity = "warning", /, **values: str
    ) -> None: ...


def _about(node: Node, findings: list[Finding]) -> _Say:
    place = _place(node)

    def say(code: str, text: str, at: Node, severity: Severity = "warning", /, **values: str) -> None:
        findings.append(Finding(code, text, place, at.line or None, severity, values))

    return say


def mend(schema: Node) -> list[Finding]:
    """Mend a `stammdatenschema` of 3.0.0 in place, so that the strict reader takes it."""
    findings: list[Finding] = []
    _mend_element(schema, findings)
    return findings


def gettext_noop(text: str) -> str:
    """Mark a German text for translation; the face that shows it translates it."""
    return text


def _place(node: Node) -> str:
    return " ".join(filter(None, (node.text_of("identifikation", "id"), f"„{node.text_of('name')}“")))


def _mend_element(node: Node, findings: list[Finding]) -> None:
    say = _about(node, findings)
    _mend_characters(node, say)
    if node.name != "stammdatenschema" and not node.text_of("bezeichnungEingabe"):
        say("label.empty", gettext_noop("Die Bezeichnung fehlt; gezeigt wird der interne Name."), node)
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
                gettext_noop("Eine Stelle nennt kein Datenfeld und keine Gruppe; sie entfällt."),
                child,
                "error",
            )
            continue
        identity = (element.text_of("identifikation", "id"), element.text_of("identifikation", "version"))
        if identity in seen:
            say("structure.twice", gettext_noop("%(id)s steht hier mehrmals."), child, id=identity[0])
        seen.add(identity)
        _mend_cardinality(child, _place(element), findings)
        if element.name == "datenfeld":
            _mend_field(element, findings)
        else:
            _mend_element(element, findings)
            if element.first("struktur") is None:
                findings.append(
                    Finding(
                        "group.empty",
                        gettext_noop("Die Gruppe ist leer; sie entfällt."),
                        _place(element),
                        element.line,
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
            gettext_noop("Diese Zeichen erlaubt der Standard nicht; sie sind umschrieben: %(characters)s"),
            node,
            "hint",
            characters=" ".join(replaced),
        )


def _mend_rules(node: Node, say: _Say) -> None:
    known: set[str] = set()
    unnamed: set[int] = set()
    for rule in node.all("regel"):
        identifier = rule.text_of("identifikation", "id")
        if not identifier:
            say(
                "rule.unnamed",
                gettext_noop("Eine Regel hat keine Kennung und entfällt: %(rule)s"),
                rule,
                rule=rule.text_of("freitextRegel"),
            )
            unnamed.add(id(rule))
        elif identifier in known:
            say("rule.twice", gettext_noop("Die Regel %(id)s steht hier mehrmals."), rule, id=identifier)
        elif not rule.text_of("freitextRegel") and not rule.text_of("skript"):
            say("rule.empty", gettext_noop("Die Regel %(id)s hat keinen Text."), rule, id=identifier)
        known.add(identifier)
    if unnamed:
        node.children = [child for child in node.children if id(child) not in unnamed]


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
            gettext_noop("Die Anzahl „%(written)s“ ist nicht erfüllbar; angenommen ist %(taken)s."),
            place,
            structure.line or None,
            "error",
            {"written": written, "taken": count.text},
        )
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _mend_field(node: Node, findings: list[Finding]) -> None:
    say = _about(node, findings)
    _mend_characters(node, say)
    if not node.text_of("bezeichnungEingabe"):
        say("label.empty", gettext_noop("Die Bezeichnung fehlt; gezeigt wird der interne Name."), node)
    _mend_rules(node, say)
    _mend_code(node, "feldart", [*FieldKind], FieldKind.INPUT, say)
    _mend_code(node, "datentyp", [*DataType], DataType.TEXT, say)
    for holder, name, value in list(_whole_numbers(node)):
        if value.strip() and not (
            value.strip().isascii() and value.strip().isdigit() and len(value.strip()) <= 15
        ):
            say(
                "limit",
                gettext_noop("„%(name)s“ ist keine ganze Zahl: „%(value)s“. Die Grenze entfällt."),
                holder,
                name=name,
                value=value,
            )
            _without_limit(node, holder, name)
        elif name in ("maxLength", "maxSize") and value.strip() and not int(value):
            say(
                "limit.impossible",
                gettext_noop("„%(name)s“ ist 0 und ließe keine Antwort zu. Die Grenze entfällt."),
                holder,
                "error",
                name=name,
            )
            _without_limit(node, holder, name)
    _mend_limits(node, say)
    _mend_media_types(node, say)
    _mend_values(node, say)
    reference = node.first("codelisteReferenz")
    if reference is not None and not (
        reference.text_of("canonicalIdentification") or reference.text_of("canonicalVersionUri")
    ):
        say(
            "code-list.unnamed",
            gettext_noop("Die Codeliste ist nicht genannt; der Verweis entfällt."),
            reference,
            "error",
        )
        node.children.remove(reference)


def _mend_media_types(node: Node, say: _Say) -> None:
    """Names that people give to media types, as RFC 6838 has them; what is none is left out."""
    strange: set[int] = set()
    for entry in node.all("mediaType"):
        written = entry.text.strip()
        meant = _MEDIA_TYPES.get(written.lower().removeprefix("."), written.lower())
        if not _MEDIA_TYPE.fullmatch(meant):
            strange.add(id(entry))
            meant = ""
        if meant != written:
            say(
                "media-type",
                gettext_noop("„%(written)s“ ist kein Medientyp; angenommen ist „%(taken)s“."),
                entry,
                written=written,
                taken=meant,
            )
            entry.text = meant
    if strange:
        node.children = [child for child in node.children if id(child) not in strange]


def _mend_values(node: Node, say: _Say) -> None:
    values = node.first("werte")
    if values is None:
        return
    known: dict[str, str] = {}
    kept: list[Node] = []
    for entry in values.children:
        code, name = entry.text_of("code"), entry.text_of("name")
        if entry.name != "wert":
            continue
        if not code:
            say(
                "value.empty",
                gettext_noop("Der Wert „%(name)s“ hat keinen Code und entfällt."),
                entry,
                "error",
                name=name,
            )
        elif code in known:
            say(
                "value.twice",
                gettext_noop(
                    "Der Code „%(code)s“ steht mehrmals in der Werteliste. Es bleibt „%(first)s“, „%(name)s“ "
                    "entfällt."
                ),
                entry,
                "error" if name != known[code] else "warning",
                code=code,
                first=known[code],
                name=name,
            )
        else:
            known[code] = name
            kept.append(entry)
    values.children = kept
    if not kept:
        node.children.remove(values)


def _mend_limits(node: Node, say: _Say) -> None:
    """Limits that no answer can keep would make the question unanswerable; they are left out."""
    limits = node.first("praezisierung")
    if limits is None:
        return
    pattern = limits.attributes.get("pattern", "").strip()
    if scripted := _SCRIPTED.fullmatch(pattern):
        plain = "" if scripted[2] else scripted[1]
        say(
            "pattern.script",
            gettext_noop(
                "Das Muster „%(pattern)s“ ist wie in JavaScript geschrieben; angenommen ist „%(taken)s“."
            ),
            limits,
            "error",
            pattern=pattern,
            taken=plain,
        )
        limits.attributes["pattern"] = plain
    datatype = node.text_of("datentyp", "code")
    pairs = (
        ("minLength", "maxLength", DataType.NUM_INT.value),
        ("minValue", "maxValue", datatype),
    )
    for low, high, kind in pairs:
        least, most = (limits.attributes.get(name, "").strip() for name in (low, high))
        if is_less(value_of(kind, most), value_of(kind, least)):
            say(
                "limit.impossible",
                gettext_noop("Zwischen %(least)s und %(most)s liegt kein Wert. Beide Grenzen entfallen."),
                limits,
                "error",
                least=least,
                most=most,
            )
            del limits.attributes[low], limits.attributes[high]


def _without_limit(node: Node, holder: Node, name: str) -> None:
    if name == "maxSize":
        node.children.remove(holder)
    else:
        del holder.attributes[name]


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
        gettext_noop("„%(name)s“ ist „%(code)s“ und damit unbekannt; angenommen ist „%(default)s“."),
        node,
        "error",
        name=name,
        code=code,
        default=default,
    )
    node.children = [child for child in node.children if child.name != name]
    holder = Node(name, node.namespace, {}, node.line)
    holder.children.append(Node("code", "", {}, node.line, default))
    node.children.append(holder)
