"""The workplace in a real browser: every page checked by axe at two widths, and worked in by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import Worker
from rathaus.people.models import Role
from tests.browser.conftest import (
    NARROW,
    NARROWEST,
    WIDE,
    MakePage,
    scrolls_sideways,
    take_picture,
    violations,
)
from tests.office.staging import GREEN, PASSWORD, case_of, hire

WORKLIST = re.compile(r"://[^/]+/amt/$")
CONFIRMED_PAGES = ["totp/activate/", "webauthn/add/", "webauthn/"]


def sign_in(page: Page, first_name: str) -> None:
    page.goto("/amt/anmelden/")
    page.get_by_label("E-Mail-Adresse").fill(f"{first_name}@hannover.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(lambda address: "/anmelden/" not in address)


def confirm(page: Page) -> None:
    """Show the password again, if the page asks for it."""
    if "/bestaetigen/" in page.url:
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Bestätigen").click()
        page.wait_for_url(lambda address: "/bestaetigen/" not in address)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_any_page_of_the_workplace(
    new_page: MakePage, published: ServiceVersion, viewport: Any
) -> None:
    person, green = case_of(published), case_of(published, GREEN)
    hire("Lena", Role.TEAM_LEAD)
    hire("Admin", Role.ADMINISTRATOR)
    found: list[str] = []

    def look(page: Page, address: str = "", name: str = "") -> None:
        if address:
            page.goto(address)
        if name:
            take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url

    page = new_page(viewport)
    look(page, "/amt/anmelden/", "anmelden")
    for address in ("/amt/konto/passwort/vergessen/", "/amt/konto/passwort/neu/1-x/", "/amt/konto/gesperrt/"):
        look(page, address)
    page.goto("/amt/anmelden/")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.locator("#fehler")).to_be_focused()
    look(page)
    sign_in(page, "lena")
    look(page, "/amt/", "worklist")
    look(page, "/amt/von-selbst/", "von-selbst")
    look(page, f"/amt/vorgang/{person.application.reference}/", "vorgang")
    page.get_by_role("button", name="Ergebnis speichern").click()
    expect(page.locator("#fehler")).to_be_focused()
    look(page)
    look(page, f"/amt/vorgang/{green.application.reference}/")
    look(page, "/amt/?ansicht=wartet&suche=nichts")
    look(page, "/amt/konto/zweiter-faktor/", "konto")
    page.goto("/amt/konto/zweiter-faktor/totp/activate/")
    look(page)
    confirm(page)
    for path in CONFIRMED_PAGES:
        look(page, f"/amt/konto/zweiter-faktor/{path}")
    look(page, "/amt/konto/passwort/")

    page = new_page(viewport)
    sign_in(page, "admin")
    look(page, "/amt/personen/", "personen")
    page.goto("/amt/personen/neu/")
    confirm(page)
    look(page)
    look(page, "/amt/protokoll/", "protokoll")
    assert found == []


def test_pages_reflow_at_320_pixels(new_page: MakePage, published: ServiceVersion) -> None:
    case = case_of(published)
    hire("Lena", Role.TEAM_LEAD)
    page = new_page(NARROWEST)
    sign_in(page, "lena")
    for address in ("/amt/", f"/amt/vorgang/{case.application.reference}/", "/amt/konto/zweiter-faktor/"):
        page.goto(address)
        assert not scrolls_sideways(page), address


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_case_is_decided_by_keyboard_alone(
    new_page: MakePage, published: ServiceVersion, javascript: bool
) -> None:
    case = case_of(published)
    hire("Anna", Role.CASE_WORKER)
    page = new_page(javascript=javascript)
    page.goto("/amt/")
    _tab_to(page, "#id_login")
    page.keyboard.type("anna@hannover.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(WORKLIST)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    _tab_to(page, f"main a:has-text('{case.application.reference}')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vorgang/**")
    _tab_to(page, "button:has-text('Übernehmen')")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sie bearbeiten jetzt diesen Vorgang.")).to_be_visible()
    _tab_to(page, "input[value=bescheinigen]")
    page.keyboard.press("Space")
    _tab_to(page, "button:has-text('Ergebnis speichern')")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Das Ergebnis ist gespeichert.")).to_be_visible()
    Worker().drain()
    assert Case.objects.get(pk=case.pk).outcome == "bescheinigt"


def _tab_to(page: Page, selector: str) -> None:
    target = page.locator(selector).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def test_fields_of_a_request_show_with_the_outcome_that_makes_one(
    new_page: MakePage, published: ServiceVersion
) -> None:
    case = case_of(published)
    hire("Anna", Role.CASE_WORKER)
    page = new_page()
    sign_in(page, "anna")
    page.goto(f"/amt/vorgang/{case.application.reference}/")
    expect(page.get_by_label("Antwort bis").first).to_be_hidden()
    page.get_by_label("Unterlagen oder Angaben nachfordern").check()
    expect(page.get_by_label("Antwort bis").first).to_be_visible()


def test_a_passkey_is_added_and_signs_in_without_password(
    new_page: MakePage, published: ServiceVersion
) -> None:
    hire("Anna", Role.CASE_WORKER)
    page = new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, "anna")
    page.goto("/amt/konto/zweiter-faktor/webauthn/add/")
    confirm(page)
    page.get_by_label("Name des Schlüssels").fill("Laptop im Büro")
    page.get_by_label("Auch ohne Passwort anmelden").check()
    page.get_by_role("button", name="Schlüssel hinzufügen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ersatzcodes")
    assert page.locator(".recovery-codes li").count() == 10
    page.get_by_role("button", name="Abmelden").click()
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.wait_for_url(WORKLIST)
    expect(page.get_by_role("link", name="Anna Beispiel")).to_be_visible()


def test_a_passkey_that_is_refused_says_so_in_the_page(new_page: MakePage, published: ServiceVersion) -> None:
    page = new_page()
    page.goto("/amt/anmelden/")
    expect(page.locator("#passkey-fehler")).to_be_hidden()
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.locator("#passkey-fehler")).to_be_visible()
