"""Schemata that nobody wrote carefully become packages all the same, and what is wrong with them is said."""

from __future__ import annotations

import random
from functools import cache

import pytest

from rathaus.catalogue.package import inspect_package
from rathaus.drafting import draft_from_document
from rathaus.standards.xdatenfelder.model import DataType, Field, FieldKind, Placement, Schema
from rathaus.standards.xdatenfelder.reader import read_schema
from rathaus.standards.xdatenfelder.writer import write_schema
from tests.drafting.mutation import mutated
from tests.drafting.schemata import TODAY, VERSION_3
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data


@cache
def schemata() -> list[Schema]:
    return [read_schema(path.read_bytes()) for path in VERSION_3]


@pytest.mark.parametrize("seed", range(45))
def test_a_carelessly_written_schema_becomes_a_package_that_passes_the_check(seed: int) -> None:
    chance = random.Random(seed)
    schema = mutated(chance.choice(schemata()), chance, chance.choice([0.02, 0.1, 0.3]))
    draft = draft_from_document(write_schema(schema), today=TODAY)
    package, problems = inspect_package(draft.files)
    assert package is not None
    assert [str(problem) for problem in problems if problem.level == "error"] == []
    if "examples/01-noetig.toml" not in draft.files:
        assert any(finding.code == "example.none" for finding in draft.findings)


def test_a_content_that_its_field_cannot_hold_is_left_out_and_named() -> None:
    field = Field("F1", "1.0.0", "Tag", "Tag", FieldKind.LOCKED, DataType.DATE, content="morgen")
    asked = Field("F2", "1.0.0", "Name", "Name", FieldKind.INPUT, DataType.TEXT)
    placements = (Placement(field, 1, 1), Placement(asked, 1, 1))
    draft = draft_from_document(
        write_schema(Schema("S1", "1.0.0", "Antrag", "Antrag", placements)), today=TODAY
    )
    (said,) = [str(finding) for finding in draft.findings if finding.code == "schema.content"]
    assert "„morgen“" in said
    assert "morgen" not in draft.files["schema.xdf.xml"].decode()
