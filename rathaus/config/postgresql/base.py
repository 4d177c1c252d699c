"""See the package's docstring."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool

__all__ = ["DatabaseWrapper"]


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections come from a pool that looks before it asks."""

    @property
    def pool(self) -> ConnectionPool[Any] | None:
        """Django's pool, with our check in place of one question to the server for each request: a quarter of all."""
        pool: ConnectionPool[Any] | None = super().pool
        if pool is not None:
            pool._check = check_connection  # Django always hands in its own
        return pool


def check_connection(connection: Connection[Any]) -> None:
    """Raise if the connection is lost.

    A server that ends, however it ends, closes its connections, and a closed one has its end to be read. Nobody speaks
    on one that lies in the pool: if there is nothing to read, it is as it was.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)
