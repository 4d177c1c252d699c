"""Cells in plain words: what people type without code, and how a cell is shown to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rathaus.rules.cells import quoted, spoken, text_of, written
from rathaus.rules.decisions import read_decision
from rathaus.rules.expressions import BOOL, DOUBLE, DYN, INT, STRING, TIMESTAMP, Environment, ValueType

KINDS = (STRING, INT, DOUBLE, BOOL, TIMESTAMP, DYN)
PACKAGE = Path(__file__).parents[2] / "services" / "gewerbeanmeldung" / "decisions"


@pytest.mark.parametrize(
    ("typed", "kind", "meant"),
    [
        ("", STRING, "-"),
        (" – ", INT, "-"),
        ("EU, EK", STRING, "'EU', 'EK'"),
        ("Müller's", STRING, r"'Müller\'s'"),
        ("'a, b'", STRING, "'a, b'"),
        ("> 5", INT, "> 5"),
        ("1, 2", INT, "1, 2"),
        ("Ja", BOOL, "true"),
        ("ja", STRING, "'ja'"),
        (">= 1.3.2026", TIMESTAMP, ">= timestamp('2026-03-01T00:00:00Z')"),
        ("< 2026-03-01", TIMESTAMP, "< timestamp('2026-03-01T00:00:00Z')"),
        ("= value.startsWith('G')", STRING, "value.startsWith('G')"),
        ("gruen", DYN, "'gruen'"),
        ("7", DYN, "7"),
    ],
)
def test_what_is_typed_means_what_people_expect(typed: str, kind: ValueType, meant: str) -> None:
    assert written(typed, kind, condition=True) == meant


def test_a_result_is_one_text_with_its_commas() -> None:
    assert written("Nr. 1, 2 und 3", STRING, condition=False) == "'Nr. 1, 2 und 3'"
    assert spoken("'Nr. 1, 2 und 3'", STRING, condition=False) == "Nr. 1, 2 und 3"
    assert spoken("'a, b'", STRING, condition=True) == "'a, b'"
    assert spoken("size(answers.x)", INT, condition=False) == "=size(answers.x)"
    assert spoken("true", BOOL, condition=True) == "ja"


@settings(max_examples=200)
@given(st.text("ab,'\"\\\n=<>-jaÄ 1.", max_size=10), st.sampled_from(KINDS), st.booleans())
def test_a_text_is_shown_so_that_it_is_read_as_itself(text: str, kind: ValueType, condition: bool) -> None:
    cell = quoted(text)
    assert text_of(cell) == text
    assert written(spoken(cell, kind, condition=condition), kind, condition=condition) == cell


@settings(max_examples=200)
@given(st.text("ab,'\"\\\n=<>-jaÄ 1.", max_size=12), st.sampled_from(KINDS), st.booleans())
@example('""', STRING, False)
@example('=""', STRING, True)
def test_what_is_shown_is_read_as_the_same_cell(typed: str, kind: ValueType, condition: bool) -> None:
    cell = written(typed, kind, condition=condition)
    again = spoken(cell, kind, condition=condition)
    assert written(again, kind, condition=condition) == cell


@settings(max_examples=200)
@given(st.text("ab'\"\\\n ", max_size=8))
def test_quoting_is_the_rule_languages_own(text: str) -> None:
    assert Environment({}).compile(quoted(text), expects=None).evaluate({}) == text


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("*.dmn")), ids=lambda file: file.stem)
def test_every_cell_of_a_real_package_is_read_as_it_is_shown(file: Path) -> None:
    table = read_decision(file)
    for rule in table.rules:
        for cells, condition in ((rule.conditions, True), (rule.results, False)):
            for cell in cells:
                for kind in KINDS:
                    shown = spoken(cell.source, kind, condition=condition)
                    assert written(shown, kind, condition=condition) == cell.source
