"""Versions of a service in a real browser: what differs, what came when, how to begin anew; axe and pictures."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import change, newest, publish, start_from_service
from rathaus.editing import Edit, MovePage, SetFieldRule, SetPageText, SetServiceValue, SplitPage
from rathaus.people.models import Role, User
from tests.browser.conftest import (
    NARROW,
    WIDE,
    MakePage,
    areas_of_design,
    scrolls_sideways,
    take_picture,
    violations,
)
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.office.staging import hire

EDITS: tuple[Edit, ...] = (
    SetPageText("beginn", "de", "title", "Ab wann arbeiten Sie?"),
    SplitPage("taetigkeit", "taetigkeit.art", "art", "Art der Tätigkeit"),
    MovePage("anlass"),
    SetFieldRule("taetigkeit.nebenerwerb", "require", "rechtsform == 'EU'"),
    SetServiceValue("fee.legal_basis", "§ 3 NVwKostG"),
    SetServiceValue("retention_years", 12),
)


@pytest.fixture
def dora(published: ServiceVersion) -> User:
    return hire("Dora", Role.DESIGNER)


@pytest.fixture
def design(published: ServiceVersion, dora: User) -> Design:
    """A design that differs from what is live in several areas."""
    design = start_from_service(published, by=dora, reason="Verständlicher fragen")
    for edit in EDITS:
        change(design, edit, base_revision=newest(design).number, by=dora, reason="Verständlicher")
    return design


def look(page: Page, address: str, name: str) -> None:
    """Nothing that axe finds, nothing that scrolls sideways; a picture to look at."""
    page.goto(address)
    take_picture(page, name)
    assert violations(page) == []
    assert not scrolls_sideways(page), page.url


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_differences_are_read_by_area_and_lead_to_their_page(
    new_page: MakePage, design: Design, viewport: Any
) -> None:
    page = new_page(viewport)
    sign_in(page, "dora")
    look(page, f"/amt/leistungen/entwurf/{design.pk}/unterschiede/", "unterschiede")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Seiten")
    page.get_by_role("link", name="Pflicht ist").click()
    expect(page.get_by_label("Pflicht, wenn")).to_have_value("rechtsform == 'EU'")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_versions_are_read_compared_and_retired_and_citizens_are_told(
    new_page: MakePage, design: Design, dora: User, viewport: Any
) -> None:
    publish(design, by=dora, reason="Kürzer gefragt")
    page = new_page(viewport)
    sign_in(page, "dora")
    look(page, "/amt/leistungen/leistung/gewerbeanmeldung/", "versionen")
    look(page, "/amt/leistungen/leistung/gewerbeanmeldung/1/", "versionen-vergleich")
    page.goto("/amt/leistungen/leistung/gewerbeanmeldung/")
    page.get_by_text("Leistung einstellen").first.click()
    page.get_by_label("Deutsch").fill("Wenden Sie sich an die Kammer.")
    page.get_by_label("Adresse").fill("kammer.example")
    page.get_by_label("Warum bieten Sie").fill("Nicht mehr zuständig")
    page.get_by_role("button", name="Leistung einstellen").click()
    expect(page.locator("#fehler")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Adresse").fill("https://kammer.example/")
    page.get_by_role("button", name="Leistung einstellen").click()
    expect(page.get_by_role("heading", name="Nicht mehr angeboten")).to_be_visible()
    assert violations(page) == []
    look(page, "/amt/leistungen/", "versionen-liste")
    look(page, "/leistungen/gewerbeanmeldung/", "eingestellt")
    expect(page.get_by_role("link", name="Dorthin geht es weiter")).to_be_visible()


def test_a_version_is_live_again_by_keyboard_alone(new_page: MakePage, design: Design, dora: User) -> None:
    publish(design, by=dora, reason="Kürzer gefragt")
    page = new_page(javascript=False)
    sign_in(page, "dora")
    page.goto("/amt/leistungen/leistung/gewerbeanmeldung/")
    press_on(page, "Vergleichen, wieder live setzen")
    press_on(page, "grund", submit=False)
    page.keyboard.type("War verständlicher")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Version 1 ist wieder live, als Version 3.")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_service_begins_with_nothing_and_asks_what_a_citizen_then_answers(
    new_page: MakePage, dora: User, viewport: Any
) -> None:
    page = new_page(viewport)
    sign_in(page, "dora")
    look(page, "/amt/leistungen/neu/leer/", "leer-beginnen")
    page.get_by_label("Name der Leistung").fill("Baumfällung melden")
    page.get_by_label("Was haben Sie vor?").fill("Danach wird oft gefragt")
    page.get_by_role("button", name="Entwurf beginnen").click()
    page.goto(page.url + "seiten/kontakt/")
    page.get_by_role("link", name="Neue Frage").click()
    look(page, page.url, "neue-frage")
    page.get_by_label("Frage", exact=True).fill("Welchen Baum wollen Sie fällen?")
    page.get_by_label("Auswahl: eine Möglichkeit").check()
    page.get_by_role("button", name="Frage hinzufügen").click()
    expect(page.locator("#fehler")).to_be_focused()
    expect(page.get_by_label("Frage", exact=True)).to_have_value("Welchen Baum wollen Sie fällen?")
    assert violations(page) == []
    page.get_by_label("Möglichkeiten einer Auswahl").fill("Eiche\nLinde")
    page.get_by_role("button", name="Frage hinzufügen").click()
    expect(page.get_by_role("status").first).to_contain_text("Neue Frage")
    areas_of_design(page).filter(has_text="Veröffentlichen").click()
    page.get_by_label("Warum veröffentlichen Sie?").fill("Fertig")
    page.get_by_role("button", name="Veröffentlichen").click()
    page.goto("/leistungen/baumfaellung-melden/antrag/")
    page.get_by_role("button", name="Antrag beginnen").click()
    take_picture(page, "leer-antrag")
    expect(page.get_by_label("Linde")).to_be_visible()
    assert violations(page) == []
