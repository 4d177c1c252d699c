"""Writing a service as XZuFi 2.2.0.

Written is the element `leistung`, which every transfer of the standard carries; the envelope around it (message head,
transaction, `schreibe`) belongs to the party that transfers. Elements whose names are not confirmed by a real file are
not written.
"""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from rathaus.standards.xzufi.model import Cost, Identifier, Service, Texts, Timing

NAMESPACE = "http://xoev.de/schemata/xzufi/2_2_0"
_TEXT_MODULES = "urn:de:xzufi:codeliste:leistungstextmodulleika"
_TEXT_MODULES_VERSION = "20240216"


def write_service(service: Service) -> bytes:
    """The service as a UTF-8 document with the root `leistung`; `read_xzufi` reads it back to an equal value."""
    root = etree.Element(_tag("leistung"), nsmap={"xzufi": NAMESPACE})
    _identifier(root, "id", service.id)
    for key in service.leika_keys:
        _code(root, "referenzLeiKa", key)
    for module in service.modules:
        element = _child(root, "modulText")
        _texts(element, "inhalt", module.texts)
        for link in module.links:
            entry = _child(element, "weiterfuehrenderLink")
            if link.language:
                entry.set("languageCode", link.language)
            _child(entry, "uri", link.address)
            for name, text in (("titel", link.title), ("beschreibung", link.description)):
                if text:
                    _child(entry, name, text)
        kind = _code(element, "leikaTextmodul", module.code)
        kind.set("listURI", _TEXT_MODULES)
        kind.set("listVersionID", _TEXT_MODULES_VERSION)
    for timing in service.deadlines:
        _timing(_child(root, "modulFrist"), "frist", timing)
    for cost in service.costs:
        _cost(_child(root, "modulKosten"), cost)
    for timing in service.processing_times:
        _timing(_child(root, "modulBearbeitungsdauer"), "bearbeitungsdauer", timing)
    if service.trust_level:
        _code(root, "vertrauensniveau", service.trust_level)
    for audience in service.audiences:
        _code(root, "leistungsadressat", audience)
    for region in service.regions:
        _child(root, "gueltigkeitGebietID", region)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _child(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    if text:
        element.text = text
    return element


def _code(parent: etree._Element, name: str, code: str) -> etree._Element:
    element = _child(parent, name)
    # XÖV's code type: its `code` is in no namespace.
    etree.SubElement(element, "code").text = code
    return element


def _identifier(parent: etree._Element, name: str, identifier: Identifier) -> None:
    element = _child(parent, name, identifier.value)
    if identifier.agency:
        element.set("schemeAgencyID", identifier.agency)
    if identifier.scheme:
        element.set("schemeID", identifier.scheme)


def _texts(parent: etree._Element, name: str, texts: Texts) -> None:
    for language, text in texts.items():
        _child(parent, name, text).set("languageCode", language)


def _timing(module: etree._Element, name: str, timing: Timing) -> None:
    entry = _child(module, name)
    if timing.code:
        _code(entry, "typ", timing.code)
    if timing.span:
        _child(entry, "dauer", _plain(timing.span.duration))
        if timing.span.until is not None:
            _child(entry, "dauerBis", _plain(timing.span.until))
        if timing.span.unit:
            _code(entry, "einheit", timing.span.unit)
    for element, day in (("von", timing.from_day), ("bis", timing.to_day)):
        if day:
            _child(entry, element, day)
    _texts(entry, "beschreibung", timing.description)


def _cost(module: etree._Element, cost: Cost) -> None:
    entry = _child(module, "kosten")
    if cost.code:
        _code(entry, "typ", cost.code)
    amounts = {"betrag": cost.amount, "untergrenze": cost.lowest, "obergrenze": cost.highest}
    for name, amount in amounts.items():
        if amount is not None:
            _child(entry, name, _plain(amount)).set("currencyCode", cost.currency)
    if cost.in_advance is not None:
        _child(entry, "vorkasse", "true" if cost.in_advance else "false")
    _texts(entry, "beschreibung", cost.description)


def _plain(number: Decimal) -> str:
    return format(number, "f")
