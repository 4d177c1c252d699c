"""`rathaus fim` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from rathaus.cli import run
from rathaus.standards.xdatenfelder.reader import read_schema
from rathaus.standards.xdatenfelder.writer import write_schema
from tests.standards.quality_schemata import code_list, field, place, schema, select
from tests.standards.shared_data import SHARED_DATA, needs_shared_data, real_files
from tests.updating.releases import changed, element, gone, released

XSDS = SHARED_DATA / "xdatenfelder/xsd"
GENERICODE = """<CodeList xmlns="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><Identification>
<ShortName>Hunde</ShortName><Version>2024-01-01</Version><CanonicalUri>urn:xoev-de:liste</CanonicalUri>
<CanonicalVersionUri>urn:xoev-de:liste_2024-01-01</CanonicalVersionUri></Identification><ColumnSet>
<Column Id="code" Use="required"><ShortName>code</ShortName><Data Type="string"/></Column>
<Column Id="name" Use="required"><ShortName>name</ShortName><Data Type="string"/></Column>
<Key Id="k"><ShortName>k</ShortName><ColumnRef Ref="code"/></Key></ColumnSet><SimpleCodeList>
<Row><Value ColumnRef="code"><SimpleValue>1</SimpleValue></Value>
<Value ColumnRef="name"><SimpleValue>Dackel</SimpleValue></Value></Row>
</SimpleCodeList></CodeList>"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "schema.xml"
    file.write_bytes(schema(place(field(label=""))))
    return file


def test_check_names_code_grade_line_element_and_what_is_wrong(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fim", "check", str(written)]) == 1
    first, *lines = capsys.readouterr().out.splitlines()
    assert "S05000000001 in XDatenfelder 3.0.0: 1 critical" in first
    assert "not validated against the XSD" in first
    assert lines[0] == (
        "  critical: 1: F05000000001V1.0.0 „Feld 1“: Die Bezeichnung Eingabe ist leer. [1009]"
    )


def test_check_of_a_schema_without_faults_ends_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "schema.xml"
    file.write_bytes(schema())
    assert run(["fim", "check", str(file), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["schema"], report["xdatenfelder"], report["quality"]) == ("S05000000001", "3.0.0", [])
    assert report["xsd_checked"] is False


def test_files_that_are_no_schema_are_refused_by_what_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "strange.xml"
    file.write_text("<letter/>")
    for command in (["check"], ["json-schema"], ["xsd"], ["convert", "--out", str(tmp_path / "out.xml")]):
        assert run(["fim", command[0], str(file), *command[1:]]) == 1
        assert "the root element is <letter>" in capsys.readouterr().err
    assert run(["fim", "check", str(tmp_path / "missing.xml")]) == 1
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_a_folder_without_xsd_is_refused(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fim", "check", str(written), "--xsd", str(tmp_path)]) == 1
    assert "holds no xdatenfelder.xsd" in capsys.readouterr().err


@needs_shared_data
def test_what_the_xsd_objects_to_is_a_warning_beside_the_other_findings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (file,) = real_files("xdatenfelder/2.0/S00000094*.xml")
    run(["fim", "check", str(file), "--xsd", str(XSDS), "--json"])
    report = json.loads(capsys.readouterr().out)
    objections = [entry for entry in report["reading"] if entry["code"] == "xsd"]
    assert objections
    assert all(entry["severity"] == "warning" and entry["line"] for entry in objections)


@needs_shared_data
def test_a_released_schema_has_nothing_the_xsd_objects_to(capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = real_files("xdatenfelder/3.0.0/S05000001299*.xml")
    run(["fim", "check", str(file), "--xsd", str(XSDS), "--json"])
    assert json.loads(capsys.readouterr().out)["reading"] == []


@needs_shared_data
def test_convert_writes_version_3_that_the_xsd_accepts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = real_files("xdatenfelder/2.0/S00000094*.xml")
    out = tmp_path / "schema.xml"
    assert run(["fim", "convert", str(file), "--out", str(out)]) == 0
    assert "in XDatenfelder 3.0.0, read from 2.0" in capsys.readouterr().out
    assert read_schema(out).id == "S00000000094"
    etree.XMLSchema(etree.parse(str(XSDS / "3.0.0/xdatenfelder.xsd"))).assertValid(etree.parse(str(out)))


def test_derived_formats_hold_the_codes_of_the_lists_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, lists = tmp_path / "schema.xml", tmp_path / "lists"
    file.write_bytes(schema(place(select(values=code_list()))))
    lists.mkdir()
    (lists / "liste.xml").write_text(GENERICODE)
    assert run(["fim", "json-schema", str(file), "--code-lists", str(lists)]) == 0
    derived = json.loads(capsys.readouterr().out)
    assert "Dackel" in json.dumps(derived["$defs"])
    out = tmp_path / "derived.xsd"
    assert run(["fim", "xsd", str(file), "--code-lists", str(lists), "--out", str(out)]) == 0
    etree.XMLSchema(etree.parse(str(out)))
    assert 'value="1"' in out.read_text()


@needs_shared_data
def test_diff_says_in_plain_words_what_a_release_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = SHARED_DATA / "xdatenfelder/3.0.0/S05000001299.xdf.xml"
    new = tmp_path / "new.xml"
    schema_ = changed(read_schema(old.read_bytes()), "kindertagespflegeperson.geburtsname", gone)
    schema_ = changed(schema_, "kindertagespflegeperson.vornamen", element(name="Alle Namen"))
    new.write_bytes(write_schema(released(schema_)))
    assert run(["fim", "diff", str(old), str(new)]) == 0
    out = capsys.readouterr().out
    assert "3 Unterschiede\nFragen:\n  - Stand des Datenschemas\n      vorher: S05000001299 1.0.0" in out
    assert "  - Datenfeld „Geburtsname“ (kindertagespflegeperson.geburtsname) entfällt" in out
    assert "hat einen anderen Namen\n      vorher: kindertagespflegeperson.vornamen" in out
    assert run(["fim", "diff", str(old), str(old)]) == 0
    assert "keine Unterschiede" in capsys.readouterr().out
    broken = tmp_path / "broken.xml"
    broken.write_text("<a/>")
    assert run(["fim", "diff", str(old), str(broken)]) == 1
