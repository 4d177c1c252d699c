from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from rathaus.standards.xdatenfelder.model import (
    Code,
    ElementTranslation,
    RuleMessage,
    RuleTranslation,
    Translation,
)
from rathaus.standards.xdatenfelder.reader import read_translations
from rathaus.standards.xdatenfelder.translations import write_translations
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

_TEXT = st.text(st.sampled_from("aZäß <&>'\"Ж„"), max_size=12).map(str.strip)
_NAME = _TEXT.filter(bool)
_TOKEN = st.text(st.sampled_from("aZ09:._-"), min_size=1, max_size=8)
_VERSION = st.none() | st.from_regex(r"[0-9]\.[0-9]\.[0-9]", fullmatch=True)
_RULES = st.builds(
    RuleTranslation,
    _TOKEN,
    _VERSION,
    st.lists(st.builds(RuleMessage, st.integers(0, 999).map(str), _NAME), min_size=1, max_size=2).map(tuple),
)
_ELEMENTS = st.builds(
    ElementTranslation,
    _TOKEN,
    _VERSION,
    label=_TEXT,
    label_output=_TEXT,
    help=_TEXT,
    help_output=_TEXT,
    content=_TEXT,
    codes=st.lists(st.builds(Code, _TOKEN, _NAME, _TEXT), max_size=2).map(tuple),
    rules=st.lists(_RULES, max_size=2).map(tuple),
)
_TRANSLATIONS = st.lists(
    st.builds(
        Translation,
        st.just("S00000000001"),
        language=st.sampled_from(("en", "de", "ukr")),
        elements=st.lists(_ELEMENTS, min_size=1, max_size=3).map(tuple),
        region=st.sampled_from((None, "GB")),
        variant=st.sampled_from((None, "simple")),
        version=st.integers(1, 99),
        schema_version=st.just("1.2.0"),
    ),
    min_size=1,
    max_size=3,
).map(tuple)


@cache
def _xsd() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SHARED_DATA / "xdatenfelder/xsd/3.0.0/xdatenfelder.xsd")))


@given(_TRANSLATIONS)
def test_translations_are_written_and_read_again_equal(translations: tuple[Translation, ...]) -> None:
    written = write_translations(translations)
    assert read_translations(written) == translations
    assert write_translations(read_translations(written)) == written


@needs_shared_data
@given(_TRANSLATIONS)
def test_written_translations_are_valid(translations: tuple[Translation, ...]) -> None:
    _xsd().assertValid(etree.fromstring(write_translations(translations)))


def test_a_message_translates_one_schema() -> None:
    one, other = (Translation(name, "en", ()) for name in ("S1", "S2"))
    for wrong in ((), (one, other)):
        with pytest.raises(ValueError, match="one schema"):
            write_translations(wrong)
