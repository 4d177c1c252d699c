"""Decision tables in a real browser: axe at two widths, and a row added by keyboard without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import files_of, start_empty, start_from_service
from rathaus.editing.decisions import table_of
from rathaus.people.models import Role
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.drafting.schemata import TODAY
from tests.office.staging import hire


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    return start_from_service(published, by=hire("Dora", Role.DESIGNER), reason="Gebühren anpassen")


def _address(design: Design, rest: str = "") -> str:
    return f"/amt/leistungen/entwurf/{design.pk}/entscheidungen/{rest}"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_tables_with_faults_and_what_comes_out(
    new_page: MakePage, design: Design, viewport: Any
) -> None:
    page = new_page(viewport)
    sign_in(page, "dora")
    found: list[str] = []
    for rest, name in (
        ("", "entscheidungen"),
        ("vorpruefung/", "entscheidung-breit"),
        ("gebuehr/?probe=werte&wert.in1=GMBH&wert.in2=nein", "entscheidung"),
        ("weg/?probe=beispiele#probe", "entscheidung-beispiele"),
    ):
        page.goto(_address(design, rest))
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url
    page.goto(_address(design, "gebuehr/"))
    page.locator("#z-gebuehr_natuerlich-in1").fill("XX")
    page.get_by_role("button", name="Speichern").last.click()
    expect(page.locator("#fehler")).to_be_focused()
    take_picture(page, "entscheidung-fehler")
    found.extend(violations(page))
    assert found == []


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_row_is_added_and_moved_by_keyboard_alone(
    new_page: MakePage, design: Design, javascript: bool
) -> None:
    page: Page = new_page(javascript=javascript)
    sign_in(page, "dora")
    page.goto(_address(design, "weg/"))
    for cell, text in (("z-neu-in1", "> 9"), ("z-neu-out1", "person")):
        press_on(page, cell, submit=False)
        page.keyboard.type(text)
    press_on(page, "grund", submit=False)
    page.keyboard.type("Viele Gründe")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    press_on(page, "Zeile 3: Höher")
    table = table_of(files_of(design), "weg")
    assert [rule.conditions[0].source for rule in table.rules] == ["0", "> 9", "> 0"]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_where_a_fee_is_added(
    new_page: MakePage, published: ServiceVersion, viewport: Any
) -> None:
    dora = hire("Dora", Role.DESIGNER)
    design = start_empty("Angelschein", office="buergerservice", today=TODAY, by=dora, reason="Neu")
    page = new_page(viewport)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/gebuehr/")
    take_picture(page, "gebuehr-neu")
    found = violations(page)
    page.get_by_label("Betrag in Euro").fill("30,00")
    page.get_by_label("Quelle").fill("Gebührensatzung")
    page.get_by_label("Rechtsgrundlage der Gebühr").fill("§ 3 NVwKostG")
    page.get_by_role("button", name="Gebührenregel hinzufügen").click()
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    take_picture(page, "gebuehr")
    found.extend(violations(page))
    assert not scrolls_sideways(page)
    assert found == []
