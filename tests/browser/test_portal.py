"""The portal in a real browser: with and without scripts, by keyboard, wide and narrow, checked by axe."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.worker import Worker
from tests.browser.conftest import (
    NARROW,
    NARROWEST,
    WIDE,
    MakePage,
    scrolls_sideways,
    take_picture,
    violations,
)
from tests.browser.journey import fill_in_all, go_on
from tests.browser.keyboard import by_keyboard, press_on

EXAMPLES = Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung/examples"
OPEN_PAGES = [
    *("/", "/leistungen/", "/leistungen/gewerbeanmeldung/", "/suche/?q=Laden+aufmachen", "/suche/?q=xyzzy"),
    *("/leistungen/gewerbeanmeldung/antrag/", "/vorgang/", "/weitermachen/", "/pruefen/", "/impressum/"),
    *("/datenschutz/", "/barrierefreiheit/", "/leichte-sprache/", "/gebaerdensprache/", "/pruefen/?code=x"),
]


def example(name: str) -> dict[str, Any]:
    answers: dict[str, Any] = tomllib.loads((EXAMPLES / f"{name}.toml").read_text())["answers"]
    return answers


def find_and_begin(page: Page) -> None:
    """From the start page by everyday words to the first page of the application."""
    page.goto("/")
    take_picture(page, "portal")
    page.get_by_label("Leistung suchen").fill("Laden aufmachen")
    page.get_by_role("button", name="Suchen").click()
    take_picture(page, "suche")
    page.locator("main").get_by_role("link", name="Gewerbe anmelden").click()
    take_picture(page, "leistung")
    page.get_by_role("link", name="Online beantragen").first.click()
    take_picture(page, "antrag")
    page.get_by_role("button", name="Antrag beginnen").click()


def confirm_and_send(page: Page) -> None:
    page.get_by_label("Ich habe alle Angaben geprüft").check()
    page.get_by_role("button", name="Verbindlich absenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Antrag ist eingegangen")


def see_certificate(page: Page) -> None:
    """The worker does what follows; the status page then has the sealed certificate."""
    Worker().drain()
    page.get_by_role("link", name="Stand und Dokumente ansehen").click()
    expect(page.get_by_text("Entschieden", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Herunterladen – Empfangsbescheinigung").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/ByteRange" in content


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_from_search_to_the_sealed_certificate_without_any_staff(
    new_page: MakePage, published: ServiceVersion, viewport: Any
) -> None:
    page = new_page(viewport)
    found: list[str] = []
    pictured = {"taetigkeit": "formularseite", "inhaber_geburt": "formularseite-person"}

    def seen(page: Page) -> None:
        found.extend(violations(page))
        assert not scrolls_sideways(page), page.url
        name = pictured.get(page.url.rstrip("/").rpartition("/")[2])
        if name:
            take_picture(page, name)

    find_and_begin(page)
    go_on(page)
    expect(page.locator("#fehler")).to_be_focused()
    take_picture(page, "fehler")
    seen(page)
    fill_in_all(page, example("01-einzelunternehmen-textilien"), seen)
    take_picture(page, "pruefen")
    seen(page)
    confirm_and_send(page)
    take_picture(page, "eingang")
    seen(page)
    see_certificate(page)
    take_picture(page, "stand")
    seen(page)
    assert found == []


def test_the_same_without_javascript(new_page: MakePage, published: ServiceVersion) -> None:
    page = new_page(javascript=False)
    find_and_begin(page)
    go_on(page)
    expect(page.locator("#fehler")).to_be_focused()
    fill_in_all(page, example("01-einzelunternehmen-textilien"))
    confirm_and_send(page)
    see_certificate(page)


def test_the_same_by_keyboard_alone(new_page: MakePage, published: ServiceVersion) -> None:
    page = new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    press_on(page, "suche", submit=False)
    page.keyboard.type("Laden aufmachen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/**")
    for text in ("Gewerbe anmelden", "Online beantragen", "Antrag beginnen"):
        press_on(page, text)
    by_keyboard(page, example("01-einzelunternehmen-textilien"))
    press_on(page, "bestaetigt", submit=False)
    page.keyboard.press("Space")
    press_on(page, "Verbindlich absenden")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Antrag ist eingegangen")
    Worker().drain()
    press_on(page, "Stand und Dokumente ansehen")
    expect(page.get_by_text("Entschieden", exact=True)).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_any_open_page(
    new_page: MakePage, published: ServiceVersion, viewport: Any
) -> None:
    page = new_page(viewport)
    found = []
    for address in OPEN_PAGES:
        page.goto(address)
        found += violations(page)
    assert found == []


def test_nothing_scrolls_sideways_on_the_narrowest_screen(
    new_page: MakePage, published: ServiceVersion
) -> None:
    page = new_page(NARROWEST)
    for address in OPEN_PAGES:
        page.goto(address)
        assert not scrolls_sideways(page), address


def test_two_partners_are_added_on_a_narrow_screen(new_page: MakePage, published: ServiceVersion) -> None:
    page = new_page(NARROWEST)

    def seen(page: Page) -> None:
        assert not scrolls_sideways(page), page.url

    page.goto("/leistungen/gewerbeanmeldung/antrag/")
    page.get_by_role("button", name="Antrag beginnen").click()
    fill_in_all(page, example("07-gbr-zwei-personen"), seen)
    expect(page.locator("main")).to_contain_text("Selin")
    confirm_and_send(page)


def test_a_link_in_the_error_summary_leads_into_the_field(
    new_page: MakePage, published: ServiceVersion
) -> None:
    page = new_page()
    page.goto("/vorgang/")
    page.get_by_role("button", name="Stand ansehen").click()
    expect(page).to_have_title("Fehler: Stand Ihres Antrags – Landeshauptstadt Hannover")
    page.locator("#fehler").get_by_role("link", name="Geben Sie den Zugangscode ein.").click()
    expect(page.get_by_label("Zugangscode")).to_be_focused()


def test_a_big_file_goes_up_in_pieces_and_is_part_of_the_application(
    new_page: MakePage, published: ServiceVersion, tmp_path: Path
) -> None:
    file = tmp_path / "vertrag.pdf"
    file.write_bytes(b"%PDF-1.7\n" + b"0" * 5_000_000)
    page = new_page()
    page.goto("/leistungen/gewerbeanmeldung/antrag/")
    page.get_by_role("button", name="Antrag beginnen").click()
    page.goto(page.url.replace("/rechtsform/", "/nachweise/"))
    pieces: list[str] = []
    page.on("request", lambda request: pieces.append(request.method) if request.method == "PATCH" else None)
    page.locator("[name='nachweise.weitere']").set_input_files(file)
    expect(page.get_by_role("button", name="Entfernen: vertrag.pdf")).to_be_visible()
    page.wait_for_timeout(200)  # lets Playwright tell about the requests
    assert len(pieces) == 3
    go_on(page)
    page.go_back()
    page.reload()
    expect(page.get_by_role("list", name="Hochgeladen: Weitere Unterlagen")).to_contain_text("vertrag.pdf")


def test_a_file_of_the_wrong_kind_is_explained_at_once(
    new_page: MakePage, published: ServiceVersion, tmp_path: Path
) -> None:
    file = tmp_path / "programm.exe"
    file.write_bytes(b"MZ" * 100)
    page = new_page()
    page.goto("/leistungen/gewerbeanmeldung/antrag/")
    page.get_by_role("button", name="Antrag beginnen").click()
    page.goto(page.url.replace("/rechtsform/", "/nachweise/"))
    page.locator("[name='nachweise.weitere']").set_input_files(file)
    expect(page.get_by_text("hat ein Format, das wir hier nicht annehmen")).to_be_visible()
