"""Towns share a service in a real browser: offered, adopted, updated, by keyboard, axe at two widths."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.people.models import Role
from rathaus.towns.models import Town
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.test_workplace import sign_in
from tests.office.staging import hire


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_in_the_catalogue(
    new_page: MakePage, published: ServiceVersion, ahrensfurt: Town, viewport: Any
) -> None:
    hire("Dora", Role.DESIGNER)
    page = new_page(viewport)
    sign_in(page, "dora")
    page.goto("/amt/leistungen/katalog/")
    take_picture(page, "katalog")
    page.get_by_role("button", name="Anbieten – Gewerbe anmelden").click()
    expect(page.get_by_role("status").first).to_contain_text("jetzt übernehmen")
    take_picture(page, "katalog-angeboten")
    assert violations(page) == []
    assert not scrolls_sideways(page)
