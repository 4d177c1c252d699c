"""Forms as large as one likes, as real packages: for measurements and for tests that hold limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rathaus.catalogue.packing import Files, read_folder
from rathaus.forms import SchemaTree
from rathaus.forms.tree import FieldNode, GroupNode
from rathaus.standards.xdatenfelder.reader import read_schema

PLAIN = Path(__file__).resolve().parents[1] / "packages/plain"
CODES = "abcde"
_KINDS: tuple[tuple[str, str], ...] = (
    *([("select", "text")] * 4),
    *([("input", "bool")] * 2),
    *([("input", "date")] * 2),
    *([("input", "num_int")] * 2),
    ("input", "num_currency"),
    *([("input", "text")] * 9),
)
"""Kind and datatype of the twenty fields of every page."""
_ANSWERS: Mapping[str, Any] = {
    "bool": True,
    "date": "1990-04-03",
    "num_int": 4,
    "num_currency": "12.50",
    "text": "Ein Wort und noch eines",
}
_LISTS = "urn:xoev-de:fim:codeliste:xdatenfelder"


def large_package(pages: int = 10, rules: int = 100) -> Files:
    """The plain service with a form of `pages` × 20 fields and so many rules: a tenth shows (at most one for every
    second field), a tenth requires (likewise), the rest are checks that read two or three fields of two pages."""
    return {
        **{name: content for name, content in read_folder(PLAIN).items() if not name.startswith("examples/")},
        "service.toml": _service(),
        "schema.xdf.xml": _schema(pages).encode(),
        "form.toml": _form(pages, rules).encode(),
        "texts/form.en.toml": _english(pages, rules).encode(),
    }


def large_answers(pages: int = 10) -> dict[str, Any]:
    """Answers to every question, against which no rule has anything to say."""
    return {
        f"s{page}": {f"f{number}": _answer(number) for number in range(1, 21)} for page in range(1, pages + 1)
    }


def typed_page(page: int) -> dict[str, str]:
    """The same answers for one page, as its form sends them."""
    typed: dict[str, str] = {}
    for number in range(1, 21):
        value = _answer(number)
        name = f"s{page}.f{number}"
        if _KINDS[number - 1][1] == "date":
            typed |= dict(
                zip((f"{name}.jahr", f"{name}.monat", f"{name}.tag"), value.split("-"), strict=True)
            )
        else:
            typed[name] = {True: "true"}.get(value, str(value).replace(".", ","))
    return typed


def _answer(number: int) -> Any:
    kind, datatype = _KINDS[number - 1]
    return "a" if kind == "select" else _ANSWERS[datatype]


def _service() -> bytes:
    text = (PLAIN / "service.toml").read_text(encoding="utf-8")
    for old, new in (
        ('key = "plain"', 'key = "large"'),
        ('applicant = [["person.name"]]', 'applicant = [["s1.f13"]]'),
        ('lines = [["person.name"]]', 'lines = [["s1.f13"]]'),
        ('same = ["person.name", "anliegen.titel"]', 'same = ["s1.f13"]'),
        ('[notice]\nemail = "person.email"\n', ""),
    ):
        text = text.replace(old, new)
    return text.encode()


def _identified(prefix: str, number: int, name: str) -> str:
    return (
        f"<xdf:identifikation><xdf:id>{prefix}99{number:09}</xdf:id><xdf:version>1.0.0</xdf:version>"
        f"</xdf:identifikation><xdf:name>{name}</xdf:name>"
        f"<xdf:bezeichnungEingabe>{name}</xdf:bezeichnungEingabe>"
    )


def _coded(element: str, code: str) -> str:
    return (
        f'<xdf:{element} listURI="{_LISTS}.{element}" listVersionID="2.0"><code>{code}</code></xdf:{element}>'
    )


def _placed(content: str, anzahl: str) -> str:
    return f"<xdf:struktur><xdf:anzahl>{anzahl}</xdf:anzahl><xdf:enthaelt>{content}</xdf:enthaelt></xdf:struktur>"


def _field(page: int, number: int) -> str:
    kind, datatype = _KINDS[number - 1]
    limits = '<xdf:praezisierung maxLength="120"/>' if (kind, datatype) == ("input", "text") else ""
    codes = "".join(
        f"<xdf:wert><xdf:code>{code}</xdf:code><xdf:name>Auswahl {code}</xdf:name></xdf:wert>"
        for code in CODES
    )
    values = f"<xdf:werte>{codes}</xdf:werte>" if kind == "select" else ""
    content = (
        _identified("F", page * 100 + number, f"F{number}")
        + _coded("feldart", kind)
        + _coded("datentyp", datatype)
        + limits
        + values
    )
    return _placed(f"<xdf:datenfeld>{content}</xdf:datenfeld>", "1:1" if number <= 10 else "0:1")


def _schema(pages: int) -> str:
    groups = "".join(
        _placed(
            "<xdf:datenfeldgruppe>"
            + _identified("G", page, f"S{page}")
            + "".join(_field(page, number) for number in range(1, 21))
            + "</xdf:datenfeldgruppe>",
            "1:1",
        )
        for page in range(1, pages + 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><xdf:xdatenfelder.stammdatenschema.0102 '
        'xmlns:xdf="urn:xoev-de:fim:standard:xdatenfelder_3.0.0"><xdf:stammdatenschema>'
        "<xdf:identifikation><xdf:id>S99000000001</xdf:id><xdf:version>1.0.0</xdf:version></xdf:identifikation>"
        f"<xdf:name>Großer Antrag</xdf:name><xdf:bezeichnung>Großer Antrag</xdf:bezeichnung>{groups}"
        "</xdf:stammdatenschema></xdf:xdatenfelder.stammdatenschema.0102>"
    )


def _form(pages: int, rules: int) -> str:
    shares = min(rules // 10, pages * 10)
    parts = [
        f'[[page]]\nid = "seite-{page}"\nsection = "Alles"\ntitle = "Seite {page}"\nfields = ["s{page}"]\n'
        for page in range(1, pages + 1)
    ]
    for number in range(shares):
        page, field = number % pages + 1, number // pages + 11
        other = page % pages + 1
        show = f"s{page}.f{number % 4 + 1} == 'a' || s{other}.f5 || s{other}.f9 > {number}"
        require = f"s{other}.f{number % 4 + 1} == 'b' && s{page}.f6 && has(s{page}.f7)"
        parts.append(f'[field."s{page}.f{field}"]\nshow = "{show}"\nrequire = "{require}"\n')
    for number, (fields, when, valid) in zip(range(rules - 2 * shares), _checks(pages), strict=False):
        parts.append(
            f'[[check]]\nid = "pruefung_{number}"\nfields = ["{fields}"]\nwhen = "{when}"\nvalid = "{valid}"\n'
            f'message = "Prüfen Sie diese Angabe ({number})."\n'
        )
    return "".join(parts)


def _checks(pages: int) -> Iterator[tuple[str, str, str]]:
    number = 0
    while True:
        a, b = f"s{number % pages + 1}", f"s{(number * 7 + 3) % pages + 1}"
        yield f"{a}.f7", f"has({a}.f7) && has({b}.f8)", f"{a}.f7 <= {b}.f8"
        yield f"{a}.f9", f"{b}.f5", f"{a}.f9 + {b}.f10 <= {100 + number}"
        yield f"{a}.f1", f"{b}.f1 != 'e'", f"!({a}.f1 == 'e' && {b}.f2 == 'a' && {a}.f6)"
        yield f"{a}.f11", f"has({a}.f11)", f"{a}.f11 <= {b}.f11 + {number}.5"
        yield f"{a}.f7", f"has({a}.f7) && {b}.f6", f"years_between({a}.f7, today) >= {number % 18}"
        yield (
            f"{a}.f13",
            f"has({a}.f13)",
            f"!contains_any({a}.f13, ['postfach', 'unbekannt', 'nummer {number}'])",
        )
        yield f"{a}.f14", f"has({a}.f14)", f"size({a}.f14) <= {120 + number} || {b}.f15 != {a}.f15"
        number += 1


def _english(pages: int, rules: int) -> str:
    parts = [f'[page.seite-{page}]\ntitle = "Page {page}"\nsection = "All"\n' for page in range(1, pages + 1)]
    for page in range(1, pages + 1):
        parts.append(f'[field."s{page}"]\nlabel = "Section {page}"\n')
        parts += [f'[field."s{page}.f{number}"]\nlabel = "Field {number}"\n' for number in range(1, 21)]
        parts += [
            f'[codes."s{page}.f{number}"]\n' + "".join(f'{code} = "Choice {code}"\n' for code in CODES)
            for number in range(1, 5)
        ]
    checks = rules - 2 * min(rules // 10, pages * 10)
    parts += [
        f'[check.pruefung_{number}]\nmessage = "Check this answer ({number})."\n' for number in range(checks)
    ]
    return "".join(parts)


QUESTIONS_ON_A_PAGE = 20


def naive_package(schema: bytes) -> Files:
    """A package that asks for everything in a schema, group after group; every code list it names has 250 codes."""
    tree = SchemaTree.build(read_schema(schema))
    lists = {node.code_list.canonical_uri for node in tree.root.fields() if node.code_list and not node.codes}
    form = "".join(
        f'[[page]]\nid = "seite-{number}"\ntitle = "Seite {number}"\nfields = {json.dumps(fields)}\n'
        for number, fields in enumerate(_pages(tree.root), start=1)
    )
    name = next(node.path for node in tree.root.fields() if not (node.is_label or node.is_fixed))
    service = _service().decode().replace('["s1.f13"]', json.dumps([".".join(name)]))
    return {
        **{
            name: content
            for name, content in read_folder(PLAIN).items()
            if name.startswith(("texts/", "proc"))
        },
        **{
            f"codelists/liste-{number}.xml": _code_list(uri).encode()
            for number, uri in enumerate(sorted(lists), start=1)
        },
        "service.toml": service.encode(),
        "schema.xdf.xml": schema,
        "form.toml": form.encode(),
    }


def _pages(group: GroupNode) -> Iterator[list[str]]:
    """Groups of few questions are one page each; larger ones are split into the groups inside them."""
    fields = [
        child.address for child in group.children if isinstance(child, FieldNode) and not child.is_label
    ]
    if fields:
        yield fields
    for child in group.children:
        if not isinstance(child, GroupNode):
            continue
        many = sum(1 for _ in child.fields()) > QUESTIONS_ON_A_PAGE
        if child.repeatable or child.is_partial_date or not many:
            yield [child.address]
        else:
            yield from _pages(child)


def _code_list(uri: str) -> str:
    rows = "".join(
        f'<Row><Value ColumnRef="code"><SimpleValue>{number:03}</SimpleValue></Value>'
        f'<Value ColumnRef="name"><SimpleValue>Eintrag {number}</SimpleValue></Value></Row>'
        for number in range(250)
    )
    columns = "".join(
        f'<Column Id="{name}" Use="required"><ShortName>{name}</ShortName><Data Type="string"/></Column>'
        for name in ("code", "name")
    )
    return (
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><Identification>'
        f"<ShortName>Liste</ShortName><Version>1</Version><CanonicalUri>{uri}</CanonicalUri>"
        f"<CanonicalVersionUri>{uri}_1</CanonicalVersionUri></Identification><ColumnSet>{columns}"
        '<Key Id="codeKey"><ShortName>codeKey</ShortName><ColumnRef Ref="code"/></Key></ColumnSet>'
        f"<SimpleCodeList>{rows}</SimpleCodeList></gc:CodeList>"
    )
