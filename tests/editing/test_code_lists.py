"""Bringing code lists into a package: choices instead of texts, and examples that stay valid."""

from __future__ import annotations

from datetime import date

import pytest

from rathaus.catalogue.package import inspect_package
from rathaus.drafting import CodeListStore, draft_from_document
from rathaus.editing import EditError, Files
from rathaus.editing.code_lists import needed_lists, with_code_lists
from tests.standards.shared_data import SHARED_DATA, needs_shared_data

pytestmark = needs_shared_data
SCHEMA = SHARED_DATA / "xdatenfelder/3.0.0/S05000001299.xdf.xml"
FAMILIENSTAND = "urn:de:dsmeld:schluesseltabelle:familienstand"


def code_list(uri: str, version: str, **codes: str) -> bytes:
    rows = "".join(
        f'<Row><Value ColumnRef="code"><SimpleValue>{code}</SimpleValue></Value>'
        f'<Value ColumnRef="name"><SimpleValue>{name}</SimpleValue></Value></Row>'
        for code, name in codes.items()
    )
    return (
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><Identification>'
        f"<ShortName>Familienstand</ShortName><Version>{version}</Version><CanonicalUri>{uri}</CanonicalUri>"
        f"<CanonicalVersionUri>{uri}_{version}</CanonicalVersionUri></Identification>"
        '<ColumnSet><Column Id="code"/><Column Id="name"/><Key Id="k"><ColumnRef Ref="code"/></Key></ColumnSet>'
        f"<SimpleCodeList>{rows}</SimpleCodeList></gc:CodeList>"
    ).encode()


def drafted() -> Files:
    lists = CodeListStore.in_folder(SHARED_DATA / "xdatenfelder/genericode")
    return draft_from_document(SCHEMA.read_bytes(), today=date(2026, 11, 26), code_lists=lists).files


def errors(files: Files) -> list[str]:
    return [str(problem) for problem in inspect_package(files)[1] if problem.level == "error"]


def test_a_missing_list_makes_a_choice_of_its_fields_and_the_examples_stay_valid() -> None:
    files = drafted()
    missing = {one.uri: one for one in needed_lists(files) if one.found is None}
    assert missing[FAMILIENSTAND].fields == ("kindertagespflegeperson.familienstand",)
    done = with_code_lists(files, {"f.xml": code_list(FAMILIENSTAND, "2", LD="ledig", VH="verheiratet")})
    assert [one.canonical_uri for one in done.added] == [FAMILIENSTAND]
    assert FAMILIENSTAND not in {one.uri for one in needed_lists(done.files) if one.found is None}
    assert 'familienstand = "LD"' in done.files["examples/01-noetig.toml"].decode()
    assert errors(done.files) == []


def test_another_version_of_a_list_takes_the_place_of_the_first() -> None:
    once = with_code_lists(drafted(), {"a.xml": code_list(FAMILIENSTAND, "1", LD="ledig")}).files
    twice = with_code_lists(once, {"b.xml": code_list(FAMILIENSTAND, "2", VH="verheiratet")}).files
    assert set(once) == set(twice)
    assert 'familienstand = "VH"' in twice["examples/01-noetig.toml"].decode()
    assert errors(twice) == []


def test_a_list_that_no_field_chooses_from_is_named_and_left_out() -> None:
    files = drafted()
    done = with_code_lists(files, {"x.xml": code_list("urn:de:beispiel:farbe", "1", R="rot")})
    assert [one.canonical_uri for one in done.unused] == ["urn:de:beispiel:farbe"]
    assert done.files == files


def test_what_is_no_code_list_is_refused_by_its_name() -> None:
    with pytest.raises(EditError, match=r"„x\.xml“ ist keine Codeliste"):
        with_code_lists(drafted(), {"x.xml": b"<a/>"})
