"""What applicants read when their form changed, in a real browser: axe at two widths, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import publish
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.portal.conftest import PERSON
from tests.portal.test_moved import next_version


@pytest.mark.parametrize(("viewport", "javascript"), [(WIDE, True), (NARROW, False)], ids=["wide", "narrow"])
def test_who_comes_back_reads_what_changed_and_goes_on_by_keyboard(
    new_page: MakePage, plain: ServiceVersion, viewport: Any, javascript: bool
) -> None:
    page = new_page(viewport, javascript=javascript)
    page.goto("/leistungen/plain/antrag/")
    page.get_by_role("button", name="Antrag beginnen").click()
    for name in ("name", "kinder"):
        page.locator(f'[name="person.{name}"]').fill(PERSON[f"person.{name}"])
    page.locator("#antrag .actions .kern-btn--primary").click()
    publish(next_version())
    page.goto("/leistungen/plain/antrag/")
    page.get_by_role("link", name="Weiterschreiben, zuletzt").click()
    expect(page.get_by_role("heading", name="Das Formular hat sich geändert")).to_be_visible()
    take_picture(page, "geaendert")
    assert not scrolls_sideways(page)
    assert not javascript or violations(page) == []
    press_on(page, "Weiter")
    expect(page.get_by_label("Beruf")).to_be_visible()
