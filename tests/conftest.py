"""Fixtures that most tests share: two towns, and the shipped services published in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from rathaus.towns.context import acting_for
from rathaus.towns.demo import seed_towns
from rathaus.towns.models import Town
from rathaus.towns.service import forget

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test's rows are rolled back, so nothing read in one test may be remembered in the next."""
    forget()
    yield
    forget()


@pytest.fixture
def towns(db: None) -> dict[str, Town]:
    return {town.slug: town for town in seed_towns()}


@pytest.fixture
def hannover(towns: dict[str, Town]) -> Town:
    return towns["hannover"]


@pytest.fixture
def ahrensfurt(towns: dict[str, Town]) -> Town:
    return towns["ahrensfurt"]


@pytest.fixture
def town(hannover: Town) -> Iterator[Town]:
    """Hannover, active for the whole test."""
    with acting_for(hannover):
        yield hannover


@pytest.fixture
def client_of() -> Callable[[Town], Client]:
    """A browser that visits the given town's own host."""

    def make(town: Town) -> Client:
        return Client(headers={"host": f"{town.slug}.localhost"})

    return make
