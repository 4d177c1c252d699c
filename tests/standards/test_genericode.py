from __future__ import annotations

from pathlib import Path

import pytest

from rathaus.standards.genericode import NAMESPACE, CodeListError, read_code_list
from tests.standards.shared_data import SHARED_DATA, needs_shared_data, real_files

REAL_LISTS = [
    *real_files("xdatenfelder/genericode/*.xml"),
    *real_files("xdomea/code_lists/*.xml"),
    *real_files("xdatenfelder/*.gc.xml"),
]


def code_list(columns: str, rows: str, prefix: str = "") -> bytes:
    p = f"{prefix}:" if prefix else ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return f"""<{p}CodeList {declared}="{NAMESPACE}"><Identification><ShortName>Probe</ShortName>
    <Version>1</Version><CanonicalUri>urn:probe</CanonicalUri><CanonicalVersionUri>urn:probe_1</CanonicalVersionUri>
    </Identification><ColumnSet>{columns}</ColumnSet><SimpleCodeList>{rows}</SimpleCodeList></{p}CodeList>""".encode()


COLUMNS = '<Column Id="a"/><Column Id="b"><ShortName>Name</ShortName></Column><Column Id="c"/>'
ROW = """<Row><Value ColumnRef="a"><SimpleValue>1</SimpleValue></Value><Value><SimpleValue>Eins</SimpleValue></Value>
<Value><SimpleValue>Hilfe</SimpleValue></Value></Row>"""


@pytest.mark.parametrize("prefix", ["", "gc"])
def test_children_are_matched_by_local_name(prefix: str) -> None:
    read = read_code_list(code_list(COLUMNS, ROW, prefix))
    assert (read.short_name, read.canonical_uri, read.version) == ("Probe", "urn:probe", "1")
    assert read.canonical_version_uri == "urn:probe_1"
    assert read.rows[0] == {"a": "1", "b": "Eins", "c": "Hilfe"}


def test_codes_come_from_the_key_column_and_the_column_called_name() -> None:
    key = '<Key Id="k"><ColumnRef Ref="c"/></Key>'
    (code,) = read_code_list(code_list(COLUMNS + key, ROW)).codes()
    assert (code.code, code.name) == ("Hilfe", "Eins")


def test_named_columns_win_regardless_of_case() -> None:
    (code,) = read_code_list(code_list(COLUMNS, ROW)).codes("A", "NAME", "c")
    assert (code.code, code.name, code.help) == ("1", "Eins", "Hilfe")


def test_a_missing_column_is_named_with_those_that_exist() -> None:
    with pytest.raises(CodeListError, match="urn:probe has no column 'x'; it has a, b, c"):
        read_code_list(code_list(COLUMNS, ROW)).codes("x")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"<CodeList/>", "not Genericode"),
        (b"<other/>", "root element is <other>"),
        (f'<CodeList xmlns="{NAMESPACE}"/>'.encode(), "no <ColumnSet>"),
        (code_list("", ""), "needs columns"),
        (code_list(COLUMNS, '<Row><Value ColumnRef="z"/></Row>'), "unknown column 'z'"),
        (code_list(COLUMNS + '<Key Id="k"><ColumnRef Ref="z"/></Key>', ""), "unknown column 'z'"),
        (b"<!DOCTYPE x><CodeList/>", "DOCTYPE"),
    ],
)
def test_what_is_not_a_code_list_is_refused(document: bytes, message: str) -> None:
    with pytest.raises(CodeListError, match=message):
        read_code_list(document)


@needs_shared_data
@pytest.mark.parametrize("path", REAL_LISTS, ids=lambda path: path.name)
def test_every_real_code_list_gives_codes_with_names(path: Path) -> None:
    read = read_code_list(path)
    codes = read.codes()
    assert len(codes) == len(read.rows) > 0
    assert all(code.code and code.name for code in codes)
    assert len({code.code for code in codes}) == len(codes)


@needs_shared_data
def test_the_states_of_the_world_are_found_by_their_columns() -> None:
    read = read_code_list(SHARED_DATA / "xdatenfelder/genericode/C60000016_genericode.xml")
    names = {code.code: code.name for code in read.codes(name_column="staatsname-voll")}
    assert names["000"] == "die Bundesrepublik Deutschland"
