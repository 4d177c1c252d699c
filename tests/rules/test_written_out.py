"""The house's functions beside loops over entries."""

from __future__ import annotations

from datetime import date

import pytest

from rathaus.rules.expressions import BOOL, STRING, TIMESTAMP, Environment, ListOf, Record

PERSON = Record({"name": STRING, "born": TIMESTAMP, "new": BOOL}, "person")
RULES = Environment({"people": ListOf(PERSON), "name": STRING, "born": TIMESTAMP, "today": TIMESTAMP})
PEOPLE = [{"name": "Ada"}, {"name": "Mira"}]


@pytest.mark.parametrize(
    "rule",
    [
        "people.all(p, p.name in ['Mira']) || contains_any(name, ['gast'])",
        "people.all(p, p.name in ['Mira']) || folded(name) == 'gaststaette'",
        "people.all(p, p.name in ['Mira']) || years_between(born, today) == 36",
        "people.exists(p, p.name == 'Ada') && days_between(born, today) > 13000",
        "people.exists(p, contains_any(p.name, ['mir'])) && folded(name) == 'gaststaette'",
    ],
)
def test_functions_are_right_behind_a_loop_that_ends_early(rule: str) -> None:
    values = {
        "people": PEOPLE,
        "name": "Gaststätte",
        "born": date(1990, 4, 3),
        "today": date(2026, 11, 23),
    }
    assert RULES.compile(rule).evaluate(values) is True
