"""Rewording letters in a real browser: axe at two widths, the page beside the text, by keyboard, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import files_of, start_from_service
from rathaus.people.models import Role
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.office.staging import hire

HEADING = "Deutsch – Überschrift 4: So zahlen Sie"


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    return start_from_service(published, by=hire("Dora", Role.DESIGNER), reason="Verständlicher schreiben")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_the_pages_of_letters(new_page: MakePage, design: Design, viewport: Any) -> None:
    page: Page = new_page(viewport)
    sign_in(page, "dora")
    found: list[str] = []
    for rest, name in (("", "schreiben"), ("gebuehrenbescheid/", "schreiben-gebuehr")):
        page.goto(f"/amt/leistungen/entwurf/{design.pk}/briefe/{rest}")
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url
    page.get_by_label(HEADING).fill("Hallo {Unsinn}")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("#fehler")).to_be_focused()
    page.get_by_label(HEADING).scroll_into_view_if_needed()
    take_picture(page, "schreiben-fehler")
    found.extend(violations(page))
    assert found == []


def test_the_page_beside_follows_what_is_typed_and_placeholders_go_to_the_cursor(
    new_page: MakePage, design: Design
) -> None:
    page: Page = new_page()
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/briefe/gebuehrenbescheid/")
    picture = page.locator(".letter__page").first
    before = picture.get_attribute("src")
    field = page.get_by_label(HEADING)
    field.fill("Zahlen Sie zu ")
    page.get_by_label("Angabe", exact=True).select_option("{Aktenzeichen}")
    page.get_by_role("button", name="In den Text einfügen").click()
    expect(field).to_have_value("Zahlen Sie zu {Aktenzeichen}")
    expect(field).to_be_focused()
    expect(page.locator(".letter__page").first).not_to_have_attribute("src", before or "", timeout=10_000)


def test_a_letter_is_reworded_by_keyboard_without_scripts(new_page: MakePage, design: Design) -> None:
    page: Page = new_page(javascript=False)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/briefe/gebuehrenbescheid/")
    page.get_by_label(HEADING).fill("So bezahlen Sie")
    press_on(page, "Vorschau erneuern")
    expect(page.get_by_label("Überschrift 4: So bezahlen Sie").first).to_have_value("So bezahlen Sie")
    press_on(page, "Speichern")
    expect(page.get_by_role("status").first).to_contain_text("Schreiben „gebuehrenbescheid“ geändert")
    assert "de: [So bezahlen Sie]" in files_of(design)["letters/gebuehrenbescheid.typ"].decode()
