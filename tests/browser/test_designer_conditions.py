"""The condition builder in a real browser: by keyboard, with and without scripts, axe at two widths."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import files_of, start_from_service
from rathaus.editing.form import FormFiles
from rathaus.people.models import Role
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.office.staging import hire


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    return start_from_service(published, by=hire("Dora", Role.DESIGNER), reason="Bedingungen klären")


def _address(design: Design, rest: str = "") -> str:
    return f"/amt/leistungen/entwurf/{design.pk}/bedingungen/{rest}"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_conditions_however_they_are_typed(
    new_page: MakePage, design: Design, viewport: Any
) -> None:
    page = new_page(viewport)
    sign_in(page, "dora")
    found: list[str] = []

    def look(name: str) -> None:
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url

    for rest, name in (
        ("", "bedingungen"),
        ("seite:firma:zeigen/", "bedingung-seite"),
        ("seite:handwerkskarte:zeigen/", "bedingung-woerter"),
        ("frage:erlaubnis.datum:zeigen/", "bedingung-frage"),
        ("pruefung:wohnung_im_stadtgebiet/", "bedingung-pruefung"),
        ("pruefung:taetigkeit_konkret/", "bedingung-formel"),
        ("neue-pruefung/", "bedingung-neu"),
    ):
        page.goto(_address(design, rest))
        look(name)
    page.goto(_address(design, "seite:firma:zeigen/"))
    page.get_by_role("button", name="Gruppe dazu").click()
    page.get_by_role("button", name="Prüfen", exact=True).click()
    expect(page.get_by_text("Wählen Sie eine Frage.").first).to_be_visible()
    look("bedingung-fehler")
    assert found == []


def _rows(page: Page) -> Any:
    return page.locator(".condition-row")


def test_what_a_condition_means_is_said_while_it_is_typed(new_page: MakePage, design: Design) -> None:
    page = new_page()
    sign_in(page, "dora")
    page.goto(_address(design, "seite:firma:zeigen/"))
    page.get_by_role("button", name="Zeile dazu").click()
    expect(page.locator("#rule-2-feld")).to_be_focused()
    page.locator("#rule-2-feld").select_option(label="An welchem Tag beginnt die Tätigkeit?")
    page.locator("#rule-2-vergleich").select_option(label="liegt nach")
    page.locator("#rule-2-wert").fill("31.2.2026")
    expect(page.locator("#fehler-rule")).to_contain_text("Ergänzen Sie die Zeilen")
    page.locator("#rule-2-wert").fill("1.12.2026")
    expect(page.locator("#satz-rule")).to_contain_text(
        "„An welchem Tag beginnt die Tätigkeit?“ nach dem 01.12.2026 liegt"
    )
    expect(page.locator("#formel-rule")).to_contain_text("taetigkeit.beginn > timestamp")
    take_picture(page, "bedingung-live")
    page.get_by_role("button", name="Als Formel bearbeiten").click()
    page.locator("#rule-formel").fill("rechtsfrm == 'GMBH'")
    expect(page.locator("#fehler-rule")).to_contain_text("rechtsform")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_condition_is_set_up_by_keyboard_alone(
    new_page: MakePage, design: Design, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    sign_in(page, "dora")
    page.goto(_address(design, "frage:taetigkeit.nebenerwerb:zeigen/"))
    press_on(page, "rule-art-keine", submit=False)
    page.keyboard.press("ArrowDown")
    if not javascript:
        press_on(page, "Auswahl übernehmen")
        press_on(page, "rule-art-wenn", submit=False)
    expect(_rows(page)).to_have_count(1)
    for control, text in (
        ("rule-0-feld", "Rechtsform"),
        ("rule-0-vergleich", "ist gleich"),
        ("rule-0-wert", "Ausl"),
    ):
        press_on(page, control, submit=False)
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        if not javascript and control != "rule-0-wert":
            press_on(page, "Auswahl übernehmen") if control == "" else page.locator(
                "button[value='rule:zeigen']"
            ).press("Enter")
        expect(
            page.locator("#rule-0-wert" if control == "rule-0-vergleich" else "#rule-0-vergleich")
        ).to_be_visible()
    press_on(page, "Speichern")
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    table = FormFiles(files_of(design)).form.table("field", "taetigkeit.nebenerwerb")
    assert table is not None
    assert table.values["show"] == 'rechtsform == "AUSL"'
