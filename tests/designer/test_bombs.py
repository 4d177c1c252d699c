"""Files made to hurt, brought through the designer's pages: refused at once and in plain words, whatever they hold."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.catalogue.packing import MAXIMUM_BYTES
from rathaus.design.models import Design
from rathaus.design.service import newest
from rathaus.standards.xdatenfelder.reader import NAMESPACE
from tests.designer.conftest import address

_ROOT = f'<x:xdatenfelder.stammdatenschema.0102 xmlns:x="{NAMESPACE}">'.encode()
_ENTITIES = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9))
_SECONDS, _MEGABYTES = 20, 500


def _zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("service.toml", bytes(300_000_000))
    return file.getvalue()


BOMBS = {
    "entities": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">' + _ENTITIES + b"]>" + _ROOT + b"&e9;",
        "Dokumenttyp-Deklarationen (DOCTYPE) werden nicht angenommen",
    ),
    "an external entity": (
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        "Dokumenttyp-Deklarationen (DOCTYPE) werden nicht angenommen",
    ),
    "a million elements": (_ROOT + b"<x:a/>" * 1_000_000, "mehr als 500000 Elemente"),
    "a million elements inside each other": (_ROOT + b"<x:a>" * 1_000_000, "tiefer als 120 Stufen"),
    "too large a text": (_ROOT + b"x" * (MAXIMUM_BYTES + 1), "Die Datei ist größer als"),
    "a zip instead": (_zip_bomb(), "Das ist kein wohlgeformtes XML"),
}


def _measured(desk: Client, path: str, given: dict[str, Any]) -> tuple[int, str]:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    answer = desk.post(path, given)
    assert time.process_time() - started < _SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < _MEGABYTES
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_design_begins_with_a_bomb(desk: Client, bomb: str) -> None:
    content, said = BOMBS[bomb]
    given = {"file": SimpleUploadedFile("s.xml", content), "office": "gewerbe", "reason": "Anbieten"}
    status, page = _measured(desk, "/amt/leistungen/neu/fim/", given)
    assert (status, said in page) == (200, True)
    assert 'value="Anbieten"' in page
    assert not Design.objects.exists()


@pytest.mark.parametrize("bomb", ["entities", "a million elements inside each other", "too large a text"])
@pytest.mark.parametrize("what", ["code_lists", "translations"])
def test_no_file_beside_the_schema_is_a_bomb(desk: Client, bomb: str, what: str) -> None:
    schema = SimpleUploadedFile("s.xml", _ROOT + b"</x:xdatenfelder.stammdatenschema.0102>")
    beside = SimpleUploadedFile("b.xml", BOMBS[bomb][0])
    given = {"file": schema, what: [beside], "office": "gewerbe", "reason": "Anbieten"}
    status, _page = _measured(desk, "/amt/leistungen/neu/fim/", given)
    assert status == 200
    assert not Design.objects.exists()


def test_no_package_is_a_bomb(desk: Client) -> None:
    given = {"file": SimpleUploadedFile("p.zip", _zip_bomb()), "reason": "Übernehmen"}
    status, page = _measured(desk, "/amt/leistungen/neu/paket/", given)
    assert (status, "Diese Datei ist kein Paket einer Leistung." in page) == (200, True)


@pytest.mark.parametrize(
    ("rest", "field", "more"),
    [
        ("auswahllisten/", "dateien", {}),
        ("texte/", "dateien", {"was": "uebersetzung"}),
        ("texte/", "datei", {"was": "xzufi"}),
    ],
)
@pytest.mark.parametrize("bomb", ["entities", "a million elements inside each other", "too large a text"])
def test_no_design_takes_a_bomb_later(
    desk: Client, design: Design, rest: str, field: str, more: dict[str, str], bomb: str
) -> None:
    given = {"stand": "1", field: SimpleUploadedFile("b.xml", BOMBS[bomb][0]), **more}
    status, page = _measured(desk, address(design, rest), given)
    assert status == 422
    assert "Nicht gespeichert" in page
    assert newest(design).number == 1
