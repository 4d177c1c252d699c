"""`script/bench-forms`: what a page of a large form costs the server in CPU time, as JSON.

Measured by the tests that also hold the limits, so that both always mean the same: a form of 10 pages × 20 fields with
100 to 1,000 rules, and every page of the real forms in `../shared`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.operations.installation import PROJECT_ROOT

MEASUREMENTS = ["tests/portal/test_page_speed.py", "tests/forms/test_speed.py"]


def measure(database_url: str) -> dict[str, float]:
    """Milliseconds of CPU time by what was done, on one database (empty address: SQLite)."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "speed.json"
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DATA_DIR"}}
        database = {"DATABASE_URL": database_url} if database_url else {}
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *MEASUREMENTS],
            cwd=PROJECT_ROOT,
            env={
                **kept,
                **database,
                "SPEED_REPORT": str(report),
                "DATA_DIR": folder,
                "SECRET_KEY": "only-for-tests",
            },
            check=True,
            stdout=sys.stderr,
        )
        measured: dict[str, float] = json.loads(report.read_text())
        return measured


def main() -> int:
    """Print the report; a broken limit ends it with an error."""
    parser = argparse.ArgumentParser(prog="script/bench-forms", description=__doc__)
    parser.add_argument(
        "--postgres",
        default="postgres://postgres@127.0.0.1:5432/postgres",
        help="server on which a test database is made (empty: SQLite only)",
    )
    options = parser.parse_args()
    report: dict[str, Any] = {
        "unit": "milliseconds of CPU time of the server process",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "sqlite": measure(""),
    }
    if options.postgres:
        report["postgresql"] = measure(options.postgres)
    print(json.dumps(report, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
