"""Fixtures that most tests share: two towns, and the shipped services published in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from rathaus.audit.triggers import allow_changes, refuse_changes
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package, load_package
from rathaus.catalogue.packing import read_folder
from rathaus.catalogue.service import forget as forget_services
from rathaus.catalogue.service import publish
from rathaus.towns.context import acting_for
from rathaus.towns.demo import seed_towns
from rathaus.towns.models import Town
from rathaus.towns.service import forget

PROJECT_ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What SQLite makes impossible is not a test there, rather than one that is left out."""
    if connection.vendor == "sqlite":
        impossible = [item for item in items if item.get_closest_marker("side_by_side")]
        config.hook.pytest_deselected(items=impossible)
        items[:] = [item for item in items if item not in impossible]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test's rows are rolled back, so nothing read in one test may be remembered in the next."""
    forget()
    forget_services()
    yield
    forget()
    forget_services()


@pytest.fixture(autouse=True, scope="session")
def _test_databases_may_be_emptied() -> Iterator[None]:
    """Tests that commit for real empty every table afterwards, which the audit log's triggers would refuse."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_with_audit_log(self: Any, statements: Any) -> None:
        allow_changes(self.connection)
        flush(self, statements)
        refuse_changes(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_with_audit_log)
        yield


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


@cache
def package_in(folder: Path) -> Package:
    """The compiled package in a folder; read once per test process."""
    return load_package(read_folder(folder))


@pytest.fixture
def published(town: Town) -> ServiceVersion:
    """The Gewerbeanmeldung, live in Hannover."""
    return publish(package_in(PROJECT_ROOT / "services/gewerbeanmeldung"))


@pytest.fixture
def plain(town: Town) -> ServiceVersion:
    """The plain test service of two pages, live in Hannover."""
    return publish(package_in(PROJECT_ROOT / "tests/packages/plain"))


@pytest.fixture
def client_of() -> Callable[[Town], Client]:
    """A browser that visits the given town's own host."""

    def make(town: Town) -> Client:
        return Client(headers={"host": f"{town.slug}.localhost"})

    return make
