"""A new FIM release in a real browser: axe at two widths, and taken in by keyboard without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from rathaus.design.models import Design
from rathaus.design.service import change, newest, start_from_fim
from rathaus.editing import SetFieldText
from rathaus.people.models import Role
from rathaus.standards.xdatenfelder.writer import write_schema
from rathaus.towns.models import Town
from tests.browser.conftest import NARROW, WIDE, MakePage, scrolls_sideways, take_picture, violations
from tests.browser.keyboard import press_on
from tests.browser.test_workplace import sign_in
from tests.designer.test_fim import PERSON, SCHEMA, next_release
from tests.drafting.schemata import TODAY
from tests.office.staging import hire
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data


@pytest.fixture
def design(town: Town) -> Design:
    dora = hire("Dora", Role.DESIGNER)
    design = start_from_fim(
        SCHEMA.read_bytes(), today=TODAY, by=dora, reason="Anbieten", office="buergerservice"
    )
    for number, (path, text) in enumerate(
        [(f"{PERSON}.vornamen", "Wie heißen Sie?"), (f"{PERSON}.geburtsname", "Hießen Sie früher anders?")], 1
    ):
        change(
            design, SetFieldText(path, "de", "label", text), base_revision=number, by=dora, reason="Klarer"
        )
    return design


@pytest.mark.parametrize(("viewport", "javascript"), [(WIDE, True), (NARROW, False)], ids=["wide", "narrow"])
def test_a_release_is_brought_read_and_taken_in_and_axe_finds_nothing(
    new_page: MakePage, design: Design, tmp_path: Path, viewport: Any, javascript: bool
) -> None:
    (tmp_path / "neu.xml").write_bytes(write_schema(next_release()))
    page = new_page(viewport, javascript=javascript)
    sign_in(page, "dora")
    page.goto(f"/amt/leistungen/entwurf/{design.pk}/fim/")
    found = violations(page) if javascript else []
    take_picture(page, "fim-datei")
    page.get_by_label("Datei der neuen Fassung").set_input_files(tmp_path / "neu.xml")
    page.get_by_role("button", name="Ansehen, was sich ändert").click()
    expect(page.get_by_role("heading", name="Was FIM geändert hat")).to_be_visible(timeout=30_000)
    take_picture(page, "fim-fassung")
    found += violations(page) if javascript else []
    assert not scrolls_sideways(page)
    assert found == []
    press_on(page, "wahl-1-a", submit=False)
    page.keyboard.press("ArrowDown")
    press_on(page, "grund", submit=False)
    page.keyboard.type("FIM hat eine neue Fassung")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Neue Fassung von FIM übernommen")
    assert newest(design).number == 4
