"""The findings page: what to mend, what to look at, what to tell FIM's editors – each with where it is mended."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import change, files_of, start_from_fim
from rathaus.designer.checking import quality_of
from rathaus.designer.opened import Opened
from rathaus.editing import ChangeFiles, Words
from rathaus.people.models import User
from tests.designer.conftest import address
from tests.standards.quality_schemata import code_list, field, place, rule, schema, select

_SCHEMA = schema(
    place(field(1, name="Wohnort", limits="minLength='9' maxLength='2'")),
    place(field(2, label="", name="=SUMME(A1)")),
    place(select(3, values=code_list())),
    place(select(4)),
    place(field(5), "0:1"),
    rules=rule('WENN F05000000004 = "a", DANN muss F05000000005 befüllt sein')
    + rule('WENN F05000000004 = "a", DANN darf F05000000005 nicht befüllt sein', "R05000000002"),
)


@pytest.fixture
def fim(dora: User) -> Design:
    return start_from_fim(
        _SCHEMA, today=date(2026, 11, 26), name="s.xdf3.xml", by=dora, reason="Anbieten", office="gewerbe"
    )


def _sections(desk: Client, design: Design) -> tuple[str, str, str]:
    page = desk.get(address(design, "befunde/")).content.decode()
    _before, must, should, fim = page.split('<section class="block"')
    return must, should, fim


def test_a_design_without_faults_says_so(desk: Client, design: Design) -> None:
    must, _should, _fim = _sections(desk, design)
    assert "Nichts hindert das Veröffentlichen" in must


def test_what_hinders_leads_to_the_page_where_it_is_mended(desk: Client, design: Design, dora: User) -> None:
    files = files_of(design)
    form = files["form.toml"].replace(b'id = "beginn"', b'id = "beginn"\nshow = "gibt.es.nicht"', 1)
    broken = ChangeFiles.between(files, {**files, "form.toml": form}, Words("Versuch"))
    change(design, broken, base_revision=1, by=dora, reason="Versuch")
    must, _should, _fim = _sections(desk, design)
    assert "hinder" in must
    assert f'href="{address(design, "seiten/beginn/")}"' in must


def test_what_reading_the_file_had_to_leave_out_is_kept_with_its_line_and_question(
    desk: Client, fim: Design
) -> None:
    _must, should, _fim = _sections(desk, fim)
    assert "Zwischen 9 und 2 liegt kein Wert. Beide Grenzen entfallen." in should
    assert f'href="{address(fim, "frage/wohnort/")}"' in should
    assert "s.xdf3.xml, Zeile" in should


def test_a_missing_code_list_leads_to_the_code_lists(desk: Client, fim: Design) -> None:
    _must, should, _fim = _sections(desk, fim)
    assert f'href="{address(fim, "auswahllisten/")}"' in should


def test_rules_that_contradict_each_other_stand_with_the_answers_that_show_it(
    desk: Client, fim: Design
) -> None:
    _must, should, _fim = _sections(desk, fim)
    said = should.partition("Regeln, die sich widersprechen")[2]
    assert "„Name“ ist „Erstes“" in said


def test_fim_gets_the_broken_quality_rules_and_what_was_mended(desk: Client, fim: Design) -> None:
    _must, _should, for_fim = _sections(desk, fim)
    assert "<code>FIM 1" in for_fim
    assert "im Entwurf behoben" in for_fim
    assert "kritisch: " in for_fim


def test_fim_gets_it_as_a_table_that_no_spreadsheet_takes_for_formulas(desk: Client, fim: Design) -> None:
    answer = desk.get(address(fim, "befunde/fim.csv"))
    assert 'filename="befunde-' in answer["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert head[:3] == ["Grad", "Code", "Element"]
    assert rows
    assert all(len(row) == len(head) for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert any("=SUMME(A1)" in cell for row in rows for cell in row)


def test_fim_gets_it_as_a_letter(desk: Client, fim: Design) -> None:
    letter = desk.get(address(fim, "befunde/fim.txt")).content.decode()
    assert letter.startswith("Befunde zum Datenschema S")
    assert "Datei s.xdf3.xml, eingelesen am " in letter
    assert "Zwischen 9 und 2 liegt kein Wert" in letter


def test_the_overview_counts_what_was_found(desk: Client, fim: Design) -> None:
    page = desk.get(address(fim)).content.decode()
    assert "die Sie ansehen sollten" in page
    assert "für die FIM-Redaktion" in page


def test_the_page_is_there_when_the_schema_cannot_be_read(desk: Client, fim: Design) -> None:
    opened = Opened.of(fim)
    opened.files = {**opened.files, "schema.xdf.xml": b"<x/>"}
    assert quality_of(opened) == ()
