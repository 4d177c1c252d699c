"""Examples of a service in a real browser: axe at two widths, taken on and tried by keyboard, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import change, files_of, start_from_service
from rathaus.editing import SetExample
from rathaus.people.models import Role
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.office.staging import hire

SHOP = "01-einzelunternehmen-textilien"


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    """A design in which one example turns out differently."""
    dora = hire("Dora", Role.DESIGNER)
    design = start_from_service(published, by=dora, reason="Rückfragen ersparen")
    text = files_of(design)[f"examples/{SHOP}.toml"].decode()
    wrong = text.replace('route = "gruen"', 'route = "person"')
    change(design, SetExample(SHOP, wrong), base_revision=1, by=dora, reason="Versuch")
    return design


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_the_pages_of_examples(
    new_page: MakePage, design: Design, viewport: Any
) -> None:
    page: Page = new_page(viewport)
    sign_in(page, "dora")
    found: list[str] = []
    for rest, name in (("", "beispiele"), (f"{SHOP}/", "beispiel")):
        page.goto(f"/amt/leistungen/entwurf/{design.pk}/beispiele/{rest}")
        take_picture(page, name)
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url
    assert found == []


def test_an_outcome_is_taken_on_and_tried_further_by_keyboard_without_scripts(
    new_page: MakePage, design: Design
) -> None:
    page: Page = new_page(javascript=False)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/beispiele/{SHOP}/")
    press_on(page, "So ist es richtig")
    expect(page.get_by_role("heading", name="Geht aus wie erwartet")).to_be_visible()
    press_on(page, "Im Formular ausprobieren")
    expect(page.get_by_role("heading", name="Ausprobieren")).to_be_visible()
    expect(page.get_by_text("Grün: Niemand muss etwas tun")).to_be_visible()
