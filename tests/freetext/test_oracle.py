"""Against FITKO's machine-readable translations of the rules of the sample schemata."""

from __future__ import annotations

import sys

import pytest

from tests.freetext.oracle import judge, rows
from tests.standards.shared_data import needs_shared_data


@needs_shared_data
def test_the_oracles_effects_are_reproduced_and_none_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    verdict = judge()
    total = len(rows())
    share = len(verdict.reproduced) / total
    figures = (
        f"{len(verdict.reproduced)} of {total} effects reproduced ({share:.1%}), {len(verdict.wrong)} wrong, "
        f"{len(verdict.contradictory)} where the oracle contradicts itself, {len(verdict.open)} open:"
    )
    listed = [*(f"  open {name}" for name in verdict.open), *(f"  twice {n}" for n in verdict.contradictory)]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", figures, *listed, ""]))
    assert verdict.wrong == []
    assert len(verdict.contradictory) <= 2
    assert share >= 0.95
