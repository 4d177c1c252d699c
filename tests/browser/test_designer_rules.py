"""Deciding over the rules of a FIM schema in a real browser: axe at two widths, by keyboard, without scripts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.design.models import Design
from rathaus.design.service import files_of, start_from_fim
from rathaus.drafting.rulebook import read
from rathaus.people.models import Role
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.drafting.schemata import DATA
from tests.office.staging import hire
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data

FILE = DATA / "3.0.0" / "S05000001299.xdf.xml"


@pytest.fixture
def design(town: object) -> Design:
    """The Kindertagespflege with all of its rules open."""
    dora = hire("Dora", Role.DESIGNER)
    return start_from_fim(
        FILE.read_bytes(),
        today=date(2026, 12, 1),
        office="buergerservice",
        by=dora,
        reason="Kindertagespflege online anbieten",
        confirm_rules=False,
    )


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_the_pages_of_rules(new_page: MakePage, design: Design, viewport: Any) -> None:
    page: Page = new_page(viewport)
    sign_in(page, "dora")
    found: list[str] = []

    def look(name: str) -> None:
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url

    page.goto(f"/amt/leistungen/entwurf/{design.pk}/regeln/")
    look("regeln")
    page.get_by_role("link", name="Anders entscheiden").nth(1).scroll_into_view_if_needed()
    look("regeln-beispiele")
    page.get_by_role("link", name="Entscheiden").last.click()
    look("regel")
    page.get_by_label("Was bewirkt die Regel?").select_option("valid")
    expect(page.get_by_role("heading", name="Was muss gelten?")).to_be_visible()
    page.get_by_role("button", name="Noch eine Wirkung").click()
    page.get_by_role("button", name="So soll es gelten").click()
    expect(page.locator("#fehler")).to_be_focused()
    look("regel-fehler")
    assert found == []


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_rules_are_confirmed_and_dismissed_by_keyboard_alone(
    new_page: MakePage, design: Design, javascript: bool
) -> None:
    page: Page = new_page(javascript=javascript)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/regeln/")
    press_on(page, "So bestätigen")
    expect(page.get_by_role("status").first).to_contain_text("bestätigt")
    page.get_by_role("link", name="Entscheiden").last.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Warum braucht die Regel nichts?").focus()
    page.keyboard.type("Das prüft die Fachkraft")
    press_on(page, "Als erledigt festhalten")
    expect(page.get_by_role("status").first).to_contain_text("braucht nichts")
    statuses = [entry.status for entry in read(files_of(design))]
    assert statuses.count("applied") == 1
    assert statuses.count("dismissed") == 1


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_translated_rule_that_contradicts_another_is_shown_with_the_answers(
    new_page: MakePage, town: object, viewport: Any
) -> None:
    hire("Dora", Role.DESIGNER)
    page: Page = new_page(viewport)
    sign_in(page, "dora")
    page.goto("/amt/leistungen/neu/fim/")
    page.get_by_label("Datenschema", exact=True).set_input_files(DATA / "3.0.0" / "S00000000380.xdf.xml")
    page.get_by_label("Übersetzte Regeln").set_input_files(DATA / "translated_rules.jsonl")
    page.get_by_label("Zuständige Stelle").select_option(index=1)
    page.get_by_label("Was haben Sie vor?").fill("Ausbildungsduldung online anbieten")
    take_picture(page, "fim-regeln")
    found = violations(page)
    page.get_by_role("button", name="Entwurf beginnen").click()
    expect(page.get_by_text("1 davon kamen aus den übersetzten Regeln dazu")).to_be_visible()
    page.get_by_role("link", name="Über die Regeln entscheiden").click()
    expect(page.get_by_text("Sie widerspricht einer anderen Regel")).to_be_visible()
    take_picture(page, "regel-widerspruch")
    assert found + violations(page) == []
    assert not scrolls_sideways(page)
