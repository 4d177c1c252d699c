"""People of two towns, and browsers they use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from rathaus.people.models import Role, User
from rathaus.people.service import add_person
from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Town

PASSWORD = "ganz-geheime-worte"

Hire = Callable[..., User]


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def hire() -> Hire:
    """Add somebody to a town, with roles in its office `gewerbe`."""

    def add(town: Town, email: str, *roles: Role, office: str = "gewerbe") -> User:
        with acting_for(town):
            place = Office.objects.get(key=office)
            name = email.split("@", 1)[0].title()
            return add_person(
                email,
                first_name="Kim",
                last_name=name,
                password=PASSWORD,
                roles=[(place, role) for role in roles],
            )

    return add


def sign_in(client: Client, email: str, password: str = PASSWORD, follow: bool = False) -> int:
    """Sign in through the page; the status of the answer."""
    answer = client.post("/amt/anmelden/", {"login": email, "password": password}, follow=follow)
    return answer.status_code
