"""The open pages: what somebody sees who has not applied yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.models import Mail
from rathaus.portal.feedback import one_month_after
from rathaus.towns.models import Town

pytestmark = pytest.mark.django_db


def test_the_start_page_offers_search_life_situations_and_services(
    visitor: Client, published: ServiceVersion
) -> None:
    page = visitor.get("/").content.decode()
    assert 'action="/suche/"' in page
    assert "/leistungen/?lage=gruenden" in page
    assert "Gewerbe anmelden" in page


def test_everyday_words_find_the_service(visitor: Client, published: ServiceVersion) -> None:
    assert (
        "/leistungen/gewerbeanmeldung/" in visitor.get("/suche/", {"q": "Laden aufmachen"}).content.decode()
    )


def test_what_nobody_offers_is_not_found_and_the_page_says_where_to_go(
    visitor: Client, published: ServiceVersion
) -> None:
    page = visitor.get("/suche/", {"q": "Raumschiff xyzzy"}).content.decode()
    assert "Nichts gefunden" in page
    assert 'href="/leistungen/"' in page


def test_the_service_page_tells_cost_with_its_source_deadline_office_and_law(
    visitor: Client, published: ServiceVersion
) -> None:
    page = visitor.get("/leistungen/gewerbeanmeldung/").content.decode()
    for told in ("30,00", "1. Januar 2024", "AllGO", "höchstens 3 Tage", "Donnerstag", "§ 14 GewO"):
        assert told in page


@pytest.mark.parametrize(
    "address",
    [
        "/leistungen/gibtsnicht/",
        "/leistungen/gibtsnicht/antrag/",
        "/leistungen/?lage=nichts",
        "/gibt/es/nicht/",
    ],
)
def test_what_does_not_exist_is_a_404_in_the_towns_look(visitor: Client, town: Town, address: str) -> None:
    response = visitor.get(address)
    assert response.status_code == 404
    assert "Hannover" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        *("/impressum/", "/datenschutz/", "/barrierefreiheit/", "/leichte-sprache/", "/gebaerdensprache/"),
        *("/vorgang/", "/weitermachen/", "/pruefen/", "/suche/", "/leistungen/"),
    ],
)
def test_pages_that_law_and_good_manners_ask_for_answer(visitor: Client, town: Town, address: str) -> None:
    assert visitor.get(address).status_code == 200


def test_the_look_is_the_towns_own(
    client_of: Callable[[Town], Client], hannover: Town, ahrensfurt: Town
) -> None:
    for town in (hannover, ahrensfurt):
        css = client_of(town).get("/stadt.css").content.decode()
        assert town.brand_colour in css
        assert client_of(town).get("/wappen.svg").headers["Content-Type"] == "image/svg+xml"


def test_pages_have_no_inline_styles_and_scripts(visitor: Client, published: ServiceVersion) -> None:
    for address in (
        "/",
        "/leistungen/gewerbeanmeldung/",
        "/barrierefreiheit/",
        "/leistungen/gewerbeanmeldung/antrag/",
    ):
        page = visitor.get(address).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert " onclick=" not in page


def test_the_language_is_kept_and_leads_back_to_the_page(visitor: Client, published: ServiceVersion) -> None:
    response = visitor.get("/sprache/", {"sprache": "en", "weiter": "/leistungen/"})
    assert response.headers["Location"] == "/leistungen/"
    page = visitor.get("/leistungen/").content.decode()
    assert '<html lang="en"' in page
    assert "Register a business" in page


@pytest.mark.parametrize("target", ["https://boese.example/", "//boese.example/", "javascript:alert(1)"])
def test_the_language_switch_leads_nowhere_else(visitor: Client, town: Town, target: str) -> None:
    assert visitor.get("/sprache/", {"sprache": "en", "weiter": target}).headers["Location"] == "/"


def test_security_txt_names_a_contact_and_an_end(visitor: Client, town: Town) -> None:
    text = visitor.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:" in text
    assert "Expires: " in text


def test_a_barrier_can_be_reported_without_an_account(visitor: Client, town: Town) -> None:
    response = visitor.post("/barrierefreiheit/", {"meldung": "Der Knopf ist zu klein.", "kontakt": ""})
    assert "angekommen" in response.content.decode()
    mail = Mail.objects.get()
    assert mail.recipient == town.contact["email"]
    assert "Der Knopf ist zu klein." in mail.body


def test_an_empty_report_is_refused_and_what_was_typed_stays(visitor: Client, town: Town) -> None:
    response = visitor.post("/barrierefreiheit/", {"meldung": " ", "kontakt": "mira@example.org"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "<title>Fehler:" in page
    assert "mira@example.org" in page
    assert not Mail.objects.exists()


def test_a_month_ends_on_the_last_day_if_the_next_is_shorter() -> None:
    assert one_month_after(date(2026, 1, 31)) == date(2026, 2, 28)
    assert one_month_after(date(2026, 12, 15)) == date(2027, 1, 15)


def test_a_form_without_its_cookie_explains_cookies(
    client_of: Callable[[Town], Client], hannover: Town
) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "hannover.localhost"})
    response = strict.post("/vorgang/", {"vorgang": "x", "code": "y"})
    assert response.status_code == 403
    assert "Cookie" in response.content.decode()


def test_a_body_beyond_the_limit_gets_the_page_that_says_the_limit(visitor: Client, town: Town) -> None:
    response = visitor.post("/vorgang/", {"vorgang": "x" * 1_100_000, "code": "y"})
    assert response.status_code == 413
    assert "1 MB" in response.content.decode()
