"""Figures of processes and databases: CPU time, memory, raw commits."""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time the processes have used so far; processes that are gone count nothing."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_megabytes(pid: int) -> float:
    """Memory the process holds now (VmRSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {pid} has no memory line")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Middle value."""
    return statistics.median(values)


def raw_commits_per_second(database_url: str, folder: Path, seconds: float) -> float:
    """One-row inserts, each committed durably, over one connection: what the database alone can do."""
    row = "x" * 2000  # about as large as an application
    if database_url:
        import psycopg

        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE raw_commit (id bigserial PRIMARY KEY, body text)")
            count, started = 0, time.perf_counter()
            while time.perf_counter() - started < seconds:
                connection.execute("INSERT INTO raw_commit (body) VALUES (%s)", (row,))
                count += 1
            rate = count / (time.perf_counter() - started)
            connection.execute("DROP TABLE raw_commit")
            return rate
    with sqlite3.connect(folder / "raw.sqlite3", isolation_level=None) as local:
        local.execute("PRAGMA journal_mode=WAL")
        local.execute("PRAGMA synchronous=FULL")
        local.execute("CREATE TABLE raw_commit (id integer PRIMARY KEY, body text)")
        count, started = 0, time.perf_counter()
        while time.perf_counter() - started < seconds:
            local.execute("INSERT INTO raw_commit (body) VALUES (?)", (row,))
            count += 1
        return count / (time.perf_counter() - started)


class CaseCounter:
    """Counts cases over a connection of its own, so that looking costs next to nothing."""

    def __init__(self, database_url: str, file: Path) -> None:
        self._connection: Any
        self._postgresql = bool(database_url)
        if database_url:
            import psycopg

            self._connection = psycopg.connect(database_url, autocommit=True)
        else:
            self._connection = sqlite3.connect(file, isolation_level=None, timeout=30)

    def _count(self, query: str) -> int:
        (number,) = self._connection.execute(query).fetchone()
        return int(number)

    def database_processes(self) -> list[int]:
        """PostgreSQL's processes that serve this database, if it runs on this machine; SQLite has none."""
        if not self._postgresql:
            return []
        query = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [int(pid) for (pid,) in self._connection.execute(query).fetchall()]

    def accepted(self) -> int:
        """Applications in the database."""
        return self._count("SELECT count(*) FROM applications_application")

    def decided(self) -> int:
        """Cases decided whose letter is written."""
        return self._count(
            "SELECT count(DISTINCT c.id) FROM cases_case c JOIN letters_letter l ON l.case_id = c.id "
            "WHERE c.decided_at IS NOT NULL AND l.produced_at IS NOT NULL"
        )
