"""Conditions are joined and taken apart as text, and mean what they say."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.drafting.joining import (
    holds_alternative,
    limits_in,
    unwrapped,
    with_alternative,
    with_limits,
    without_alternative,
)
from rathaus.rules.expressions import BOOL, STRING, Environment

ENVIRONMENT = Environment({"a": BOOL, "b": BOOL, "c": BOOL, "t": STRING})
ATOMS = ("a", "b", "c", "!a", 't == "x || (y"', "t == 'it\\'s && so'")
conditions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("({}) || ({})".format, inner, inner),
        st.builds("({}) && ({})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("(({}) ? ({}) : ({}))".format, inner, inner, inner),
        st.builds("a || {}".format, st.sampled_from(ATOMS)),
        st.builds("a && {}".format, st.sampled_from(ATOMS)),
        st.builds("a ? b : {}".format, st.sampled_from(ATOMS)),
    ),
    max_leaves=4,
).filter(lambda condition: "? b : " not in condition[6:])


def table(condition: str) -> list[bool]:
    """What a condition gives for everything that can be answered."""
    rule = ENVIRONMENT.compile(condition, BOOL)
    states = product((True, False), (True, False), (True, False), ("x || (y", "it's && so", ""))
    return [bool(rule.evaluate(dict(zip("abct", state, strict=True)))) for state in states]


@given(conditions, conditions)
def test_an_alternative_makes_true_what_either_makes_true(base: str, part: str) -> None:
    both = zip(table(base), table(part), strict=True)
    assert table(with_alternative(base, part)) == [one or other for one, other in both]


@given(conditions, conditions)
def test_an_alternative_is_taken_back_to_the_condition_before(base: str, part: str) -> None:
    if holds_alternative(base, part):
        assert with_alternative(base, part) == base
    else:
        assert unwrapped(without_alternative(with_alternative(base, part), part)) == unwrapped(base)


@given(conditions, conditions)
def test_a_limit_makes_false_what_fails_it_and_is_taken_back(base: str, part: str) -> None:
    limit = f"!({part})"
    limited = with_limits(base, [limit])
    assert table(limited) == [one and not other for one, other in zip(table(base), table(part), strict=True)]
    rest, limits = limits_in(limited, {limit})
    assert limit in limits
    if limits_in(base, {limit})[1] == []:
        assert unwrapped(rest) == unwrapped(base)


@pytest.mark.parametrize(
    ("base", "part", "joined"),
    [
        ("", "a", "a"),
        ("", "a || b", "(a || b)"),
        ("a", "b", "a || b"),
        ("a && b", "c", "(a && b) || c"),
        ("a || b", "a && c", "a || b || (a && c)"),
        ("a ? b : c", "b", "(a ? b : c) || b"),
        ("a // why", "b", "a // why\n|| b"),
        ("a || (b)", "b", "a || (b)"),
    ],
)
def test_joined_conditions_read_well(base: str, part: str, joined: str) -> None:
    assert with_alternative(base, part) == joined
    if base and joined != base:
        assert without_alternative(joined, part) == base


def test_limits_are_told_from_what_a_person_wrote_in_the_same_way() -> None:
    assert limits_in("(a || b) && !(c) && !(a)", {"!(c)"}) == ("(a || b) && !(a)", ["!(c)"])
    assert limits_in("!(c)", {"!(c)"}) == ("", ["!(c)"])
    assert limits_in("a || b && !(c)", {"!(c)"}) == ("a || b && !(c)", [])
