"""Trying a design in a real browser: the whole form of an imported FIM schema, its outcome, an example of it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import files_of, start_from_fim
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
from tests.browser.journey import fill_in_all
from tests.browser.keyboard import by_keyboard, press_on
from tests.browser.test_workplace import sign_in
from tests.office.staging import hire
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

SCHEMA = SHARED_DATA / "xdatenfelder/3.0.0/S05000001299.xdf.xml"


@pytest.fixture
def design(published: ServiceVersion) -> Design:
    """The Kindertagespflege, drafted from its FIM schema."""
    dora = hire("Dora", Role.DESIGNER)
    day = timezone.localdate()
    return start_from_fim(
        SCHEMA.read_bytes(), today=day, name=SCHEMA.name, by=dora, reason="Neu", office="buergerservice"
    )


@pytest.fixture
def applicant(design: Design) -> dict[str, Any]:
    """Answers of somebody the drafted form accepts."""
    files = files_of(design)
    first = min(name for name in files if name.startswith("examples/"))
    answers: dict[str, Any] = tomllib.loads(files[first].decode())["answers"]
    return answers


STAND_INS = "Beispieldateien nehmen"


@needs_shared_data
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_imported_form_is_tried_to_its_end_and_kept_as_an_example(
    new_page: MakePage, design: Design, applicant: dict[str, Any], viewport: Any
) -> None:
    page: Page = new_page(viewport)
    sign_in(page, "dora")
    found: list[str] = []
    pages = 0

    def look(page: Page) -> None:
        nonlocal pages
        pages += 1
        page.wait_for_load_state()
        take_picture(page, f"probe-{pages:02d}")
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url
        if page.get_by_role("button", name=STAND_INS).is_visible():
            page.get_by_role("button", name=STAND_INS).click()

    page.goto(f"/amt/leistungen/entwurf/{design.pk}/")
    areas_of_design(page).filter(has_text="Ausprobieren").click()
    look(page)
    page.get_by_role("link", name="Probe beginnen").click()
    fill_in_all(page, applicant, look)
    look(page)
    page.get_by_role("link", name="Was dann geschähe").click()
    look(page)
    outcome = page.locator("section", has=page.get_by_role("heading", name="Was dann geschähe"))
    expect(outcome).to_contain_text("Eine Person entscheidet")
    page.get_by_role("button", name="Als Beispiel speichern").click()
    expect(page.locator("#fehler")).to_be_focused()
    look(page)
    page.get_by_label("Name des Beispiels").fill("Anna pflegt zwei Kinder")
    page.get_by_role("button", name="Als Beispiel speichern").click()
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
    saved = next(name for name in files_of(design) if name.endswith("anna-pflegt-zwei-kinder.toml"))
    example = tomllib.loads(files_of(design)[saved].decode())
    assert example["answers"].keys() == applicant.keys()
    assert example["expect"]["valid"] is True
    assert found == []
    assert pages > 5


@needs_shared_data
def test_a_form_is_tried_by_keyboard_alone_without_scripts(
    new_page: MakePage, design: Design, applicant: dict[str, Any]
) -> None:
    page: Page = new_page(javascript=False)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/probe/")
    press_on(page, "Probe beginnen")

    def take_stand_ins(page: Page) -> None:
        if page.get_by_role("button", name=STAND_INS).is_visible():
            press_on(page, STAND_INS)

    by_keyboard(page, applicant, take_stand_ins)
    press_on(page, "Was dann geschähe")
    expect(page.locator("#ergebnis")).to_be_visible()
    expect(page.locator(".outcome")).to_contain_text("Eine Person entscheidet")
