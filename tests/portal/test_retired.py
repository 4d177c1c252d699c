"""A service that is offered no longer: its page says where to go, what was begun can be sent, machines are told."""

from __future__ import annotations

import pytest
from django.test import Client

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.service import retire
from rathaus.people.models import Role
from tests.office.staging import hire
from tests.portal.conftest import CONCERN, PERSON, Applicant

TEXTS = {
    "de": "Fragen Sie die Kammer.\nSie hilft.",
    "en": "Ask the chamber.",
    "de-simple": "Fragen Sie dort.",
}


@pytest.fixture
def retired(plain: ServiceVersion) -> ServiceVersion:
    """The plain service, offered no longer."""
    retire(
        plain.key,
        TEXTS,
        by=hire("Dora", Role.DESIGNER),
        reason="Zuständig",
        address="https://kammer.example/",
    )
    return plain


def test_the_page_of_a_retired_service_says_where_to_go(visitor: Client, retired: ServiceVersion) -> None:
    for address in ("/leistungen/plain/", "/leistungen/plain/antrag/"):
        answer = visitor.get(address)
        assert answer.status_code == 410
        page = answer.content.decode()
        assert "<p>Fragen Sie die Kammer.</p><p>Sie hilft.</p>" in page
        assert 'href="https://kammer.example/"' in page
        assert "Sie haben schon angefangen" not in page
    visitor.get("/sprache/", {"sprache": "en", "weiter": "/"})
    assert "Ask the chamber." in visitor.get("/leistungen/plain/").content.decode()


def test_it_is_neither_listed_nor_found_nor_begun(visitor: Client, retired: ServiceVersion) -> None:
    for address in ("/", "/leistungen/", "/suche/?q=plain", "/suche/?q=Probe"):
        assert "/leistungen/plain/" not in visitor.get(address).content.decode()
    assert visitor.post("/leistungen/plain/antrag/").status_code == 410


def test_a_service_that_never_was_is_not_found(visitor: Client) -> None:
    assert visitor.get("/leistungen/gibt-es-nicht/").status_code == 404
    assert visitor.get("/leistungen/gibt-es-nicht/antrag/").status_code == 404


def test_what_was_begun_is_listed_and_can_still_be_sent(applicant: Applicant, plain: ServiceVersion) -> None:
    applicant.send("person", PERSON)
    retire(plain.key, TEXTS, by=hire("Dora", Role.DESIGNER), reason="Zuständig")
    page = applicant.client.get("/leistungen/plain/").content.decode()
    assert "Sie haben schon angefangen" in page
    assert f'href="{applicant.base}"' in page
    applicant.send("anliegen", CONCERN)
    assert applicant.confirm().status_code == 302


def test_machines_are_told_where_to_go(visitor: Client, retired: ServiceVersion) -> None:
    answer = visitor.get("/api/v1/services/plain", headers={"Accept-Language": "en"})
    assert answer.status_code == 410
    assert answer.json()["detail"] in ("Ask the chamber.", "Fragen Sie die Kammer.\nSie hilft.")
