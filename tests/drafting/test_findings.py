"""A small file for each thing that can be wrong in a schema: imported as far as it makes sense, and said where."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from rathaus.drafting import DraftFinding, draft_from_document
from rathaus.processes.publishing import check_files
from rathaus.said import in_words_of, said
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.model import Constraints, DataType
from tests.standards.quality_schemata import code, code_list, field, group, place, rule, schema, select, value

NUMBER = {"type": code("datentyp", "num_int")}
DATE = {"type": code("datentyp", "date")}
TWICE = value("a", "Erstes") + value("a", "Zweites") + value("b", "Drittes")
BROKEN = {
    "a dangling place": (
        schema(place(field()), "<x:struktur><x:anzahl>1:1</x:anzahl><x:enthaelt/></x:struktur>"),
        "schema.structure.empty",
    ),
    "a dangling code list": (
        schema(place(field()), place(select(2, values="<x:codelisteReferenz/>"))),
        "schema.code-list.unnamed",
    ),
    "a code list that is not there": (
        schema(place(field()), place(select(2, values=code_list()))),
        "code-list.missing",
    ),
    "a rule about what is not there": (
        schema(place(field(rules=rule("WENN F05000000099 = JA, DANN muss F05000000001 befüllt sein")))),
        "FIM 1001",
    ),
    "a group in itself": (schema(place(group(place(group()), place(field())))), "FIM 1026"),
    "an impossible count": (schema(place(field(), "3:2")), "schema.cardinality"),
    "a count of none": (schema(place(field(1)), place(field(2), "0:0")), "schema.cardinality"),
    "a broken pattern": (schema(place(field(limits="pattern='[a-'"))), "schema.pattern"),
    "lengths without a value between": (
        schema(place(field(limits="minLength='9' maxLength='2'"))),
        "schema.limit.impossible",
    ),
    "a length of nothing": (schema(place(field(limits="maxLength='0'"))), "schema.limit.impossible"),
    "lengths that no match has": (
        schema(place(field(limits="minLength='9' pattern='[0-9]{5}'"))),
        "schema.limit.pattern",
    ),
    "a media type that is none": (
        schema(
            place(field(type=code("datentyp", "file"), limits="", rest="<x:mediaType>.PDF</x:mediaType>"))
        ),
        "schema.media-type",
    ),
    "a pattern as in JavaScript": (
        schema(place(field(limits="pattern='/^abc$/i'"))),
        "schema.pattern.script",
    ),
    "more choices than there are": (schema(place(select(), "3:5")), "schema.cardinality"),
    "numbers without a value between": (
        schema(place(field(**NUMBER, limits="minValue='9' maxValue='2'"))),
        "schema.limit.impossible",
    ),
    "dates without a value between": (
        schema(place(field(**DATE, limits="minValue='2025-01-01' maxValue='2024-01-01'"))),
        "schema.limit.impossible",
    ),
    "one id twice": (schema(place(field()), place(field())), "schema.structure.twice"),
    "one rule twice": (
        schema(rules=rule("F05000000001 ist gefüllt") * 2),
        "schema.rule.twice",
    ),
    "one code twice": (schema(place(select(values=TWICE))), "schema.value.twice"),
    "an empty code": (
        schema(place(select(values=TWICE.replace(">b<", "><")))),
        "schema.value.empty",
    ),
    "an empty label": (schema(place(field(label=""))), "schema.label.empty"),
    "an empty group": (schema(place(field()), place(group(places=""))), "schema.group.empty"),
    "a fixed content that is no value": (
        schema(
            place(field(1)), place(field(2, kind=code("feldart", "locked"), **NUMBER, limits="", content="x"))
        ),
        "schema.content",
    ),
    "an unknown kind": (schema(place(field(kind=code("feldart", "knopf")))), "schema.code.unknown"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_it_is_imported_as_far_as_it_makes_sense_and_said_with_its_place(what: str) -> None:
    document, expected = BROKEN[what]
    draft = draft_from_document(document, today=date(2026, 11, 26))
    said = {finding.code: finding.place for finding in draft.findings}
    said |= {f"FIM {broken.code}": broken.place for broken in draft.quality}
    assert said[expected]
    package, problems = check_files(draft.files)
    assert package is not None
    assert [str(problem) for problem in problems if problem.level != "warning"] == []
    assert package.examples


def test_a_choice_without_its_list_is_asked_as_a_text_whatever_its_codes_are() -> None:
    chosen = select(values=code_list(), **NUMBER, limits="maxLength='3' minValue='1'")
    package, _ = check_files(draft_from_document(schema(place(chosen)), today=date(2026, 11, 26)).files)
    assert package is not None
    (asked,) = package.tree.root.fields()
    assert (asked.datatype, asked.constraints) == (DataType.TEXT, Constraints())


def test_thousands_of_codes_that_stand_twice_take_no_time() -> None:
    twice = "".join(value(str(number % 20_000), "Wert") for number in range(40_000))
    started = time.process_time()
    document = read_document(schema(place(select(values=twice))))
    assert time.process_time() - started < 8
    assert sum(finding.code == "value.twice" for finding in document.findings) == 20_000


def test_of_a_code_that_stands_twice_the_first_stays() -> None:
    package, _ = check_files(draft_from_document(BROKEN["one code twice"][0], today=date(2026, 11, 26)).files)
    assert package is not None
    (choice,) = package.tree.root.fields()
    assert [(one.code, one.name) for one in choice.codes] == [("a", "Erstes"), ("b", "Drittes")]


def test_a_finding_kept_as_json_stays_translatable() -> None:
    why = said("not well-formed XML: %(reason)s", reason=said("mismatched tag"))
    finding = DraftFinding("code-list.unreadable", "%(file)s: %(why)s", {"file": "a.xml", "why": why}, line=3)
    again = DraftFinding.from_json(json.loads(json.dumps(finding.to_json())))
    assert again == finding
    german = {why.template: "Kein XML: %(reason)s", "mismatched tag": "falsch geschlossen"}
    assert in_words_of(german, again.values["why"]) == "Kein XML: falsch geschlossen"
