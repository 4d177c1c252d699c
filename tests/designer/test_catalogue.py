"""Services of other towns in the workplace: seen, adopted, updated."""

from __future__ import annotations

import tomllib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import files_of, problems_in
from rathaus.people.models import Role, User
from rathaus.sharing.models import Adoption, Received, TrustedOrigin
from rathaus.sharing.service import offer, own_services, pack
from rathaus.towns.context import acting_for
from rathaus.towns.models import Setting, Town
from rathaus.towns.service import forget
from tests.designer.conftest import Browse
from tests.office.staging import hire

CATALOGUE = "/amt/leistungen/katalog/"


@pytest.fixture
def fritz(ahrensfurt: Town) -> User:
    """A designer of the other town."""
    with acting_for(ahrensfurt):
        return hire("Fritz", Role.DESIGNER)


@pytest.fixture
def neighbour(fritz: User, browse: Browse) -> Client:
    """Fritz's browser."""
    return browse(fritz)


def test_a_service_is_offered_and_withdrawn_by_a_switch(
    desk: Client, dora: User, published: ServiceVersion, neighbour: Client
) -> None:
    assert "nur für Sie" in desk.get(CATALOGUE).content.decode()
    assert "Gewerbe anmelden" not in neighbour.get(CATALOGUE).content.decode()
    answer = desk.post(CATALOGUE, {"anbieten": "gewerbeanmeldung"})
    assert answer["Location"] == f"{CATALOGUE}#angebot"
    mine = desk.get(CATALOGUE).content.decode()
    assert "wird angeboten" in mine
    assert str(dora) in mine
    theirs = neighbour.get(CATALOGUE).content.decode()
    assert "Gewerbe anmelden" in theirs
    assert "Landeshauptstadt Hannover" in theirs
    assert str(dora) not in theirs
    desk.post(CATALOGUE, {"zuruecknehmen": "gewerbeanmeldung"})
    assert "Gewerbe anmelden" not in neighbour.get(CATALOGUE).content.decode()


def test_a_service_of_another_town_cannot_be_switched(neighbour: Client, published: ServiceVersion) -> None:
    assert neighbour.post(CATALOGUE, {"anbieten": "gewerbeanmeldung"}).status_code == 404
    offer(published.key, by=None)
    neighbour.post(CATALOGUE, {"zuruecknehmen": "gewerbeanmeldung"})
    assert own_services()[0].offer is not None


def offer_of(published: ServiceVersion) -> str:
    """Where the other town adopts what Hannover offers."""
    offer(published.key, by=None)
    return f"{CATALOGUE}stadt/hannover/{published.key}/"


def test_a_service_is_adopted_with_the_offices_of_the_town(
    neighbour: Client, published: ServiceVersion, ahrensfurt: Town
) -> None:
    address = offer_of(published)
    assert f'href="{address}"' in neighbour.get(CATALOGUE).content.decode()
    page = neighbour.get(address).content.decode()
    assert "Landeshauptstadt Hannover" in page
    assert "§ 15 Abs. 1 GewO" in page
    assert "bieten Sie schon" not in page
    given = {
        "key": "gewerbe",
        "reason": "Bewährt",
        "stelle": "buergerservice",
        "bahn.sachbearbeitung": "gewerbe",
    }
    answer = neighbour.post(address, given)
    with acting_for(ahrensfurt):
        design = Design.objects.get()
        service = tomllib.loads(files_of(design)["service.toml"].decode())
        assert [problem for problem in problems_in(files_of(design))[1] if problem.level == "error"] == []
    assert answer["Location"] == f"/amt/leistungen/entwurf/{design.pk}/"
    assert (service["key"], service["office"]) == ("gewerbe", "buergerservice")
    assert service["lanes"] == {"sachbearbeitung": "gewerbe"}
    assert "schon übernommen" in neighbour.get(CATALOGUE).content.decode()


def test_without_an_office_nothing_is_adopted_and_what_was_typed_stays(
    neighbour: Client, published: ServiceVersion, ahrensfurt: Town
) -> None:
    given = {"key": "gewerbe", "reason": "Bewährt", "stelle": "", "bahn.sachbearbeitung": "gewerbe"}
    answer = neighbour.post(offer_of(published), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Wählen Sie eine Stelle Ihrer Stadt." in page
    assert 'value="Bewährt"' in page
    with acting_for(ahrensfurt):
        assert not Design.objects.exists()


def test_settings_that_the_town_has_not_decided_are_named(
    neighbour: Client, published: ServiceVersion, ahrensfurt: Town
) -> None:
    def state_of(key: str) -> str:
        page = neighbour.get(address).content.decode()
        return page[: page.index(f"<code>{key}</code>")].rpartition("<li>")[2]

    address = offer_of(published)
    assert "festgelegt" in state_of("gewerbeanmeldung.gebuehr")
    assert "freiwillig" in state_of("gewerbeanmeldung.gebuehr_gesellschaft")
    with acting_for(ahrensfurt):
        Setting.objects.filter(key="gewerbeanmeldung.gebuehr").delete()
    forget()
    assert "fehlt" in state_of("gewerbeanmeldung.gebuehr")
    assert "festgelegt" in state_of("court.administrative")


@pytest.fixture
def foreign(published: ServiceVersion, town: Town) -> bytes:
    """A file of a town that is not of this installation."""
    Town.objects.filter(pk=town.pk).update(slug="anderswo")
    town.slug = "anderswo"
    data = pack(published)
    Town.objects.filter(pk=town.pk).update(slug="hannover")
    town.slug = "hannover"
    return data


def upload(client: Client, data: bytes) -> str:
    """Upload a file; the address where it is adopted."""
    answer = client.post(f"{CATALOGUE}datei/", {"file": SimpleUploadedFile("x.rathaus", data)})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


GIVEN = {"key": "gewerbe", "reason": "Bewährt", "stelle": "gewerbe", "bahn.sachbearbeitung": "gewerbe"}


def test_a_file_of_an_unknown_town_is_adopted_once_its_fingerprint_was_compared(
    neighbour: Client, ahrensfurt: Town, foreign: bytes
) -> None:
    address = upload(neighbour, foreign)
    assert upload(neighbour, foreign) == address
    assert "noch nichts übernommen" in neighbour.get(address).content.decode()
    refused = neighbour.post(address, GIVEN)
    assert refused.status_code == 422
    assert "Vergleichen Sie den Fingerabdruck" in refused.content.decode()
    assert neighbour.post(address, {**GIVEN, "seal": "on"}).status_code == 302
    with acting_for(ahrensfurt):
        assert Adoption.objects.get().origin == "anderswo"
        assert not Received.objects.exists()
    again = upload(neighbour, foreign)
    assert "derselbe Schlüssel wie bisher" in neighbour.get(again).content.decode()
    assert neighbour.post(again, GIVEN).status_code == 302


def test_another_key_than_before_has_to_be_compared_again(
    neighbour: Client, ahrensfurt: Town, foreign: bytes
) -> None:
    with acting_for(ahrensfurt):
        TrustedOrigin.objects.create(origin="anderswo", fingerprint="0" * 64, confirmed_at=timezone.now())
    address = upload(neighbour, foreign)
    assert "mit einem anderen Schlüssel unterschrieben" in neighbour.get(address).content.decode()
    assert neighbour.post(address, GIVEN).status_code == 422
    assert neighbour.post(address, {**GIVEN, "seal": "on"}).status_code == 302


def test_a_file_that_is_damaged_or_not_wanted_is_not_kept(
    neighbour: Client, ahrensfurt: Town, foreign: bytes
) -> None:
    answer = neighbour.post(f"{CATALOGUE}datei/", {"file": SimpleUploadedFile("x.rathaus", b"no")})
    assert answer.status_code == 422
    assert "keine geteilte Leistung" in answer.content.decode()
    address = upload(neighbour, foreign)
    neighbour.post(address, {"verwerfen": "1"})
    assert neighbour.get(address).status_code == 404
    with acting_for(ahrensfurt):
        assert not Design.objects.exists()
