"""The morning of a service designer: from a FIM file to a service that people use and another town has, too."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from rathaus.applications.models import Application
from rathaus.catalogue.package import load_package
from rathaus.catalogue.service import live, package_of
from rathaus.design.models import Design
from rathaus.design.service import files_of
from rathaus.drafting import generate_answers
from rathaus.drafting.rulebook import read
from rathaus.people.models import Role
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.browser.conftest import MakePage, scrolls_sideways, take_picture, violations
from tests.browser.journey import fill_in_all
from tests.browser.keyboard import by_keyboard
from tests.browser.test_portal import confirm_and_send
from tests.drafting.schemata import TODAY
from tests.office.staging import PASSWORD, hire
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

pytestmark = needs_shared_data
FIM_FILE = SHARED_DATA / "xdatenfelder/3.0.0/S05000001299.xdf.xml"
CODE_LISTS = sorted(map(str, (SHARED_DATA / "xdatenfelder/genericode").glob("*.xml")))
PDF = b"%PDF-1.7\n%%EOF\n"
KEY = "erlaubnis-kindertagespflege"
_MOST_STOPS = 250
STAND_INS = "Beispieldateien nehmen"


class Designer:
    """Somebody at the designer's pages, with a mouse or by keyboard; every page they see is looked at by axe."""

    def __init__(self, page: Page, home: str, name: str, town: str, *, keyboard: bool) -> None:
        self.page = page
        self.home = home
        self.keyboard = keyboard
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
        if picture and not self.keyboard:
            take_picture(self.page, f"morgen-{picture}")

    def go(self, path: str, picture: str = "") -> None:
        self.page.goto(f"{self.home}/amt/leistungen/{path}")
        self.look(picture)

    def area(self, path: str, picture: str = "") -> None:
        self.go(f"entwurf/{self.design}/{path}", picture)

    def press(self, text: str) -> None:
        """Press the button, or follow the link, that is called like this."""
        buttons, links = (self.page.get_by_role(role, name=text) for role in ("button", "link"))
        found = (buttons if buttons.count() else links).first
        if self.keyboard:
            self._reach(found)
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            found.click()

    def _reach(self, control: Locator) -> None:
        """Tab until the control has the focus."""
        for _ in range(_MOST_STOPS):
            self.page.keyboard.press("Tab")
            if control.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard does not reach {control} on {self.page.url}")

    def type(self, field: Locator, text: str) -> None:
        if self.keyboard:
            field.focus()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
        else:
            field.fill(text)

    def tick(self, field: Locator) -> None:
        if self.keyboard:
            field.focus()
            self.page.keyboard.press("Space")
        else:
            field.click()

    def is_told(self, text: str = "Gespeichert") -> None:
        expect(self.page.get_by_role("status").first).to_contain_text(text)

    def begin_from_fim(self) -> None:
        self.go("neu/fim/")
        self.page.get_by_label("Datenschema", exact=True).set_input_files(str(FIM_FILE))
        self.page.get_by_label("Codelisten").set_input_files(CODE_LISTS)
        self.tick(self.page.get_by_label("Regeln des Datenschemas anwenden"))
        self.type(self.page.get_by_label("Was haben Sie vor?"), "Kindertagespflege online anbieten")
        self.press("Entwurf beginnen")
        expect(self.page.get_by_text("Nichts hindert das Veröffentlichen")).to_be_visible(timeout=30_000)
        self.design = Design.across_towns.latest("pk").pk
        self.look("begonnen")

    def confirm_rules(self) -> None:
        """Everything that was understood; one of the others needs nothing."""
        self.area("regeln/", "regeln")
        self.press("Alle 6 verstandenen Regeln bestätigen")
        self.is_told("Regeln bestätigt")
        self.press("Entscheiden")
        self.look("regel")
        self.type(
            self.page.get_by_label("Warum braucht die Regel nichts?"), "Prüft die Fachkraft im Gespräch"
        )
        self.press("Als erledigt festhalten")
        self.is_told()

    def reword(self, question: str, text: str) -> None:
        self.area(f"frage/{question}/")
        self.type(self.page.locator("#text-label-de"), text)
        self.press("Speichern")
        self.is_told()

    def split(self, page_id: str, question: str, title: str) -> None:
        self.area(f"seiten/{page_id}/", "seite")
        item = self.page.locator(f'li:has(> a[href*="/frage/{question}/"])')
        summary = item.locator("summary")
        summary.focus()
        self.page.keyboard.press("Enter")
        self.type(item.get_by_label("Ab hier neue Seite mit der Überschrift"), title)
        item.get_by_role("button", name="Seite teilen").focus()
        self.page.keyboard.press("Enter")
        self.is_told()

    def add_fee(self) -> None:
        """A fee rule that asks for a question, and a second row of its table."""
        self.area("gebuehr/", "gebuehr")
        setting = self.page.get_by_label("Einstellung der Stadt, die den Betrag nennt").input_value()
        self.type(self.page.get_by_label("Betrag in Euro"), "40,00")
        self.type(self.page.get_by_label("Quelle"), "§ 2 der Gebührensatzung (Beispielwert)")
        self.type(self.page.get_by_label("Rechtsgrundlage der Gebühr"), "§ 1 NKAG")
        self.page.get_by_label("Die Gebühr richtet sich nach (freiwillig)").select_option(index=1)
        self.press("Gebührenregel hinzufügen")
        self.is_told()
        self.area("entscheidungen/gebuehr/", "gebuehr-tabelle")
        for cell, text in (
            ("in1", "=value != value"),
            ("out1", setting),
            ("out2", "2"),
            ("out3", "§ 3 NKAG"),
        ):
            self.type(self.page.locator(f"#z-neu-{cell}"), text)
        self.page.locator("#grund").focus()
        self.page.keyboard.press("Enter")
        self.is_told()
        self.look("gebuehr-zeile")

    def try_and_keep(self, answers: dict[str, Any], title: str) -> None:
        """Fill in the draft as citizens do, see what would come of it, keep it as an example."""
        self.area("probe/", "probe")
        self.press("Probe beginnen")
        if self.keyboard:
            by_keyboard(self.page, answers, self._take_stand_ins)
        else:
            fill_in_all(self.page, answers, self._take_stand_ins)
        self.look("probe-pruefen")
        self.press("Was dann geschähe")
        self.look("probe-ergebnis")
        self.type(self.page.get_by_label("Name des Beispiels"), title)
        self.press("Als Beispiel speichern")
        self.is_told()
        self.area("beispiele/", "beispiele")
        expect(self.page.get_by_role("link", name=title)).to_be_visible()
        expect(self.page.get_by_text("geht anders aus")).to_have_count(0)

    def _take_stand_ins(self, page: Page) -> None:
        if page.get_by_role("button", name=STAND_INS).is_visible():
            self.press(STAND_INS)

    def publish(self, reason: str) -> None:
        self.area("veroeffentlichen/", "veroeffentlichen")
        self.type(self.page.get_by_label("Warum veröffentlichen Sie?"), reason)
        self.page.locator("main").get_by_role("button", name="Veröffentlichen", exact=True).focus()
        self.page.keyboard.press("Enter")
        self.is_told("ist live")

    def offer(self) -> None:
        self.go("katalog/")
        self.press("Anbieten – Antrag auf Erlaubnis")
        expect(self.page.get_by_text("wird angeboten", exact=True)).to_be_visible()
        self.look("anbieten")

    def adopt(self) -> None:
        self.go("katalog/", "katalog")
        self.press("Übernehmen – Antrag auf Erlaubnis")
        self.type(self.page.get_by_label("Warum übernehmen Sie die Leistung?"), "Auch hier online anbieten")
        self.look("uebernehmen")
        self.page.get_by_role("button", name="Übernehmen", exact=True).focus()
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/entwurf/*/**")
        self.design = Design.across_towns.latest("pk").pk
        expect(self.page.get_by_text("Nichts hindert das Veröffentlichen")).to_be_visible()

    def update(self) -> None:
        self.go("", "aktualisierung-verfuegbar")
        self.press("Aktualisierung verfügbar")
        self.look("aktualisieren")
        self.tick(self.page.get_by_label("So lassen, wie es bei Ihnen steht"))
        self.page.get_by_role("button", name="Übernehmen", exact=True).focus()
        self.page.keyboard.press("Enter")
        self.is_told("Aktualisiert")
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


def _filled_in(design: int) -> dict[str, Any]:
    """Answers that the form of a draft takes."""
    row = Design.across_towns.get(pk=design)
    with acting_for(row.town):
        form = load_package(files_of(row)).form
    return dict(generate_answers(form, 3, today=timezone.localdate(), optional=0.0))


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
def test_a_fim_file_becomes_a_service_that_another_town_adopts_and_keeps_up_to_date(
    new_page: MakePage, neighbours: tuple[Town, Town], live_server: Any, keyboard: bool
) -> None:
    hannover, ahrensfurt = live_server.url, live_server.url.replace("localhost", "ahrensfurt.localhost")
    dora = Designer(new_page(), hannover, "dora", "hannover", keyboard=keyboard)
    dora.begin_from_fim()
    dora.confirm_rules()
    dora.reword("kindertagespflegeperson.geburtsort", "Wo sind Sie geboren?")
    dora.reword("kindertagespflegeperson.vornamen", "Wie heißen Sie mit Vornamen?")
    dora.reword("angaben_der_kindertagespflegestelle.name_kindertagespflege", "Wie heißt die Stelle?")
    dora.split("kindertagespflegeperson", "kindertagespflegeperson.familienname", "Ihr Familienname")
    dora.add_fee()
    dora.try_and_keep(_filled_in(dora.design), "Eine Tagesmutter mit dem Nötigsten")
    dora.publish("Ab heute online")
    application = apply(new_page(javascript=False), hannover)
    assert application.answers["kindertagespflegeperson"]
    dora.offer()
    adele = Designer(new_page(), ahrensfurt, "adele", "ahrensfurt", keyboard=keyboard)
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
        files = package_of(version).files
    assert "In welchem Ort sind Sie geboren?" in files["form.toml"].decode()
    assert "Ihre Vornamen" in files["form.toml"].decode()
    statuses = [entry.status for entry in read(files)]
    assert (statuses.count("applied"), statuses.count("dismissed")) == (6, 1)
    assert any(b"Eine Tagesmutter" in content for content in files.values())
    assert dora.found + adele.found == []
