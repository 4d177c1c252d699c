from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.law.deadlines import remedy_period
from rathaus.law.holidays import HolidayCalendar
from rathaus.law.notices import Regime, notification

SENT = st.dates(date(2025, 1, 1), date(2080, 1, 1))
BY_FOURTH_DAY = [regime for regime in Regime if regime is not Regime.VWVFG_RETRIEVAL]


@pytest.mark.parametrize(
    ("regime", "basis"),
    [
        ("VwVfG 41(2)", "§ 41 Abs. 2 VwVfG"),
        ("OZG 9(1)", "§ 9 Abs. 1 OZG"),
        ("SGB X 37(2)", "§ 37 Abs. 2 SGB X"),
        ("SGB X 37(2a)", "§ 37 Abs. 2a SGB X"),
    ],
)
def test_a_decision_counts_as_notified_on_the_fourth_day(regime: str, basis: str) -> None:
    found = notification(regime, date(2026, 11, 23))
    assert found.on == date(2026, 11, 27)
    assert {step.basis for step in found.steps} == {basis}


def test_the_fourth_day_may_be_a_sunday_and_the_remedy_period_runs_from_it() -> None:
    found = notification(Regime.VWVFG_POST, date(2026, 11, 25))
    assert found.on == date(2026, 11, 29)
    assert remedy_period(found.on, HolidayCalendar("NI")).due == date(2026, 12, 29)


def test_proven_later_arrival_displaces_the_fiction() -> None:
    found = notification(Regime.VWVFG_POST, date(2026, 11, 23), arrived=date(2026, 12, 3))
    assert found.on == date(2026, 12, 3)
    assert found.steps[-1].key == "arrived_later"


def test_earlier_arrival_does_not_shorten_it() -> None:
    assert notification(Regime.VWVFG_POST, date(2026, 11, 23), arrived=date(2026, 11, 24)).on == date(
        2026, 11, 27
    )


def test_a_retrieved_decision_counts_as_notified_the_day_after() -> None:
    found = notification(Regime.VWVFG_RETRIEVAL, date(2026, 11, 23), retrieved=date(2026, 11, 23))
    assert found.on == date(2026, 11, 24)
    assert found.retrievable_until == date(2026, 12, 3)


def test_retrieval_on_the_tenth_day_is_in_time() -> None:
    found = notification(Regime.VWVFG_RETRIEVAL, date(2026, 11, 23), retrieved=date(2026, 12, 3))
    assert found.on == date(2026, 12, 4)


@pytest.mark.parametrize("late", [{"today": date(2026, 12, 4)}, {"retrieved": date(2026, 12, 4)}])
def test_unread_for_ten_days_is_not_notified(late: dict[str, date]) -> None:
    found = notification(Regime.VWVFG_RETRIEVAL, date(2026, 11, 23), **late)
    assert (found.on, found.lapsed) == (None, True)
    assert found.steps[-1].key == "retrieval_expired"


def test_before_the_tenth_day_is_over_retrieval_is_still_open() -> None:
    found = notification(Regime.VWVFG_RETRIEVAL, date(2026, 11, 23), today=date(2026, 12, 3))
    assert (found.on, found.lapsed) == (None, False)
    assert "03.12.2026" in found.steps[-1].text()


def test_retrieval_before_provision_is_refused() -> None:
    with pytest.raises(ValueError, match="before it was provided"):
        notification(Regime.VWVFG_RETRIEVAL, date(2026, 11, 23), retrieved=date(2026, 11, 22))


def test_what_was_sent_before_the_four_day_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="from 2025-01-01"):
        notification(Regime.VWVFG_POST, date(2024, 12, 31))


def test_an_unknown_regime_is_refused() -> None:
    with pytest.raises(ValueError, match="carrier pigeon"):
        notification("carrier pigeon", date(2026, 1, 1))


@given(st.sampled_from(BY_FOURTH_DAY), SENT, st.none() | st.integers(0, 60))
def test_nothing_is_notified_before_the_fourth_day(regime: Regime, sent: date, travel: int | None) -> None:
    arrived = None if travel is None else sent + timedelta(days=travel)
    found = notification(regime, sent, arrived=arrived)
    assert found.on == sent + timedelta(days=max(4, travel or 0))
    assert all(step.text("de") and step.text("en") for step in found.steps)
