"""Reading XZuFi 2.1 to 2.3: transfers of the service catalogue, answers, and single services.

There is no public schema file to hold documents against, and real roots have many names. So elements are matched by
local name, wherever they stand; what a document does not carry is empty; what cannot be read as a figure stays in
the words beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NoReturn

from rathaus.said import said
from rathaus.standards.safe_xml import Node, XmlError, read_xml
from rathaus.standards.xzufi.model import (
    Cost,
    Identifier,
    Link,
    Message,
    OnlineService,
    OrganisationalUnit,
    Responsibility,
    Service,
    Span,
    TextModule,
    TimeUnit,
    Timing,
)

_NAMESPACE = re.compile(r"^http://xoev\.de/schemata/xzufi/(?P<major>\d+)_(?P<minor>\d+)_\d+$")
_FIGURE = re.compile(r"^[+-]?\d{1,15}(\.\d{1,6})?$", re.ASCII)
_READ_VERSIONS = ("2.1", "2.2", "2.3")
_OBJECTS = frozenset({"leistung", "spezialisierung", "organisationseinheit", "onlinedienst"})


class XzufiError(XmlError):
    """The document is no readable XZuFi. `message` says what was found, `line` where."""


def read_xzufi(source: BinaryIO | bytes | Path) -> Message:
    """Every service, specialisation, organisation and online service of a document.

    Raises `XzufiError` for anything that is not XZuFi 2.1 to 2.3, naming what was found.
    """
    try:
        root = read_xml(source)
    except XmlError as error:
        raise XzufiError(error.message, error.line) from None
    version = _version(root)
    found: dict[str, list[Node]] = {name: [] for name in _OBJECTS}
    for node in _objects(root):
        found[node.name].append(node)
    return Message(
        version=version,
        services=tuple(map(_service, found["leistung"])),
        specialisations=tuple(map(_service, found["spezialisierung"])),
        units=tuple(map(_unit, found["organisationseinheit"])),
        online_services=tuple(map(_online_service, found["onlinedienst"])),
    )


def _version(root: Node) -> str:
    namespace = _NAMESPACE.match(root.namespace)
    if namespace is None:
        home = (
            said("namespace %(namespace)s", namespace=root.namespace)
            if root.namespace
            else said("no namespace")
        )
        _fail(
            root,
            said(
                "this is not XZuFi: the root element is <%(root)s> in %(home)s",
                root=root.name,
                home=home,
            ),
        )
    version = f"{namespace['major']}.{namespace['minor']}"
    if version not in _READ_VERSIONS:
        _fail(
            root,
            said(
                "this is XZuFi %(version)s; %(known)s are read here",
                version=version,
                known=", ".join(_READ_VERSIONS),
            ),
        )
    return version


def _fail(node: Node, message: str) -> NoReturn:
    raise XzufiError(message, node.line)


def _objects(node: Node) -> Iterator[Node]:
    # An object is described once, at the top; the same name further down is a reference.
    if node.name in _OBJECTS:
        yield node
        return
    for child in node.children:
        yield from _objects(child)


def _identifier(node: Node | None) -> Identifier:
    if node is None:
        return Identifier("")
    return Identifier(
        value=node.text.strip(),
        agency=node.attributes.get("schemeAgencyID", ""),
        scheme=node.attributes.get("schemeID", ""),
    )


def _texts(node: Node | None, name: str) -> dict[str, str]:
    if node is None:
        return {}
    return {
        child.attributes.get("languageCode", "de"): child.text.strip()
        for child in node.all(name)
        if child.text.strip()
    }


def _values(node: Node, name: str) -> tuple[str, ...]:
    """Codes or plain texts: 2.2 wraps codes in `code`, a few older files do not."""
    found = (child.text_of("code") or child.text.strip() for child in node.all(name))
    return tuple(value for value in found if value)


def _service(node: Node) -> Service:
    keys = _values(node, "referenzLeiKa") + _values(node, "referenzLeistungsschluessel")
    return Service(
        id=_identifier(node.first("id")),
        leika_keys=tuple(dict.fromkeys(keys)),
        modules=tuple(map(_module, node.all("modulText"))),
        deadlines=tuple(timing for entry in node.all("modulFrist") for timing in _timings(entry, "frist")),
        processing_times=tuple(
            timing
            for entry in node.all("modulBearbeitungsdauer")
            for timing in _timings(entry, "bearbeitungsdauer")
        ),
        costs=tuple(cost for entry in node.all("modulKosten") for cost in _costs(entry)),
        trust_level=node.text_of("vertrauensniveau", "code"),
        audiences=_values(node, "leistungsadressat"),
        regions=_values(node, "gueltigkeitGebietID"),
    )


def _module(node: Node) -> TextModule:
    return TextModule(
        code=node.text_of("leikaTextmodul", "code"),
        texts=_texts(node, "inhalt"),
        links=tuple(
            Link(
                address=entry.text_of("uri"),
                title=entry.text_of("titel"),
                description=entry.text_of("beschreibung"),
                language=entry.attributes.get("languageCode", ""),
            )
            for entry in node.all("weiterfuehrenderLink")
            if entry.text_of("uri")
        ),
    )


def _timings(module: Node, name: str) -> Iterator[Timing]:
    """The entries of a module; its own description stands for itself where it has no entries."""
    entries = list(module.all(name)) or [module]
    for index, entry in enumerate(entries):
        description = _texts(entry, "beschreibung")
        if index == 0 and entry is not module:
            description = {**_texts(module, "beschreibung"), **description}
        timing = Timing(
            code=entry.text_of("typ", "code"),
            span=_span(entry),
            from_day=_deep_text(entry, "von"),
            to_day=_deep_text(entry, "bis"),
            description=description,
        )
        if timing != Timing():
            yield timing


def _span(node: Node) -> Span | None:
    duration = _number(_deep_text(node, "dauer"))
    if duration is None:
        return None
    unit = _deep_text(node, "einheit").upper()
    return Span(
        duration=duration,
        unit=TimeUnit(unit) if unit in set(TimeUnit) else None,
        until=_number(_deep_text(node, "dauerBis")),
    )


def _costs(module: Node) -> Iterator[Cost]:
    entries = list(module.all("kosten")) or [module]
    for index, entry in enumerate(entries):
        description = _texts(entry, "beschreibung")
        if index == 0 and entry is not module:
            description = {**_texts(module, "beschreibung"), **description}
        amounts = [_deep(entry, name) for name in ("betrag", "untergrenze", "obergrenze")]
        currencies = (node.attributes.get("currencyCode") for node in amounts if node)
        amount, lowest, highest = (_number(node.text.strip()) if node else None for node in amounts)
        advance = _deep_text(entry, "vorkasse")
        cost = Cost(
            code=entry.text_of("typ", "code"),
            amount=amount,
            lowest=lowest,
            highest=highest,
            currency=next(filter(None, currencies), "EUR"),
            in_advance=advance in ("true", "1") if advance else None,
            description=description,
        )
        if cost != Cost():
            yield cost


def _deep(node: Node, name: str) -> Node | None:
    for child in node.children:
        if child.name == name and (child.text.strip() or child.children):
            return child
        if (found := _deep(child, name)) is not None:
            return found
    return None


def _deep_text(node: Node, name: str) -> str:
    found = _deep(node, name)
    return (found.text.strip() or found.text_of("code")) if found else ""


def _number(text: str) -> Decimal | None:
    # xs:decimal knows no exponents; a figure longer than any amount of money is no figure.
    if not _FIGURE.match(text):
        return None
    return Decimal(text)


def _unit(node: Node) -> OrganisationalUnit:
    return OrganisationalUnit(
        id=_identifier(node.first("id")),
        names=_texts(node.first("name"), "name"),
        responsibilities=tuple(
            Responsibility(_identifier(entry.first("leistungID")), _values(entry, "gebietID"))
            for entry in node.all("zustaendigkeit")
        ),
    )


def _online_service(node: Node) -> OnlineService:
    return OnlineService(
        id=_identifier(node.first("id")),
        names=_texts(node, "bezeichnung") or _texts(node.first("bezeichnung"), "bezeichnung"),
        addresses=tuple(address for link in node.all("link") if (address := link.text_of("link"))),
    )
