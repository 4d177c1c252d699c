"""Code lists through HTTP: missing ones are named, brought in, and their fields become choices."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import files_of, newest, problems_of, start_from_fim
from rathaus.people.models import User
from tests.designer.conftest import address
from tests.editing.test_code_lists import FAMILIENSTAND, SCHEMA, code_list
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data


@pytest.fixture
def fim(dora: User) -> Design:
    return start_from_fim(
        SCHEMA.read_bytes(), today=date(2026, 11, 26), by=dora, reason="Anbieten", office="buergerservice"
    )


def _upload(content: bytes, name: str = "liste.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_missing_list_is_named_with_its_questions_and_brought_in(desk: Client, fim: Design) -> None:
    page = address(fim, "auswahllisten/")
    before = desk.get(page).content.decode()
    assert FAMILIENSTAND in before
    given = {"stand": "1", "dateien": [_upload(code_list(FAMILIENSTAND, "2", LD="ledig"))]}
    assert desk.post(page, given).status_code == 302
    assert newest(fim).summary == "Auswahllisten hinzugefügt: Familienstand"
    assert "codelists/familienstand.xml" in files_of(fim)
    assert [problem for problem in problems_of(fim) if problem.level == "error"] == []
    assert desk.get(page).content.decode().count("Fehlt.") == before.count("Fehlt.") - 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Wählen Sie eine oder mehrere Dateien."),
        ([b"<a/>"], "ist keine Codeliste im Format Genericode 1.0"),
        ([code_list("urn:de:beispiel:farbe", "1", R="rot")], "Keine Frage wählt aus diesen Listen"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(
    desk: Client, fim: Design, files: list[bytes], said: str
) -> None:
    given = {"stand": "1", "dateien": [_upload(content) for content in files], "grund": "Auswahl anbieten"}
    answer = desk.post(address(fim, "auswahllisten/"), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Auswahl anbieten"' in answer.content.decode()
    assert newest(fim).number == 1


def test_a_design_begins_with_its_code_lists(desk: Client, dora: User) -> None:
    given = {
        "file": _upload(SCHEMA.read_bytes(), "s.xml"),
        "code_lists": [_upload(code_list(FAMILIENSTAND, "2", LD="ledig"))],
        "office": "buergerservice",
        "reason": "Anbieten",
    }
    assert desk.post("/amt/leistungen/neu/fim/", given).status_code == 302
    assert "codelists/familienstand.xml" in files_of(Design.objects.get())
