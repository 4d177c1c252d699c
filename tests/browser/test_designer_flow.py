"""The process in a real browser: axe at two widths, and steps changed and added by keyboard without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import files_of, start_from_service
from rathaus.editing.process import drawn, step_name, text_at
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


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    return start_from_service(published, by=hire("Dora", Role.DESIGNER), reason="Ablauf anpassen")


def _diagram(design: Design) -> str:
    return f"/amt/leistungen/entwurf/{design.pk}/diagramm/"


def _address(design: Design, rest: str = "") -> str:
    return f"/amt/leistungen/entwurf/{design.pk}/ablauf/{rest}"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_the_list_and_its_steps(
    new_page: MakePage, design: Design, viewport: Any
) -> None:
    page = new_page(viewport)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/")
    areas_of_design(page).get_by_text("Ablauf", exact=True).click()
    found: list[str] = []
    for rest, name in (
        ("", "ablauf"),
        ("#schritt-angaben_ergaenzen", "ablauf-liste"),
        ("anzeige_pruefen/", "ablauf-person"),
        ("ergebnis/", "ablauf-verzweigung"),
        ("frist/", "ablauf-frist"),
    ):
        page.goto(_address(design, rest))
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url
    page.get_by_label("Anzahl").fill("0")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("#fehler")).to_be_focused()
    found.extend(violations(page))
    assert found == []


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_step_is_renamed_and_one_is_added_by_keyboard_alone(
    new_page: MakePage, design: Design, javascript: bool
) -> None:
    page: Page = new_page(javascript=javascript)
    sign_in(page, "dora")
    page.goto(_address(design))
    press_on(page, "Ändern – Anzeige prüfen")
    press_on(page, "feld-name-de", submit=False)
    page.keyboard.press("Control+A")
    page.keyboard.type("Anzeige ansehen")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    for field, text in (("feld-titel", "Rückruf"), ("feld-titel_en", "Call back")):
        press_on(page, field, submit=False)
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Neuer Schritt „Rückruf“")
    files = files_of(design)
    assert step_name(files, "anzeige_pruefen") == "Anzeige ansehen"
    assert text_at(files, "step:rueckruf/lane") == "sachbearbeitung"
    assert [way.attributes["targetRef"] for way in drawn(files).leaving("rueckruf")] == ["ergebnis"]


def _choose(page: Page, step: str) -> None:
    """Choose a step as people do without a mouse: search for its name."""
    page.locator("#zeichnung .djs-container > svg").focus()
    page.keyboard.press("Control+f")
    page.keyboard.type(step)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_step_is_renamed_in_the_diagram_by_keyboard_and_axe_finds_nothing(
    new_page: MakePage, design: Design, viewport: Any
) -> None:
    page = new_page(viewport)
    sign_in(page, "dora")
    page.goto(_diagram(design))
    expect(page.locator("#zeichnung .djs-shape").first).to_be_visible()
    expect(page.locator("#zeichnung .bjs-powered-by")).to_be_visible()  # the licence asks for it
    take_picture(page, "diagramm")
    _choose(page, "Anzeige prüfen")
    page.locator("#gewaehlt-name").focus()
    take_picture(page, "diagramm-gewaehlt")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.locator("#gewaehlt-name").fill("Anzeige ansehen")
    page.get_by_role("button", name="Diagramm speichern").click()
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    page.reload()
    expect(page.locator("#zeichnung")).to_contain_text("ansehen")
    files = files_of(design)
    assert step_name(files, "anzeige_pruefen") == "Anzeige ansehen"
    before, after = (content["process.bpmn"].splitlines() for content in (files_of(design, 1), files))
    assert len(set(after) - set(before)) <= 2  # its name, and that its label is drawn


def test_what_cannot_run_is_refused_and_still_drawn(new_page: MakePage, design: Design) -> None:
    page = new_page()
    sign_in(page, "dora")
    page.goto(_diagram(design))
    _choose(page, "Anzeige prüfen")
    page.locator("#zeichnung .djs-container > svg").focus()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Diagramm speichern").click()
    expect(page.locator("#fehler")).to_contain_text("So passt der Ablauf nicht zusammen")
    take_picture(page, "diagramm-abgelehnt")
    assert violations(page) == []
    expect(page.locator("#zeichnung .djs-shape").first).to_be_visible()
    assert page.locator('[data-element-id="anzeige_pruefen"]').count() == 0
    assert len(files_of(design)) == len(files_of(design, 1))


def test_a_drawn_step_that_leads_nowhere_is_refused_by_its_name(new_page: MakePage, design: Design) -> None:
    page = new_page()
    sign_in(page, "dora")
    page.goto(_diagram(design))
    _choose(page, "Anzeige prüfen")
    page.locator('.djs-context-pad [data-action="bpmn:UserTask"]').click()
    page.get_by_label("Name (Deutsch)").fill("Akte ablegen")
    page.get_by_role("button", name="Diagramm speichern").click()
    expect(page.locator("#fehler")).to_contain_text("Von „Akte ablegen“ führt kein Weg weiter.")
    expect(page.locator("#zeichnung")).to_contain_text("Akte ablegen")


def test_without_scripts_the_file_can_be_changed(new_page: MakePage, design: Design) -> None:
    page = new_page(javascript=False)
    sign_in(page, "dora")
    page.goto(_diagram(design))
    page.get_by_text("Die Datei (BPMN 2.0)").click()
    file = page.get_by_label("Inhalt von process.bpmn")
    file.fill(file.input_value().replace('name="Anzeige prüfen"', 'name="Anzeige lesen"'))
    page.get_by_role("button", name="Diagramm speichern").click()
    assert step_name(files_of(design), "anzeige_pruefen") == "Anzeige lesen"
