"""Rules that contradict each other are named with the answers that show it."""

from __future__ import annotations

import time

from rathaus.forms.tree import SchemaTree
from rathaus.freetext.contradictions import Contradiction, Wish, contradictions
from rathaus.standards.xdatenfelder.reader import read_schema
from tests.standards.quality_schemata import code, field, place, schema, select

BOOL = {"type": code("datentyp", "bool"), "limits": ""}
TREE = SchemaTree.build(
    read_schema(
        schema(
            place(select(1, name="Art")),
            place(field(2, name="Rasse"), "0:1"),
            place(field(3, name="Name")),
            place(field(4, name="Neu", **BOOL)),
            place(field(5, name="Alt", **BOOL)),
        )
    )
)


def found(*wishes: Wish) -> tuple[Contradiction, ...]:
    return contradictions(TREE, wishes)


def test_what_one_rule_demands_and_another_forbids_is_shown_by_answers() -> None:
    (one,) = found(
        Wish("R1", "require", "rasse", 'art == "a"'),
        Wish("R1", "show", "rasse", 'art == "a"'),
        Wish("R2", "forbid", "rasse", "neu"),
    )
    assert one.second is not None
    assert (one.first.who, one.second.who) == ("R1", "R2")
    assert dict(one.answers) == {"art": "a", "neu": True}


def test_rules_for_different_answers_do_not_contradict_each_other() -> None:
    assert (
        found(Wish("R1", "require", "rasse", 'art == "a"'), Wish("R2", "forbid", "rasse", 'art != "a"')) == ()
    )


def test_what_is_always_demanded_may_not_be_forbidden() -> None:
    (one,) = found(Wish("R1", "forbid", "name", "neu"))
    assert one.second is None
    assert dict(one.answers) == {"neu": True}
    assert found(Wish("R1", "forbid", "rasse", "neu")) == ()
    assert found(Wish("R1", "forbid", "name", "neu"), Wish("R2", "show", "name", "!neu")) == ()


def test_demands_that_no_answers_meet_together_are_found() -> None:
    (one,) = found(Wish("R1", "valid", "", "neu && alt"), Wish("R2", "valid", "", "neu && !alt"))
    assert dict(one.answers) == {"neu": True, "alt": True}
    assert found(Wish("R1", "valid", "", "neu || alt"), Wish("R2", "valid", "", "!neu")) == ()


def test_demands_about_texts_are_not_guessed() -> None:
    assert found(Wish("R1", "valid", "", 'name == "x"'), Wish("R2", "valid", "", 'name == "y"')) == ()


def test_conditions_that_do_not_fit_the_schema_are_left_out() -> None:
    assert found(Wish("R1", "forbid", "name", "gibt.es.nicht"), Wish("R2", "forbid", "nirgends", "neu")) == ()


def test_many_rules_take_bounded_time() -> None:
    started = time.monotonic()
    wishes = [Wish(f"R{n}", "valid", "", f"(neu || alt) && {n} > 0") for n in range(300)]
    found(*wishes)
    assert time.monotonic() - started < 10
