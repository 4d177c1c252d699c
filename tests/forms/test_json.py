"""Answers as JSON: tolerated, refused, and described by a JSON Schema."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from rathaus.forms import Form
from rathaus.standards.xdatenfelder.model import DataType, FieldKind
from tests.forms.building import TODAY, TOWN, a_field, a_form, a_group, a_partial_date, a_tree


@pytest.fixture(scope="module")
def form() -> Form:
    return a_form(
        a_tree(
            a_field("Name", max_length=20, fim_id="F60000000227"),
            a_field("Anteil", DataType.NUM, anzahl="0:1"),
            a_field("Betrag", DataType.NUM_CURRENCY, anzahl="0:1"),
            a_field("Anzahl", DataType.NUM_INT, min_value="1", max_value="5"),
            a_field("Beginn", DataType.DATE, anzahl="0:1"),
            a_field("Aktiv", DataType.BOOL, anzahl="0:1"),
            a_field("Art", codes={"01": "A", "02": "B"}, anzahl="0:2"),
            a_field("Zeichen", pattern="[A-Z]{2}", anzahl="0:1"),
            a_field("Bild", DataType.FILE, anzahl="0:1", max_size=10),
            a_field("Verfahren", kind=FieldKind.HIDDEN, content="V1"),
            a_field("Hinweis", kind=FieldKind.LABEL, content="Lesen"),
            a_partial_date("Geburtsdatum", anzahl="0:1"),
            a_group("Kinder", a_field("Vorname"), anzahl="0:3"),
        ),
        translations={"en": {}},
    )


def problems_of(form: Form, answers: object, language: str = "de") -> dict[str, str]:
    found = form.validate(answers, town=TOWN, today=TODAY, language=language)
    return {problem.pointer: problem.code for problem in found}


def test_typed_texts_and_json_numbers_become_canonical(form: Form) -> None:
    given: dict[str, Any] = {
        "name": " Ada ",
        "anteil": 12.5,
        "betrag": "1.234,5",
        "anzahl": "3",
        "beginn": "3.4.2026",
        "aktiv": "ja",
        "zeichen": None,
        "geburtsdatum": {"jahr": 1990},
    }
    accepted = form.accept(given, town=TOWN, today=TODAY)
    assert accepted.ok
    assert accepted.answers == {
        "name": "Ada",
        "anteil": "12.5",
        "betrag": "1234.50",
        "anzahl": 3,
        "beginn": "2026-04-03",
        "aktiv": True,
        "geburtsdatum": {"jahr": 1990},
        "verfahren": "V1",
    }
    assert form.accept(accepted.answers, town=TOWN, today=TODAY).answers == accepted.answers


def test_a_canonical_number_in_a_text_is_never_read_as_thousands(form: Form) -> None:
    assert form.normalise({"anteil": "1.234"}, today=TODAY)[0] == {"anteil": "1.234"}


def test_every_violation_is_named_with_its_pointer(form: Form) -> None:
    given = {
        "name": "x" * 21,
        "anteil": True,
        "anzahl": 7,
        "beginn": "morgen",
        "art": "01",
        "zeichen": "abc",
        "bild": {"id": "1", "name": "a.png", "size": 11, "media_type": "image/png"},
        "verfahren": "V2",
        "hinweis": "x",
        "geburtsdatum": {"tag": 31, "monat": 2, "jahr": 1990},
        "kinder": [{"vorname": "A", "nachname": "B"}, 5, {}],
        "mehr": 1,
    }
    assert problems_of(form, given) == {
        "/name": "text.too_long",
        "/anteil": "json.type",
        "/anzahl": "number.too_large",
        "/beginn": "date",
        "/art": "json.type",
        "/zeichen": "text.pattern",
        "/bild": "file.too_large",
        "/verfahren": "json.fixed",
        "/hinweis": "json.unknown",
        "/geburtsdatum": "date.impossible",
        "/kinder/0/nachname": "json.unknown",
        "/kinder/1": "json.type",
        "/kinder/2/vorname": "required",
        "/mehr": "json.unknown",
    }


def test_missing_answers_are_violations_too(form: Form) -> None:
    assert problems_of(form, {}) == {"/name": "required", "/anzahl": "required"}
    assert problems_of(form, []) == {"": "json.type", "/name": "required", "/anzahl": "required"}


def test_messages_say_how_to_mend_it_in_both_languages(form: Form) -> None:
    def first(language: str) -> str:
        return form.validate({"name": 5}, town=TOWN, today=TODAY, language=language)[0].message

    assert first("de") == "„Name“: Erwartet wird ein Text, nicht eine ganze Zahl."
    assert first("en") == "“Name”: expected a string, not an integer."


def test_the_json_schema_is_valid_and_agrees_with_the_engine(form: Form) -> None:
    schema = form.json_schema()
    validator = jsonschema_rs.Draft202012Validator(schema)
    good = {
        "name": "Ada",
        "anzahl": 3,
        "art": ["01"],
        "geburtsdatum": {"jahr": 1990},
        "kinder": [{"vorname": "B"}],
    }
    assert validator.is_valid(good)
    assert not problems_of(form, good)
    changes: list[dict[str, Any]] = [
        {"name": "x" * 21},
        {"anzahl": 6},
        {"art": ["03"]},
        {"mehr": 1},
        {"kinder": [{}]},
        {"zeichen": "a"},
    ]
    for change in changes:
        assert not validator.is_valid({**good, **change})
        assert problems_of(form, {**good, **change})
    name = schema["properties"]["name"]
    assert (name["x-fim-id"], name["title"], name["$comment"]) == (
        "F60000000227",
        "Name",
        "FIM F60000000227 1.0.0",
    )
    assert "hinweis" not in schema["properties"]
    assert schema["required"] == ["name", "anzahl"]


def test_what_depends_on_conditions_is_not_required_by_the_json_schema() -> None:
    form = a_form(
        a_tree(a_field("A"), a_field("B"), a_group("C", a_field("D"))),
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["a", "b"]
[[page]]
id = "zwei"
title = "Zwei"
fields = ["c"]
show = "a == 'x'"
[field.b]
show = "a == 'x'"
""",
    )
    assert form.json_schema()["required"] == ["a"]


@pytest.mark.parametrize("odd", ["\ud800", "a\ud800/~b", "x" * 5000])
def test_foreign_texts_cannot_break_a_message(form: Form, odd: str) -> None:
    file = {"id": "1", "name": odd, "size": 1, "media_type": odd, "sha256": ""}
    given = {odd: 1, "art": [odd], "anzahl": odd, "name": odd, "bild": file, "kinder": [{odd: odd}]}
    problems = form.validate(given, town=TOWN, today=TODAY)
    assert {"/art/0", "/anzahl", "/name", "/bild"} <= {problem.pointer for problem in problems}
    for problem in problems:
        assert (problem.message + problem.pointer).encode()
        assert len(problem.message) < 400
