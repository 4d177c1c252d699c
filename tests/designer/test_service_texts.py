"""Texts of a service from an XZuFi file, and back."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import files_of, newest
from rathaus.standards.xzufi.model import Identifier, Service, TextKind, TextModule
from rathaus.standards.xzufi.reader import read_xzufi
from rathaus.standards.xzufi.writer import write_service
from tests.designer.conftest import address


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("leistung.xml", content)


def _described(html: str = "<p>Eine Anzeige.</p>") -> bytes:
    return write_service(
        Service(Identifier("1"), ("99050012104000",), (TextModule(TextKind.FULL, {"de": html}),))
    )


def test_the_texts_of_an_xzufi_file_become_one_change_that_can_be_taken_back(
    desk: Client, design: Design
) -> None:
    page = address(design, "texte/")
    before = files_of(design)["texts/de.md"]
    answer = desk.post(page, {"was": "xzufi", "datei": _file(_described()), "stand": "1"})
    assert answer.status_code == 302
    assert "Eine Anzeige." in files_of(design)["texts/de.md"].decode()
    assert newest(design).number == 2
    desk.post(address(design, "verlauf/"), {"zurueck": "2", "stand": "2"})
    assert files_of(design)["texts/de.md"] == before


def test_what_is_no_xzufi_file_is_refused_with_what_was_found(desk: Client, design: Design) -> None:
    for content in (b"<a/>", b"Hallo", b""):
        answer = desk.post(address(design, "texte/"), {"was": "xzufi", "datei": _file(content), "stand": "1"})
        assert answer.status_code == 422
        assert "Diese Datei ist keine XZuFi-Datei" in answer.content.decode()
    assert newest(design).number == 1


def test_of_several_services_one_is_chosen_by_its_key(desk: Client, design: Design) -> None:
    one, other = (
        _described(f"<p>{key}</p>").replace(b"99050012104000", key.encode()).partition(b"?>")[2]
        for key in ("99050012104000", "99050012104001")
    )
    both = b'<u xmlns="http://xoev.de/schemata/xzufi/2_2_0">' + one + other + b"</u>"
    assert len(read_xzufi(both).services) == 2
    page = address(design, "texte/")
    refused = desk.post(page, {"was": "xzufi", "datei": _file(both), "stand": "1"})
    assert "Geben Sie den Leistungsschlüssel an" in refused.content.decode()
    given = {"was": "xzufi", "datei": _file(both), "leika": "99 050 012 104 001", "stand": "1"}
    assert desk.post(page, given).status_code == 302
    assert "99050012104001" in files_of(design)["texts/de.md"].decode()


def test_the_texts_are_written_as_xzufi(desk: Client, design: Design) -> None:
    answer = desk.get(address(design, "texte/xzufi.xml"))
    (service,) = read_xzufi(answer.content).services
    assert service.leika_keys == ("99050012104000",)
    assert service.text(TextKind.NAME, "en") == "Register a business"
    assert "Empfangsbescheinigung" in service.text(TextKind.FULL)
