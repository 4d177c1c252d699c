"""A draft compared with past applications in a real browser: axe at two widths, begun by keyboard without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import Worker
from rathaus.design.models import Design
from rathaus.design.service import change, start_from_service, start_replay
from rathaus.editing import SetFieldRule
from rathaus.people.models import Membership, Role, User
from rathaus.towns.models import Office
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.office.staging import GREEN, PERSON, hire, send


@pytest.fixture
def dora(published: ServiceVersion) -> User:
    """A designer who also works on the cases of the service."""
    dora = hire("Dora", Role.DESIGNER)
    Membership.objects.create(user=dora, office=Office.objects.get(key="gewerbe"), role=Role.CASE_WORKER)
    return dora


@pytest.fixture
def design(published: ServiceVersion, dora: User) -> Design:
    """The Gewerbeanmeldung with a new demand, and applications from before it."""
    for name in (GREEN, PERSON, GREEN):
        send(published, name)
    Worker().drain()
    design = start_from_service(published, by=dora, reason="Ablauf vereinfachen")
    edit = SetFieldRule("inhaber.telefon", "require", "inhaber.email == ''")
    change(design, edit, base_revision=1, by=dora, reason="Erreichbar sein")
    edit = SetFieldRule("inhaber.geburtsname", "require", "rechtsform == 'EU'")
    change(design, edit, base_revision=2, by=dora, reason="Eindeutig sein")
    return design


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_comparison_is_read_at_a_glance(
    new_page: MakePage, design: Design, dora: User, viewport: Any
) -> None:
    page: Page = new_page(viewport)
    sign_in(page, "dora")
    here = f"/amt/leistungen/entwurf/{design.pk}/wiedergabe/"

    def look(address: str, name: str) -> None:
        page.goto(address)
        take_picture(page, name)
        assert violations(page) == []
        assert not scrolls_sideways(page), page.url

    look(here, "vergleich-vorher")
    start_replay(design, by=dora, since=None, most=100)
    look(here, "vergleich-laeuft")
    Worker().drain()
    look(here, "vergleich-fertig")
    look(f"/amt/leistungen/entwurf/{design.pk}/veroeffentlichen/", "vergleich-veroeffentlichen")


def test_a_comparison_is_begun_by_keyboard_without_scripts(new_page: MakePage, design: Design) -> None:
    page: Page = new_page(javascript=False)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/wiedergabe/")
    press_on(page, "Vergleich beginnen")
    expect(page.locator("#ergebnis")).to_have_text("Der Vergleich läuft")
    Worker().drain()
    press_on(page, "Stand neu laden")
    expect(page.locator("#ergebnis")).to_have_text("Ergebnis")
