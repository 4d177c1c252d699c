"""Services of other towns in the workplace: seen, adopted, updated."""

from __future__ import annotations

import pytest
from django.test import Client

from rathaus.catalogue.models import ServiceVersion
from rathaus.people.models import Role, User
from rathaus.sharing.service import offer, own_services
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
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
