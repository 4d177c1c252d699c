"""Keys and paths of answers."""

from __future__ import annotations

import pytest

from rathaus.forms.keys import (
    Answers,
    delete,
    format_path,
    get,
    html_name,
    json_pointer,
    key_from_name,
    parse_path,
    path_from_html_name,
    put,
    sibling_keys,
    walk,
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Straße und Hausnummer", "strasse_und_hausnummer"),
        ("Öffentliche Hand", "oeffentliche_hand"),
        ("E-Mail", "e_mail"),
        (" PLZ (Inland)\r", "plz_inland"),
        ("3. Wohnung", "_3_wohnung"),
        ("Żółć", "zolc"),
        ("in", "in_"),
        ("today", "today_"),
        ("§§", "feld"),
        ("Add", "add_"),
        ("Gefragt?", "gefragt_"),
        ("Sehr lang " * 30, ("sehr_lang_" * 12).rstrip("_")),
    ],
)
def test_keys_are_names_that_rules_can_read(name: str, key: str) -> None:
    assert key_from_name(name) == key


def test_siblings_of_the_same_name_are_numbered() -> None:
    assert sibling_keys(["Name", "Name", "Name 2", "Name"]) == ["name", "name_2", "name_2_2", "name_3"]


def test_a_path_is_written_in_three_ways() -> None:
    path = ("inhaber", 0, "anschrift", "plz")
    assert format_path(path) == "inhaber[0].anschrift.plz"
    assert html_name(path) == "inhaber.0.anschrift.plz"
    assert json_pointer(path) == "/inhaber/0/anschrift/plz"
    assert json_pointer(("a/b~c",)) == "/a~1b~0c"
    assert parse_path(format_path(path)) == path
    assert path_from_html_name(html_name(path)) == path


@pytest.mark.parametrize("text", ["", ".", "a..b", "a[x]", "a[-1]", "A", "a b"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        parse_path(text)


def test_values_are_set_found_and_removed_with_what_becomes_empty() -> None:
    answers: Answers = {}
    put(answers, ("kinder", 0, "name"), "Ada")
    put(answers, ("kinder", 1, "name"), "Ben")
    put(answers, ("a", "b", "c"), 1)
    assert get(answers, ("kinder", 1, "name")) == "Ben"
    assert get(answers, ("kinder", 7, "name")) is None
    assert list(walk(answers)) == [
        (("kinder", 0, "name"), "Ada"),
        (("kinder", 1, "name"), "Ben"),
        (("a", "b", "c"), 1),
    ]
    delete(answers, ("a", "b", "c"))
    delete(answers, ("kinder", 0, "name"))
    delete(answers, ("nichts", 3))
    assert answers == {"kinder": [{}, {"name": "Ben"}]}
    delete(answers, ("kinder", 0))
    delete(answers, ("kinder", 0))
    assert answers == {}
