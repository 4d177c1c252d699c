"""Designers, their browsers, and a design they work on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design
from rathaus.design.service import start_from_service
from rathaus.people.models import Role, User
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.office.staging import hire

Browse = Callable[[User], Client]


@pytest.fixture
def dora(town: Town) -> User:
    """A designer."""
    return hire("Dora", Role.DESIGNER)


@pytest.fixture
def emil(town: Town) -> User:
    """Another designer."""
    return hire("Emil", Role.DESIGNER)


@pytest.fixture
def browse(client_of: Callable[[Town], Client]) -> Browse:
    """The browser of somebody who is signed in."""

    def as_person(user: User) -> Client:
        client = client_of(user.town)
        with acting_for(user.town):
            client.force_login(user)
        return client

    return as_person


@pytest.fixture
def design(published: ServiceVersion, dora: User) -> Design:
    """The Gewerbeanmeldung, being worked on."""
    return start_from_service(published, by=dora, reason="Fragen verständlicher machen")


@pytest.fixture
def desk(dora: User, browse: Browse) -> Client:
    """Dora's browser."""
    return browse(dora)


def address(design: Design, rest: str = "") -> str:
    """An address of a design."""
    return f"/amt/leistungen/entwurf/{design.pk}/{rest}"
