"""How many SQL statements a page and a submission cost, counted inside one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]


def count() -> dict[str, int]:
    """Statements per page turned (POST and the GET after it) and per submission, on an empty SQLite database.

    Counted by the tests that also hold the limits, so that both always mean the same.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "queries.json"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "tests/portal/test_query_limits.py",
            ],
            cwd=PROJECT_ROOT,
            env={
                **_environment(),
                "QUERY_REPORT": str(report),
                "DATA_DIR": folder,
                "SECRET_KEY": "only-for-tests",
            },
            check=True,
            stdout=subprocess.DEVNULL,
        )
        counted: dict[str, int] = json.loads(report.read_text())
        return counted


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DATA_DIR"}}
