"""See the package's docstring. Replacing the module has to happen before Django's backend imports it."""

from __future__ import annotations

import sys

import pysqlite3
import pysqlite3.dbapi2

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from django.db.backends.sqlite3.base import DatabaseWrapper  # noqa: E402 - only after the replacement above

__all__ = ["DatabaseWrapper"]
