"""Timers are counted as §§ 187, 188 BGB count periods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.processes.timers import TimerError, due_at, is_literal

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, 14, 30, tzinfo=BERLIN)


def local(value: object, start: datetime = START) -> datetime:
    return due_at(value, start, BERLIN).astimezone(BERLIN)


def test_a_period_in_days_ends_when_its_last_day_is_over() -> None:
    assert local("P14D") == datetime(2026, 3, 17, tzinfo=BERLIN)
    assert local("P2W") == local("P14D")


def test_a_month_ends_on_the_same_number_or_the_last_day() -> None:
    assert local("P1M", datetime(2026, 1, 31, 9, tzinfo=BERLIN)) == datetime(2026, 3, 1, tzinfo=BERLIN)
    assert local("P1Y", datetime(2028, 2, 29, 9, tzinfo=BERLIN)) == datetime(2029, 3, 1, tzinfo=BERLIN)


def test_a_date_is_over_at_midnight_in_the_town() -> None:
    assert local("2026-03-29") == datetime(2026, 3, 30, tzinfo=BERLIN)


def test_hours_run_on_the_absolute_clock_when_the_clocks_change() -> None:
    start = datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN)
    assert due_at("PT2H", start, BERLIN) - start == timedelta(hours=2)
    assert local("PT2H", start).hour == 3


def test_a_date_with_time_is_an_exact_moment() -> None:
    assert local("2026-03-29T12:00:00+00:00") == datetime(2026, 3, 29, 14, tzinfo=BERLIN)
    assert local("2026-03-29T12:00:00") == datetime(2026, 3, 29, 12, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "14D", "P1.5D", "R3/P1D", "tomorrow", "2026-02-30", "P101Y", 5, None]
)
def test_what_is_no_timer_is_refused(text: object) -> None:
    with pytest.raises(TimerError):
        due_at(text, START, BERLIN)


def test_only_dates_and_durations_are_literals() -> None:
    assert is_literal("P3D")
    assert is_literal("2026-01-01T10:00")
    assert not is_literal("facts.check.deadline")


@given(
    st.integers(0, 400),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_longer_periods_never_end_earlier(days: int, start: datetime) -> None:
    assert due_at(f"P{days}D", start, BERLIN) > start
    assert due_at(f"P{days + 1}D", start, BERLIN) > due_at(f"P{days}D", start, BERLIN)
