"""A process does not grow with the number of requests and cases it served."""

from __future__ import annotations

from pathlib import Path

from tests.operations.installation import installation
from tests.operations.soaking import soak

# More than what the second half of a sound run adds (at most 2.3 MB measured), less than a leak of 60 KB a case.
LIMIT_MEGABYTES = 6.0


def test_neither_web_nor_worker_grows_with_the_number_of_cases(tmp_path: Path) -> None:
    with installation(tmp_path / "data", WEB_WORKERS="1", WORKERS="1") as running:
        growth = soak(running, 200)

    assert growth.of("web") < LIMIT_MEGABYTES, growth
    assert growth.of("worker") < LIMIT_MEGABYTES, growth
