"""The data model of XZuFi (*Zuständigkeitsfinder*): how authorities describe their services, as immutable values.

Source: XZuFi 2.2.0 (namespace `http://xoev.de/schemata/xzufi/2_2_0`) as transfers of the federal service catalogue
(PVOG) use it. Names are the English equivalents of the standard's elements; the German element stands in each comment.
Texts are HTML fragments of strangers: `pages` turns them into Markdown, nothing prints them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Texts = Mapping[str, str]  # language code (`de`, `en`, `de-x-ls`) → HTML fragment


class TextKind(StrEnum):
    """`leikaTextmodul`: what a text is about. List urn:de:xzufi:codeliste:leistungstextmodulleika, 20240216."""

    NAME = "02"  # Leistungsbezeichnung
    CITIZEN_NAME = "03"  # Leistungsbezeichnung II
    SHORT = "05"  # Kurztext
    FULL = "06"  # Volltext
    LAW = "07"  # Rechtsgrundlagen
    DOCUMENTS = "08"  # erforderliche Unterlagen
    CONDITIONS = "09"  # Voraussetzungen
    PROCEDURE = "11"  # Verfahrensablauf
    FORMS = "14"  # Formulare
    FURTHER = "15"  # weiterführende Informationen
    NOTES = "16"  # Hinweise
    AUTHOR = "18"  # Urheber
    AUTHORITY = "22"  # zuständige Stelle
    CONTACT = "23"  # Ansprechpunkt
    TEASER = "24"  # Teaser
    REMEDY = "25"  # Rechtsbehelf


class TimeUnit(StrEnum):
    """`einheit` of a duration."""

    YEAR = "JAHR"
    MONTH = "MONAT"
    WEEK = "WOCHE"
    DAY = "TAG"
    WEEKDAY = "WERKTAG"
    WORKDAY = "ARBEITSTAG"
    HOUR = "STUNDE"
    MINUTE = "MINUTE"
    SECOND = "SEKUNDE"


@dataclass(frozen=True, slots=True)
class Identifier:
    """`Identifikator`: unique within the scheme of an agency; the agency and scheme are part of it."""

    value: str
    agency: str = ""  # schemeAgencyID
    scheme: str = ""  # schemeID


@dataclass(frozen=True, slots=True)
class Link:
    """`weiterfuehrenderLink`."""

    address: str  # uri
    title: str = ""  # titel
    description: str = ""  # beschreibung
    language: str = ""


@dataclass(frozen=True, slots=True)
class TextModule:
    """`modulText`. `kind` is None for a code outside the list; the code itself stays in `code`."""

    code: str
    texts: Texts  # inhalt
    links: tuple[Link, ...] = ()

    @property
    def kind(self) -> TextKind | None:
        """What the text is about."""
        return TextKind(self.code) if self.code in set(TextKind) else None


@dataclass(frozen=True, slots=True)
class Span:
    """`dauer` … `dauerBis` with its unit; `until` is None for a single figure."""

    duration: Decimal
    unit: TimeUnit | None
    until: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """`modulFrist` or `modulBearbeitungsdauer`: how long something takes or when it is due."""

    code: str = ""  # typ, of a deadline only
    span: Span | None = None
    from_day: str = ""  # Stichtag von: a date or --MM-DD
    to_day: str = ""
    description: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cost:
    """`modulKosten`: a fixed amount, a range, or words. Amounts in the currency's main unit."""

    code: str = ""  # typ
    amount: Decimal | None = None  # betrag
    lowest: Decimal | None = None  # untergrenze
    highest: Decimal | None = None  # obergrenze
    currency: str = "EUR"
    in_advance: bool | None = None  # vorkasse
    description: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """`leistung`: what an authority does for people, in words."""

    id: Identifier
    leika_keys: tuple[str, ...] = ()  # referenzLeiKa
    modules: tuple[TextModule, ...] = ()
    deadlines: tuple[Timing, ...] = ()
    processing_times: tuple[Timing, ...] = ()
    costs: tuple[Cost, ...] = ()
    trust_level: str = ""  # vertrauensniveau
    audiences: tuple[str, ...] = ()  # leistungsadressat
    regions: tuple[str, ...] = ()  # gueltigkeitGebietID

    def text(self, kind: TextKind, language: str = "de") -> str:
        """The HTML of this kind in this language, several modules joined; "" if there is none."""
        found = (module.texts.get(language, "") for module in self.modules if module.kind is kind)
        return "\n".join(text for text in found if text)

    def languages(self) -> tuple[str, ...]:
        """The languages in which any text is written."""
        return tuple(dict.fromkeys(language for module in self.modules for language in module.texts))


@dataclass(frozen=True, slots=True)
class Responsibility:
    """`zustaendigkeit`: this organisation performs a service in these regions (ARS or AGS)."""

    service: Identifier
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationalUnit:
    """`organisationseinheit`."""

    id: Identifier
    names: Texts
    responsibilities: tuple[Responsibility, ...] = ()


@dataclass(frozen=True, slots=True)
class OnlineService:
    """`onlinedienst`."""

    id: Identifier
    names: Texts
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """Everything readable in one document."""

    version: str  # 2.1, 2.2, 2.3
    services: tuple[Service, ...] = ()
    specialisations: tuple[Service, ...] = ()  # spezialisierung: own texts of one organisation
    units: tuple[OrganisationalUnit, ...] = ()
    online_services: tuple[OnlineService, ...] = ()
