"""Small schemata in XDatenfelder 3.0.0 that keep every quality rule, until a test changes one thing."""

from __future__ import annotations

from rathaus.standards.xdatenfelder.reader import NAMESPACE

_RECORD = (
    "<x:freigabestatus><code>{status}</code></x:freigabestatus>{set_on}"
    "<x:statusGesetztDurch>{author}</x:statusGesetztDurch>{published}"
    "<x:letzteAenderung>2024-01-01T00:00:00Z</x:letzteAenderung>{relations}"
)
_DATED = {
    "status": "6",
    "set_on": "<x:statusGesetztAm>2024-01-01</x:statusGesetztAm>",
    "author": "Amt",
    "published": "<x:veroeffentlichungsdatum>2024-01-02</x:veroeffentlichungsdatum>",
    "relations": "",
    "reference": "<x:bezug link='https://example.org/gesetz'>§ 1 Gesetz</x:bezug>",
    "rules": "",
    "version": "<x:version>1.0.0</x:version>",
}


def code(name: str, value: str) -> str:
    """A code-typed element."""
    return f"<x:{name}><code>{value}</code></x:{name}>"


def field(number: int = 1, /, **changed: str) -> str:
    """A required text field; `changed` replaces parts of it."""
    parts = {
        **_DATED,
        "id": f"F050000000{number:02}",
        "name": f"Feld {number}",
        "label": "Name",
        "label_output": "Name:",
        "help": "",
        "help_output": "",
        "origin": "RNG",
        "kind": code("feldart", "input"),
        "type": code("datentyp", "text"),
        "limits": "minLength='1' maxLength='80'",
        "content": "",
        "prefill": code("vorbefuellung", "keine"),
        "rest": "",
    } | changed
    text = (
        "<x:datenfeld><x:identifikation><x:id>{id}</x:id>{version}</x:identifikation><x:name>{name}</x:name>{reference}"
        + _RECORD
        + "<x:bezeichnungEingabe>{label}</x:bezeichnungEingabe><x:bezeichnungAusgabe>{label_output}"
        "</x:bezeichnungAusgabe><x:schemaelementart><code>{origin}</code></x:schemaelementart>"
        "<x:hilfetextEingabe>{help}</x:hilfetextEingabe><x:hilfetextAusgabe>{help_output}</x:hilfetextAusgabe>"
        "{kind}{type}<x:praezisierung {limits}/><x:inhalt>{content}</x:inhalt>{prefill}{rest}{rules}</x:datenfeld>"
    )
    return text.format(**parts)


def select(number: int = 1, /, *, values: str = "", **changed: str) -> str:
    """A field with a list of values, or whatever `values` holds."""
    values = values or value("a", "Erstes") + value("b", "Zweites")
    rest = values if values.startswith("<x:codelisteReferenz") else f"<x:werte>{values}</x:werte>"
    return field(number, **{"kind": code("feldart", "select"), "limits": "", "rest": rest} | changed)


def value(key: str, name: str, help_: str = "") -> str:
    """One entry of a list of values."""
    return f"<x:wert><x:code>{key}</x:code><x:name>{name}</x:name><x:hilfe>{help_}</x:hilfe></x:wert>"


def code_list(urn: str = "urn:xoev-de:liste", version: str = "2024-01-01") -> str:
    """A reference to a code list."""
    return (
        f"<x:codelisteReferenz><x:canonicalIdentification>{urn}</x:canonicalIdentification>"
        f"<x:version>{version}</x:version></x:codelisteReferenz>"
    )


def rule(text: str, identifier: str = "R05000000001") -> str:
    """A rule in words."""
    return (
        f"<x:regel><x:identifikation><x:id>{identifier}</x:id><x:version>1.0.0</x:version></x:identifikation>"
        f"<x:name>Regel</x:name><x:freitextRegel>{text}</x:freitextRegel>"
        f"<x:letzteAenderung>2024-01-01T00:00:00Z</x:letzteAenderung>{code('typ', 'K')}</x:regel>"
    )


def place(element: str, count: str = "1:1", reference: str = "<x:bezug>§ 1 Gesetz</x:bezug>") -> str:
    """An element at its place."""
    return (
        f"<x:struktur><x:anzahl>{count}</x:anzahl>{reference}<x:enthaelt>{element}</x:enthaelt></x:struktur>"
    )


def group(*places: str, number: int = 1, **changed: str) -> str:
    """A group with two fields, or with these places."""
    parts = {
        **_DATED,
        "id": f"G050000000{number:02}",
        "label": "Person",
        "label_output": "Person:",
        "origin": "RNG",
        "art": "",
        "places": "".join(places) or place(field(11)) + place(field(12)),
    } | changed
    text = (
        "<x:datenfeldgruppe><x:identifikation><x:id>{id}</x:id>{version}</x:identifikation><x:name>Gruppe</x:name>"
        "{reference}" + _RECORD + "<x:bezeichnungEingabe>{label}</x:bezeichnungEingabe>"
        "<x:bezeichnungAusgabe>{label_output}</x:bezeichnungAusgabe>"
        "<x:schemaelementart><code>{origin}</code></x:schemaelementart>{art}{rules}{places}</x:datenfeldgruppe>"
    )
    return text.format(**parts)


def schema(*places: str, **changed: str) -> bytes:
    """The message with these places, or with one field."""
    parts = {
        **_DATED,
        "id": "S05000000001",
        "name": "Schema",
        "label": "Hund anmelden",
        "help": "",
        "structure": code("ableitungsmodifikationenStruktur", "0"),
        "representation": code("ableitungsmodifikationenRepraesentation", "0"),
        "profile": "<x:dokumentsteckbrief><x:id>D99000000039</x:id></x:dokumentsteckbrief>",
        "places": "".join(places) or place(field()),
    } | changed
    text = (
        "<x:xdatenfelder.stammdatenschema.0102 xmlns:x='"
        + NAMESPACE
        + "'><x:header><x:nachrichtID>1</x:nachrichtID>"
        "<x:erstellungszeitpunkt>2024-01-01T00:00:00Z</x:erstellungszeitpunkt></x:header><x:stammdatenschema>"
        "<x:identifikation><x:id>{id}</x:id>{version}</x:identifikation><x:name>{name}</x:name>{reference}"
        + _RECORD
        + "<x:bezeichnung>{label}</x:bezeichnung><x:hilfetext>{help}</x:hilfetext>{structure}{representation}{profile}"
        "{rules}{places}</x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>"
    )
    return text.format(**parts).encode()
