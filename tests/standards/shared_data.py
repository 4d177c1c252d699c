"""Where the real files of the public standards lie: beside the project, read in place, never copied."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"

needs_shared_data = pytest.mark.skipif(
    not SHARED_DATA.is_dir(),
    reason="the folder shared/data with real files of the standards is not beside the project",
)


def real_files(pattern: str) -> list[Path]:
    return sorted(SHARED_DATA.glob(pattern))
