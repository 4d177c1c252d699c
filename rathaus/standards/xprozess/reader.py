"""Reading XProzess 2.0 messages: requests, answers and exports of process catalogues and libraries.

Elements are matched by local name; `code` inside a code-typed element is in no namespace. All roots of the standard
are read; what a message does not carry is empty. Attached files stay encoded until `archive` is asked for them, so a
broken picture never keeps anybody from reading the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from rathaus.standards.safe_xml import Node, XmlError, read_xml
from rathaus.standards.xprozess.model import (
    ActivityGroup,
    Classification,
    FileKind,
    FormReference,
    LegalBasis,
    ModelFile,
    Participant,
    Process,
    ProcessClass,
    ProcessMessage,
    ReferenceActivity,
    SpecificAttributes,
    State,
    Transfer,
)

NAMESPACE = "http://www.regierung-mv.de/xprozess/2"
_NAMESPACES = "http://www.regierung-mv.de/xprozess/"
_MESSAGES = ("prozesskatalog.", "prozessbibliothek.", "alleInhalte.")


class XprozessError(XmlError):
    """The document is no readable XProzess 2.0 message. `message` says what was found, `line` where."""


def read_processes(source: BinaryIO | bytes | Path) -> ProcessMessage:
    """Read any message of XProzess 2.0. Raises `XprozessError` for anything else, naming what was found."""
    try:
        root = read_xml(source)
    except XmlError as error:
        raise XprozessError(error.message, error.line) from None
    if root.namespace != NAMESPACE:
        if root.namespace.startswith(_NAMESPACES):
            version = root.namespace.removeprefix(_NAMESPACES)
            _fail(root, f"this is XProzess {version}; only XProzess 2 is read here")
        home = f"namespace {root.namespace}" if root.namespace else "no namespace"
        _fail(root, f"this is not XProzess: the root element is <{root.name}> in {home}")
    if not root.name.startswith(_MESSAGES):
        expected = ", ".join(f"{message}…" for message in _MESSAGES)
        _fail(root, f"<{root.name}> is no message of XProzess 2; known are {expected}")
    return ProcessMessage(
        message=root.name,
        product=root.attributes.get("produkt", ""),
        author=root.text_of("nachrichtenkopf", "autor"),
        created=root.text_of("nachrichtenkopf", "erstellungszeitpunkt"),
        classes=tuple(_process_class(node) for node in _entries(root, "prozessklasse")),
        processes=tuple(_process(node) for node in _entries(root, "prozess")),
    )


def _fail(node: Node, message: str) -> NoReturn:
    raise XprozessError(message, node.line)


def _entries(node: Node, name: str) -> Iterator[Node]:
    for child in node.children:
        if child.name == name:
            yield child
        else:
            yield from _entries(child, name)


def _code(node: Node, *path: str) -> str:
    return node.text_of(*path, "code")


def _texts(node: Node, name: str) -> tuple[str, ...]:
    return tuple(child.text.strip() for child in node.all(name) if child.text.strip())


def _key(node: Node) -> str:
    key = node.text_of("id")
    if not key:
        _fail(node, f"<{node.name}> has no <id>; there its LeiKa key is expected")
    return key


def _process_class(node: Node) -> ProcessClass:
    return ProcessClass(
        leika_key=_key(node),
        version=node.text_of("version"),
        name=node.text_of("name"),
        label=node.text_of("bezeichnung"),
        definition=node.text_of("definition"),
        legal_bases=_legal_bases(node),
        purpose=_code(node, "zwecksetzung"),
        operative_goal=_code(node, "operativesZiel"),
        form_of_action=_code(node, "handlungsform"),
        kind_of_procedure=_code(node, "verfahrensart"),
        approved_by=node.text_of("fachlichFreigebendeStelle"),
        classifications=_classifications(node),
        keywords=_keywords(node),
        state=_state(node),
    )


def _process(node: Node) -> Process:
    profile = node.first("prozesssteckbrief") or Node("prozesssteckbrief", NAMESPACE, {}, node.line)
    return Process(
        leika_key=_key(node),
        version=node.text_of("version"),
        name=node.text_of("name"),
        label=node.text_of("bezeichnung"),
        approved_by=node.text_of("fachlichFreigebendeStelle"),
        definition=profile.text_of("definition"),
        description=profile.text_of("beschreibung"),
        triggers=_form_ids(profile, "ausloeser"),
        results=_form_ids(profile, "ergebnis"),
        participants=tuple(
            Participant(entry.text_of("name"), _code(entry, "rolle"))
            for entry in profile.all("prozessteilnehmer")
        ),
        legal_bases=_legal_bases(profile),
        level=_code(profile, "detaillierungsstufe"),
        regions=tuple(
            key
            for coding in profile.all("verwaltungspolitischeKodierung")
            for area in coding.children
            if (key := _code(area))
        ),
        classifications=_classifications(node),
        keywords=_keywords(node),
        activity_groups=tuple(
            sorted(
                (_activity_group(entry) for entry in _entries(node, "aktivitaetengruppe")),
                key=lambda group: group.id,
            )
        ),
        files=_files(node),
        state=_state(node),
    )


def _form_ids(node: Node, name: str) -> tuple[str, ...]:
    return tuple(form_id for entry in node.all(name) for form_id in _texts(entry, "formularID"))


def _legal_bases(node: Node) -> tuple[LegalBasis, ...]:
    return tuple(
        LegalBasis(entry.text_of("name"), _code(entry, "art"), entry.text_of("uri"))
        for entry in node.all("handlungsgrundlage")
        if entry.text_of("name") or entry.text_of("uri")
    )


def _classifications(node: Node) -> tuple[Classification, ...]:
    return tuple(
        Classification(
            scheme=entry.text_of("ordnungsrahmenName"),
            scheme_version=entry.text_of("ordnungsrahmenVersion"),
            class_id=entry.text_of("klasseID"),
            class_name=entry.text_of("klasseName"),
        )
        for entry in node.all("klassifikation")
    )


def _keywords(node: Node) -> tuple[str, ...]:
    # Real exports put all keywords into one element, separated by `|`.
    words = (word.strip() for text in _texts(node, "schlagwort") for word in text.split("|"))
    return tuple(dict.fromkeys(word for word in words if word))


def _state(node: Node) -> State:
    state = node.first("zustandsangaben")
    if state is None:
        return State()
    return State(
        status=_code(state, "status"),
        changed=state.text_of("letzterAenderungszeitpunkt"),
        changed_by=state.text_of("letzterBearbeiter"),
        note=state.text_of("anmerkungLetzteAenderung"),
        valid_from=state.text_of("gueltigkeitszeitraum", "beginn"),
        valid_until=state.text_of("gueltigkeitszeitraum", "ende"),
        approved_by_subject=state.text_of("fachlicherFreigabezeitpunkt"),
        approved_by_method=state.text_of("formellerFreigabezeitpunkt"),
    )


def _activity_group(node: Node) -> ActivityGroup:
    kind = _code(node, "referenzaktivitaetengruppeTyp")
    return ActivityGroup(
        id=node.text_of("id"),
        name=node.text_of("name"),
        kind=ReferenceActivity(kind) if kind in set(ReferenceActivity) else None,
        kind_version=node.text_of("referenzaktivitaetengruppeVersion"),
        subprocess_id=node.text_of("subProzessID"),
        description=node.text_of("beschreibung"),
        legal_bases=_legal_bases(node),
        data_in=_forms(node, "eingehendeDaten"),
        data_out=_forms(node, "ausgehendeDaten"),
        specialised_procedures=_specialised_procedures(node),
        attributes=_attributes(node),
    )


def _specialised_procedures(node: Node) -> tuple[str, ...]:
    # A name as text, or as a child: both occur in the class names known to us, none in a file.
    return tuple(
        name for entry in node.all("fachverfahren") if (name := entry.text.strip() or entry.text_of("name"))
    )


def _forms(node: Node, name: str) -> tuple[FormReference, ...]:
    return tuple(form for holder in node.all(name) for form in _form_references(holder))


def _form_references(holder: Node) -> Iterator[FormReference]:
    for reference in holder.all("formularverweis"):
        # In spezifischeAttribute one formularverweis stands inside another.
        yield from _form_references(reference)
        profile = reference.text_of("formularsteckbriefID")
        text = reference.text_of("textuelleBeschreibung")
        if profile or text:
            yield FormReference(profile, text)


def _attributes(node: Node) -> SpecificAttributes:
    choice = next(iter(specific.children), None) if (specific := node.first("spezifischeAttribute")) else None
    if choice is None:
        return SpecificAttributes()
    duty = choice.text_of("mitwirkungspflicht")
    return SpecificAttributes(
        received=_transfers(choice, "empfangeneDaten"),
        provided=_transfers(choice, "bereitgestellteDaten"),
        formal_checks=tuple(code for entry in choice.all("formellePruefung") if (code := _code(entry))),
        aids=_texts(choice, "hilfsmittel"),
        decision_kind=_code(choice, "entscheidungsart"),
        processing_kind=_code(choice, "bearbeitungsart"),
        must_cooperate=duty in ("true", "1") if duty else None,
        participation=_code(choice, "beteiligungsform"),
        description=choice.text_of("beschreibung"),
    )


def _transfers(node: Node, name: str) -> tuple[Transfer, ...]:
    return tuple(
        Transfer(
            forms=tuple(_form_references(entry)),
            channel=_code(entry, "uebermittlungsart"),
            sender=entry.text_of("sender"),
            recipient=entry.text_of("empfaenger"),
        )
        for entry in node.all(name)
    )


def _files(node: Node) -> tuple[ModelFile, ...]:
    return tuple(
        ModelFile(
            kind=FileKind(entry.name),
            name=entry.text_of("dateiname"),
            media_type=_code(entry, "mimeType"),
            encoded=entry.text_of("inhalt"),
            line=entry.line,
        )
        for model in node.all("prozessmodell")
        for entry in model.children
        if entry.name in set(FileKind)
    )
