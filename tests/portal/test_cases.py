"""After sending: status, documents, questions and answers, withdrawal, genuine letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from rathaus.cases import service as cases
from rathaus.cases.models import Case, CaseStatus, Message
from rathaus.delivery.worker import Worker
from rathaus.letters.models import Letter
from rathaus.people.models import User
from rathaus.towns.models import Town
from tests.portal.conftest import PDF, Applicant

pytestmark = pytest.mark.django_db


def access_code(client: Client, reference: str) -> str:
    page = client.get(f"/vorgang/{reference}/eingang/").content.decode()
    found = re.search(r'Zugangscode</dt><dd class="code">([^<]+)<', page)
    assert found
    return found[1]


@pytest.fixture
def letter(sent: str) -> Letter:
    """The letter of the application that was sent, produced by the worker."""
    Worker().drain()
    found: Letter = Letter.objects.get()
    return found


def test_reference_and_code_open_the_status_in_any_browser(
    applicant: Applicant, sent: str, client_of: Callable[[Town], Client], town: Town
) -> None:
    code = access_code(applicant.client, sent)
    other = client_of(town)
    assert "Stand Ihres Antrags" in other.get(f"/vorgang/{sent}/").content.decode()
    response = other.post("/vorgang/", {"vorgang": sent.lower(), "code": code.lower()})
    assert response.headers["Location"] == f"/vorgang/{sent}/"
    page = other.get(f"/vorgang/{sent}/").content.decode()
    assert "Was bisher geschah" in page
    assert "Ihr Antrag ist eingegangen." in page


def test_an_unknown_reference_and_a_wrong_code_look_the_same(
    sent: str, client_of: Callable[[Town], Client], town: Town
) -> None:
    stranger = client_of(town)
    wrong = stranger.post("/vorgang/", {"vorgang": sent, "code": "0000-0000-0000-0000"})
    unknown = stranger.post("/vorgang/", {"vorgang": "HAN-26-0000-0000", "code": "0000-0000-0000-0000"})
    assert wrong.status_code == unknown.status_code == 422
    assert "finden wir nichts" in wrong.content.decode()
    assert "finden wir nichts" in unknown.content.decode()
    assert (
        stranger.get(f"/vorgang/{sent}/").status_code
        == stranger.get("/vorgang/HAN-26-0000-0000/").status_code
    )


def test_guessing_codes_ends_in_a_pause(sent: str, client_of: Callable[[Town], Client], town: Town) -> None:
    guesser = client_of(town)
    attempts = [guesser.post("/vorgang/", {"vorgang": sent, "code": f"{n:016d}"}) for n in range(11)]
    assert attempts[-1].status_code == 429
    assert "Zu viele Versuche" in attempts[-1].content.decode()


def test_another_towns_portal_does_not_know_the_case(
    applicant: Applicant, sent: str, client_of: Callable[[Town], Client], ahrensfurt: Town
) -> None:
    code = access_code(applicant.client, sent)
    foreign = client_of(ahrensfurt)
    assert foreign.post("/vorgang/", {"vorgang": sent, "code": code}).status_code == 422
    foreign.cookies = applicant.client.cookies
    assert "Was bisher geschah" not in foreign.get(f"/vorgang/{sent}/").content.decode()


def test_the_copy_of_the_application_is_a_pdf(applicant: Applicant, sent: str) -> None:
    response = applicant.client.get(f"/vorgang/{sent}/kopie.pdf")
    assert response.content.startswith(b"%PDF-")
    assert "attachment" in response.headers["Content-Disposition"]


def test_documents_and_copies_are_only_for_those_who_may_see_the_case(
    letter: Letter, sent: str, client_of: Callable[[Town], Client], town: Town
) -> None:
    stranger = client_of(town)
    for address in (f"dokumente/{letter.pk}/", "kopie.pdf", "eingang/"):
        assert stranger.get(f"/vorgang/{sent}/{address}").status_code == 302
    letter.refresh_from_db()
    assert letter.retrieved_at is None


def test_a_letter_is_downloaded_and_the_retrieval_recorded(
    applicant: Applicant, letter: Letter, sent: str
) -> None:
    page = applicant.client.get(f"/vorgang/{sent}/").content.decode()
    assert f"/vorgang/{sent}/dokumente/{letter.pk}/" in page
    applicant.client.head(f"/vorgang/{sent}/dokumente/{letter.pk}/")
    letter.refresh_from_db()
    assert letter.retrieved_at is None
    response = applicant.client.get(f"/vorgang/{sent}/dokumente/{letter.pk}/")
    assert response.headers["Content-Type"] == "application/pdf"
    letter.refresh_from_db()
    assert letter.retrieved_at is not None


def test_a_letter_of_another_case_is_a_404(applicant: Applicant, letter: Letter, sent: str) -> None:
    assert applicant.client.get(f"/vorgang/{sent}/dokumente/{letter.pk + 1}/").status_code == 404


def test_a_question_is_answered_with_text_and_file(applicant: Applicant, sent: str) -> None:
    case = Case.objects.get()
    officer = User.objects.create(email="amt@hannover.example", town=case.town)
    until = timezone.localdate() + timedelta(days=14)
    cases.request_information(case, "Bitte schicken Sie den Mietvertrag.", until, officer)
    page = applicant.client.get(f"/vorgang/{sent}/").content.decode()
    assert "Bitte schicken Sie den Mietvertrag." in page
    response = applicant.client.post(
        f"/vorgang/{sent}/antwort/",
        {"text": "Anbei.", "dateien": SimpleUploadedFile("mietvertrag.pdf", PDF, "application/pdf")},
    )
    assert response.headers["Location"] == f"/vorgang/{sent}/?gesendet=1"
    answer = Message.objects.get(from_applicant=True)
    assert answer.text == "Anbei."
    assert [file.name for file in answer.attachments.all()] == ["mietvertrag.pdf"]
    assert cases.open_request(case) is None


def test_an_empty_answer_and_a_wrong_file_are_explained_and_the_text_stays(
    applicant: Applicant, sent: str
) -> None:
    assert applicant.client.post(f"/vorgang/{sent}/antwort/", {"text": " "}).status_code == 422
    response = applicant.client.post(
        f"/vorgang/{sent}/antwort/",
        {
            "text": "Mein langer Text.",
            "dateien": SimpleUploadedFile("virus.exe", b"MZ", "application/x-msdownload"),
        },
    )
    assert response.status_code == 422
    assert "Mein langer Text." in response.content.decode()
    assert not Message.objects.exists()


def test_an_application_can_be_withdrawn_until_it_is_decided(applicant: Applicant, sent: str) -> None:
    assert "zurückziehen" in applicant.client.get(f"/vorgang/{sent}/zurueckziehen/").content.decode()
    applicant.client.post(f"/vorgang/{sent}/zurueckziehen/")
    case = Case.objects.get()
    assert case.status == CaseStatus.WITHDRAWN
    Worker().drain()
    case.refresh_from_db()
    assert case.status == CaseStatus.WITHDRAWN
    assert not Letter.objects.exists()
    assert "zurückgezogen" in applicant.client.get(f"/vorgang/{sent}/").content.decode()


def test_what_is_decided_cannot_be_withdrawn(applicant: Applicant, letter: Letter, sent: str) -> None:
    applicant.client.post(f"/vorgang/{sent}/zurueckziehen/")
    assert Case.objects.get().status == CaseStatus.DECIDED


def test_leaving_closes_the_case_in_this_browser(applicant: Applicant, sent: str) -> None:
    applicant.client.post("/vorgang/verlassen/")
    assert "Was bisher geschah" not in applicant.client.get(f"/vorgang/{sent}/").content.decode()


def test_a_letter_is_verified_by_its_code(letter: Letter, visitor: Client) -> None:
    response = visitor.post(
        "/pruefen/", {"art": "code", "code": letter.verification_code.lower()}, follow=True
    )
    page = response.content.decode()
    assert "echt und unverändert" in page
    assert letter.title in page
    assert "Mira Sommer" not in page


def test_a_letter_is_verified_by_its_file(letter: Letter, visitor: Client) -> None:
    file = SimpleUploadedFile("brief.pdf", bytes(letter.pdf or b""), "application/pdf")
    page = visitor.post("/pruefen/", {"art": "datei", "datei": file}).content.decode()
    assert "echt und unverändert" in page


def test_a_changed_file_and_an_unknown_code_are_not_confirmed(letter: Letter, visitor: Client) -> None:
    changed = bytes(letter.pdf or b"").replace(b"/Title", b"/Titel", 1)
    file = SimpleUploadedFile("brief.pdf", changed, "application/pdf")
    page = visitor.post("/pruefen/", {"art": "datei", "datei": file}).content.decode()
    assert "können wir nicht bestätigen" in page
    assert visitor.get("/pruefen/", {"code": "0000-0000-0000-0000"}).status_code == 422


@pytest.mark.parametrize("content", [b"", b"kein PDF"])
def test_what_is_no_pdf_is_refused(visitor: Client, town: Town, content: bytes) -> None:
    file = SimpleUploadedFile("brief.pdf", content, "application/pdf")
    assert visitor.post("/pruefen/", {"art": "datei", "datei": file}).status_code == 422
