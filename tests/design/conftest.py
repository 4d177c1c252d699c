"""A town with a published service, two designers, and a design begun from the service."""

from __future__ import annotations

import pytest

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import start_from_service
from rathaus.people.models import Role, User
from rathaus.people.service import add_person
from rathaus.towns.models import Office, Town


def designer(name: str) -> User:
    office = Office.objects.get(key="gewerbe")
    return add_person(
        f"{name.lower()}@hannover.example",
        first_name=name,
        last_name="Muster",
        roles=[(office, Role.DESIGNER)],
    )


@pytest.fixture
def anna(town: Town) -> User:
    return designer("Anna")


@pytest.fixture
def bernd(town: Town) -> User:
    return designer("Bernd")


@pytest.fixture
def design(published: ServiceVersion, anna: User) -> Design:
    """The Gewerbeanmeldung, being worked on."""
    return start_from_service(published, by=anna, reason="Fragen verständlicher machen")
