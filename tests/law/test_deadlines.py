from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.law.deadlines import Court, Unit, deadline, remedy_period
from rathaus.law.holidays import LAENDER, HolidayCalendar
from rathaus.law.steps import TEXTS

NI = HolidayCalendar("NI")
DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
CALENDARS = st.sampled_from(LAENDER).map(HolidayCalendar)
UNITS = st.sampled_from(Unit)
AMOUNTS = st.integers(0, 40).filter(bool)


@pytest.mark.parametrize(
    ("received", "amount", "unit", "due"),
    [
        # Monday plus three calendar days
        (date(2026, 11, 23), 3, "days", date(2026, 11, 26)),
        # Wednesday plus three is Saturday: Monday
        (date(2026, 11, 25), 3, "days", date(2026, 11, 30)),
        # Tuesday 22 December plus three is Christmas Day, a Friday: Monday 28 December
        (date(2026, 12, 22), 3, "days", date(2026, 12, 28)),
        # three working days over Christmas: 23, 24 (no holiday), 28 December
        (date(2026, 12, 22), 3, "working_days", date(2026, 12, 28)),
        # two weeks end on the same day of the week
        (date(2026, 11, 23), 2, "weeks", date(2026, 12, 7)),
        # 31 January plus one month is the last of February, a Saturday in 2026: Monday 2 March
        (date(2026, 1, 31), 1, "months", date(2026, 3, 2)),
        # 31 January 2028 plus one month: 29 February 2028, a Tuesday
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        # one month over the turn of the year
        (date(2026, 12, 15), 1, "months", date(2027, 1, 15)),
        # 29 February plus one year: 28 February 2029, a Wednesday
        (date(2028, 2, 29), 1, "years", date(2029, 2, 28)),
        (date(2026, 11, 23), 0, "days", date(2026, 11, 23)),
    ],
)
def test_periods_end_as_the_civil_code_says(received: date, amount: int, unit: str, due: date) -> None:
    assert deadline(received, amount, unit, NI).due == due


def test_the_receipt_of_a_business_registration_is_confirmed_within_three_days() -> None:
    confirmation = deadline(date(2026, 11, 25), 3, Unit.DAYS, NI, "§ 15 Abs. 1 GewO")
    assert [(step.key, step.basis, step.day) for step in confirmation.steps] == [
        ("event", "§ 15 Abs. 1 GewO; § 187 Abs. 1 BGB", date(2026, 11, 25)),
        ("end_days", "§ 188 Abs. 1 BGB", date(2026, 11, 28)),
        ("rolled", "§ 31 Abs. 3 VwVfG, § 193 BGB", date(2026, 11, 30)),
    ]
    assert not confirmation.is_over(date(2026, 11, 30))
    assert confirmation.is_over(date(2026, 12, 1))


def test_the_steps_can_be_read_in_german_and_english() -> None:
    steps = deadline(date(2026, 1, 31), 1, "months", NI).steps
    assert [step.text() for step in steps] == [
        "Ereignis am 31.01.2026; dieser Tag zählt nicht mit.",
        "Dauer in Monaten: 1; Ende am letzten Tag des kürzeren Monats, dem 28.02.2026.",
        "Das Ende fällt auf einen Samstag, Sonntag oder Feiertag; es gilt der nächste Werktag: 02.03.2026.",
    ]
    assert steps[-1].text("en").endswith("the next working day counts: 2 March 2026.")
    assert steps[0].text("de-simple") == steps[0].text("de")


def test_the_holidays_of_the_land_decide() -> None:
    corpus_christi = date(2026, 6, 4)
    assert deadline(date(2026, 6, 1), 3, "days", NI).due == corpus_christi
    assert deadline(date(2026, 6, 1), 3, "days", HolidayCalendar("NW")).due == date(2026, 6, 5)


def test_a_remedy_is_possible_for_one_month() -> None:
    period = remedy_period(date(2026, 11, 23), NI)
    assert period.due == date(2026, 12, 23)
    assert period.steps[0].basis.startswith("§ 70 Abs. 1, § 74 Abs. 1 VwGO")


def test_without_instruction_a_remedy_is_possible_for_one_year() -> None:
    period = remedy_period(date(2026, 11, 23), NI, instructed=False)
    assert period.due == date(2027, 11, 23)
    assert period.steps[0].basis == "§ 58 Abs. 2 VwGO"


def test_social_law_has_its_own_code() -> None:
    assert "§ 84 Abs. 1" in remedy_period(date(2026, 11, 23), NI, court=Court.SOCIAL).steps[0].basis
    assert (
        "§ 66 Abs. 2 SGG"
        in remedy_period(date(2026, 11, 23), NI, instructed=False, court="SGG").steps[0].basis
    )


@pytest.mark.parametrize(("amount", "unit"), [(-1, "days"), (1, "fortnights")])
def test_impossible_periods_are_refused(amount: int, unit: str) -> None:
    with pytest.raises(ValueError, match=r"negative|fortnights"):
        deadline(date(2026, 1, 1), amount, unit, NI)


@given(DAYS, AMOUNTS, UNITS, CALENDARS)
def test_a_deadline_never_falls_on_a_free_day_nor_before_the_event(
    received: date, amount: int, unit: Unit, calendar: HolidayCalendar
) -> None:
    if unit is Unit.YEARS:
        amount = amount % 15 + 1
    found = deadline(received, amount, unit, calendar)
    assert calendar.is_working_day(found.due)
    assert found.due > received
    assert found.steps[-1].day == found.due
    assert [step.day for step in found.steps] == sorted(step.day for step in found.steps)


@given(
    DAYS, DAYS, AMOUNTS, st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS]), CALENDARS
)
def test_who_files_later_never_has_the_earlier_deadline(
    first: date, second: date, amount: int, unit: Unit, calendar: HolidayCalendar
) -> None:
    earlier, later = sorted([first, second])
    assert deadline(earlier, amount, unit, calendar).due <= deadline(later, amount, unit, calendar).due


@given(DAYS, AMOUNTS, st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS]), CALENDARS)
def test_a_longer_period_never_ends_earlier(
    received: date, amount: int, unit: Unit, calendar: HolidayCalendar
) -> None:
    assert (
        deadline(received, amount, unit, calendar).due <= deadline(received, amount + 1, unit, calendar).due
    )


@given(DAYS, CALENDARS)
def test_one_year_without_instruction_is_never_shorter_than_one_month(
    day: date, calendar: HolidayCalendar
) -> None:
    assert remedy_period(day, calendar).due < remedy_period(day, calendar, instructed=False).due


def test_every_step_has_its_text_in_both_languages() -> None:
    assert TEXTS["de"].keys() == TEXTS["en"].keys()
    for unit in Unit:
        for start in (date(2028, 2, 29), date(2028, 1, 31)):
            assert all(step.text("de") and step.text("en") for step in deadline(start, 1, unit, NI).steps)
