from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.law.holidays import LAENDER, HolidayCalendar

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
CALENDARS = st.sampled_from(LAENDER).map(HolidayCalendar)


@pytest.mark.parametrize(
    ("land", "day", "name"),
    [
        ("NI", date(2026, 10, 31), "Reformationstag"),
        ("NW", date(2026, 10, 31), None),
        ("NW", date(2026, 6, 4), "Fronleichnam"),
        ("NI", date(2026, 6, 4), None),
        ("BY", date(2026, 1, 6), "Heilige Drei Könige"),
        ("BE", date(2026, 3, 8), "Frauentag"),
        ("SN", date(2026, 11, 18), "Buß- und Bettag"),
        ("HH", date(2026, 12, 24), None),
    ],
)
def test_each_land_has_its_own_holidays(land: str, day: date, name: str | None) -> None:
    assert HolidayCalendar(land).holiday_name(day) == name


def test_nine_holidays_apply_everywhere() -> None:
    everywhere = [date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14)]
    everywhere += [date(2026, 5, 25), date(2026, 10, 3), date(2026, 12, 25), date(2026, 12, 26)]
    assert all(HolidayCalendar(land).holiday_name(day) for land in LAENDER for day in everywhere)


def test_a_town_can_add_a_holiday_of_its_own() -> None:
    peace_festival = date(2025, 8, 8)
    assert HolidayCalendar("BY").is_working_day(peace_festival)
    assert not HolidayCalendar("BY", extra=[peace_festival]).is_working_day(peace_festival)


def test_saturdays_and_sundays_are_not_working_days() -> None:
    calendar = HolidayCalendar("NI")
    assert [calendar.is_working_day(date(2026, 11, 20) + timedelta(days=n)) for n in range(4)] == [
        *(True, False, False, True)
    ]


def test_an_unknown_land_is_refused() -> None:
    with pytest.raises(ValueError, match="'XX' is not a German Land"):
        HolidayCalendar("XX")


def test_years_without_known_holidays_are_refused() -> None:
    with pytest.raises(ValueError, match="not for 2101"):
        HolidayCalendar("NI").is_working_day(date(2101, 5, 3))


@given(CALENDARS, DAYS)
def test_rolling_ends_on_the_first_working_day_not_before(calendar: HolidayCalendar, day: date) -> None:
    rolled = calendar.roll_to_working_day(day)
    assert calendar.is_working_day(rolled)
    between = [day + timedelta(days=n) for n in range((rolled - day).days)]
    assert not any(calendar.is_working_day(passed) for passed in between)


@given(CALENDARS, DAYS, st.integers(1, 30))
def test_working_days_are_counted_one_by_one(calendar: HolidayCalendar, day: date, amount: int) -> None:
    end = calendar.after_working_days(day, amount)
    passed = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(calendar.is_working_day(each) for each in passed) == amount
    assert calendar.is_working_day(end)
