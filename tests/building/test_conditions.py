"""Conditions as rows, as CEL, and read out: three forms of the same thing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from rathaus.building import Answer, Condition, Group, Part, Today, Vocabulary, from_cel, sentence, to_cel
from rathaus.rules.expressions import RuleError
from tests.building.saying import PERSON, ROOT, TREE, answers, conditions, evaluated, means
from tests.forms.building import a_field, a_group, a_tree

GMBH = Part("rechtsform", "is", ("GMBH",))


@settings(max_examples=400, deadline=None)
@given(conditions(ROOT))
def test_a_condition_comes_back_from_its_rule_as_it_was(condition: Condition) -> None:
    assert from_cel(to_cel(condition, ROOT), ROOT) == condition


@settings(max_examples=150, deadline=None)
@given(conditions(PERSON))
def test_a_condition_about_an_entry_comes_back_from_its_rule_as_it_was(condition: Condition) -> None:
    assert from_cel(to_cel(condition, PERSON), PERSON) == condition


@settings(max_examples=300, deadline=None)
@given(conditions(ROOT), answers())
def test_a_rule_says_of_any_answers_what_its_condition_means(
    condition: Condition, given_answers: dict[str, Any]
) -> None:
    assert evaluated(to_cel(condition, ROOT), given_answers) == means(condition, given_answers)


@settings(max_examples=100, deadline=None)
@given(conditions(PERSON), answers(), answers(PERSON.reach))
def test_a_rule_about_an_entry_says_what_its_condition_means(
    condition: Condition, given_answers: dict[str, Any], entry: dict[str, Any]
) -> None:
    assert evaluated(to_cel(condition, PERSON), given_answers, entry) == means(
        condition, given_answers, entry
    )


@settings(max_examples=200, deadline=None)
@given(conditions(ROOT))
def test_every_condition_can_be_read_out_in_both_languages(condition: Condition) -> None:
    for said in (sentence(condition, ROOT, "de"), sentence(condition, ROOT, "en")):
        assert said.endswith(".")
        assert "{" not in said


WRITTEN_BY_HAND: list[tuple[str, Part | Group]] = [
    ("rechtsform == 'GMBH'", GMBH),
    ("'GMBH' == rechtsform", GMBH),
    ('answers.rechtsform == "GMBH"', GMBH),
    ("rechtsform != ''", Part("rechtsform", "filled")),
    ("rechtsform == ''", Part("rechtsform", "empty")),
    ("!(rechtsform == 'GMBH')", Part("rechtsform", "is_not", ("GMBH",))),
    ("!(rechtsform in ['AG', 'EU'])", Part("rechtsform", "not_one_of", ("AG", "EU"))),
    ("neu == true", Part("neu", "yes")),
    ("!neu", Part("neu", "not_yes")),
    ("has(answers.neu) && !neu", Part("neu", "no")),
    ("has(nachweis.id)", Part("nachweis", "filled")),
    ("plaetze > 5", Part("plaetze", "more", (5,))),
    ("5 < plaetze", Part("plaetze", "more", (5,))),
    ("plaetze != 3", Part("plaetze", "is_not", (3,))),
    ("has(answers.plaetze) && plaetze < 5", Part("plaetze", "less", (5,))),
    ("gehalt >= 10.50", Part("gehalt", "at_least", (Decimal("10.5"),))),
    ("has(zeitraum.beginn) && zeitraum.beginn <= today", Part("zeitraum.beginn", "at_most", (Today(),))),
    (
        'has(zeitraum.ende) && zeitraum.ende == timestamp("2026-12-24T00:00:00Z")',
        Part("zeitraum.ende", "is", (date(2026, 12, 24),)),
    ),
    ("'a' in tiere", Part("tiere", "includes", ("a",))),
    ("size(person) >= 2", Part("person", "entries_at_least", (2,))),
    ("person.exists(p, p.vollmacht)", Group("all", (Part("person.vollmacht", "yes"),), "some", "person")),
    ("!person.all(p, p.vollmacht)", Group("all", (Part("person.vollmacht", "yes"),), "not_every", "person")),
    ("contains_any(name, ['gmbh', 'ag'])", Part("name", "words", ("gmbh", "ag"))),
]


@pytest.mark.parametrize(("rule", "part"), WRITTEN_BY_HAND)
def test_rules_written_by_hand_are_understood(rule: str, part: Part | Group) -> None:
    assert from_cel(rule, ROOT) == Condition("all", (part,))


@settings(max_examples=20, deadline=None)
@given(answers())
def test_rules_written_by_hand_say_the_same_when_they_are_written_again(
    given_answers: dict[str, Any],
) -> None:
    for rule, part in WRITTEN_BY_HAND:
        again = to_cel(Condition("all", (part,)), ROOT)
        assert evaluated(rule, given_answers) == evaluated(again, given_answers), rule


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "rechtsform ==",
        "rechtsform == 'KG'",  # no such choice
        "unbekannt == 'x'",
        "plaetze < 5",  # also true while nobody answered
        "plaetze == 0",
        "zeitraum.beginn <= today",  # fails while nobody answered
        "name != geburtsname",
        "plaetze == 3.0",
        "plaetze + 1 == 3",
        "rechtsform == 'GMBH' ? neu : false",
        "name.matches('a+')",
        "name == r'a'",
        "name == 'a' // Kommentar",
        "person.exists(p, neu)",
        "person.exists_one(p, p.vollmacht)",
        "person.vollmacht",
        "self.name == 'x'",
        "neu && (neu || (neu && (neu || name == 'x')))",
        "today > zeitraum.beginn",
        "!name == 'x'",
        "name == '\\x41'",
        "neu == name",
    ],
)
def test_a_rule_that_is_not_certain_to_be_understood_stays_a_rule(rule: str) -> None:
    assert from_cel(rule, ROOT) is None


def test_a_comparison_counts_where_another_rule_sees_to_the_answer() -> None:
    whole = Condition("all", (Part("zeitraum.beginn", "at_most", (Today(),)),))
    assert from_cel("zeitraum.beginn <= today", ROOT, answered=["zeitraum.beginn"]) == whole
    assert from_cel("zeitraum.ende <= zeitraum.beginn", ROOT, answered=["zeitraum.beginn"]) is None


def test_a_condition_between_two_dates_of_fim_is_understood() -> None:
    rule = "!has(zeitraum.beginn) || !has(zeitraum.ende) || zeitraum.beginn <= zeitraum.ende"
    condition = from_cel(rule, ROOT)
    assert condition == Condition(
        "any",
        (
            Part("zeitraum.beginn", "empty"),
            Part("zeitraum.ende", "empty"),
            Part("zeitraum.beginn", "at_most", (Answer("zeitraum.ende"),)),
        ),
    )


def test_what_does_not_fit_the_form_is_not_written() -> None:
    for part in (
        Part("rechtsform", "is", ("KG",)),
        Part("rechtsform", "less", ("AG",)),
        Part("weg", "filled"),
        Part("name", "is", ("",)),
        Part("plaetze", "is", (Decimal("1.5"),)),
        Part("person.name", "filled"),
        Part("plaetze", "between", (1,)),
    ):
        with pytest.raises(ValueError, match="does not fit"):
            to_cel(Condition("all", (part,)), ROOT)


def test_a_rule_without_parts_is_always_true() -> None:
    assert to_cel(Condition("any"), ROOT) == "true"
    assert from_cel("true", ROOT) == Condition("all")
    assert sentence(Condition("all"), ROOT, "de", "require") == "Diese Frage muss immer beantwortet werden."


@pytest.mark.parametrize(
    ("rule", "german", "english"),
    [
        (
            "rechtsform == 'GMBH'",
            "Diese Frage erscheint, wenn „Rechtsform“ gleich „GmbH“ ist.",
            "This question appears if “Rechtsform” is “GmbH”.",
        ),
        (
            "rechtsform in ['GMBH', 'AG', 'EU'] || neu",
            "Diese Frage erscheint, wenn „Rechtsform“ gleich „GmbH“, „Aktiengesellschaft“ oder „Einzelunternehmen“ ist "
            "oder „Neu“ mit Ja beantwortet ist.",
            "This question appears if “Rechtsform” is “GmbH”, “Aktiengesellschaft” or “Einzelunternehmen” "
            "or “Neu” is answered with yes.",
        ),
        (
            "neu && (plaetze > 12345 || gehalt >= 1000.5)",
            "Diese Frage erscheint, wenn „Neu“ mit Ja beantwortet ist und („Plätze“ größer als 12.345 ist oder "
            "„Gehalt“ mindestens 1000,5 ist).",
            "This question appears if “Neu” is answered with yes and (“Plätze” is greater than 12,345 or "
            "“Gehalt” is at least 1000.5).",
        ),
        (
            "person.exists(p, p.name == 'Mira')",
            "Diese Frage erscheint, wenn in mindestens einem Eintrag von „Person“ „Name“ gleich „Mira“ ist.",
            "This question appears if in at least one entry of “Person” “Name” is “Mira”.",
        ),
        (
            "has(zeitraum.ende) && zeitraum.ende < timestamp('2026-12-24T00:00:00Z')",
            "Diese Frage erscheint, wenn „Ende“ vor dem 24.12.2026 liegt.",
            "This question appears if “Ende” is before 24 December 2026.",
        ),
        (
            "!(neu || name == 'x')",
            "Diese Frage erscheint, wenn es nicht zutrifft, dass „Neu“ mit Ja beantwortet ist "
            "oder „Name“ gleich „x“ ist.",
            "This question appears if it is not true that “Neu” is answered with yes or “Name” is “x”.",
        ),
    ],
)
def test_a_condition_reads_like_a_sentence(rule: str, german: str, english: str) -> None:
    condition = from_cel(rule, ROOT)
    assert condition is not None
    assert sentence(condition, ROOT, "de") == german
    assert sentence(condition, ROOT, "en") == english


def test_the_forms_own_words_are_used_and_doubles_told_apart() -> None:
    tree = a_tree(
        a_group("Antragsteller", a_field("Name")),
        a_group("Kind", a_field("Name")),
        a_field("Art", codes={"1": "A"}),
    )
    own = Vocabulary(tree, labels={"art": "Worum geht es?"}, codes={"art": {"1": "Anmeldung"}})
    condition = from_cel("art == '1' && kind.name == 'Mira'", own)
    assert condition is not None
    said = sentence(condition, own)
    assert "„Worum geht es?“ gleich „Anmeldung“" in said
    assert "„Name (Kind)“ gleich „Mira“" in said


def test_two_ways_to_say_the_same_are_the_same_condition() -> None:
    yes, filled = Part("neu", "not_yes"), Part("neu", "filled")
    assert Condition("all", (filled, yes)) == Condition("any", (Part("neu", "no"),))
    assert Condition("none", (Group("all", (GMBH,)),)) == Condition(
        "all", (Part("rechtsform", "is_not", ("GMBH",)),)
    )
    low, high = Part("plaetze", "at_least", (1,)), Part("plaetze", "at_most", (5,))
    assert Condition("all", (low, Group("all", (high,)))) == Condition(
        "all", (Part("plaetze", "between", (1, 5)),)
    )


def test_an_unguarded_rule_fails_where_the_condition_would_be_false() -> None:
    """Why `zeitraum.beginn <= today` is no condition: unanswered, it has no result at all."""
    with pytest.raises(RuleError):
        evaluated("zeitraum.beginn <= today", {})
    assert TREE.field("zeitraum.beginn") is not None
