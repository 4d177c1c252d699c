"""Whether processes grow with what they did: memory after half of the work and after all of it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.client import Browser
from bench.journeys import through_api, through_pages
from bench.measure import resident_megabytes
from tests.operations.answers import green_application
from tests.operations.installation import Installation, installation

SERVICE = "gewerbeanmeldung"
# Of twenty applications one comes through the pages (about thirty requests), the others through the API.
_ONE_IN = 20
_ROLES = ("web", "worker")


@dataclass(frozen=True)
class Growth:
    """Megabytes a process of each kind held after half of the work, and after all of it."""

    half: Mapping[str, float]
    whole: Mapping[str, float]

    def of(self, role: str) -> float:
        """What the second half left behind."""
        return self.whole[role] - self.half[role]


def soak(running: Installation, cases: int) -> Growth:
    """Send that many applications that decide themselves, one after the other, and see what they leave in memory.

    `running` has one web and one worker process.
    """
    half = _work_off(running, range(cases // 2))
    return Growth(half, _work_off(running, range(cases // 2, cases)))


def _work_off(running: Installation, numbers: range) -> dict[str, float]:
    browser = Browser(running.port)
    by_pages = through_pages(SERVICE, green_application)
    by_api = through_api(SERVICE, green_application)
    receipt: dict[str, Any] = {}
    for number in numbers:
        if number % _ONE_IN == 0:
            by_pages(browser, number)
        else:
            reference, code = by_api(browser, number)
            receipt = {"reference": reference, "access_code": code}
    running.wait_until_decided(receipt)  # the last one sent is the last one decided
    return {role: max(resident_megabytes(process) for process in running.processes(role)) for role in _ROLES}


def main() -> int:
    """Exit code 1 if a process grew by more than allowed."""
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--cases", type=int, default=4000, help="applications to send (default 4000)")
    parser.add_argument(
        "--limit", type=float, default=6.0, help="megabytes the second half may add (default 6)"
    )
    parser.add_argument("--database", default="", help="postgres://… of an empty database (default: SQLite)")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        installation(Path(name) / "data", options.database) as running,
    ):
        growth = soak(running, options.cases)
    for role in _ROLES:
        print(
            f"{role}: {growth.half[role]:.1f} MB after {options.cases // 2} cases, "
            f"{growth.whole[role]:.1f} MB after {options.cases}"
        )
    return 1 if any(growth.of(role) > options.limit for role in _ROLES) else 0


if __name__ == "__main__":
    raise SystemExit(main())
