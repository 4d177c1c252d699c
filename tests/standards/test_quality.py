from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from lxml import etree

from rathaus.standards.xdatenfelder.conversion import to_version_3
from rathaus.standards.xdatenfelder.quality import RULES, QualityFinding, check
from rathaus.standards.xdatenfelder.reader import read_message
from tests.standards.quality_schemata import code, code_list, field, group, place, rule, schema, select, value
from tests.standards.shared_data import SHARED_DATA, needs_shared_data, real_files

DOCS = Path(__file__).parents[2] / "docs" / "fim-quality.md"
NO_REFERENCE = ""
HAR = {"origin": "HAR"}
DATE = {"type": code("datentyp", "date")}
TIME = {"type": code("datentyp", "time")}
DATETIME = {"type": code("datentyp", "datetime")}
NUMBER = {"type": code("datentyp", "num")}
WHOLE = {"type": code("datentyp", "num_int")}
FILE = {"type": code("datentyp", "file"), "limits": ""}
LABEL = {"kind": code("feldart", "label"), "limits": ""}
RANGE = "minValue='1' maxValue='9'"


def relation(kind: str, target: str) -> str:
    return f"<x:relation>{code('praedikat', kind)}<x:objekt><x:id>{target}</x:id></x:objekt></x:relation>"


def found_in(document: bytes) -> list[QualityFinding]:
    root = read_message(document, relations=True)
    node = root.first("stammdatenschema")
    assert node is not None
    return list(check(node))


def only(**changed: str) -> bytes:
    return schema(place(field(**changed)))


BROKEN = {
    "1001": only(rules=rule("WENN F05000000099 gefüllt, DANN nichts")),
    "1002": only(name=""),
    "1003": schema(place(field()), place(field(version="<x:version>2.0.0</x:version>"))),
    "1004": schema(place(group(place(field()), place(field())))),
    "1005": schema(place(select(values=code_list("http://example.org/liste")))),
    "1006": only(reference=NO_REFERENCE),
    "1007": schema(profile=""),
    "1009": only(label=""),
    "1010": only(label_output=""),
    "1011": schema(place(select(type=code("datentyp", "bool")))),
    "1012": schema(place(select(limits="maxLength='3'"))),
    "1013": schema(place(group(origin="ABS"))),
    "1014": only(origin="ABS"),
    "1015": only(type=code("datentyp", "bool")),
    "1016": only(limits="minLength='1' maxLength='8' minValue='3'"),
    "1017": only(rest=f"<x:werte>{value('a', 'A')}{value('b', 'B')}</x:werte>"),
    "1018": only(kind=code("feldart", "select"), limits=""),
    "1019": only(rules=rule("F05000000001V1.0 ist gefüllt")),
    "1021": schema(place(field(), "")),
    "1022": schema(place(group(place(field(11, **HAR), reference=""), place(field(12))))),
    "1023": schema(place(group(places=""))),
    "1024": only(rules=rule("")),
    "1025": schema(place(field()), place(field())),
    "1026": schema(place(group(place(group()), place(field())))),
    "1027": only(kind=code("feldart", "knopf")),
    "1028": only(type="", limits=""),
    "1029": only(relations=relation("XYZ", "F05000000002")),
    "1030": only(prefill=""),
    "1031": only(origin=""),
    "1032": only(status="99"),
    "1033": schema(structure=code("ableitungsmodifikationenStruktur", "4")),
    "1034": schema(representation=""),
    "1037": schema(
        place(select(1, values=code_list())), place(select(2, values=code_list(version="2025-01-01")))
    ),
    "1038": only(id=""),
    "1039": only(id="F0500001"),
    "1040": schema(place(select(values=code_list("")))),
    "1041": only(rules=rule("F05000001 ist gefüllt")),
    "1042": schema(place(group(art=code("art", "Y")))),
    "1043": schema(place(group(place(field(), "0:1"), art=code("art", "X")))),
    "1044": schema(place(select(values=value("a", "A")))),
    "1045": schema(place(select(values=value("a", "A") + value("a", "B")))),
    "1046": schema(place(field(), "einmal")),
    "1047": schema(place(field(), "3:2")),
    "1048": schema(place(select(values=code_list("urn:de:straße")))),
    "1050": schema(label=""),
    "1051": schema(reference=NO_REFERENCE),
    "1056": only(rest="<x:maxSize>100</x:maxSize>"),
    "1057": only(rest="<x:mediaType>application/pdf</x:mediaType>"),
    "1058": only(rest="<x:codeKey>Code</x:codeKey>"),
    "1059": only(limits="minLength='-1' maxLength='5'"),
    "1060": only(limits="minLength='1' maxLength='0'"),
    "1061": only(limits="minLength='9' maxLength='5'"),
    "1062": only(**NUMBER, limits="minValue='eins' maxValue='3'"),
    "1063": only(**NUMBER, limits="minValue='1' maxValue='3,5'"),
    "1064": only(**NUMBER, limits="minValue='9' maxValue='3'"),
    "1065": only(**WHOLE, limits="minValue='1.5' maxValue='3'"),
    "1066": only(**WHOLE, limits="minValue='1' maxValue='3.5'"),
    "1067": only(**DATE, limits="minValue='01.01.2024'"),
    "1068": only(**DATE, limits="maxValue='2024-02-30'"),
    "1069": only(**NUMBER, limits=RANGE, content="drei"),
    "1070": only(**WHOLE, limits=RANGE, content="3.5"),
    "1071": only(**DATE, limits="minValue='2024-01-01'", content="morgen"),
    "1072": only(**NUMBER, limits=RANGE, content="0.5"),
    "1073": only(**WHOLE, limits=RANGE, content="10"),
    "1074": only(limits="minLength='3' maxLength='5'", content="ab"),
    "1075": only(limits="minLength='1' maxLength='2'", content="abc"),
    "1077": only(type=code("datentyp", "bool"), limits="", content="ja"),
    "1078": schema(places=""),
    "1079": only(**DATETIME, limits="minValue='2024-01-01'"),
    "1080": only(**DATETIME, limits="maxValue='2024-01-01 12:00'"),
    "1081": only(**TIME, limits="minValue='8 Uhr'"),
    "1082": only(**TIME, limits="maxValue='25:00:00'"),
    "1083": only(**DATETIME, limits="", content="2024-01-01"),
    "1084": only(**TIME, limits="", content="8 Uhr"),
    "1085": schema(place(select(content="c"))),
    "1087": only(relations=relation("ABL", "D99000000001")),
    "1088": only(relations=relation("VKN", "F05000000002")),
    "1090": only(kind=code("feldart", "label"), type=code("datentyp", "bool"), limits="", content="true"),
    "1091": only(relations=relation("ABL", "")),
    "1093": schema(place(select(values=value("a", "A") + value("b", "A")))),
    "1094": schema(place(group(place(field(id="F60000000001")), place(field(2))))),
    "1095": schema(place(field(id="F60000000001"))),
    "1096": schema(
        profile="<x:dokumentsteckbrief><x:id>D99000000001</x:id></x:dokumentsteckbrief>", status="3"
    ),
    "1097": schema(profile="<x:dokumentsteckbrief><x:id>D99000000001</x:id></x:dokumentsteckbrief>"),
    "1098": only(help="Name"),
    "1099": schema(place(select(values=value("a", "A", "A") + value("b", "B")))),
    "1100": schema(place(field(**FILE, content="x"), "0:*")),
    "1101": only(**HAR, reference=NO_REFERENCE),
    "1102": only(limits="maxLength='5'"),
    "1103": only(**NUMBER, limits=""),
    "1105": schema(place(select(values=code_list(version="1.0")))),
    "1106": schema(place(group(place(field())))),
    "1109": only(**LABEL),
    "1116": only(status="7"),
    "1117": only(author=""),
    "1118": schema(place(group(place(field(1), "0:1"), place(field(2), "1:1"), art=code("art", "X")))),
    "1120": schema(place(field(**FILE | {"limits": "pattern='a+'"}), "0:*")),
    "1124": schema(profile="<x:dokumentsteckbrief><x:id>D05000000001</x:id></x:dokumentsteckbrief>"),
    "1127": only(published=""),
    "1128": schema(place(group(place(field(1, published="")), place(field(2)))), published=""),
    "1129": only(status="2"),
    "1130": schema(place(group(place(field(1, status="1")), place(field(2)))), published=""),
    "1131": only(name="„Name“"),
    "1133": only(reference="<x:bezug link='gesetze'>§ 1</x:bezug>"),
    "1134": schema(version="", published=""),
    "1135": only(version=""),
    "1139": schema(place(field(**FILE), "0:1")),
    "1140": only(author="FIM-Baustein Datenfelder"),
    "1141": schema(author="FIM Baustein Datenfelder"),
    "1142": only(set_on=""),
    "1143": schema(set_on=""),
}
SOUND = [
    schema(),
    schema(place(group())),
    schema(place(select())),
    schema(place(select(values=code_list()))),
    schema(place(select(content="a"))),
    schema(place(field(**FILE), "0:*")),
    only(**LABEL, content="Bitte lesen"),
    only(**NUMBER, limits=RANGE, content="5.5"),
    only(**WHOLE, limits=RANGE, content="5"),
    only(**DATE, limits="minValue='2024-01-01'", content="2024-02-29"),
    only(**DATETIME, limits="", content="2024-01-01T12:00:00Z"),
    only(**TIME, limits="minValue='08:00:00' maxValue='10:00:00'", content="09:00:00"),
    only(type=code("datentyp", "bool"), limits="", content="true"),
    only(rules=rule("F05000000001 ist gefüllt"), relations=relation("ABL", "F60000000227")),
    only(**HAR),
    schema(relations=relation("VKN", "S05000000002")),
    schema(place(group(place(field(1), "0:1"), place(field(2), "0:1"), art=code("art", "X")))),
    only(id="F60000000003", author="FIM-Baustein Datenfelder"),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_schema_that_breaks_one_rule_gets_its_code(broken: str) -> None:
    found = found_in(BROKEN[broken])
    assert broken in [finding.code for finding in found]
    (finding, *_) = [finding for finding in found if finding.code == broken]
    assert finding.line > 0
    assert "%" not in finding.message


@pytest.mark.parametrize("sound", SOUND)
def test_a_schema_that_keeps_the_rules_gets_none(sound: bytes) -> None:
    assert [finding.message for finding in found_in(sound)] == []


def test_every_rule_has_a_schema_that_breaks_it() -> None:
    assert sorted(BROKEN) == sorted(RULES)


def test_a_finding_names_the_element_with_its_version_and_how_often_it_is_used() -> None:
    group_twice = place(group(place(field(label="")), place(field(2)), number=1))
    (finding,) = [
        finding
        for finding in found_in(schema(group_twice, group_twice.replace("G05000000001", "G05000000002")))
        if finding.code == "1009"
    ]
    assert (finding.element, finding.version, finding.places) == ("F05000000001", "1.0.0", 2)
    assert finding.place == "F05000000001V1.0.0 „Feld 1“"
    assert finding.message == "Die Bezeichnung Eingabe ist leer."


def test_numbers_of_any_length_are_compared_without_harm() -> None:
    started = time.monotonic()
    huge = "9" * 50_000
    for limits in (f"minValue='{huge}' maxValue='1'", f"minLength='{huge}' maxLength='1'"):
        found_in(only(type=code("datentyp", "num_int"), limits=limits))
    found_in(schema(place(field(), f"{huge}:1")))
    assert time.monotonic() - started < 5


def _official() -> dict[str, str]:
    tree = etree.parse(SHARED_DATA / "xdatenfelder" / "xdf3-qs-meldungen-1.8.gc.xml")
    rows = [
        {value.get("ColumnRef"): (value.findtext("{*}SimpleValue") or "").strip() for value in row}
        for row in tree.iterfind(".//{*}Row")
    ]
    return {row["Code"]: row["Typ"] for row in rows}


@needs_shared_data
def test_codes_and_grades_are_those_of_the_published_list_and_every_other_code_is_explained() -> None:
    official = _official()
    grades = {
        "critical": "FehlerKritisch",
        "method": "FehlerMethodisch",
        "warning": "Warnung",
        "hint": "Hinweis",
    }
    assert {number: grades[one.grade] for number, one in RULES.items()} == {
        number: official[number] for number in RULES
    }
    explained = set(re.findall(r"\b1\d{3}\b", DOCS.read_text().partition("## Codes that are not checked")[2]))
    assert explained == set(official) - set(RULES)


@needs_shared_data
def test_released_schemata_are_read_within_seconds_and_have_none_of_the_faults_that_forbid_their_release() -> (
    None
):
    started = time.monotonic()
    files = real_files("xdatenfelder/3.0.0/*.xml")
    for file in files:
        found = found_in(file.read_bytes())
        assert [finding for finding in found if finding.grade == "critical"] == [], file.name
    assert len(files) == 16
    assert time.monotonic() - started < 10


@needs_shared_data
def test_a_schema_of_version_2_is_checked_as_what_it_becomes() -> None:
    root = to_version_3(read_message(real_files("xdatenfelder/2.0/S05000058*.xml")[0]))
    node = root.first("stammdatenschema")
    assert node is not None
    found = list(check(node))
    codes = {finding.code for finding in found}
    assert "1010" in codes  # bezeichnungAusgabe may be empty in 2.0
    assert not codes & {"1027", "1028", "1030", "1032", "1038"}
    (strange,) = [finding for finding in found if finding.code == "1039"]
    assert strange.element.startswith("F00-4cb0dd14")  # the published file has a UUID there
