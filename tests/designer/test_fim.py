"""A new FIM release through HTTP: brought as a file, read in plain words, taken in as one change with its author."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import change, files_of, newest, problems_of, release_of, start_from_fim
from rathaus.editing import SetFieldText
from rathaus.editing.differences.reading import FormRead
from rathaus.people.models import User
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.model import Schema
from rathaus.standards.xdatenfelder.writer import write_schema
from tests.designer.conftest import address
from tests.drafting.schemata import DATA
from tests.standards.shared_data import needs_shared_data
from tests.updating.releases import changed, element, gone, released

SCHEMA = DATA / "3.0.0" / "S05000001299.xdf.xml"
PERSON = "kindertagespflegeperson"


@pytest.fixture
def fim(dora: User) -> Design:
    return start_from_fim(
        SCHEMA.read_bytes(), today=date(2026, 11, 26), by=dora, reason="Anbieten", office="buergerservice"
    )


def _bring(desk: Client, design: Design, schema: Schema, **more: str) -> str:
    """Upload a release; the page it leads to."""
    given = {"stand": "1", "datei": SimpleUploadedFile("neu.xml", write_schema(schema)), **more}
    return str(desk.post(address(design, "fim/"), given, follow=True).content.decode())


def next_release() -> Schema:
    """What FIM might release next: one question worded anew, one gone."""
    schema = changed(
        read_document(SCHEMA.read_bytes()).schema, f"{PERSON}.vornamen", element(label="Alle Vornamen")
    )
    return released(changed(schema, f"{PERSON}.geburtsname", gone))


@needs_shared_data
def test_a_release_is_read_first_and_then_taken_in_as_one_change(
    desk: Client, fim: Design, dora: User
) -> None:
    page = _bring(desk, fim, next_release())
    assert "Von S05000001299 1.0.0 zu S05000001299 9.0.0" in page
    assert "Datenfeld „Geburtsname“" in page
    assert "Alle Vornamen" in page
    assert "Der Entwurf besteht danach die Prüfung." in page
    assert newest(fim).number == 1
    answer = desk.post(address(fim, "fim/"), {"stand": "1", "grund": "FIM hat eine neue Fassung"})
    assert answer.status_code == 302
    revision = newest(fim)
    assert (revision.number, revision.author, revision.reason) == (2, dora, "FIM hat eine neue Fassung")
    assert revision.summary == "Neue Fassung von FIM übernommen: S05000001299 9.0.0"
    assert FormRead(files_of(fim)).label(f"{PERSON}.vornamen") == "Alle Vornamen"
    assert [problem for problem in problems_of(fim) if problem.level != "warning"] == []
    assert release_of(fim) is None


@needs_shared_data
def test_where_town_and_fim_worded_a_question_a_choice_is_needed_and_what_is_lost_is_said(
    desk: Client, fim: Design, dora: User
) -> None:
    for number, (path, text) in enumerate(
        [(f"{PERSON}.vornamen", "Wie heißen Sie?"), (f"{PERSON}.geburtsname", "Hießen Sie früher anders?")], 1
    ):
        change(fim, SetFieldText(path, "de", "label", text), base_revision=number, by=dora, reason="Klarer")
    page = _bring(desk, fim, next_release())
    assert "Ihr Text: Wie heißen Sie?" in page
    assert "Text von FIM: Alle Vornamen" in page
    assert "Hießen Sie früher anders?" in page
    refused = desk.post(address(fim, "fim/"), {"stand": "3", "grund": "Neu"})
    assert refused.status_code == 422
    assert "Wählen Sie bei jeder Stelle" in refused.content.decode()
    assert 'value="Neu"' in refused.content.decode()
    choice = {f"wahl.form.toml:field:{PERSON}.vornamen/label": "theirs"}
    assert desk.post(address(fim, "fim/"), {"stand": "3", "grund": "Neu", **choice}).status_code == 302
    assert FormRead(files_of(fim)).label(f"{PERSON}.vornamen") == "Alle Vornamen"


@needs_shared_data
def test_a_file_can_be_discarded_and_nothing_changes(desk: Client, fim: Design) -> None:
    _bring(desk, fim, next_release())
    assert release_of(fim) is not None
    desk.post(address(fim, "fim/"), {"stand": "1", "verwerfen": "1"})
    assert release_of(fim) is None
    assert newest(fim).number == 1


@needs_shared_data
def test_another_schema_has_to_be_confirmed(desk: Client, fim: Design) -> None:
    other = read_document((DATA / "3.0.0" / "S05000001319.xdf.xml").read_bytes()).schema
    page = _bring(desk, fim, other)
    assert (
        "Die Datei ist das Datenschema S05000001319. Diese Leistung ist aus S05000001299 entstanden." in page
    )
    assert release_of(fim) is None
    assert "Von S05000001299 1.0.0 zu S05000001319" in _bring(desk, fim, other, anderes="1")


@needs_shared_data
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Wählen Sie die Datei der neuen Fassung."),
        (b"<a/>", "Diese Datei lässt sich nicht als Datenschema lesen."),
        (b"same", "Diese Fassung hat der Entwurf schon."),
    ],
)
def test_what_is_no_release_is_refused_with_what_to_do(
    desk: Client, fim: Design, content: bytes, said: str
) -> None:
    content = SCHEMA.read_bytes() if content == b"same" else content
    files = {"datei": SimpleUploadedFile("neu.xml", content)} if content else {}
    answer = desk.post(address(fim, "fim/"), {"stand": "1", **files})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_service_of_the_town_itself_has_no_releases(desk: Client, design: Design) -> None:
    page = desk.get(address(design, "fim/"))
    assert page.status_code == 200
