"""FIM's translations through HTTP: at the beginning of a design and later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import files_of, newest, reports_of, start_from_fim
from rathaus.people.models import User
from rathaus.standards.xdatenfelder.translations import write_translations
from tests.designer.conftest import address
from tests.drafting.test_translating import DOCUMENT, ENGLISH

_SIMPLE = replace(ENGLISH, language="de", variant="simple")


def _upload(content: bytes, name: str = "en.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def fim(dora: User) -> Design:
    return start_from_fim(
        DOCUMENT, today=date(2026, 11, 26), by=dora, reason="Anbieten", office="buergerservice"
    )


def _begin(desk: Client, *translations: SimpleUploadedFile) -> str:
    given = {
        "file": _upload(DOCUMENT, "s.xml"),
        "translations": list(translations),
        "office": "buergerservice",
        "reason": "Anbieten",
    }
    return desk.post("/amt/leistungen/neu/fim/", given).content.decode()


def test_a_design_begins_in_english_and_plain_german(desk: Client, dora: User) -> None:
    _begin(desk, _upload(write_translations([ENGLISH, _SIMPLE])))
    files = files_of(Design.objects.get())
    assert b"Person in charge" in files["texts/form.en.toml"]
    assert b"Person in charge" in files["texts/form.de-simple.toml"]


def test_a_file_that_is_no_translation_is_refused_by_name(desk: Client, dora: User) -> None:
    page = _begin(desk, _upload(write_translations([ENGLISH])), _upload(DOCUMENT, "schema.xml"))
    assert "„schema.xml“ ist keine Übersetzung aus FIM." in page
    assert not Design.objects.exists()


def test_translations_come_later_as_one_change(desk: Client, fim: Design) -> None:
    given = {"was": "uebersetzung", "stand": "1", "dateien": [_upload(write_translations([ENGLISH]))]}
    assert desk.post(address(fim, "texte/"), given).status_code == 302
    assert newest(fim).summary.startswith("Übersetzungen aus FIM übernommen: ")
    assert b"Person in charge" in files_of(fim)["texts/form.en.toml"]
    assert [report.file for report in reports_of(fim)][1:] == ["en.xml"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Wählen Sie eine oder mehrere Dateien."),
        ([b"<a/>"], "ist keine Übersetzung aus FIM"),
        ([write_translations([replace(ENGLISH, schema_id="S05000000099")])], "S05000000099"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(
    desk: Client, fim: Design, files: list[bytes], said: str
) -> None:
    given = {"was": "uebersetzung", "stand": "1", "dateien": [_upload(content) for content in files]}
    answer = desk.post(address(fim, "texte/"), {**given, "grund": "Auf Englisch"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Auf Englisch"' in answer.content.decode()
    assert newest(fim).number == 1
