"""Every schema of the model is written valid against the XSD of 3.0.0 and read again equal."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.model import (
    Code,
    CodeListReference,
    Constraints,
    DataType,
    Field,
    FieldKind,
    Group,
    Keyword,
    Placement,
    Record,
    Reference,
    Rule,
    RuleMessage,
    RuleParameter,
    RuleTarget,
    Schema,
)
from rathaus.standards.xdatenfelder.reader import read_schema
from rathaus.standards.xdatenfelder.writer import write_schema
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

_LETTERS = st.sampled_from("aZäßŁ§€ 09.,;:-_<>&\"'(){}/\n")
_TEXT = st.text(_LETTERS, max_size=20).map(str.strip)
_NAME = st.text(_LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
_TOKEN = st.text(st.sampled_from("aZä09.:_-"), min_size=1, max_size=12)
_VERSION = st.none() | st.from_regex(r"[0-9]\.[0-9]{1,2}\.[0-9]", fullmatch=True)
_DAY = st.just("") | st.dates().map(str)
_MOMENT = st.just("2024-05-06T07:08:09Z")
_REFERENCES = st.lists(
    st.builds(Reference, _NAME, st.none() | st.just("https://example.org/1")), max_size=2
).map(tuple)
_KEYWORDS = st.lists(st.builds(Keyword, _TOKEN, st.just("urn:x")), max_size=2).map(tuple)
_RECORDS = st.builds(
    Record,
    definition=_TEXT,
    status=st.sampled_from("12345678"),
    status_set_on=_DAY,
    status_set_by=_TEXT,
    valid_from=_DAY,
    valid_until=_DAY,
    version_note=_TEXT,
    published_on=_DAY,
    changed_at=_MOMENT,
    keywords=_KEYWORDS,
)


def _ids(letter: str) -> st.SearchStrategy[str]:
    return st.integers(0, 99_999_999_999).map(lambda number: f"{letter}{number:011}")


_RULES = st.lists(
    st.builds(
        Rule,
        _ids("R"),
        _VERSION,
        name=_NAME,
        text=_NAME,
        kind=st.sampled_from("BKMV"),
        description=_TEXT,
        references=_REFERENCES,
        parameters=st.lists(
            st.builds(
                RuleParameter, _TOKEN, _TOKEN, st.sampled_from(("wert", "anzahl", "objekt", "selektor"))
            ),
            max_size=2,
        ).map(tuple),
        targets=st.lists(st.builds(RuleTarget, _TOKEN, _TOKEN), max_size=2).map(tuple),
        script=_TEXT,
        messages=st.lists(st.builds(RuleMessage, st.integers(0, 999).map(str), _NAME), max_size=2).map(tuple),
        record=st.builds(Record, status_set_by=_TEXT, changed_at=_MOMENT, keywords=_KEYWORDS),
    ),
    max_size=2,
    unique_by=lambda rule: rule.id,
).map(tuple)
_CODE_LISTS = st.builds(
    CodeListReference,
    _TOKEN,
    version=st.none() | _TOKEN,
    canonical_version_uri=st.none() | _TOKEN,
    code_column=st.none() | _TOKEN,
    name_column=st.none() | _TOKEN,
    help_column=st.none() | _TOKEN,
)
_CODES = st.lists(st.builds(Code, _TOKEN, _NAME, _TEXT), max_size=3, unique_by=lambda code: code.code).map(
    tuple
)


def _in_order(limits: Constraints) -> Constraints:
    """Limits between which something lies: others are mended when they are read."""
    if limits.min_value is None or limits.max_value is None:
        return limits
    least, most = sorted((limits.min_value, limits.max_value), key=int)
    return replace(limits, min_value=least, max_value=most)


_CONSTRAINTS = st.builds(
    Constraints,
    min_length=st.none() | st.integers(0, 9),
    max_length=st.none() | st.integers(10, 10**9),
    min_value=st.none() | st.integers().map(str),
    max_value=st.none() | st.integers().map(str),
    pattern=st.none() | st.sampled_from(("[0-9]{5}", r"\d+ <&>", "a  b")),
).map(_in_order)


@st.composite
def _fields(draw: st.DrawFn) -> Field:
    choices = draw(st.tuples(_CODES, st.none()) | st.tuples(st.just(()), _CODE_LISTS))
    return Field(
        draw(_ids("F")),
        draw(_VERSION),
        draw(_NAME),
        draw(_NAME),
        draw(st.sampled_from(FieldKind)),
        draw(st.sampled_from(DataType)),
        label_output=draw(_TEXT),
        help=draw(_TEXT),
        help_output=draw(_TEXT),
        description=draw(_TEXT),
        constraints=draw(_CONSTRAINTS),
        content=draw(_TEXT),
        prefill=draw(st.sampled_from(("keine", "optional", "verpflichtend"))),
        codes=choices[0],
        code_list=choices[1],
        max_size=draw(st.none() | st.integers(1, 10**9)),
        media_types=draw(st.sampled_from(((), ("application/pdf", "image/svg+xml")))),
        rules=draw(_RULES),
        references=draw(_REFERENCES),
        origin=draw(st.sampled_from(("ABS", "HAR", "RNG"))),
        record=draw(_RECORDS),
    )


def _placements(
    elements: st.SearchStrategy[Field] | st.SearchStrategy[Group],
) -> st.SearchStrategy[Placement]:
    counts = st.sampled_from([(0, 1), (1, 1), (0, None), (1, None), (2, 5)])
    return st.builds(
        lambda element, count, references: Placement(element, count[0], count[1], references),
        elements,
        counts,
        _REFERENCES,
    )


def _children(elements: st.SearchStrategy[Placement]) -> st.SearchStrategy[tuple[Placement, ...]]:
    return st.lists(elements, min_size=1, max_size=2).map(tuple)


def _groups(inside: st.SearchStrategy[Placement]) -> st.SearchStrategy[Placement]:
    return _placements(
        st.builds(
            Group,
            _ids("G"),
            _VERSION,
            name=_NAME,
            label=_NAME,
            children=_children(inside),
            label_output=_TEXT,
            help=_TEXT,
            help_output=_TEXT,
            description=_TEXT,
            is_choice=st.booleans(),
            rules=_RULES,
            references=_REFERENCES,
            origin=st.sampled_from(("ABS", "HAR", "RNG")),
            record=_RECORDS,
        )
    )


_SCHEMATA = st.builds(
    Schema,
    _ids("S"),
    _VERSION,
    name=_NAME,
    label=_NAME,
    children=_children(st.recursive(_placements(_fields()), _groups, max_leaves=4)),
    help=_TEXT,
    description=_TEXT,
    rules=_RULES,
    references=_REFERENCES,
    structure_changes=st.sampled_from("0123"),
    representation_changes=st.sampled_from("01"),
    document_profile=st.tuples(_ids("D"), _VERSION),
    record=_RECORDS,
)
_thorough = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@cache
def _xsd() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SHARED_DATA / "xdatenfelder/xsd/3.0.0/xdatenfelder.xsd")))


@_thorough
@given(_SCHEMATA)
def test_what_is_written_is_read_again_equal(schema: Schema) -> None:
    written = write_schema(schema)
    assert read_schema(written) == schema
    assert read_document(written).schema == schema


@needs_shared_data
@_thorough
@given(_SCHEMATA)
def test_what_is_written_is_valid(schema: Schema) -> None:
    _xsd().assertValid(etree.fromstring(write_schema(schema)))
