"""Versions of one service: who published what and why, going back, cancelling a plan, offering it no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import live, retirement_of, scheduled
from rathaus.design.models import Design
from rathaus.design.service import change, newest, publish
from rathaus.editing import SetPageText
from rathaus.people.models import User
from tests.designer.conftest import address

PAGE = "/amt/leistungen/leistung/gewerbeanmeldung/"


def reword(design: Design, by: User, title: str) -> None:
    edit = SetPageText("beginn", "de", "title", title)
    change(design, edit, base_revision=newest(design).number, by=by, reason="Anders")


@pytest.fixture
def second(design: Design, dora: User) -> ServiceVersion:
    """The second version, live."""
    reword(design, dora, "Ab wann?")
    return publish(design, by=dora, reason="Kürzer gefragt")


def _text(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_version_says_since_when_by_whom_and_why(
    desk: Client, design: Design, second: ServiceVersion
) -> None:
    page = _text(desk, PAGE)
    assert "Kürzer gefragt" in page
    assert "Dora" in page
    assert "nicht festgehalten" in page  # the first came by the command line
    assert f'href="{address(design)}"' in page
    assert page.index("Kürzer gefragt") < page.index("nicht festgehalten")


def test_the_list_and_every_design_lead_to_the_versions(desk: Client, design: Design) -> None:
    for start in ("/amt/leistungen/", address(design), address(design, "unterschiede/")):
        assert f'href="{PAGE}"' in _text(desk, start)


def test_a_service_that_never_was_has_no_page(desk: Client) -> None:
    assert desk.get("/amt/leistungen/leistung/gibt-es-nicht/").status_code == 404
    assert desk.get(f"{PAGE}7/").status_code == 404


def test_going_back_shows_what_would_differ_and_needs_a_reason(desk: Client, second: ServiceVersion) -> None:
    page = _text(desk, f"{PAGE}1/")
    assert "Seite „Ab wann?“: Überschrift umformuliert" in page
    assert desk.post(f"{PAGE}1/", {"grund": " "}).status_code == 422
    assert desk.post(f"{PAGE}1/", {"grund": "War verständlicher"}).status_code == 302
    version = live("gewerbeanmeldung")
    assert version is not None
    assert version.number == 3
    page = _text(desk, PAGE)
    assert "War verständlicher" in page
    assert "zurück zu Version 1" in page
    refused = desk.post(f"{PAGE}1/", {"grund": "Noch einmal"})
    assert refused.status_code == 422
    assert "schon live" in refused.content.decode()


def test_a_planned_version_is_cancelled_with_a_reason(desk: Client, design: Design, dora: User) -> None:
    reword(design, dora, "Ab wann?")
    publish(design, by=dora, reason="Zum Jahr", live_from=timezone.now() + timedelta(days=9))
    assert "geplant" in _text(desk, PAGE)
    assert desk.post(f"{PAGE}2/", {"grund": ""}).status_code == 422
    desk.post(f"{PAGE}2/", {"grund": "Doch nicht"})
    assert scheduled("gewerbeanmeldung") == []
    page = _text(desk, PAGE)
    assert "abgesagt" in page
    refused = desk.post(f"{PAGE}2/", {"grund": "Doch"})  # never was live: not to go back to
    assert refused.status_code == 422


def test_a_service_is_retired_with_texts_in_all_languages(desk: Client, published: ServiceVersion) -> None:
    typed = {"text.de": "", "text.en": "Go to the chamber.", "grund": "Zuständig ist die Kammer"}
    refused = desk.post(PAGE, typed)
    assert refused.status_code == 422
    assert "Go to the chamber." in refused.content.decode()  # nothing typed is lost
    assert "wohin sich die Leute" in refused.content.decode()
    assert desk.post(PAGE, {**typed, "text.de": "Zur Kammer.", "grund": ""}).status_code == 422
    for odd in ("javascript:alert(1)", "//anderswo.example", "/" + "a" * 200):
        assert desk.post(PAGE, {**typed, "text.de": "Zur Kammer.", "adresse": odd}).status_code == 422
    done = desk.post(PAGE, {**typed, "text.de": "Zur Kammer.", "adresse": "https://kammer.example/"})
    assert done.status_code == 302
    retirement = retirement_of("gewerbeanmeldung")
    assert retirement is not None
    assert retirement.text == {"de": "Zur Kammer.", "en": "Go to the chamber."}
    page = _text(desk, PAGE)
    assert "Zuständig ist die Kammer" in page
    assert "Das bieten Sie zurzeit nicht an" in _text(desk, "/amt/leistungen/")
    again = desk.post(PAGE, {**typed, "text.de": "Zur Kammer."})
    assert again.status_code == 422
    assert "wird zurzeit nicht angeboten" in again.content.decode()


def test_going_back_to_a_version_offers_a_retired_service_again(
    desk: Client, published: ServiceVersion
) -> None:
    desk.post(PAGE, {"text.de": "Zur Kammer.", "grund": "Versehen"})
    assert live("gewerbeanmeldung") is None
    desk.post(f"{PAGE}1/", {"grund": "Es war ein Versehen"})
    version = live("gewerbeanmeldung")
    assert version is not None
    assert version.number == 2
    assert retirement_of("gewerbeanmeldung") is None
