from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rathaus.standards.xdatenfelder.model import DataType, Field, FieldKind, Group, Placement, Schema
from rathaus.standards.xdatenfelder.reader import NAMESPACE, XdfError, read_schema, read_translations
from tests.standards.shared_data import SHARED_DATA, needs_shared_data, real_files

REAL_SCHEMATA = real_files("xdatenfelder/3.0.0/*.xml")

FIELD = """
<x:struktur><x:anzahl>{anzahl}</x:anzahl><x:bezug link="https://example.org/1">§ 1</x:bezug><x:enthaelt><x:datenfeld>
  <x:identifikation><x:id>F60000000227</x:id><x:version>1.1.0</x:version></x:identifikation>
  <x:name> Familienname&#xD; </x:name>
  <x:relation><x:praedikat><code>ABL</code></x:praedikat><x:objekt><x:id>F1</x:id></x:objekt></x:relation>
  <x:bezeichnungEingabe>{label}</x:bezeichnungEingabe>
  <x:feldart><code>{kind}</code></x:feldart><x:datentyp><code>{datatype}</code></x:datentyp>
  <x:praezisierung minLength="1" maxLength="{max}" pattern="[A-Z]+"/>
  <x:vorbefuellung><code>optional</code></x:vorbefuellung>
  {more}
</x:datenfeld></x:enthaelt></x:struktur>"""

SCHEMA = """<?xml version="1.0" encoding="UTF-8"?>
<x:xdatenfelder.stammdatenschema.0102 xmlns:x="{namespace}">
<x:header/><x:stammdatenschema>
<x:identifikation><x:id>S00000000001</x:id><x:version>1.0.0</x:version></x:identifikation>
<x:name>Beispiel</x:name><x:bezeichnung>Ein Beispiel</x:bezeichnung>
<x:regel><x:identifikation><x:id>R1</x:id></x:identifikation><x:name>Regel</x:name>
<x:freitextRegel>WENN …</x:freitextRegel><x:typ><code>V</code></x:typ></x:regel>
{children}</x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>"""


def field(**changes: str) -> str:
    values = {
        "anzahl": "1:1",
        "label": "Nachname",
        "kind": "input",
        "datatype": "text",
        "max": "80",
        "more": "",
    }
    return FIELD.format(**(values | changes))


def schema(children: str, namespace: str = NAMESPACE) -> bytes:
    return SCHEMA.format(namespace=namespace, children=children).encode()


def every_placement(placements: tuple[Placement, ...]) -> Iterator[Placement]:
    for placement in placements:
        yield placement
        if isinstance(placement.element, Group):
            yield from every_placement(placement.element.children)


def only_field(document: bytes) -> tuple[Placement, Field]:
    (placement,) = read_schema(document).children
    assert isinstance(placement.element, Field)
    return placement, placement.element


def test_a_schema_is_read_with_its_rules_and_fields() -> None:
    read = read_schema(schema(field()))
    assert (read.id, read.version, read.name, read.label) == (
        "S00000000001",
        "1.0.0",
        "Beispiel",
        "Ein Beispiel",
    )
    assert (read.rules[0].id, read.rules[0].version, read.rules[0].kind) == ("R1", None, "V")
    placement, element = only_field(schema(field()))
    assert (placement.minimum, placement.maximum) == (1, 1)
    assert (placement.references[0].text, placement.references[0].link) == ("§ 1", "https://example.org/1")
    assert (element.name, element.label) == ("Familienname", "Nachname")
    assert (element.kind, element.datatype, element.prefill) == (FieldKind.INPUT, DataType.TEXT, "optional")
    assert (element.constraints.min_length, element.constraints.max_length) == (1, 80)
    assert element.constraints.pattern == "[A-Z]+"


def test_an_empty_label_falls_back_to_the_name() -> None:
    assert only_field(schema(field(label=" ")))[1].label == "Familienname"


def test_unbounded_cardinality_is_none() -> None:
    placement, _ = only_field(schema(field(anzahl="0:*")))
    assert (placement.minimum, placement.maximum) == (0, None)


def test_codes_and_code_lists_are_read_with_their_columns() -> None:
    values = "<x:werte><x:wert><x:code>1</x:code><x:name>Eins</x:name><x:hilfe>?</x:hilfe></x:wert></x:werte>"
    _, element = only_field(schema(field(kind="select", more=values)))
    assert [(code.code, code.name, code.help) for code in element.codes] == [("1", "Eins", "?")]
    reference = (
        "<x:codelisteReferenz><x:version>2</x:version><x:canonicalVersionUri>urn:x_2</x:canonicalVersionUri>"
        "</x:codelisteReferenz><x:codeKey>k</x:codeKey><x:nameKey>n</x:nameKey>"
    )
    _, element = only_field(schema(field(kind="select", more=reference)))
    assert element.code_list is not None
    assert (element.code_list.canonical_uri, element.code_list.version) == ("urn:x", "2")
    assert (element.code_list.code_column, element.code_list.name_column) == ("k", "n")


def test_any_prefix_and_the_default_namespace_read_the_same() -> None:
    prefixed = schema(field())
    unprefixed = prefixed.replace(b"xmlns:x=", b"xmlns=").replace(b"<x:", b"<").replace(b"</x:", b"</")
    assert read_schema(unprefixed) == read_schema(prefixed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"anzahl": "2:1"}, "can never be met"),
        ({"anzahl": "0:0"}, "can never be met"),
        ({"anzahl": "viele"}, "must read min:max"),
        ({"kind": "magic"}, "'magic' is unknown; known are input"),
        ({"datatype": "texto"}, "'texto' is unknown"),
        ({"max": "achtzig"}, "maxLength must be a whole number"),
        ({"more": "<x:codelisteReferenz/>"}, "names no code list"),
        ({"more": "<x:werte><x:wert/></x:werte>"}, "<wert> has no <code>"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_line(change: dict[str, str], message: str) -> None:
    with pytest.raises(XdfError, match=message) as caught:
        read_schema(schema(field(**change)))
    assert caught.value.line > 8


def test_foreign_xml_is_named() -> None:
    with pytest.raises(XdfError, match="not XDatenfelder: the root element is <html> in no namespace"):
        read_schema(b"<html/>")


def test_another_message_is_named() -> None:
    document = f'<x:xdatenfelder.datenfeld.0104 xmlns:x="{NAMESPACE}"/>'.encode()
    with pytest.raises(XdfError, match=r"message xdatenfelder\.datenfeld\.0104; expected"):
        read_schema(document)


def test_malicious_xml_is_an_xdf_error() -> None:
    with pytest.raises(XdfError, match="DOCTYPE"):
        read_schema(b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>')
    nested = "<x:struktur><x:anzahl>1:1</x:anzahl><x:enthaelt><x:datenfeldgruppe>" * 3000
    with pytest.raises(XdfError, match="nested deeper"):
        read_schema(schema(nested))


@needs_shared_data
@pytest.mark.parametrize("path", REAL_SCHEMATA, ids=lambda path: path.stem)
def test_every_real_schema_is_read_whole(path: Path) -> None:
    started = time.monotonic()
    read = read_schema(path)
    assert time.monotonic() - started < 5
    assert path.name.startswith(read.id)
    elements = [placement.element for placement in every_placement(read.children)]
    text = path.read_text("utf-8")
    assert len(elements) == text.count("<xdf3:datenfeld>") + text.count("<xdf3:datenfeldgruppe>")
    assert all(element.id and element.label for element in elements)
    selects = [e for e in elements if isinstance(e, Field) and e.kind is FieldKind.SELECT]
    assert all(bool(select.codes) != bool(select.code_list) for select in selects)


@needs_shared_data
def test_every_element_that_bears_a_translated_rule_is_found_in_its_schema() -> None:
    lines = (SHARED_DATA / "xdatenfelder/translated_rules.jsonl").read_text("utf-8").splitlines()
    known = {path.name.partition(".")[0]: ids_of(read_schema(path)) for path in REAL_SCHEMATA}
    rules = [json.loads(line) for line in lines]
    assert len(rules) > 200
    for rule in rules:
        for schema_id in rule["schemata"]:
            assert rule["rule_id"] in known[schema_id], rule


def ids_of(read: Schema) -> set[str]:
    return {read.id, *(placement.element.id for placement in every_placement(read.children))}


@needs_shared_data
@pytest.mark.parametrize(
    "path", real_files("xdatenfelder/2.0/*.xml") + real_files("xdatenfelder/1/*.xml"), ids=str
)
def test_older_versions_are_refused_by_name(path: Path) -> None:
    version = path.parent.name[0]
    with pytest.raises(XdfError, match=f"this is XDatenfelder {version}; only XDatenfelder 3.0.0"):
        read_schema(path)


def test_translations_are_read_per_language() -> None:
    document = f"""<t:xdatenfelder.uebersetzung.0106 xmlns:t="{NAMESPACE}"><t:header/>
    <t:uebersetzt><t:id>S1</t:id></t:uebersetzt>
    <t:sprache lang="en" region="GB" version="1"><t:element><t:uebersetzt><t:id>F1</t:id><t:version>1.0.0</t:version>
    </t:uebersetzt><t:bezeichnungEingabe>Surname</t:bezeichnungEingabe>
    <t:werte><t:wert><t:code>1</t:code><t:name>One</t:name></t:wert></t:werte></t:element></t:sprache>
    <t:sprache lang="de" variant="simple" version="1"/></t:xdatenfelder.uebersetzung.0106>""".encode()
    english, simple = read_translations(document)
    assert (english.schema_id, english.language, english.region, english.variant) == ("S1", "en", "GB", None)
    assert (english.elements[0].id, english.elements[0].label) == ("F1", "Surname")
    assert english.elements[0].codes[0].name == "One"
    assert (simple.language, simple.variant) == ("de", "simple")
