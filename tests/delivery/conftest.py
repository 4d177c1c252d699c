"""Handlers and providers that only these tests know, and a database that several threads can write to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from rathaus.delivery import registry


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = registry.handler_of("mail.send")
    unsent = registry.providers()["mail.send"]
    monkeypatch.setattr(registry, "_handlers", {"mail.send": mail})
    monkeypatch.setattr(registry, "_providers", {"mail.send": unsent})


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database with real locks between connections: SQLite in memory has none of those a file has."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory = connections["default"]
    file = tmp_path / "shared.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    name = connections.databases["default"]["NAME"]
    connections.databases["default"]["NAME"] = str(file)
    del connections["default"]
    yield
    connections["default"].close()
    connections.databases["default"]["NAME"] = name
    connections["default"] = in_memory
