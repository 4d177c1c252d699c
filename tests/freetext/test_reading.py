"""What rules mean, what stays open, and that nothing a rule says can break the reader."""

from __future__ import annotations

import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.forms.tree import SchemaTree
from rathaus.freetext import RuleReading, describe, from_condition_trees, read_rules, truth_table
from rathaus.freetext.celwriting import scope_of
from rathaus.standards.xdatenfelder.model import (
    Code,
    DataType,
    Field,
    FieldKind,
    Group,
    Placement,
    Rule,
    Schema,
)
from rathaus.standards.xdatenfelder.reader import read_schema
from tests.freetext.oracle import DATA, rows
from tests.standards.shared_data import needs_shared_data

ART = (Code("001", "privat"), Code("002", "geschäftlich"), Code("003", "sonst"))


def _field(number: int, name: str, datatype: DataType = DataType.TEXT, codes: tuple[Code, ...] = ()) -> Field:
    kind = FieldKind.SELECT if codes else FieldKind.INPUT
    return Field(f"F6000000000{number}", "1.0.0", name, name, kind, datatype, codes=codes)


def _schema(text: str) -> Schema:
    fields = (
        _field(1, "Art", codes=ART),
        _field(2, "Vertreten", DataType.BOOL),
        _field(3, "Beginn", DataType.DATE),
        _field(4, "Ende", DataType.DATE),
        _field(5, "Firma"),
        _field(6, "Alter", DataType.NUM_INT),
    )
    twice = (Placement(_field(7, "Ort"), 0, 1),)
    groups = (
        Group("G60000000001", "1.0.0", "Hier", "Hier", twice),
        Group("G60000000002", "1.0.0", "Dort", "Dort", twice),
        Group("G60000000003", "1.0.0", "Kind", "Kind", (Placement(_field(8, "Name des Kindes"), 0, 1),)),
    )
    children = (
        *(Placement(field, 0, 1) for field in fields),
        *(Placement(group, 0, 1) for group in groups[:2]),
        Placement(groups[2], 0, None),
    )
    rule = Rule("R1", "1.0.0", "Regel", text)
    return Schema("S60000000001", "1.0.0", "Probe", "Probe", children, rules=(rule,))


def _read(text: str) -> RuleReading:
    (reading,) = read_rules(_schema(text))
    return reading


def _effects(text: str) -> list[tuple[str, str, str]]:
    reading = _read(text)
    assert reading.status == "understood", reading.reason
    return [(effect.kind, effect.target, effect.condition) for effect in reading.effects]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'Wenn das Feld F60000000001 "Art" = 002 "geschäftlich", dann muss das Feld F60000000005 befüllt sein.',
            [("require", "firma", 'art == "002"')],
        ),
        (
            "Das Feld F60000000005 Firma muss angegeben werden, wenn F60000000001 = „privat“ ODER = 003.",
            [("require", "firma", '(art == "001") || (art == "003")')],
        ),
        (
            "F60000000005 darf nur angegeben werden, wenn F60000000002 Vertreten wahr ist.",
            [("forbid", "firma", "!(vertreten)")],
        ),
        (
            "WENN F60000000002 = NEIN, DANN blende F60000000005 aus.",
            [("forbid", "firma", "has(answers.vertreten) && !vertreten")],
        ),
        (
            "Das Datum im Feld F60000000003 muss vor dem Datum im Feld F60000000004 liegen.",
            [("valid", "", "!has(answers.beginn) || !has(answers.ende) || beginn < ende")],
        ),
        (
            "Wenn F60000000006 >= 18, dann darf F60000000005 nicht leer sein.",
            [("require", "firma", "has(answers.alter) && alter >= 18")],
        ),
        (
            "Wenn F60000000005 leer ist, dann wird F60000000002 zur Pflichtangabe.",
            [("require", "vertreten", "!(has(answers.firma))")],
        ),
        (
            'Wenn im Datenfeld F60000000005 nicht der Wert "" angegeben wurde, dann soll F60000000002 '
            "zum Pflichtfeld werden.",
            [("require", "vertreten", "has(answers.firma)")],
        ),
    ],
)
def test_variants_of_wording_mean_the_same_effects(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert _effects(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "keinen Text"),
        ("Bitte sorgfältig ausfüllen.", "ab Zeichen 1: „Bitte sorgfältig"),
        ("Wenn F60000000099 = JA, dann zeige F60000000005.", "F60000000099 kommt in diesem Schema nicht vor"),
        ("Wenn F60000000002 = JA, dann zeige F60000000007.", "kommt hier 2-mal vor"),
        ("Wenn F60000000001 = 009, dann zeige F60000000005.", "„009“ steht nicht in der Codeliste"),
        ('Wenn F60000000001 = 001 "geschäftlich", dann zeige F60000000005.', "nicht 001, sondern 002"),
        (
            "Wenn F60000000002 = JA UND F60000000001 = 001 ODER F60000000001 = 002, dann zeige F60000000005.",
            "ohne Klammern",
        ),
        (
            "Wenn F60000000002 = JA, dann zeige F60000000005, bei <> NEIN blende F60000000005 aus.",
            "widerspricht sich",
        ),
        ("Wenn F60000000002 = JA, dann zeige F60000000005 vielleicht.", "„vielleicht"),
        ("Wenn F60000000002 = JA, dann darf F60000000005 befüllt werden.", "befüllt werden"),
        ("Wenn F60000000008 leer ist, dann zeige F60000000005.", "mehrfach vorkommen"),
        ("F60000000005 oder F60000000002 muss befüllt sein.", "ab Zeichen 14: „oder"),
        ("Wenn F60000000002 = JA, dann zeige F60000000005 oder F60000000003 an.", "„oder"),
        ("Wenn F60000000001 <> 001 ODER <> 002, dann zeige F60000000005.", "gilt immer oder nie"),
        ("Wenn F60000000002 = 17, dann zeige F60000000005.", "Ja/Nein-Frage"),
        ("Wenn F60000000001 < 002, dann zeige F60000000005.", "keine Reihenfolge"),
    ],
)
def test_what_is_not_certain_stays_open_with_the_reason(text: str, reason: str) -> None:
    reading = _read(text)
    assert reading.status == "open"
    assert reading.effects == ()
    assert reason in reading.reason


def test_parentheses_say_what_belongs_together() -> None:
    text = "Wenn F60000000002 = JA UND (F60000000001 = 001 ODER F60000000001 = 002), dann zeige F60000000005."
    assert ("show", "firma", 'vertreten && ((art == "001") || (art == "002"))') in _effects(text)


def _with_groups(text: str, *, is_choice: bool = False) -> RuleReading:
    names = ("Tag", "Monat", "Jahr")
    parts = tuple(
        Placement(_field(n, name, DataType.NUM_INT), 0 if is_choice else 1, 1)
        for n, name in enumerate(names, 1)
    )
    rules = (Rule("R1", "1.0.0", "Regel", text),)
    children = parts[:2] if is_choice else parts
    group = Group("G60000000001", "1.0.0", "Geburt", "Geburt", children, is_choice=is_choice, rules=rules)
    (reading,) = read_rules(Schema("S60000000001", "1", "Probe", "Probe", (Placement(group, 1, 1),)))
    return reading


@pytest.mark.parametrize(
    ("text", "is_choice"),
    [
        ("Das Feld F60000000003 Jahr muss befüllt sein.", False),
        ("Es muss entweder F60000000001 oder F60000000002 befüllt werden.", True),
        (
            "Wenn alle drei Felder F60000000001, F60000000002 und F60000000003 befüllt sind, muss die Validität des "
            "sich ergebenden Kalenderdatums sichergestellt werden. D.h. der 30.02.2019 muss verhindert werden.",
            False,
        ),
    ],
)
def test_what_the_schema_already_says_is_ensured(text: str, is_choice: bool) -> None:
    reading = _with_groups(text, is_choice=is_choice)
    assert reading.status == "ensured"
    assert "ohnehin" in reading.reason


def test_a_duty_under_a_condition_for_what_is_always_needed_stays_open() -> None:
    reading = _with_groups("Wenn F60000000001 leer ist, dann muss F60000000003 befüllt werden.")
    assert reading.status == "open"
    assert "Ob sie sonst entfällt" in reading.reason


def test_a_duty_without_a_condition_holds_always() -> None:
    assert _effects("Das Feld F60000000005 Firma ist ein Pflichtfeld.") == [("require", "firma", "true")]


_SPOKEN = (
    "wenn dann sonst und oder nicht muss darf befüllt sein werden zeige an aus blende aktiviere entweder mindestens "
    'eines der Felder den Wert leer = <> === < ( ) , . ; "Ja" „x “ JA wahr 001 F60000000001 F60000000002 '
    "G60000000003 F60000000005 F60000099 alle drei ² ٣"
)
_WORDS = st.sampled_from(_SPOKEN.split())


@given(st.one_of(st.text(), st.lists(_WORDS, max_size=30).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader_and_the_same_text_reads_the_same(text: str) -> None:
    reading = _read(text)
    assert reading.status in ("understood", "open")
    assert bool(reading.effects) == (reading.status == "understood")
    assert bool(reading.reason) == (reading.status == "open")
    assert _read(text) == reading


@given(st.integers(0, 400), st.sampled_from(["(", "wenn ", "9", "UND ", "„", "F60000000001."]))
@settings(max_examples=30, deadline=None)
def test_deep_and_long_texts_end(count: int, piece: str) -> None:
    assert _read("Wenn F60000000002 = " + piece * count * 10).status == "open"


@cache
def _samples() -> tuple[Schema, ...]:
    return tuple(read_schema(file) for file in sorted((DATA / "3.0.0").glob("*.xml")))


@needs_shared_data
def test_of_the_real_rules_at_least_eighty_in_a_hundred_are_understood() -> None:
    readings = [reading for schema in _samples() for reading in read_rules(schema)]
    understood = sum(reading.status in ("understood", "ensured") for reading in readings)
    assert understood / len(readings) >= 0.8
    assert all(reading.reason for reading in readings if reading.status == "open")


@needs_shared_data
def test_the_rules_of_the_largest_file_are_read_in_half_a_second() -> None:
    largest = max(_samples(), key=lambda schema: len(read_rules(schema)))
    before = time.process_time()
    read_rules(largest)
    assert time.process_time() - before < 0.5


@needs_shared_data
def test_a_truth_table_shows_both_outcomes_in_few_rows() -> None:
    for schema in _samples():
        tree = SchemaTree.build(schema)
        for reading in read_rules(schema)[:12]:
            for effect in reading.effects:
                table = truth_table(tree, effect, limit=6)
                assert 0 < len(table) <= 6
                # A demand of a group that holds nothing else cannot fail while the group is left out.
                assert {row.outcome for row in table} == {True, False} or effect.kind == "valid"


@needs_shared_data
def test_published_translations_are_imported_and_agree_with_the_sentences() -> None:
    schema = next(schema for schema in _samples() if schema.id == "S07000000200")
    entries = [row for row in rows() if schema.id in row["schemata"]]
    readings = from_condition_trees(entries, schema)
    assert len(readings) >= len(entries)
    ours = {
        (e.kind, e.target, e.condition) for r in read_rules(schema) for e in r.effects if e.kind != "valid"
    }
    theirs = {(e.kind, e.target, e.condition) for r in readings for e in r.effects if e.kind != "valid"}
    assert all(reading.status == "understood" for reading in readings)
    assert {effect[:2] for effect in theirs} <= {effect[:2] for effect in ours}


@pytest.mark.parametrize(
    "condition", [None, {}, {"magic": []}, {"equal": []}, {"identifier": 3}, {"and": []}]
)
def test_unknown_condition_trees_stay_open(condition: object) -> None:
    entry = {"effect": "require", "target": "self.F60000000005", "condition": condition}
    (reading,) = from_condition_trees([entry], _schema(""))
    assert reading.status == "open"


@pytest.mark.parametrize(
    ("condition", "german", "english"),
    [
        ('art == "002"', "„Art“ ist „geschäftlich“", "“Art” is “geschäftlich”"),
        (
            "has(answers.vertreten) && !vertreten",
            "„Vertreten“ ist mit Nein beantwortet",
            "“Vertreten” is answered with no",
        ),
        (
            '(vertreten) && ((art == "001") || (!has(answers.firma)))',
            "„Vertreten“ ist mit Ja beantwortet und („Art“ ist „privat“ oder „Firma“ ist nicht ausgefüllt)",
            "“Vertreten” is answered with yes and (“Art” is “privat” or “Firma” is not filled in)",
        ),
        (
            "(has(answers.firma)) != (has(answers.hier))",
            "entweder „Firma“ ist ausgefüllt oder „Hier“ ist ausgefüllt, nicht beides",
            "either “Firma” is filled in or “Hier” is filled in, not both",
        ),
    ],
)
def test_a_condition_reads_like_a_sentence(condition: str, german: str, english: str) -> None:
    tree = SchemaTree.build(_schema(""))
    assert describe(condition, tree) == german
    assert describe(condition, tree, language="en") == english


@needs_shared_data
def test_every_condition_of_the_samples_reads_like_a_sentence_but_that_of_the_calendar() -> None:
    for schema in _samples():
        tree = SchemaTree.build(schema)
        for reading in read_rules(schema):
            for effect in reading.effects:
                target = tree.nodes.get(effect.target) or tree.root
                scope = scope_of(target) if effect.kind == "valid" else target.scope
                said = describe(effect.condition, tree, scope)
                assert said or "% 400" in effect.condition, effect


_CEL = st.sampled_from(
    ["art", "==", "!=", "!", "(", ")", "&&", "||", "has(answers.firma)", '"001"', "1", "vertreten"]
)


@given(st.one_of(st.text(max_size=60), st.lists(_CEL, max_size=12).map(" ".join)))
@settings(deadline=None)
def test_describing_never_fails(condition: str) -> None:
    said = describe(condition, SchemaTree.build(_schema("")))
    assert said is None or said
