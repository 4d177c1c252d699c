from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from rathaus.towns.context import NoTownActiveError, acting_for, current_town
from rathaus.towns.demo import seed_towns
from rathaus.towns.look import BadColourError, contrast
from rathaus.towns.models import Office, Setting, Town
from rathaus.towns.service import decide_setting, holiday_calendar, setting_on, settings_on, town_for_host

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_has_the_greatest_contrast_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@given(colours, colours)
def test_contrast_does_not_depend_on_the_order_and_stays_between_1_and_21(first: str, second: str) -> None:
    assert contrast(first, second) == contrast(second, first)
    assert 1 <= contrast(first, second) <= 21.000001


def test_a_colour_that_is_not_one_is_refused() -> None:
    with pytest.raises(BadColourError):
        contrast("red", "#ffffff")


def test_a_town_with_unreadable_colours_is_refused(hannover: Town) -> None:
    hannover.brand_colour = "#ffcc00"
    with pytest.raises(ValidationError, match="Kontrast"):
        hannover.full_clean()


def test_the_demo_towns_have_readable_colours(towns: dict[str, Town]) -> None:
    for town in towns.values():
        town.full_clean()


def test_seeding_twice_changes_nothing(towns: dict[str, Town]) -> None:
    with acting_for(towns["hannover"]):
        before = (Office.objects.count(), Setting.objects.count())
    seed_towns()
    with acting_for(towns["hannover"]):
        assert (Office.objects.count(), Setting.objects.count()) == before


def test_the_host_decides_the_town_whatever_its_case_and_port(towns: dict[str, Town]) -> None:
    assert town_for_host("HANNOVER.localhost:8000") == towns["hannover"]
    assert town_for_host("ahrensfurt.localhost") == towns["ahrensfurt"]
    assert town_for_host("elsewhere.example") is None


def test_asking_for_rows_without_a_town_is_an_error(towns: dict[str, Town]) -> None:
    with pytest.raises(NoTownActiveError):
        Office.objects.count()
    with pytest.raises(NoTownActiveError):
        current_town()


def test_towns_nest_and_come_back(towns: dict[str, Town]) -> None:
    with acting_for(towns["hannover"]):
        with acting_for(towns["ahrensfurt"]):
            assert current_town().slug == "ahrensfurt"
        assert current_town().slug == "hannover"


def test_a_setting_counts_from_its_day_on_and_the_earlier_one_stays_on_record(town: Town) -> None:
    decide_setting("example.fee", {"amount_cents": 3000}, valid_from=date(2025, 1, 1), source="by-law 2025")
    decide_setting("example.fee", {"amount_cents": 3500}, valid_from=date(2027, 1, 1), source="by-law 2027")
    assert "example.fee" not in settings_on(date(2024, 12, 31))
    assert settings_on(date(2026, 12, 31))["example.fee"] == {"amount_cents": 3000}
    assert settings_on(date(2027, 1, 1))["example.fee"] == {"amount_cents": 3500}
    setting = setting_on("example.fee", date(2027, 1, 1))
    assert setting is not None
    assert setting.source == "by-law 2027"


def test_one_towns_settings_do_not_count_in_another(towns: dict[str, Town]) -> None:
    fees = {}
    for slug, town in towns.items():
        with acting_for(town):
            fees[slug] = settings_on(date(2026, 6, 1))["gewerbeanmeldung.gebuehr"]["amount_cents"]
    assert fees["hannover"] != fees["ahrensfurt"]


def test_holidays_are_those_of_the_towns_land_and_its_own(town: Town) -> None:
    # Reformation Day is a public holiday in Niedersachsen (NFeiertagsG), Corpus Christi is not.
    assert not holiday_calendar().is_working_day(date(2026, 10, 31))
    assert holiday_calendar().is_working_day(date(2026, 6, 4))
    town.extra_holidays = ["2026-06-04"]
    assert not holiday_calendar().is_working_day(date(2026, 6, 4))
