"""Quality rules of how a schema is put together, and the walk that finds them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rathaus.standards.safe_xml import Node
from rathaus.standards.xdatenfelder.quality.fields import check_field
from rathaus.standards.xdatenfelder.quality.records import check_element, check_part
from rathaus.standards.xdatenfelder.quality.report import QualityFinding, Report, Say

_COUNT = re.compile(r"(\d+):(\d+|\*)", re.ASCII)
_DEFAULT_FIELD = "F60000000001"
_DEFAULT_PROFILE = "D99000000001"
_APPROVED = ("4", "5", "6")  # by method, subject (silver), subject (gold)


def check(schema: Node) -> tuple[QualityFinding, ...]:
    """What a `stammdatenschema` of 3.0.0, as it was read, breaks of FIM's quality rules.

    Each finding stands once, however often its element is used. Relations are checked if they were read.
    """
    report = Report()
    say = report.about(schema)
    check_element(schema, say)
    _check_schema(schema, say)
    _Walk(schema, report).below(schema, (), None)
    _check_versions(schema, report)
    return tuple(report)


def _check_schema(schema: Node, say: Say) -> None:
    if not any(entry.text.strip() for entry in schema.all("bezug")):
        say("1051")
    for code, name, known in (
        ("1033", "ableitungsmodifikationenStruktur", "0123"),
        ("1034", "ableitungsmodifikationenRepraesentation", "01"),
    ):
        found = schema.text_of(name, "code")
        if len(found) != 1 or found not in known:
            say(code, schema.first(name), found=found)
    profile, at = schema.text_of("dokumentsteckbrief", "id"), schema.first("dokumentsteckbrief")
    if not profile:
        say("1007")
    elif not re.fullmatch(r"D\d{11}", profile, re.ASCII):
        say("1039", at, found=profile)
    elif profile == _DEFAULT_PROFILE:
        say("1097" if schema.text_of("freigabestatus", "code") in _APPROVED else "1096", at)
    elif not profile.startswith("D99"):
        say("1124", at, found=profile)
    if not any(True for _ in _placed(schema)):
        say("1078")


class _Walk:
    def __init__(self, schema: Node, report: Report) -> None:
        self.schema = schema
        self.report = report

    def below(self, holder: Node, above: Sequence[str], published: Node | None) -> None:
        """Everything a schema or group holds; `above`: the ids it lies in, `published`: the published group around."""
        say = self.report.about(holder)
        self.check_together(holder, say)
        path = (*above, say.element)
        if holder.name == "datenfeldgruppe" and holder.text_of("veroeffentlichungsdatum"):
            published = holder
        for structure, element in _placed(holder):
            self.check_place(holder, structure, element, say)
            part = self.report.about(element)
            check_element(element, part)
            check_part(element, part, self.schema, published)
            if part.element and part.element in path:
                part("1026")
            if element.name == "datenfeld":
                check_field(element, part)
            else:
                _check_group(element, part)
                self.below(element, path, published)

    def check_together(self, holder: Node, say: Say) -> None:
        seen: set[tuple[str, str]] = set()
        names = []
        for structure, element in _placed(holder):
            identity = (element.text_of("identifikation", "id"), element.text_of("identifikation", "version"))
            names.append(identity[0])
            if identity[0] and identity in seen:
                code = "1025" if holder.name == "stammdatenschema" else "1004"
                say(code, structure, found=identity[0])
            seen.add(identity)
        if _DEFAULT_FIELD in names:
            say("1094" if len(names) > 1 else "1095")

    def check_place(self, holder: Node, structure: Node, element: Node, say: Say) -> None:
        name = element.text_of("identifikation", "id")
        origin = element.text_of("schemaelementart", "code")
        if origin == "ABS":
            say("1013", structure, found=name)
        has_reference = any(entry.text.strip() for entry in structure.all("bezug"))
        if (
            holder.text_of("schemaelementart", "code") == "RNG"
            and origin in ("ABS", "HAR")
            and not has_reference
        ):
            say("1022", structure, found=name)
        written = structure.text_of("anzahl")
        if not written:
            say("1021", structure, found=name)
            return
        count = _COUNT.fullmatch(written)
        if count is None:
            say("1046", structure, element=name, found=written)
            return
        if count[2] != "*" and _number(count[1]) > _number(count[2]):
            say("1047", structure, element=name, found=written)
        if holder.text_of("art", "code") == "X" and written != "0:1":
            say("1118", structure, element=name, found=written)
        if element.text_of("datentyp", "code") == "file" and count[2] != "*":
            say("1139", structure, element=name, found=written)


def _number(digits: str) -> tuple[int, str]:
    """An order of digit strings as numbers, however long they are."""
    plain = digits.lstrip("0")
    return len(plain), plain


def _check_group(group: Node, say: Say) -> None:
    kind = group.first("art")
    code = kind.text_of("code") if kind else ""
    if kind is not None and code != "X":
        say("1042", kind, found=code)
    count = sum(1 for _ in _placed(group))
    if count == 0:
        say("1023")
    elif count == 1:
        say("1043" if code == "X" else "1106")


def _check_versions(schema: Node, report: Report) -> None:
    """Elements and code lists that a schema uses in several versions."""
    versions: dict[str, dict[str, Node]] = {}
    lists: dict[str, dict[str, None]] = {}
    for element in _elements(schema):
        identifier = element.text_of("identifikation", "id")
        if identifier:
            version = element.text_of("identifikation", "version")
            versions.setdefault(identifier, {}).setdefault(version, element)
        if reference := element.first("codelisteReferenz"):
            urn, version = reference.text_of("canonicalIdentification"), reference.text_of("version")
            if urn and version:
                lists.setdefault(urn, {})[version] = None
    for found in versions.values():
        if len(found) > 1:
            report.about(next(iter(found.values())))("1003", found=", ".join(v or "–" for v in found))
    for urn, used in lists.items():
        if len(used) > 1:
            report.about(schema)("1037", list=urn, found=", ".join(used))


def _elements(holder: Node) -> Iterator[Node]:
    for _, element in _placed(holder):
        yield element
        yield from _elements(element)


def _placed(holder: Node) -> Iterator[tuple[Node, Node]]:
    """Each `struktur` with the field or group it places."""
    for structure in holder.all("struktur"):
        contained = structure.first("enthaelt")
        for element in contained.children if contained else ():
            if element.name in ("datenfeld", "datenfeldgruppe"):
                yield structure, element
                break
