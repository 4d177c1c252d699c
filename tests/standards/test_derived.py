from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from lxml import etree

from rathaus.standards.xdatenfelder.derived import json_schema, namespace_of, xml_schema, xsd_pattern
from rathaus.standards.xdatenfelder.model import (
    Code,
    CodeListReference,
    Constraints,
    DataType,
    Field,
    FieldKind,
    Group,
    Placement,
    Schema,
)
from rathaus.standards.xdatenfelder.reader import read_schema
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

REAL = SHARED_DATA / "xdatenfelder" / "3.0.0"


def field(number: int, datatype: DataType = DataType.TEXT, **more: Any) -> Field:
    kind = more.pop("kind", FieldKind.INPUT)
    return Field(f"F{number:011d}", "1.0.0", f"Feld {number}", f"Feld {number}", kind, datatype, **more)


def schema(*children: Placement) -> Schema:
    return Schema("S00000000001", "1.0.0", "Probe", "Probe", children)


def once(element: Field | Group, minimum: int = 1, maximum: int | None = 1) -> Placement:
    return Placement(element, minimum, maximum)


NAME = field(1, constraints=Constraints(min_length=2, max_length=5, pattern="[A-Z]+"))
NUMBER = field(2, DataType.NUM_INT, constraints=Constraints(min_value="1", max_value="9"))
STATE = field(3, kind=FieldKind.SELECT, codes=(Code("1", "eins"), Code("2", "zwei")))
NOTE = field(4, kind=FieldKind.LABEL, content="Bitte lesen")
DAY = field(5, DataType.DATE)
CHOICE = Group("G00000000001", "1.0.0", "Wahl", "Wahl", (once(DAY, 0), once(STATE, 0)), is_choice=True)
PROBE = schema(once(NAME), once(NUMBER, 0, 2), once(NOTE), once(CHOICE, 0, None))

GOOD = {
    "F00000000001V1.0.0": "ABC",
    "F00000000002V1.0.0": [1, 9],
    "G00000000001V1.0.0": [{"F00000000005V1.0.0": "2026-01-31"}, {"F00000000003V1.0.0": "2"}],
}
WRONG: dict[str, dict[str, Any]] = {
    "a needed field is missing": {"F00000000001V1.0.0": None},
    "too long": {"F00000000001V1.0.0": "ABCDEF"},
    "not the pattern": {"F00000000001V1.0.0": "abc"},
    "too many": {"F00000000002V1.0.0": [1, 2, 3]},
    "above the limit": {"F00000000002V1.0.0": [10]},
    "two of a choice": {
        "G00000000001V1.0.0": [{"F00000000005V1.0.0": "2026-01-31", "F00000000003V1.0.0": "1"}]
    },
    "none of a choice": {"G00000000001V1.0.0": [{}]},
    "no such code": {"G00000000001V1.0.0": [{"F00000000003V1.0.0": "3"}]},
    "no such day": {"G00000000001V1.0.0": [{"F00000000005V1.0.0": "2026-02-31"}]},
    "a label is no data": {"F00000000004V1.0.0": "Bitte lesen"},
}


def xml_of(data: dict[str, Any], namespace: str, name: str = "S00000000001V1.0.0") -> etree._Element:
    """The same data as XML, members in the order of the schema."""
    element = etree.Element(f"{{{namespace}}}{name}")
    for member, value in data.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                element.append(xml_of(item, namespace, member))
            else:
                etree.SubElement(element, f"{{{namespace}}}{member}").text = str(item)
    return element


def changed(change: dict[str, Any]) -> dict[str, Any]:
    data = {**GOOD, **change}
    return {name: value for name, value in sorted(data.items()) if value is not None}


def test_good_data_fits_both_formats() -> None:
    validator = jsonschema_rs.Draft202012Validator(json_schema(PROBE), validate_formats=True)
    assert validator.is_valid(GOOD)
    document = etree.XMLSchema(etree.fromstring(xml_schema(PROBE)))
    document.assertValid(xml_of(GOOD, namespace_of(PROBE)))


@pytest.mark.parametrize("why", WRONG)
def test_wrong_data_fits_neither(why: str) -> None:
    data = changed(WRONG[why])
    validator = jsonschema_rs.Draft202012Validator(json_schema(PROBE), validate_formats=True)
    assert not validator.is_valid(data)
    document = etree.XMLSchema(etree.fromstring(xml_schema(PROBE)))
    assert not document.validate(xml_of(data, namespace_of(PROBE)))


def test_an_element_that_stands_twice_among_its_siblings_is_one_list() -> None:
    written = json_schema(schema(once(NAME), once(NUMBER), once(NAME, 0)))
    assert written["properties"]["F00000000001V1.0.0"] == {
        "type": "array",
        "items": {"$ref": "#/$defs/F00000000001V1.0.0"},
        "minItems": 1,
        "maxItems": 2,
    }
    etree.XMLSchema(etree.fromstring(xml_schema(schema(once(NAME), once(NUMBER), once(NAME, 0)))))


def test_one_id_with_two_contents_is_described_where_it_stands() -> None:
    other = field(1, DataType.BOOL)
    group = Group("G00000000002", "1.0.0", "Zwei", "Zwei", (once(other),))
    validator = jsonschema_rs.Draft202012Validator(json_schema(schema(once(NAME), once(group))))
    data = {"F00000000001V1.0.0": "ABC", "G00000000002V1.0.0": {"F00000000001V1.0.0": True}}
    assert validator.is_valid(data)
    etree.XMLSchema(etree.fromstring(xml_schema(schema(once(NAME), once(group)))))


def test_codes_of_a_list_become_choices_and_a_missing_list_leaves_text() -> None:
    reference = CodeListReference("urn:staat", canonical_version_uri="urn:staat_1")
    listed = schema(once(field(1, kind=FieldKind.SELECT, code_list=reference)))
    definition = json_schema(listed, {"urn:staat": (Code("000", "Deutschland"),)})["$defs"][
        "F00000000001V1.0.0"
    ]
    assert definition["oneOf"] == [{"const": "000", "title": "Deutschland"}]
    assert "oneOf" not in json_schema(listed)["$defs"]["F00000000001V1.0.0"]


@pytest.mark.parametrize(
    ("html", "xsd"),
    [
        ("[0-9]{5}", "[0-9]{5}"),
        ("^[0-9]{5}$", "[0-9]{5}"),
        (r"\d{2}(?:\.\d)?", r"[0-9]{2}(\.[0-9])?"),
        (r"[\d\-]+\w?", r"[0-9\-]+[A-Za-z0-9_]?"),
        ("(?=a)b", None),
        (r"\bab", None),
        ("bitte fünf Ziffern (", None),
        ("a$|b", None),
    ],
)
def test_patterns_are_carried_over_only_where_they_mean_the_same(html: str, xsd: str | None) -> None:
    assert xsd_pattern(html) == xsd


@needs_shared_data
@pytest.mark.parametrize("name", sorted(path.name for path in REAL.glob("*.xml")))
def test_independent_validators_accept_what_real_schemata_become(name: str) -> None:
    real = read_schema(REAL / name)
    jsonschema_rs.Draft202012Validator(json_schema(real))
    etree.XMLSchema(etree.fromstring(xml_schema(real)))
