from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.rules.functions import contains_any, days_between, folded, years_between

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2008-11-23", "2026-11-22", 17),
        ("2008-11-23", "2026-11-23", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2026-11-23", "2008-11-23", -18),
        ("2026-11-23", "2026-11-23", 0),
    ],
)
def test_years_are_completed_on_the_birthday(start: str, end: str, years: int) -> None:
    assert years_between(day(start), day(end)) == years


@given(MOMENTS, MOMENTS)
def test_counting_backwards_only_changes_the_sign(start: datetime, end: datetime) -> None:
    assert days_between(start, end) == -days_between(end, start)
    assert years_between(start, end) == -years_between(end, start)


@given(MOMENTS, st.integers(0, 20000))
def test_days_are_calendar_days(start: datetime, amount: int) -> None:
    assert days_between(start, start + timedelta(days=amount)) == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Café   Müller-Weiß ", "cafe mueller-weiss"),
        ("Mu\u0308ller", "mueller"),
        ("ŁÓDŹ Øre Ætna", "lodz ore aetna"),
        ("Ǣ ﬁ Ａ ẞ", "ae fi a ss"),
        ("", ""),
    ],
)
def test_text_is_folded_as_people_search_it(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Betrieb einer Gaststätte", ["gaststaett"], True),
        ("Taxiunternehmen", ["TAXI"], True),
        ("Syntaxprüfung", ["taxi"], False),
        ("Handel mit Waffen und Munition", ["waffen und mun"], True),
        ("Handel mit Waffen", [], False),
        ("Handel", ["", "  ", "-"], False),
        ("", ["handel"], False),
        ("Im-/Export (Gold)", ["gold"], True),
    ],
)
def test_words_are_found_by_their_beginning(text: str, words: list[str], found: bool) -> None:
    assert contains_any(text, words) is found
