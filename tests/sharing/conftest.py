"""A second town that adopts."""

from __future__ import annotations

import pytest

from rathaus.people.models import Role, User
from rathaus.people.service import add_person
from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Town


def designer(office: Office, name: str) -> User:
    return add_person(
        f"{name}@town.example", first_name=name, last_name="Muster", roles=[(office, Role.DESIGNER)]
    )


@pytest.fixture
def other(town: Town) -> Town:
    found: Town = Town.objects.create(
        slug="klein", ags="03999999", name="Klein", official_name="Stadt Klein", land=town.land
    )
    with acting_for(found):
        Office.objects.create(key="ordnung", name="Ordnungsamt", short_name="Ordnung")
    return found


@pytest.fixture
def anna(town: Town) -> User:
    """A designer of Hannover."""
    return designer(Office.objects.get(key="gewerbe"), "anna")
