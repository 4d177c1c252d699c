"""References and codes survive being read aloud, typed and misread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from rathaus.applications.codes import (
    ALPHABET,
    access_codes,
    code_hash,
    new_code,
    new_reference,
    normal_reference,
)


def test_a_reference_names_town_and_year() -> None:
    prefix, year, first, second = new_reference("HAN", 2026).split("-")
    assert (prefix, year) == ("HAN", "26")
    assert set(first + second) <= set(ALPHABET)
    assert len(first) == len(second) == 4


@pytest.mark.parametrize(
    "typed",
    [
        "HAN-26-7K3M-9Q1X",
        "han-26-7k3m-9q1x",
        " HAN 26 7K3M 9Q1X ",
        "HAN267K3M9Q1X",
        "HAN-26-7K3M-9QIX",
        "han-26-7k3m-9qlx",
    ],
)
def test_a_reference_is_found_however_it_is_typed(typed: str) -> None:
    assert normal_reference(typed) == "HAN-26-7K3M-9Q1X"


def test_a_prefix_keeps_the_letters_that_look_like_digits() -> None:
    assert normal_reference("oil-26-o000-0000") == "OIL-26-0000-0000"


@given(st.text())
def test_any_text_is_a_reference_or_nothing(text: str) -> None:
    normal = normal_reference(text)
    assert normal == "" or normal_reference(normal) == normal


def test_codes_differ_and_are_read_alike_however_typed() -> None:
    code = new_code()
    assert code != new_code()
    assert code_hash(code) == code_hash(code.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    assert code_hash(code) != code_hash(new_code())


def test_the_access_code_can_be_derived_again_and_differs_by_case_town_and_key(
    settings: Settings,
) -> None:
    code = next(access_codes("hannover", "HAN-26-7K3M-9Q2X"))
    assert code == next(access_codes("hannover", "HAN-26-7K3M-9Q2X"))
    assert code != next(access_codes("hannover", "HAN-26-7K3M-9Q2Y"))
    assert code != next(access_codes("ahrensfurt", "HAN-26-7K3M-9Q2X"))
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = [former]
    fresh, old = access_codes("hannover", "HAN-26-7K3M-9Q2X")
    assert fresh != code
    assert old == code
