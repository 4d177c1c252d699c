"""Cases as they come in, people who work on them, and browsers of signed-in people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.people.models import Role, User
from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Town
from tests.office.staging import PERSON, case_of, hire

Receive = Callable[..., Case]
Browse = Callable[..., Client]


@pytest.fixture
def receive(published: ServiceVersion) -> Receive:
    """A case from one of the package's examples, moved as far as machines can."""

    def one(name: str = PERSON, *, moved: bool = True) -> Case:
        return case_of(published, name, moved=moved)

    return one


@pytest.fixture
def anna(town: Town) -> User:
    """A case worker."""
    return hire("Anna", Role.CASE_WORKER)


@pytest.fixture
def bert(town: Town) -> User:
    """Another case worker of the same office."""
    return hire("Bert", Role.CASE_WORKER)


@pytest.fixture
def lena(town: Town) -> User:
    """The team lead."""
    return hire("Lena", Role.TEAM_LEAD)


@pytest.fixture
def otto(town: Town) -> User:
    """A case worker of another office."""
    other = Office.objects.create(key="bau", name="Bauordnung", short_name="Bauordnung")
    return hire("Otto", Role.CASE_WORKER, other)


@pytest.fixture
def admin(town: Town) -> User:
    """Manages people, reads no cases."""
    return hire("Admin", Role.ADMINISTRATOR)


@pytest.fixture
def stranger(ahrensfurt: Town) -> User:
    """A case worker of another town."""
    with acting_for(ahrensfurt):
        return hire("Fritz", Role.CASE_WORKER)


@pytest.fixture
def browse(client_of: Callable[[Town], Client]) -> Browse:
    """The browser of somebody who is signed in."""

    def as_person(user: User) -> Client:
        client = client_of(user.town)
        with acting_for(user.town):
            client.force_login(user)
        return client

    return as_person
