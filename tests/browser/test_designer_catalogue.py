"""Towns share a service in a real browser: offered, adopted, updated, by keyboard, axe at two widths."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.people.models import Role
from rathaus.towns.context import acting_for
from rathaus.towns.models import Setting, Town
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.test_workplace import sign_in
from tests.office.staging import PASSWORD, hire

CATALOGUE = "/amt/leistungen/katalog/"


def sign_in_at_ahrensfurt(page: Page, live_server: Any) -> str:
    """Fritz signs in at the other town; the beginning of its addresses."""
    town = live_server.url.replace("localhost", "ahrensfurt.localhost")
    page.goto(f"{town}/amt/anmelden/")
    page.get_by_label("E-Mail-Adresse").fill("fritz@ahrensfurt.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(lambda address: "/anmelden/" not in address)
    return str(town)


@pytest.fixture
def fritz(ahrensfurt: Town) -> None:
    """A designer of the other town."""
    with acting_for(ahrensfurt):
        hire("Fritz", Role.DESIGNER)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_where_services_are_offered_and_adopted(
    new_page: MakePage,
    published: ServiceVersion,
    ahrensfurt: Town,
    fritz: None,
    live_server: Any,
    viewport: Any,
) -> None:
    hire("Dora", Role.DESIGNER)
    found: list[str] = []

    def look(page: Page, name: str) -> None:
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url

    page = new_page(viewport)
    sign_in(page, "dora")
    page.goto(CATALOGUE)
    look(page, "katalog")
    page.get_by_role("button", name="Anbieten – Gewerbe anmelden").click()
    expect(page.get_by_role("status").first).to_contain_text("jetzt übernehmen")
    look(page, "katalog-angeboten")

    with acting_for(ahrensfurt):
        Setting.objects.filter(key="gewerbeanmeldung.gebuehr").delete()
    page = new_page(viewport)
    town = sign_in_at_ahrensfurt(page, live_server)
    page.goto(town + CATALOGUE)
    look(page, "katalog-von-anderen")
    page.get_by_role("link", name="Übernehmen – Gewerbe anmelden").click()
    look(page, "katalog-uebernehmen")
    page.get_by_label("Warum übernehmen Sie").fill("")
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.locator("#fehler")).to_be_focused()
    look(page, "katalog-uebernehmen-fehler")
    page.goto(f"{town}{CATALOGUE}datei/")
    look(page, "katalog-datei")
    assert found == []
