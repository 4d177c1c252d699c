"""Cases as they come in, people who work on them, and browsers of signed-in people."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from rathaus.applications.service import body_hash
from rathaus.cases.intake import accept
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import Worker
from rathaus.people.models import Role, User
from rathaus.people.service import add_person
from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Town

EXAMPLES = Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung/examples"
PERSON = "drittstaat-handwerk-ohne-karte"
GREEN = "einzelunternehmen-textilien"

Receive = Callable[..., Case]
Browse = Callable[..., Client]


@pytest.fixture
def receive(published: ServiceVersion) -> Receive:
    """A case from one of the package's examples, moved as far as machines can."""
    count = iter(range(1_000_000))

    def one(example: str = PERSON, *, moved: bool = True) -> Case:
        (file,) = EXAMPLES.glob(f"*-{example}.toml")
        answers = tomllib.loads(file.read_text(encoding="utf-8"))["answers"]
        answers["taetigkeit"]["beginn"] = (timezone.localdate() + timedelta(days=7)).isoformat()
        receipt = accept(
            version=published,
            answers=answers,
            language="de",
            channel="api",
            idempotency_key=f"test-{next(count)}",
            body_hash=body_hash(published.key, answers),
            identification={},
        )
        if moved:
            Worker().drain()
        case: Case = Case.objects.select_related("application").get(application__reference=receipt.reference)
        return case

    return one


@pytest.fixture
def office(town: Town) -> Office:
    found: Office = Office.objects.get(key="gewerbe")
    return found


@pytest.fixture
def other_office(town: Town) -> Office:
    found: Office = Office.objects.create(key="bau", name="Bauordnung", short_name="Bauordnung")
    return found


def _hire(first_name: str, office: Office, role: Role) -> User:
    return add_person(
        f"{first_name}@{office.town.slug}.example",
        first_name=first_name.title(),
        last_name="Beispiel",
        roles=[(office, role)],
    )


@pytest.fixture
def anna(office: Office) -> User:
    """A case worker."""
    return _hire("anna", office, Role.CASE_WORKER)


@pytest.fixture
def bert(office: Office) -> User:
    """Another case worker of the same office."""
    return _hire("bert", office, Role.CASE_WORKER)


@pytest.fixture
def lena(office: Office) -> User:
    """The team lead."""
    return _hire("lena", office, Role.TEAM_LEAD)


@pytest.fixture
def otto(other_office: Office) -> User:
    """A case worker of another office."""
    return _hire("otto", other_office, Role.CASE_WORKER)


@pytest.fixture
def admin(office: Office) -> User:
    """Manages people, reads no cases."""
    return _hire("admin", office, Role.ADMINISTRATOR)


@pytest.fixture
def stranger(ahrensfurt: Town) -> User:
    """A case worker of another town."""
    with acting_for(ahrensfurt):
        return _hire("fritz", Office.objects.get(key="gewerbe"), Role.CASE_WORKER)


@pytest.fixture
def browse(client_of: Callable[[Town], Client]) -> Browse:
    """The browser of somebody who is signed in."""

    def as_person(user: User) -> Client:
        client = client_of(user.town)
        with acting_for(user.town):
            client.force_login(user)
        return client

    return as_person
