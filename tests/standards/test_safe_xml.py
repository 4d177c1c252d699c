from __future__ import annotations

import time
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.standards.safe_xml import Limits, Node, XmlError, read_xml

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<root>&c;</root>"""
EXTERNAL_ENTITY = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
EXTERNAL_DTD = b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/evil.dtd"><r/>'
PARAMETER_ENTITY = b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><r/>'


@pytest.mark.parametrize("document", [BILLION_LAUGHS, EXTERNAL_ENTITY, EXTERNAL_DTD, PARAMETER_ENTITY])
def test_a_document_type_declaration_is_refused_at_once(document: bytes) -> None:
    with pytest.raises(XmlError, match="DOCTYPE") as caught:
        read_xml(document)
    assert caught.value.line in (1, 2)


def test_deep_nesting_is_refused_quickly() -> None:
    started = time.monotonic()
    with pytest.raises(XmlError, match="nested deeper than 200"):
        read_xml(b"<a>" * 500_000)
    assert time.monotonic() - started < 2


def test_deep_nesting_inside_a_dropped_element_is_refused_too() -> None:
    with pytest.raises(XmlError, match="nested deeper"):
        read_xml(b"<r><relation>" + b"<a>" * 500, drop=frozenset({"relation"}))


def test_a_document_that_never_ends_is_refused_by_size() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b" " * 65536

    with pytest.raises(XmlError, match="larger than 1000000 bytes"):
        read_xml(Endless(), limits=Limits(bytes=1_000_000))


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(XmlError, match="more than 10 elements"):
        read_xml(b"<r>" + b"<a/>" * 11 + b"</r>", limits=Limits(elements=10))


def test_dropped_elements_do_not_count_and_leave_no_trace() -> None:
    root = read_xml(
        b"<r>a<relation><x>never</x></relation>b" + b"<relation/>" * 100 + b"<y/></r>",
        drop=frozenset({"relation"}),
        limits=Limits(elements=3),
    )
    assert [child.name for child in root.children] == ["y"]
    assert root.text == "ab"


@pytest.mark.parametrize(
    ("document", "line"),
    [(b"", 0), (b"<a>\n<b>\n</a>", 3), (b"not xml", 1), (b"<a>&undefined;</a>", 1), (b"\xff\xfe", 0)],
)
def test_what_is_not_xml_says_so_with_its_line(document: bytes, line: int) -> None:
    with pytest.raises(XmlError) as caught:
        read_xml(document)
    assert caught.value.line >= line


@pytest.mark.parametrize("before", [b"\n", b" \r\n\r\n", b"\xef\xbb\xbf\n\n"])
def test_blank_lines_before_the_declaration_are_read_past_and_counted(before: bytes) -> None:
    head = before + b"<?xml version='1.0' encoding='utf-8'?>\n"
    assert read_xml(head + b"<a/>").line == before.count(b"\n") + 2
    with pytest.raises(XmlError) as caught:
        read_xml(head + b"<a>")
    assert caught.value.line == before.count(b"\n") + 2


def test_an_unknown_encoding_is_an_error_not_a_crash() -> None:
    with pytest.raises(XmlError):
        read_xml(b'<?xml version="1.0" encoding="x-none"?><a/>')


def test_namespaces_prefixes_lines_and_texts_are_read() -> None:
    root = read_xml(b'<p:a xmlns:p="urn:x"\n xmlns:q="urn:y" b="1" q:c="2">\n <d>e<!-- no -->f</d></p:a>')
    assert (root.name, root.namespace, root.attributes, root.line) == ("a", "urn:x", {"b": "1"}, 1)
    assert root.text_of("d") == "ef"
    assert root.children[0].line == 3
    assert root.text_of("missing", "deeper") == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_but_never_crash(document: bytes) -> None:
    with suppress(XmlError):
        assert isinstance(read_xml(document), Node)
