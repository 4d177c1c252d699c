"""A small business registration that the tests of the rule language speak about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rathaus.rules.expressions import (
    BOOL,
    DOUBLE,
    INT,
    MAP,
    STRING,
    TIMESTAMP,
    Environment,
    ListOf,
    MapOf,
    Record,
    ValueType,
)

ADDRESS = Record({"plz": STRING, "ort": STRING}, "anschrift")
OWNER = Record(
    {
        "vorname": STRING,
        "geburtsdatum": TIMESTAMP,
        "anteil": DOUBLE,
        "kinder": INT,
        "haftet": BOOL,
        "sprachen": ListOf(STRING),
        "termine": ListOf(TIMESTAMP),
        "anschrift": ADDRESS,
    },
    "inhaber",
)
FIELDS: dict[str, ValueType] = {
    "rechtsform": STRING,
    "mitarbeiter": INT,
    "kapital": DOUBLE,
    "beginn": TIMESTAMP,
    "inhaber": ListOf(OWNER),
    "vertreter": OWNER,
}
ENVIRONMENT = Environment(
    {
        **FIELDS,
        "answers": Record(FIELDS, "answers"),
        "self": OWNER,
        "facts": MAP,
        "tage": MapOf(TIMESTAMP),
        "today": TIMESTAMP,
    }
)
ADA = {
    "vorname": "Ada",
    "geburtsdatum": "2000-02-29",
    "anteil": "50.50",
    "kinder": 2,
    "haftet": True,
    "sprachen": ["de", "en"],
    "termine": ["2026-01-01"],
    "anschrift": {"plz": "30159", "ort": "Hannover"},
}
ANSWERS = {"rechtsform": "OHG", "kapital": "1234.50", "inhaber": [ADA, {"vorname": "Bo"}]}
VALUES: dict[str, object] = {
    **ANSWERS,
    "answers": ANSWERS,
    "self": ADA,
    "facts": {
        "gebuehr": {
            "betrag": 2600,
            "ab": date(2026, 1, 1),
            "tage": [date(2026, 1, 2)],
            "satz": Decimal("0.5"),
        }
    },
    "tage": {"ostern": date(2026, 4, 5)},
    "today": date(2026, 11, 23),
}


def result(source: str, values: dict[str, object] | None = None) -> Any:
    return ENVIRONMENT.compile(source, None).evaluate(VALUES if values is None else values)
