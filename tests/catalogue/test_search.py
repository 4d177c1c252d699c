from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.catalogue.search import Entry, Index

INDEX = Index(
    [
        Entry(
            "gewerbeanmeldung",
            ((1.0, "Gewerbe anmelden"), (0.95, "Laden eröffnen"), (0.95, "selbständig machen")),
        ),
        Entry("wohngeld", ((1.0, "Wohngeld beantragen"), (0.95, "Zuschuss zur Miete"))),
        Entry("elterngeld", ((1.0, "Elterngeld beantragen"), (0.95, "Geld nach der Geburt"))),
        Entry("baugenehmigung", ((1.0, "Baugenehmigung beantragen"), (0.95, "Haus bauen"), (0.95, "Garage"))),
    ]
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Laden aufmachen", "gewerbeanmeldung"),
        ("gewerbe", "gewerbeanmeldung"),
        ("Gewerbeanmeldung", "gewerbeanmeldung"),
        ("ich will mich selbstständig machen", "gewerbeanmeldung"),
        ("GEWERBE ANMELDEN", "gewerbeanmeldung"),
        ("Mietzuschuss", "wohngeld"),
        ("Wohngeldantrag", "wohngeld"),
        ("ein Haus bauen", "baugenehmigung"),
        ("Baugenemigung", "baugenehmigung"),
    ],
)
def test_everyday_words_find_the_service(query: str, expected: str) -> None:
    assert INDEX.find(query)[0] == expected


@pytest.mark.parametrize("query", ["", "   ", "der die das", "xyzzy", "?!"])
def test_words_that_fit_nothing_find_nothing(query: str) -> None:
    assert list(INDEX.find(query)) == []


@given(st.text(max_size=200))
def test_whatever_people_type_the_search_answers(query: str) -> None:
    assert set(INDEX.find(query)) <= {"gewerbeanmeldung", "wohngeld", "elterngeld", "baugenehmigung"}
