"""Files: with the form, and in pieces by the tus protocol."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.applications.models import Attachment
from rathaus.catalogue.models import ServiceVersion
from rathaus.towns.models import Town
from tests.portal.conftest import PDF, Applicant

pytestmark = pytest.mark.django_db

PAGE, FIELD = "nachweise", "nachweise.weitere"


@pytest.fixture
def founder(visitor: Client, published: ServiceVersion) -> Applicant:
    """Somebody who began to register a business."""
    return Applicant(visitor, "gewerbeanmeldung")


def document(name: str = "vertrag.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def stored_names(applicant: Applicant) -> list[str]:
    return [file["name"] for file in applicant.draft.answers.get("nachweise", {}).get("weitere", [])]


def tus(applicant: Applicant, method: str, address: str, body: bytes = b"", **headers: Any) -> Any:
    return applicant.client.generic(
        method,
        address,
        body,
        content_type="application/offset+octet-stream" if method == "PATCH" else "",
        headers={
            "Tus-Resumable": "1.0.0",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


def announce(applicant: Applicant, size: int, name: str = "vertrag.pdf", field: str = FIELD) -> Any:
    pairs = {"name": field, "filename": name, "filetype": "application/pdf"}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    return tus(
        applicant, "POST", f"{applicant.base}dateien/", Upload_Length=str(size), Upload_Metadata=metadata
    )


def test_files_come_with_the_form_and_are_listed(founder: Applicant) -> None:
    founder.send(PAGE, {FIELD: [document("a.pdf"), document("b.pdf")]})
    assert stored_names(founder) == ["a.pdf", "b.pdf"]
    page = founder.see(f"{PAGE}/").content.decode()
    assert "a.pdf" in page
    assert f'name="remove" value="{FIELD}.0"' in page


def test_a_file_is_removed_by_its_button_and_its_bytes_go_with_it(founder: Applicant) -> None:
    founder.send(PAGE, {FIELD: [document("a.pdf"), document("b.pdf")]})
    founder.send(PAGE, {"remove": f"{FIELD}.0"})
    assert stored_names(founder) == ["b.pdf"]
    assert [file.name for file in Attachment.objects.all()] == ["b.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("programm.exe", b"MZ", "Format"),
        ("falsch.pdf", b"kein PDF", "passt nicht zu ihrem Format"),
        ("leer.pdf", b"", "leer"),
        ("gross.pdf", PDF + b"0" * 11_000_000, "zu groß"),
    ],
)
def test_a_file_that_cannot_be_taken_is_explained_at_its_question(
    founder: Applicant, name: str, content: bytes, told: str
) -> None:
    response = founder.send(PAGE, {FIELD: document(name, content)})
    assert response.status_code == 422
    page = response.content.decode()
    assert told in page
    assert 'href="#f-nachweise-weitere"' in page
    assert stored_names(founder) == []


def test_a_file_in_pieces_goes_on_where_it_stopped(founder: Applicant) -> None:
    created = announce(founder, len(PDF))
    assert created.status_code == 201
    address = created.headers["Location"]
    first = tus(founder, "PATCH", address, PDF[:10], Upload_Offset="0")
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "10")
    assert tus(founder, "HEAD", address).headers["Upload-Offset"] == "10"
    assert tus(founder, "PATCH", address, PDF[:10], Upload_Offset="0").status_code == 409
    last = tus(founder, "PATCH", address, PDF[10:], Upload_Offset="10")
    assert last.headers["Upload-Offset"] == str(len(PDF))
    assert last.headers["Answer-Entry"] == f"{FIELD}.0"
    assert stored_names(founder) == ["vertrag.pdf"]


def test_a_file_whose_content_is_something_else_is_refused_with_the_reason(founder: Applicant) -> None:
    address = announce(founder, 5).headers["Location"]
    response = tus(founder, "PATCH", address, b"hallo", Upload_Offset="0")
    assert response.status_code == 422
    assert "passt nicht zu ihrem Format" in response.content.decode()
    assert stored_names(founder) == []


def test_what_could_never_be_taken_is_refused_before_it_is_sent(founder: Applicant) -> None:
    assert "zu groß" in announce(founder, 11_000_000).content.decode()
    assert announce(founder, 10, name="programm.exe").status_code == 422
    assert announce(founder, 10, field="rechtsform").status_code == 400
    assert announce(founder, 10, field="gibts.nicht").status_code == 400


def test_an_upload_can_be_given_up(founder: Applicant) -> None:
    address = announce(founder, len(PDF)).headers["Location"]
    assert tus(founder, "DELETE", address).status_code == 204
    assert tus(founder, "HEAD", address).status_code == 404
    assert not Attachment.objects.exists()


def test_nobody_else_may_upload_to_a_draft(
    founder: Applicant, client_of: Callable[[Town], Client], town: Town
) -> None:
    address = announce(founder, len(PDF)).headers["Location"]
    founder.client = client_of(town)
    assert announce(founder, len(PDF)).status_code == 404
    assert tus(founder, "PATCH", address, PDF, Upload_Offset="0").status_code == 404


def test_the_protocol_says_what_it_can(founder: Applicant) -> None:
    response = tus(founder, "OPTIONS", f"{founder.base}dateien/")
    assert response.headers["Tus-Version"] == "1.0.0"
    assert "creation" in response.headers["Tus-Extension"]


def test_files_of_a_removed_entry_are_deleted(founder: Applicant) -> None:
    founder.send("rechtsform", {"rechtsform": "GBR"})
    founder.send("vertreter", {"add": "vertreter"})
    answers = {"vertreter.0.abgabe": "vollmacht", "vertreter.0.vollmacht": document("vollmacht.pdf")}
    founder.send("vertreter.0.person_abgabe", answers)
    assert Attachment.objects.count() == 1
    founder.send("vertreter", {"remove": "vertreter.0"})
    assert not Attachment.objects.exists()
