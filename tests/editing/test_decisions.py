"""Decision tables changed row by row: what is not named stays as it is, and separate rows do not disturb each other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.catalogue.packing import read_folder
from rathaus.editing import (
    AddDecisionRow,
    AddDecisionTable,
    Edit,
    EditError,
    Files,
    MoveDecisionRow,
    RemoveDecisionRow,
    SetDecisionCell,
    edit_from_json,
    meet,
    to_json,
)
from rathaus.editing.decisions import columns_of, new_row_id, table_file, table_names, table_of
from rathaus.editing.places import text_at

FILES: Files = read_folder(Path(__file__).parents[2] / "services" / "gewerbeanmeldung")
TABLES = tuple(table_names(FILES))
texts = st.text("abÄ <>&'\"]-\n=", min_size=1, max_size=12).map(str.strip).filter(bool)

# As other editors write it: a prefix, comments, rows without ids, elements of their own.
FOREIGN: Files = {
    "decisions/weg.dmn": """<?xml version="1.0" encoding="UTF-8"?>
<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:camunda="urn:camunda"
    expressionLanguage="urn:cel">
  <!-- Über der Entscheidung -->
  <dmn:decision id="weg" name='Weg "kurz"'><dmn:decisionTable hitPolicy="FIRST" camunda:x="1>2">
    <dmn:input label="Grund"><dmn:inputExpression><dmn:text>answers.grund</dmn:text></dmn:inputExpression></dmn:input>
    <dmn:output name="weg" typeRef="string"/>
    <!-- die erste -->
    <dmn:rule><dmn:inputEntry><dmn:text><![CDATA['a']]></dmn:text></dmn:inputEntry>
      <dmn:outputEntry><dmn:text>'kurz'</dmn:text></dmn:outputEntry></dmn:rule>
    <!-- die zweite -->
    <dmn:rule id="zwei"><dmn:inputEntry><dmn:text/></dmn:inputEntry>
      <dmn:outputEntry><dmn:text>'lang'</dmn:text></dmn:outputEntry>
      <dmn:annotationEntry><dmn:text>§ 1</dmn:text></dmn:annotationEntry></dmn:rule>
    <!-- zum Schluss -->
  </dmn:decisionTable></dmn:decision>
</dmn:definitions>
""".encode()
}


def rows(files: Files, name: str) -> list[tuple[str, tuple[str, ...], str]]:
    """Every row's id, cells and annotation."""
    return [
        (rule.id, tuple(cell.source for cell in (*rule.conditions, *rule.results)), rule.annotation)
        for rule in table_of(files, name).rules
    ]


def made(files: Files, edit: Edit) -> Files | None:
    try:
        return edit.apply(files)
    except EditError:
        return None


def edits_of(name: str) -> st.SearchStrategy[Edit]:
    table = table_of(FILES, name)
    ids = st.sampled_from([rule.id for rule in table.rules])
    somewhere = st.one_of(st.just(""), ids)
    cells = len(table.inputs), len(table.outputs)
    return st.one_of(
        st.builds(
            AddDecisionRow,
            st.just(name),
            st.sampled_from(["neu_1", "neu_2"]),
            st.tuples(*[texts] * cells[0]),
            st.tuples(*[texts] * cells[1]),
            st.one_of(st.just(""), texts),
            somewhere,
        ),
        st.builds(
            SetDecisionCell,
            st.just(name),
            ids,
            st.sampled_from([*columns_of(table), "annotation"]),
            st.one_of(st.just("-"), texts),
        ),
        st.builds(MoveDecisionRow, st.just(name), ids, somewhere),
        st.builds(RemoveDecisionRow, st.just(name), ids),
    )


pairs = st.sampled_from(TABLES).flatmap(lambda name: st.tuples(edits_of(name), edits_of(name)))
any_edit = st.sampled_from(TABLES).flatmap(edits_of)


@settings(max_examples=60, deadline=None)
@given(any_edit)
def test_an_edit_changes_its_row_and_nothing_else(edit: Edit) -> None:
    name = str(getattr(edit, "table", ""))
    before, after = rows(FILES, name), made(FILES, edit)
    if after is None:
        return
    assert {file: content for file, content in after.items() if file != table_file(name)} == {
        file: content for file, content in FILES.items() if file != table_file(name)
    }
    touched = getattr(edit, "row", None) or getattr(edit, "id", None)
    if not isinstance(edit, MoveDecisionRow):
        assert [row for row in before if row[0] != touched] == [
            row for row in rows(after, name) if row[0] != touched
        ]
    else:
        assert sorted(before) == sorted(rows(after, name))


@settings(max_examples=60, deadline=None)
@given(pairs)
def test_edits_of_separate_rows_lead_to_the_same_in_either_order(pair: tuple[Edit, Edit]) -> None:
    one, other = pair
    if meet(one.places(), other.places()):
        return
    first, second = made(FILES, one), made(FILES, other)
    if first is None or second is None:
        return
    there, back = made(first, other), made(second, one)
    if there is not None and back is not None:
        assert there == back


@settings(max_examples=30, deadline=None)
@given(any_edit)
def test_an_edit_read_back_does_the_same(edit: Edit) -> None:
    again = edit_from_json(json.loads(json.dumps(to_json(edit))))
    assert again == edit
    assert made(FILES, again) == made(FILES, edit)


@settings(max_examples=40, deadline=None)
@given(texts, texts, texts)
def test_what_is_written_is_read_again(condition: str, result: str, annotation: str) -> None:
    files = AddDecisionRow("weg", "neu", (condition,), (result,), annotation).apply(FILES)
    assert rows(files, "weg")[-1] == ("neu", (condition, result), annotation)
    files = SetDecisionCell("weg", "weg_gruen", "in1", condition).apply(files)
    assert rows(files, "weg")[0][1] == (condition, "'gruen'")


def test_what_is_written_as_it_was_leaves_the_file_the_same_bytes() -> None:
    for name in TABLES:
        for row in rows(FILES, name):
            for column, text in zip(columns_of(table_of(FILES, name)), row[1], strict=True):
                assert SetDecisionCell(name, row[0], column, text).apply(FILES) == FILES


def test_tables_of_other_editors_keep_their_comments_prefixes_and_elements() -> None:
    files = MoveDecisionRow("weg", "rule_1").apply(FOREIGN)
    text = files["decisions/weg.dmn"].decode()
    assert rows(files, "weg") == [("zwei", ("", "'lang'"), "§ 1"), ("rule_1", ("'a'", "'kurz'"), "")]
    order = ["Über der Entscheidung", "die zweite", 'id="zwei"', "die erste", 'id="rule_1"', "zum Schluss"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    files = SetDecisionCell("weg", "zwei", "in1", "< 3 && 'x' != \"\"").apply(files)
    files = SetDecisionCell("weg", "zwei", "annotation", "§ 2").apply(files)
    files = SetDecisionCell("weg", "rule_1", "annotation", "neu").apply(files)
    files = AddDecisionRow(
        "weg", new_row_id(table_of(files, "weg")), ("'b'",), ("'b'",), before="zwei"
    ).apply(files)
    assert rows(files, "weg") == [
        ("weg_1", ("'b'", "'b'"), ""),
        ("zwei", ("< 3 && 'x' != \"\"", "'lang'"), "§ 2"),
        ("rule_1", ("'a'", "'kurz'"), "neu"),
    ]
    changed = files["decisions/weg.dmn"].decode()
    assert '<dmn:rule id="weg_1">' in changed
    assert 'camunda:x="1>2"' in changed
    assert MoveDecisionRow("weg", "zwei", "rule_1").apply(files) == files


def test_the_last_row_stays_and_unknown_rows_are_said() -> None:
    files = RemoveDecisionRow("weg", "weg_gruen").apply(FILES)
    with pytest.raises(EditError, match="mindestens eine Zeile"):
        RemoveDecisionRow("weg", "weg_person").apply(files)
    with pytest.raises(EditError, match="nicht"):
        SetDecisionCell("weg", "weg_gruen", "in1", "1").apply(files)
    with pytest.raises(EditError, match="Spalten"):
        SetDecisionCell("weg", "weg_person", "in2", "1").apply(files)
    with pytest.raises(EditError, match="schon"):
        AddDecisionRow("weg", "weg_person", ("1",), ("1",)).apply(files)


def test_a_new_table_asks_what_was_chosen_and_says_what_holds_otherwise() -> None:
    edit = AddDecisionTable(
        "art",
        "Art & Weise",
        (("Rechtsform <Nr. 1>", "answers.rechtsform"),),
        "art",
        "Art",
        "'einzeln'",
        "Wozu?",
    )
    files = edit.apply(FILES)
    table = table_of(files, "art")
    assert (table.name, table.description, table.column_name(0)) == (
        "Art & Weise",
        "Wozu?",
        "Rechtsform <Nr. 1>",
    )
    assert rows(files, "art") == [("art_sonst", ("-", "'einzeln'"), "")]
    with pytest.raises(EditError, match="schon"):
        edit.apply(files)


def test_both_sides_of_a_conflict_can_be_read() -> None:
    assert text_at(FILES, "decision:weg/weg_person/in1") == "> 0"
    assert text_at(FILES, "decision:weg/weg_person") == "> 0 → 'person'"
    assert text_at(FILES, "decision:weg/rows").splitlines() == ["0 → 'gruen'", "> 0 → 'person'"]
    assert text_at(FILES, "decision:weg/weg_gruen/annotation").startswith("Grünfall")
