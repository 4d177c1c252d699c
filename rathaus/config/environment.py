"""What the operator says by environment variables, read and checked in one place."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PROJECT_ROOT = Path(__file__).resolve().parents[2]


class BadEnvironmentError(ValueError):
    """A variable is set to something the installation cannot work with; the message says what to write instead."""


def data_dir() -> Path:
    """`DATA_DIR`: database, attachments, keys and logs of this installation (default `var/` in the project)."""
    directory = Path(os.environ.get("DATA_DIR") or PROJECT_ROOT / "var").resolve()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadEnvironmentError(f"DATA_DIR {directory} cannot be used: {error.strerror}") from error
    if not os.access(directory, os.W_OK):
        raise BadEnvironmentError(f"DATA_DIR {directory} cannot be written to")
    return directory


def number(name: str, default: int, *, lowest: int, highest: int) -> int:
    """A variable that is a whole number."""
    value = os.environ.get(name, "") or str(default)
    if not (value.isascii() and value.isdigit()) or not lowest <= int(value) <= highest:
        raise BadEnvironmentError(f"{name} must be a number from {lowest} to {highest}, not {value!r}")
    return int(value)


def flag(name: str, default: bool) -> bool:
    """A variable that is `1` or `0`."""
    value = os.environ.get(name, "")
    if value not in {"", "0", "1"}:
        raise BadEnvironmentError(f"{name} must be 0 or 1, not {value!r}")
    return default if value == "" else value == "1"


def secret_key() -> str:
    """`SECRET_KEY`, or the one generated into `DATA_DIR` on first start."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    file = data_dir() / "secret_key"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return file.read_text().strip()


def database() -> dict[str, Any]:
    """The Django database setting for `DATABASE_URL`: `postgres://…`, `sqlite:///…`, or SQLite under `DATA_DIR`."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("sqlite:///"):
        file = url.removeprefix("sqlite:///")
        if not file:
            raise BadEnvironmentError(
                "DATABASE_URL must name a file: sqlite:////var/lib/rathaus/rathaus.sqlite3"
            )
        return _sqlite(Path(file))
    if not url:
        return _sqlite(data_dir() / "rathaus.sqlite3")
    # Messages never repeat the address: it holds a password.
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise BadEnvironmentError(f"DATABASE_URL is no address: {error}") from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadEnvironmentError("DATABASE_URL must begin with postgres:// or sqlite:///")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise BadEnvironmentError("DATABASE_URL must end with the database's name: postgres://…/rathaus")
    return {
        "ENGINE": "rathaus.config.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
        # A pool: 488 against 178 POST/s per core in our measurement. Checked before use, so that a database
        # that was restarted does not surface as an error in the next request.
        "OPTIONS": {
            "connect_timeout": 5,
            **dict(parse_qsl(parts.query)),  # sslmode and the like
            # While the database is away a visitor waits at most `timeout` seconds for the page that says so. Without
            # a short `reconnect_timeout` the pool pauses ever longer, and would be blind to a database that is back.
            "pool": {"min_size": 1, "max_size": 8, "timeout": 4, "reconnect_timeout": 5},
        },
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "rathaus.config.sqlite",
        "NAME": str(file),
        # Said outright, because test runners in parallel know memory databases of Django's own engine name only.
        "TEST": {"NAME": ":memory:"},
        "OPTIONS": {
            # IMMEDIATE: writers queue up instead of failing when a read transaction turns into a write.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
