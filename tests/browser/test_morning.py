"""The morning of a service designer: from a FIM file to a service that people use and another town has, too."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.applications.models import Application
from rathaus.catalogue.service import live, package_of
from rathaus.design.models import Design
from rathaus.drafting import generate_answers
from rathaus.people.models import Role
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.browser.conftest import MakePage, scrolls_sideways, take_picture, violations
from tests.browser.journey import fill_in_all
from tests.browser.test_portal import confirm_and_send
from tests.drafting.schemata import TODAY
from tests.office.staging import PASSWORD, hire
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

pytestmark = needs_shared_data
FIM_FILE = SHARED_DATA / "xdatenfelder/3.0.0/S05000001299.xdf.xml"
CODE_LISTS = sorted(map(str, (SHARED_DATA / "xdatenfelder/genericode").glob("*.xml")))
PDF = b"%PDF-1.7\n%%EOF\n"
KEY = "erlaubnis-kindertagespflege"


class Designer:
    """Somebody at the designer's pages; every page they see is looked at by axe."""

    def __init__(self, page: Page, home: str, name: str, town: str) -> None:
        self.page = page
        self.home = home
        self.found: list[str] = []
        page.goto(f"{home}/amt/anmelden/")
        page.get_by_label("E-Mail-Adresse").fill(f"{name}@{town}.example")
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).click()
        page.wait_for_url(lambda address: "/anmelden/" not in address)
        self.design = 0

    def look(self, picture: str = "") -> None:
        self.found.extend(violations(self.page))
        assert not scrolls_sideways(self.page), self.page.url
        if picture:
            take_picture(self.page, f"morgen-{picture}")

    def area(self, path: str, picture: str = "") -> None:
        self.page.goto(f"{self.home}/amt/leistungen/entwurf/{self.design}/{path}")
        self.look(picture)

    def save(self, button: str = "Speichern") -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()
        expect(self.page.get_by_role("status").first).to_contain_text("Gespeichert")

    def begin_from_fim(self) -> None:
        self.page.goto(f"{self.home}/amt/leistungen/neu/fim/")
        self.page.get_by_label("Datenschema", exact=True).set_input_files(str(FIM_FILE))
        self.page.get_by_label("Codelisten").set_input_files(CODE_LISTS)
        self.page.get_by_label("Was haben Sie vor?").fill("Kindertagespflege online anbieten")
        self.page.get_by_role("button", name="Entwurf beginnen").click()
        expect(self.page.get_by_text("Nichts hindert das Veröffentlichen")).to_be_visible(timeout=30_000)
        self.design = Design.across_towns.latest("pk").pk
        self.look("begonnen")

    def reword(self, question: str, text: str) -> None:
        self.area(f"frage/{question}/")
        self.page.locator("#text-label-de").fill(text)
        self.save()

    def split(self, page_id: str, question: str, title: str) -> None:
        self.area(f"seiten/{page_id}/", "seite")
        item = self.page.locator(f'li:has(> a[href*="/frage/{question}/"])')
        item.locator("summary").click()
        item.get_by_label("Ab hier neue Seite mit der Überschrift").fill(title)
        item.get_by_role("button", name="Seite teilen").click()
        expect(self.page.get_by_role("status").first).to_contain_text("Gespeichert")

    def publish(self, reason: str) -> None:
        self.area("veroeffentlichen/", "veroeffentlichen")
        self.page.get_by_label("Warum veröffentlichen Sie?").fill(reason)
        self.page.get_by_role("button", name="Veröffentlichen", exact=True).click()
        expect(self.page.get_by_role("status").first).to_contain_text("ist live")

    def offer(self) -> None:
        self.page.goto(f"{self.home}/amt/leistungen/katalog/")
        self.page.get_by_role("button", name="Anbieten – Antrag auf Erlaubnis").click()
        expect(self.page.get_by_text("wird angeboten", exact=True)).to_be_visible()
        self.look("anbieten")

    def adopt(self) -> None:
        self.page.goto(f"{self.home}/amt/leistungen/katalog/")
        self.look("katalog")
        self.page.get_by_role("link", name="Übernehmen – Antrag auf Erlaubnis").click()
        self.page.get_by_label("Warum übernehmen Sie die Leistung?").fill("Auch hier online anbieten")
        self.look("uebernehmen")
        self.page.get_by_role("button", name="Übernehmen", exact=True).click()
        self.page.wait_for_url("**/entwurf/*/**")
        self.design = Design.across_towns.latest("pk").pk
        expect(self.page.get_by_text("Nichts hindert das Veröffentlichen")).to_be_visible()

    def update(self) -> None:
        self.page.goto(f"{self.home}/amt/leistungen/")
        self.look("aktualisierung-verfuegbar")
        self.page.get_by_role("link", name="Aktualisierung verfügbar").first.click()
        self.look("aktualisieren")
        self.page.get_by_label("So lassen, wie es bei Ihnen steht").check()
        self.page.get_by_role("button", name="Übernehmen", exact=True).click()
        expect(self.page.get_by_role("status").first).to_contain_text("Aktualisiert")
        expect(self.page.get_by_text("Nichts hindert das Veröffentlichen")).to_be_visible()


@pytest.fixture
def neighbours(town: Town, ahrensfurt: Town) -> tuple[Town, Town]:
    hire("Dora", Role.DESIGNER)
    with acting_for(ahrensfurt):
        hire("Adele", Role.DESIGNER)
    return town, ahrensfurt


def _add_files(page: Page) -> None:
    """A document for every question that asks for one."""
    for control in page.locator("#antrag input[type=file]").all():
        control.set_input_files({"name": "nachweis.pdf", "mimeType": "application/pdf", "buffer": PDF})


def apply(page: Page, home: str) -> Application:
    """A resident finds the service, fills in every page, and sends it."""
    version = live(KEY)
    assert version is not None
    answers = generate_answers(package_of(version).form, 7, today=TODAY, optional=0.0)
    page.goto(f"{home}/leistungen/{KEY}/")
    page.get_by_role("link", name="Online beantragen").first.click()
    page.get_by_role("button", name="Antrag beginnen").click()
    fill_in_all(page, answers, _add_files)
    confirm_and_send(page)
    application: Application = Application.objects.latest("pk")
    return application


def test_a_fim_file_becomes_a_service_that_another_town_adopts_and_keeps_up_to_date(
    new_page: MakePage, neighbours: tuple[Town, Town], live_server: Any
) -> None:
    hannover, ahrensfurt = live_server.url, live_server.url.replace("localhost", "ahrensfurt.localhost")
    dora = Designer(new_page(), hannover, "dora", "hannover")
    dora.begin_from_fim()
    dora.reword("kindertagespflegeperson.geburtsort", "Wo sind Sie geboren?")
    dora.reword("kindertagespflegeperson.vornamen", "Wie heißen Sie mit Vornamen?")
    dora.reword("angaben_der_kindertagespflegestelle.name_kindertagespflege", "Wie heißt die Stelle?")
    dora.split("kindertagespflegeperson", "kindertagespflegeperson.familienname", "Ihr Familienname")
    dora.publish("Ab heute online")
    application = apply(new_page(javascript=False), hannover)
    assert application.answers["kindertagespflegeperson"]
    dora.offer()
    adele = Designer(new_page(), ahrensfurt, "adele", "ahrensfurt")
    adele.adopt()
    adele.reword("kindertagespflegeperson.geburtsort", "In welchem Ort sind Sie geboren?")
    adele.publish("Ab heute auch hier")
    dora.reword("kindertagespflegeperson.geburtsort", "Wo wurden Sie geboren?")
    dora.reword("kindertagespflegeperson.vornamen", "Ihre Vornamen")
    dora.publish("Kürzer gefragt")
    adele.update()
    adele.publish("Auf dem neuen Stand")
    with acting_for(neighbours[1]):
        version = live(KEY)
        assert version is not None
        form = package_of(version).files["form.toml"].decode()
    assert "In welchem Ort sind Sie geboren?" in form
    assert "Ihre Vornamen" in form
    assert dora.found + adele.found == []
