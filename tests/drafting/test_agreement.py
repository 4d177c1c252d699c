from __future__ import annotations

from pathlib import Path

import pytest

from tests.drafting.agreement import verdicts
from tests.drafting.schemata import VERSION_2, VERSION_3
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data


@pytest.mark.parametrize("path", [*VERSION_2, *VERSION_3], ids=lambda path: path.name.partition(".")[0])
def test_json_schema_and_engine_agree_on_random_answers(path: Path) -> None:
    found = verdicts(path, 40)
    assert found["both accept"]
    assert found["both refuse"]
