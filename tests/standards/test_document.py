from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from rathaus.standards.xdatenfelder.characters import in_string_latin
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.model import DataType, Field, FieldKind, Group
from rathaus.standards.xdatenfelder.reader import XdfError, read_schema
from rathaus.standards.xdatenfelder.writer import write_schema
from tests.standards import fuzzing
from tests.standards.shared_data import SHARED_DATA, needs_shared_data, real_files

OLD = "urn:xoev-de:fim:standard:xdatenfelder_2"
SCHEMA_2 = f"""<x:xdatenfelder.stammdatenschema.0102 xmlns:x="{OLD}"><x:header><x:nachrichtID>1</x:nachrichtID>
<x:erstellungszeitpunkt>2024-05-06T07:08:09Z</x:erstellungszeitpunkt></x:header><x:stammdatenschema>
<x:identifikation><x:id>S05000058</x:id><x:version>1.0</x:version></x:identifikation><x:name>Hund</x:name>
<x:bezeichnungEingabe>Hund anmelden</x:bezeichnungEingabe><x:bezug>§ 1 HStS; § 2 HStS</x:bezug>
<x:status><code>aktiv</code></x:status><x:freigabedatum>2021-08-31</x:freigabedatum>
<x:fachlicherErsteller>Amt</x:fachlicherErsteller>
<x:ableitungsmodifikationenStruktur><code>3</code></x:ableitungsmodifikationenStruktur>
<x:ableitungsmodifikationenRepraesentation><code>1</code></x:ableitungsmodifikationenRepraesentation>
<x:regel><x:identifikation><x:id>R00000849</x:id><x:version>1.0</x:version></x:identifikation><x:name>Regel</x:name>
<x:definition>Wenn F05000001 gleich ja, dann F05000002.</x:definition><x:script>{{script}}</x:script></x:regel>
<x:struktur><x:anzahl>{{count}}</x:anzahl><x:bezug/><x:enthaelt><x:datenfeld>
<x:identifikation><x:id>F05000001</x:id><x:version>1.2</x:version></x:identifikation><x:name>Name</x:name>
<x:bezeichnungEingabe>{{label}}</x:bezeichnungEingabe><x:bezeichnungAusgabe/><x:status><code>inaktiv</code></x:status>
<x:schemaelementart><code>RNG</code></x:schemaelementart><x:hilfetextEingabe/><x:feldart><code>{{kind}}</code></x:feldart>
<x:datentyp><code>text</code></x:datentyp><x:praezisierung>{{limits}}</x:praezisierung><x:inhalt/>
<x:codelisteReferenz><x:identifikation><x:id>C05000001</x:id></x:identifikation><x:genericodeIdentification>
<x:canonicalIdentification>urn:de:hund</x:canonicalIdentification><x:version>1</x:version>
<x:canonicalVersionUri>urn:de:hund_1</x:canonicalVersionUri></x:genericodeIdentification></x:codelisteReferenz>
</x:datenfeld></x:enthaelt></x:struktur></x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>"""


def version_2(**values: str) -> bytes:
    filled = {
        "count": "1:1",
        "label": "Name",
        "kind": "input",
        "limits": "",
        "script": "function script() {}",
    } | values
    return SCHEMA_2.format(**filled).encode()


def only_field(content: bytes) -> Field:
    (placement,) = read_document(content).schema.children
    assert isinstance(placement.element, Field)
    return placement.element


def test_a_schema_of_version_2_becomes_one_of_version_3() -> None:
    document = read_document(version_2())
    schema = document.schema
    (rule,) = schema.rules
    assert document.version == "2.0"
    assert (schema.id, schema.version, schema.label) == ("S05000000058", "1.0.0", "Hund anmelden")
    assert [reference.text for reference in schema.references] == ["§ 1 HStS", "§ 2 HStS"]
    assert (schema.record.status, schema.record.status_set_by) == ("6", "Amt")
    assert schema.document_profile == ("D99000000001", None)
    assert (rule.id, rule.text) == ("R00000000849", "Wenn F05000000001 gleich ja, dann F05000000002.")
    field = only_field(version_2())
    assert (field.id, field.version, field.record.status) == ("F05000000001", "1.2.0", "7")
    assert field.code_list is not None
    assert field.code_list.canonical_version_uri == "urn:de:hund_1"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{"minLength":"1","maxLength":"80","pattern":"[0-9]+"}', (1, 80, "[0-9]+", "")),
        ("1..31", (1, 31, None, "")),
        ("Mehrfachauswahl", (None, None, None, "Präzisierung: Mehrfachauswahl")),
        ("5", (None, None, None, "Präzisierung: 5")),
        ("", (None, None, None, "")),
    ],
)
def test_what_limits_a_field_of_version_2_is_understood_or_kept_as_a_remark(
    written: str, meant: tuple[Any, ...]
) -> None:
    field = only_field(version_2(limits=written))
    limits = field.constraints
    assert (limits.min_length, limits.max_length, limits.pattern, field.description) == meant


def test_a_script_that_does_something_is_kept_as_text() -> None:
    (rule,) = read_document(version_2(script="function script() { return 1 }")).schema.rules
    assert rule.description == "Skript: function script() { return 1 }"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"count": "3:1"}, "cardinality"),
        ({"count": "0:0"}, "cardinality"),
        ({"count": "viele"}, "cardinality"),
        ({"label": ""}, "label.empty"),
        ({"label": "Alter ≥ 18 „Jahre“"}, "characters"),
        ({"kind": "auswahl"}, "code.unknown"),
        ({"limits": '{"maxLength":"lang"}'}, "limit"),
    ],
)
def test_what_makes_no_sense_is_mended_and_listed_with_its_place(change: dict[str, str], code: str) -> None:
    document = read_document(version_2(**change))
    (finding,) = document.findings
    assert finding.code == code
    assert finding.place == "F05000001 „Name“".replace("F05000001", "F05000000001")
    (placement,) = document.schema.children
    assert placement.maximum is None or placement.maximum >= max(placement.minimum, 1)


def test_other_documents_are_refused_with_a_sentence_that_says_what_was_found() -> None:
    wrong = {
        b"<x/>": "this is not XDatenfelder: the root element is <x> in no namespace",
        b"<x xmlns='urn:xoev-de:fim:standard:xdatenfelder_1'/>": "this is XDatenfelder 1; versions 2.0 and 3.0.0",
        f"<x xmlns='{OLD}'/>".encode(): "this is the message x; expected",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>": "DOCTYPE",
        version_2()[:500]: "not well-formed",
        re.sub(
            rb"<x:struktur>.*</x:struktur>", b"", version_2(), flags=re.DOTALL
        ): "no data field that could be read",
    }
    for content, said in wrong.items():
        with pytest.raises(XdfError, match=re.escape(said)):
            read_document(content)


@needs_shared_data
def test_the_real_file_of_version_1_is_refused_by_name() -> None:
    with pytest.raises(XdfError, match="this is XDatenfelder 1"):
        read_document(SHARED_DATA / "xdatenfelder/1/WaBeKa.xml")


@needs_shared_data
@pytest.mark.parametrize("file", real_files("xdatenfelder/[23]*/*.xml"), ids=lambda file: file.stem[:12])
def test_every_real_schema_is_written_valid_and_read_again_equal(file: Path) -> None:
    schema = read_document(file).schema
    written = write_schema(schema)
    xsd = etree.XMLSchema(etree.parse(str(SHARED_DATA / "xdatenfelder/xsd/3.0.0/xdatenfelder.xsd")))
    xsd.assertValid(etree.fromstring(written))
    assert read_schema(written) == schema
    assert write_schema(read_schema(written)) == written


@needs_shared_data
@pytest.mark.parametrize("file", real_files("xdatenfelder/3*/*.xml"), ids=lambda file: file.stem)
def test_the_tolerant_reader_reads_good_files_like_the_strict_one(file: Path) -> None:
    document = read_document(file)
    assert document.schema == read_schema(file)
    assert document.version == "3.0.0"


@given(st.text())
def test_every_text_finds_allowed_characters(text: str) -> None:
    written, replaced = in_string_latin(text)
    assert in_string_latin(written) == (written, "")
    assert (written == text) == (not replaced)


def test_signs_of_editors_keep_their_meaning() -> None:
    assert in_string_latin("„Alter“ ≤ 18 – Ĉ№") == ('"Alter" <= 18 - CNo', "„“≤–Ĉ№")


def test_mutated_files_neither_crash_nor_hang() -> None:
    assert fuzzing.run(0, 150) > 10


def test_groups_and_fields_are_told_apart_in_what_is_written() -> None:
    schema = read_document(version_2()).schema
    (placement,) = schema.children
    group = Group("G05000000001", None, "Gruppe", "Gruppe", (placement,), is_choice=True)
    note = Field("F05000000002", None, "Text", "Text", FieldKind.LABEL, DataType.TEXT, content="Bitte lesen")
    richer = type(schema)(
        schema.id,
        schema.version,
        schema.name,
        schema.label,
        (type(placement)(group, 0, None), type(placement)(note, 1, 1)),
    )
    again = read_document(write_schema(richer)).schema
    assert [type(child.element) for child in again.children] == [Group, Field]
    assert again.children[0].maximum is None
    assert isinstance(again.children[0].element, Group)
    assert again.children[0].element.is_choice
