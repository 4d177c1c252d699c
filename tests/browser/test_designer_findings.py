"""The findings page in a real browser: axe at two widths, by keyboard, without scripts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import start_from_fim
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
from tests.browser.test_workplace import sign_in
from tests.drafting.schemata import VERSION_2
from tests.office.staging import hire
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    """A real schema whose quality leaves much to say."""
    dora = hire("Dora", Role.DESIGNER)
    content = VERSION_2[0].read_bytes()
    return start_from_fim(
        content, today=date(2026, 11, 26), name="S00000009.xml", by=dora, reason="Anbieten", office="gewerbe"
    )


@pytest.mark.parametrize(
    ("viewport", "javascript"),
    [(WIDE, True), (NARROW, True), (NARROW, False)],
    ids=["wide", "narrow", "no-scripts"],
)
def test_findings_are_read_and_followed(
    new_page: MakePage, design: Design, viewport: Any, javascript: bool
) -> None:
    page = new_page(viewport, javascript=javascript)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/")
    take_picture(page, "befunde-uebersicht")
    areas_of_design(page)
    page.get_by_role("link", name="Befunde", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Befunde")
    take_picture(page, "befunde")
    grades = page.locator("summary").filter(has_text="Befund")
    grades.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open] .problems li").first).to_be_visible()
    page.locator("#fim").scroll_into_view_if_needed()
    take_picture(page, "befunde-fim")
    assert not javascript or violations(page) == []
    assert not scrolls_sideways(page)
    with page.expect_download() as table:
        page.get_by_role("link", name="Als Tabelle herunterladen (CSV)").press("Enter")
    assert table.value.suggested_filename.endswith(".csv")
    page.locator("#fim details[open] a, details[open] .problems a").first.click()
    expect(page).to_have_url(re.compile("/frage/"))
