"""Conditions typed as rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from rathaus.building import (
    Answer,
    Condition,
    Group,
    Part,
    Row,
    RowFault,
    RowGroup,
    Rows,
    Today,
    read_rows,
    rows_of,
)
from tests.building.saying import ROOT, conditions
from tests.forms.building import TODAY


@settings(max_examples=300, deadline=None)
@given(conditions(ROOT))
def test_a_condition_comes_back_from_its_rows_as_it_was(condition: Condition) -> None:
    if condition.parts:
        assert read_rows(rows_of(condition, ROOT), ROOT, TODAY) == (condition, [])
        assert read_rows(rows_of(condition, ROOT, "en"), ROOT, TODAY, "en") == (condition, [])


def test_values_are_read_as_people_type_them() -> None:
    rows = Rows(
        "any",
        (
            Row("gehalt", "more", ("1.234,50",)),
            Row("zeitraum.beginn", "at_least", ("3.4.2026",)),
            Row("zeitraum.beginn", "less", other="zeitraum.ende"),
            Row("zeitraum.ende", "more", other="today"),
            Row("plaetze", "between", ("1", " 3 ")),
            Row("name", "words", ("gast", "", "gast", "imbiss")),
        ),
    )
    condition, faults = read_rows(rows, ROOT, TODAY)
    assert faults == []
    assert condition is not None
    said = [str(part.values[0]) for part in condition.parts if isinstance(part, Part)]
    assert said[:2] == ["1234.50", "2026-04-03"]
    assert condition.parts[2] == Part("zeitraum.beginn", "less", (Answer("zeitraum.ende"),))
    assert condition.parts[3] == Part("zeitraum.ende", "more", (Today(),))
    assert condition.parts[4] == Part("plaetze", "between", (1, 3))
    assert condition.parts[5] == Part("name", "words", ("gast", "imbiss"))


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (Row(), "field"),
        (Row("weg", "is", ("x",)), "field"),
        (Row("name", "less", ("x",)), "comparison"),
        (Row("name", "is", (" ",)), "value"),
        (Row("plaetze", "is", ("viele",)), "number"),
        (Row("plaetze", "is", ("1,5",)), "number"),
        (Row("plaetze", "between", ("1",)), "value"),
        (Row("zeitraum.ende", "is", ("31.2.2026",)), "date"),
        (Row("zeitraum.ende", "days_ago_at_most", ("-3",)), "count"),
        (Row("rechtsform", "is", ("KG",)), "choice"),
        (Row("name", "is", other="plaetze"), "other"),
    ],
)
def test_each_row_that_cannot_be_meant_is_named(row: Row, what: str) -> None:
    rows = Rows("all", (Row("neu", "yes"), RowGroup("any", (Row("neu", "no"), row))))
    assert read_rows(rows, ROOT, TODAY) == (None, [RowFault("1.1", what)])


def test_a_group_about_entries_asks_only_the_entries() -> None:
    group = RowGroup("all", (Row("person.vollmacht", "yes"),), "every", "person")
    assert read_rows(Rows("all", (group,)), ROOT, TODAY)[0] == Condition(
        "all", (Group("all", (Part("person.vollmacht", "yes"),), "every", "person"),)
    )
    outside = RowGroup("all", (Row("neu", "yes"),), "every", "person")
    assert read_rows(Rows("all", (outside,)), ROOT, TODAY)[1] == [RowFault("0.0", "field")]
    no_list = RowGroup("all", (Row("zeitraum.ende", "filled"),), "every", "zeitraum")
    assert read_rows(Rows("all", (no_list,)), ROOT, TODAY)[1] == [RowFault("0", "entries")]


def test_rows_and_groups_come_and_go() -> None:
    rows = Rows("all", (Row("neu", "yes"),)).with_row().with_group()
    assert rows.items == (Row("neu", "yes"), Row(), RowGroup("any", (Row(), Row())))
    assert rows.with_row(2).items[2] == RowGroup("any", (Row(), Row(), Row()))
    assert rows.without("2.1").without("2.0").items == (Row("neu", "yes"), Row())
    assert rows.without("0").items[0] == Row()
    assert rows.without("9") == rows.without("x") == rows
