from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from rathaus.standards.latin import SEQUENCES, SINGLE_CHARACTERS, normalized, unknown_characters
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

XSD = "{http://www.w3.org/2001/XMLSchema}"
LATINCHARS = "{http://xoev.de/latinchars}"
NORMATIVE = {"bll", "bnlreq", "bnl", "bnlopt", "bnlnot"}


def datatype_c() -> re.Pattern[str]:
    for simple_type in etree.parse(SHARED_DATA / "din91379/din-norm-91379-datatypes.xsd").iter(
        f"{XSD}simpleType"
    ):
        if simple_type.get("name") == "datatypeC":
            return re.compile(next(simple_type.iter(f"{XSD}pattern")).get("value") or "")
    raise AssertionError("datatypeC is missing")


@needs_shared_data
def test_the_single_characters_are_exactly_those_of_datatype_c() -> None:
    norm = datatype_c()
    everything = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert {char for char in everything if norm.fullmatch(char)} == SINGLE_CHARACTERS


@needs_shared_data
def test_every_sequence_is_one_of_datatype_c() -> None:
    norm = datatype_c()
    assert [sequence for sequence in SEQUENCES if not norm.fullmatch(sequence)] == []


@needs_shared_data
def test_every_normative_character_of_the_public_list_is_known() -> None:
    listed = [
        "".join(chr(int(code, 16)) for code in (entry.findtext(f"{LATINCHARS}cp") or "").split())
        for entry in etree.parse(SHARED_DATA / "din91379/latinchars.xml").getroot()
        if entry.get("group") in NORMATIVE
    ]
    assert len(listed) > 700
    assert [text for text in listed if unknown_characters(text)] == []
    assert unknown_characters(" ".join(listed)) == []


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Łukasz Çelik-Nguyễn, Straße 5 ½", []),
        ("", []),
        ("李 und 李 und Я", ["李", "Я"]),
        ("a\u0305", ["a\u0305"]),
        ("K\u035fh k\u035fh", []),
        ("k\u035fx", ["k\u035f"]),
        ("k\u035fH", ["k\u035f"]),
        ("„Anführung“", ["„", "“"]),
        ("\x00", ["\x00"]),
        ("\u0301e", ["\u0301"]),
    ],
)
def test_unknown_characters_are_named_once_with_their_marks(text: str, unknown: list[str]) -> None:
    assert unknown_characters(text) == unknown


@given(st.lists(st.sampled_from(sorted(SINGLE_CHARACTERS | SEQUENCES))).map(" ".join))
def test_permitted_text_is_permitted_in_every_normal_form(text: str) -> None:
    assert unknown_characters(text) == []
    assert unknown_characters(unicodedata.normalize("NFD", text)) == []
    assert normalized(unicodedata.normalize("NFD", text)) == normalized(text)


@given(st.text())
def test_what_is_reported_occurs_in_the_text(text: str) -> None:
    assert all(unknown in normalized(text) for unknown in unknown_characters(text))
