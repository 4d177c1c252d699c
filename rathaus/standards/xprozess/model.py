"""The data model of XProzess 2.0: what the FIM process library says about the procedure behind a service.

Source: one real export (message alleInhalte.export.0303) and the published class names; the XSD is not public in the
copies we know. Names are the English equivalents of the elements; the German element stands in each docstring or
comment. A FIM process describes who does what for which reason. It is no executable workflow: the conditions at its
gateways are labels only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReferenceActivity(StrEnum):
    """`referenzaktivitaetengruppeTyp` (RAG): the eight kinds of step. Labels read from the names of real steps."""

    RECEIVE = "1"
    INFORM = "2"
    CHECK_FORMALLY = "3"
    ASSESS = "4"
    DECIDE = "5"
    PROCESS = "6"
    INVOLVE = "7"
    FREE = "8"


class FileKind(StrEnum):
    """What an attached file is for, by the element it stands in."""

    MODEL = "prozessmodelldatei"
    PICTURE = "visualisierungsdatei"
    DESCRIPTION = "beschreibungsdatei"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """`handlungsgrundlage`: name as written, code of its kind (`art`), address."""

    name: str
    kind: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """`prozessteilnehmer`: role 1 is who starts the process or is addressed by it, 2 its main actor."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class FormReference:
    """`formularverweis`: a Dokumentsteckbrief (`formularsteckbriefID`; real files put its title there) or words."""

    profile: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """`empfangeneDaten`, `bereitgestellteDaten`: what goes from whom to whom, and how (`uebermittlungsart`)."""

    forms: tuple[FormReference, ...]
    channel: str = ""
    sender: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class SpecificAttributes:
    """`spezifischeAttribute`: what only one kind of step has; everything else is empty.

    RAG 1: `received`. 2: `provided`. 3: `formal_checks`. 4: `aids`. 5: `aids`, `decision_kind`. 6:
    `processing_kind`. 7: `provided`, `received`, `must_cooperate`, `participation`. 8: `description`.
    """

    received: tuple[Transfer, ...] = ()  # empfangeneDaten
    provided: tuple[Transfer, ...] = ()  # bereitgestellteDaten
    formal_checks: tuple[str, ...] = ()  # formellePruefung, codes
    aids: tuple[str, ...] = ()  # hilfsmittel
    decision_kind: str = ""  # entscheidungsart, code
    processing_kind: str = ""  # bearbeitungsart, code
    must_cooperate: bool | None = None  # mitwirkungspflicht
    participation: str = ""  # beteiligungsform, code
    description: str = ""  # beschreibung


@dataclass(frozen=True, slots=True)
class ActivityGroup:
    """`aktivitaetengruppe`: one step of the process."""

    id: str  # "01"
    name: str
    kind: ReferenceActivity | None  # None: the file gives a code outside 1–8
    kind_version: str = ""  # referenzaktivitaetengruppeVersion
    subprocess_id: str = ""  # subProzessID: the id of its subProcess in the BPMN
    description: str = ""
    legal_bases: tuple[LegalBasis, ...] = ()
    data_in: tuple[FormReference, ...] = ()  # eingehendeDaten
    data_out: tuple[FormReference, ...] = ()  # ausgehendeDaten
    specialised_procedures: tuple[str, ...] = ()  # fachverfahren
    attributes: SpecificAttributes = SpecificAttributes()


@dataclass(frozen=True, slots=True)
class Classification:
    """`klassifikation`: the place in a scheme such as the FIM process catalogue."""

    scheme: str  # ordnungsrahmenName
    scheme_version: str = ""
    class_id: str = ""
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """`zustandsangaben`. `status` 1–8 as in XDatenfelder (`freigabestatus`); times as written (ISO 8601)."""

    status: str = ""
    changed: str = ""  # letzterAenderungszeitpunkt
    changed_by: str = ""  # letzterBearbeiter
    note: str = ""  # anmerkungLetzteAenderung
    valid_from: str = ""  # gueltigkeitszeitraum/beginn
    valid_until: str = ""  # gueltigkeitszeitraum/ende
    approved_by_subject: str = ""  # fachlicherFreigabezeitpunkt
    approved_by_method: str = ""  # formellerFreigabezeitpunkt


@dataclass(frozen=True, slots=True)
class ProcessClass:
    """`prozessklasse`: the entry of the process catalogue."""

    leika_key: str  # id
    version: str
    name: str
    label: str = ""  # bezeichnung
    definition: str = ""
    legal_bases: tuple[LegalBasis, ...] = ()
    purpose: str = ""  # zwecksetzung, code
    operative_goal: str = ""  # operativesZiel, code
    form_of_action: str = ""  # handlungsform, code
    kind_of_procedure: str = ""  # verfahrensart, code
    approved_by: str = ""  # fachlichFreigebendeStelle
    classifications: tuple[Classification, ...] = ()
    keywords: tuple[str, ...] = ()
    state: State = State()


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file attached to a process, as it stands in the message: base64 of a ZIP. `archive.unpack` opens it."""

    kind: FileKind
    name: str  # dateiname, without an ending in real files
    media_type: str  # mimeType, code
    encoded: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    """`prozess`: the entry of the process library, with its steps and its drawing."""

    leika_key: str  # id
    version: str
    name: str
    label: str = ""  # bezeichnung
    approved_by: str = ""  # fachlichFreigebendeStelle
    definition: str = ""
    description: str = ""
    triggers: tuple[str, ...] = ()  # ausloeser/formularID: Dokumentsteckbriefe (D…)
    results: tuple[str, ...] = ()  # ergebnis/formularID
    participants: tuple[Participant, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    level: str = ""  # detaillierungsstufe: 101 Stamm, 102 Referenz, 103 OZG-Referenz, 104 Lokal, 105 Muster
    regions: tuple[str, ...] = ()  # verwaltungspolitischeKodierung: keys of Land, Kreis or Gemeinde
    classifications: tuple[Classification, ...] = ()
    keywords: tuple[str, ...] = ()
    activity_groups: tuple[ActivityGroup, ...] = ()  # in the order of their ids
    files: tuple[ModelFile, ...] = ()
    state: State = State()


@dataclass(frozen=True, slots=True)
class ProcessMessage:
    """One message: what it is (`alleInhalte.export.0303`), who made it, and its catalogue and library entries."""

    message: str
    product: str = ""
    author: str = ""
    created: str = ""  # erstellungszeitpunkt, as written
    classes: tuple[ProcessClass, ...] = ()
    processes: tuple[Process, ...] = ()
