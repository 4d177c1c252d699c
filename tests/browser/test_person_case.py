"""A case that needs a person, from the application to the letter, seen from both sides of the counter."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import Worker
from rathaus.people.models import Role
from tests.browser.conftest import MakePage, take_picture, violations
from tests.browser.journey import fill_in_all
from tests.browser.test_workplace import sign_in
from tests.office.staging import PERSON, example, hire

REQUEST = "Bitte schicken Sie die Handwerkskarte und die Erlaubnis der Ausländerbehörde."


def _apply(page: Page) -> str:
    """Apply as a third-country national with a restricted title and a craft without card; the reference."""
    page.goto("/leistungen/gewerbeanmeldung/antrag/")
    page.get_by_role("button", name="Antrag beginnen").click()
    fill_in_all(page, example(PERSON))
    page.get_by_label("Ich habe alle Angaben geprüft").check()
    page.get_by_role("button", name="Verbindlich absenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Antrag ist eingegangen")
    return page.locator(".code").first.inner_text()


def test_asked_for_a_document_uploaded_decided_and_the_letter_arrives(
    new_page: MakePage, published: ServiceVersion, tmp_path: Path
) -> None:
    hire("Anna", Role.CASE_WORKER)
    card = tmp_path / "handwerkskarte.pdf"
    card.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    found: list[str] = []

    applicant = new_page()
    reference = _apply(applicant)
    Worker().drain()
    applicant.goto(f"/vorgang/{reference}/")
    expect(applicant.get_by_text("In Bearbeitung", exact=True)).to_be_visible()

    desk = new_page()
    sign_in(desk, "anna")
    desk.get_by_role("link", name=reference).click()
    for reason in ("Handwerk ohne Handwerkskarte", "Auflage oder Beschränkung"):
        expect(desk.locator("#aufgaben").get_by_text(reason)).to_be_visible()
    desk.get_by_role("button", name="Übernehmen").click()
    desk.get_by_label("Unterlagen oder Angaben nachfordern").check()
    desk.get_by_label("Begründung oder Text").fill(REQUEST)
    desk.get_by_label("Antwort bis").first.fill((timezone.localdate() + timedelta(days=10)).isoformat())
    take_picture(desk, "vorgang-nachfordern")
    desk.get_by_role("button", name="Ergebnis speichern").click()
    expect(desk.get_by_text("Das Ergebnis ist gespeichert.")).to_be_visible()
    expect(desk.get_by_role("heading", name="Wartet auf Antragstellende")).to_be_visible()
    found += violations(desk)
    Worker().drain()

    applicant.reload()
    expect(applicant.get_by_text(REQUEST).first).to_be_visible()
    take_picture(applicant, "stand-anfrage")
    found += violations(applicant)
    applicant.get_by_label("Ihre Nachricht").fill("Hier ist die Karte.")
    applicant.get_by_label("Dateien").set_input_files(card)
    applicant.get_by_role("button", name="Antwort absenden").click()
    expect(applicant.get_by_text("Ihre Nachricht ist angekommen.")).to_be_visible()
    Worker().drain()

    desk.reload()
    expect(desk.get_by_text("Hier ist die Karte.")).to_be_visible()
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="handwerkskarte.pdf").click()
    opened.value.close()
    desk.get_by_label("Empfang bescheinigen").check()
    desk.get_by_role("button", name="Ergebnis speichern").click()
    expect(desk.get_by_text("Das Ergebnis ist gespeichert.")).to_be_visible()
    Worker().drain()
    desk.reload()
    expect(desk.locator("main").get_by_role("link", name="Empfangsbescheinigung")).to_be_visible()
    found += violations(desk)

    applicant.goto(f"/vorgang/{reference}/")
    with applicant.expect_download() as download:
        certificate = applicant.locator(".documents li").filter(has_text="Empfangsbescheinigung")
        certificate.get_by_role("link").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/ByteRange" in content
    assert found == []
