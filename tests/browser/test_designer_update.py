"""An update from another town in a real browser: by keyboard, axe at two widths."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import live
from rathaus.design.models import Design
from rathaus.design.service import change, files_of, newest, publish, start_from_service
from rathaus.editing import Edit, SetPageText, SetServiceValue
from rathaus.people.models import Role, User
from rathaus.sharing.service import adopt, fetch, offer
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.test_designer_catalogue import sign_in_at_ahrensfurt
from tests.office.staging import hire


def _make(design: Design, by: User, *edits: Edit) -> None:
    for edit in edits:
        change(design, edit, base_revision=newest(design).number, by=by, reason="Anders")


def _title(page: str, text: str) -> Edit:
    return SetPageText(page, "de", "title", text)


@pytest.fixture
def own(published: ServiceVersion, ahrensfurt: Town) -> Design:
    """Adopted and changed in the other town; Hannover has published a newer version since."""
    dora = hire("Dora", Role.DESIGNER)
    offer(published.key, by=None)
    with acting_for(ahrensfurt):
        fritz = hire("Fritz", Role.DESIGNER)
        data = fetch("hannover", published.key)
        assert data is not None
        design = adopt(data, {"gewerbe": "buergerservice"}, key="gewerbe", by=fritz, reason="Bewährt")
        _make(design, fritz, _title("anlass", "Warum jetzt?"), _title("beginn", "Wann geht es los?"))
    version = live(published.key)
    assert version is not None
    newer = start_from_service(version, by=dora, reason="Besser")
    _make(
        newer,
        dora,
        _title("beginn", "Ab wann?"),
        _title("firma", "Wie heißt Ihre Firma?"),
        SetServiceValue("fee.setting", "gewerbeanmeldung.neue_gebuehr"),
        SetServiceValue("lanes.kasse", "gewerbe"),
    )
    publish(newer, by=dora, reason="Besser")
    return design


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_update_is_announced_seen_chosen_for_and_taken_over(
    new_page: MakePage, own: Design, ahrensfurt: Town, live_server: Any, viewport: Any
) -> None:
    page = new_page(viewport)
    town = sign_in_at_ahrensfurt(page, live_server)
    found: list[str] = []

    def look(name: str) -> None:
        take_picture(page, f"aktualisieren-{name}")
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url

    page.goto(f"{town}/amt/leistungen/")
    look("liste")
    page.get_by_role("link", name="Aktualisierung verfügbar").first.click()
    look("seite")
    page.get_by_text("1 Änderung ansehen").or_(page.get_by_text("2 Änderungen ansehen")).click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("alert")).to_contain_text("Wählen Sie, welche Fassung gelten soll.")
    look("fehler")
    page.get_by_role("alert").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.get_by_label("So lassen, wie es bei Ihnen steht")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Die neue Fassung nehmen")).to_be_checked()
    page.get_by_label("Warum aktualisieren Sie?").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Aktualisiert")
    look("fertig")
    with acting_for(ahrensfurt):
        form = files_of(own)["form.toml"].decode()
    assert all(text in form for text in ("Ab wann?", "Warum jetzt?", "Wie heißt Ihre Firma?"))
    page.goto(f"{town}/amt/leistungen/entwurf/{own.pk}/aktualisieren/")
    look("nichts-neues")
    assert found == []
