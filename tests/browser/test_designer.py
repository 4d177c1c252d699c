"""Designing a service in a real browser: axe at two widths, by keyboard, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import files_of, start_from_service
from rathaus.designer.areas import AREAS
from rathaus.people.models import Role
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
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

FIM_FILE = SHARED_DATA / "xdatenfelder/3.0.0/S05000001299.xdf.xml"


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    return start_from_service(published, by=hire("Dora", Role.DESIGNER), reason="Verständlicher fragen")


def _address(design: Design, rest: str = "") -> str:
    return f"/amt/leistungen/entwurf/{design.pk}/{rest}"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_any_page_of_a_design(new_page: MakePage, design: Design, viewport: Any) -> None:
    page = new_page(viewport)
    sign_in(page, "dora")
    found: list[str] = []

    def look(address: str, name: str) -> None:
        page.goto(address)
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url

    for rest in ("", "neu/", "neu/leistung/", "neu/paket/"):
        look(f"/amt/leistungen/{rest}", f"leistungen-{rest.strip('/').replace('/', '-') or 'liste'}")
    page.get_by_role("link", name="Leistungen", exact=True).first.click()
    page.get_by_role("link", name="Gewerbe anmelden").first.click()
    addresses = [str(way.get_attribute("href")) for way in areas_of_design(page).all()]
    assert len(addresses) == len(AREAS)
    for number, address in enumerate(addresses):
        look(address, f"entwurf-{AREAS[number].name}")
    look(_address(design, "seiten/taetigkeit/"), "entwurf-seite")
    look(_address(design, "frage/inhaber.anschrift.plz/"), "entwurf-frage")
    page.get_by_text("Als Formel bearbeiten").click()
    page.get_by_label("Frage nur zeigen, wenn").fill("gibt.es.nicht")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("#fehler")).to_be_focused()
    found.extend(violations(page))
    assert found == []


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_title_is_reworded_and_a_page_moved_by_keyboard_alone(
    new_page: MakePage, design: Design, javascript: bool
) -> None:
    page: Page = new_page(javascript=javascript)
    sign_in(page, "dora")
    page.goto(_address(design, "seiten/beginn/"))
    press_on(page, "text-title-de", submit=False)
    page.keyboard.press("Control+a")
    page.keyboard.type("Ab wann arbeiten Sie?")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    page.goto(_address(design, "seiten/"))
    press_on(page, "Später")
    form = files_of(design)["form.toml"].decode()
    assert "Ab wann arbeiten Sie?" in form
    assert form.index('id = "anlass"') < form.index('id = "rechtsform"')


def test_a_page_and_a_question_are_dragged_to_their_places(new_page: MakePage, design: Design) -> None:
    page = new_page({"width": 1280, "height": 1600})  # both places in sight: nothing scrolls under the mouse
    sign_in(page, "dora")
    page.goto(_address(design, "seiten/"))
    pages = page.locator('[data-drag="seite"]')
    second = str(pages.nth(1).get_attribute("data-name"))
    pages.nth(1).locator("h2").drag_to(pages.first, target_position={"x": 40, "y": 4})
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    expect(pages.first).to_have_attribute("data-name", second)
    lists = page.locator('[data-drop="frage"]')
    name = str(lists.nth(2).locator("li").first.get_attribute("data-name"))
    lists.nth(2).locator("li").first.drag_to(
        lists.nth(0).locator("li").first, target_position={"x": 200, "y": 2}
    )
    expect(lists.nth(0).locator("li").first).to_have_attribute("data-name", name)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_two_people_who_change_the_same_place_see_both_sides_and_lose_nothing(
    new_page: MakePage, design: Design, viewport: Any
) -> None:
    hire("Emil", Role.DESIGNER)
    dora, emil = new_page(viewport), new_page(viewport)
    for page, name in ((dora, "dora"), (emil, "emil")):
        sign_in(page, name)
        page.goto(_address(design, "seiten/beginn/"))
    for page, title in ((dora, "Ab wann arbeiten Sie?"), (emil, "Wann geht es los?")):
        page.locator("#text-title-de").fill(title)
        page.get_by_role("button", name="Speichern").click()
    expect(emil.get_by_role("heading", level=1)).to_have_text("Zwei Änderungen an derselben Stelle")
    expect(emil.get_by_text("Ab wann arbeiten Sie?", exact=True)).to_be_visible()
    expect(emil.get_by_text("Wann geht es los?", exact=True)).to_be_visible()
    take_picture(emil, "entwurf-zwei-seiten")
    assert violations(emil) == []
    assert not scrolls_sideways(emil)
    emil.get_by_role("button", name="Meine Fassung speichern").click()
    expect(emil.get_by_role("status").first).to_contain_text("Gespeichert")
    assert "Wann geht es los?" in files_of(design)["form.toml"].decode()


@needs_shared_data
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_design_begins_with_a_fim_file(
    new_page: MakePage, published: ServiceVersion, viewport: Any
) -> None:
    hire("Dora", Role.DESIGNER)
    page = new_page(viewport)
    sign_in(page, "dora")
    page.goto("/amt/leistungen/neu/fim/")
    take_picture(page, "leistungen-neu-fim")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_label("Datenschema", exact=True).set_input_files(str(FIM_FILE))
    page.get_by_label("Was haben Sie vor?").fill("Kindertagespflege online anbieten")
    page.get_by_label("Zuständige Stelle").select_option(index=1)
    page.get_by_role("button", name="Entwurf beginnen").click()
    expect(page.get_by_text("Nichts hindert das Veröffentlichen")).to_be_visible(timeout=30_000)
    take_picture(page, "entwurf-aus-fim")
    assert violations(page) == []
