"""Merging diagrams, tables, lists and schemata by their elements: neighbours do not get into each other's way."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from lxml import etree

from rathaus.catalogue.packing import read_folder
from rathaus.editing import AddField, Files
from rathaus.editing.decisions import AddDecisionRow, RemoveDecisionRow, SetDecisionCell
from rathaus.editing.spans import Document
from rathaus.merging import Side, merge
from rathaus.processes.publishing import check_files

BASE = read_folder(Path(__file__).parents[2] / "services" / "gewerbeanmeldung")
PROCESS = "process.bpmn"
TABLE = "decisions/gebuehr.dmn"
XML = [name for name in BASE if name.endswith((".bpmn", ".dmn", ".xml"))]


def put(files: Files, name: str, *pairs: tuple[str, str]) -> Files:
    """The package with texts of one file exchanged; each must be there exactly once."""
    text = files[name].decode()
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return {**files, name: text.encode()}


def renamed(content: bytes, file: str, number: int, name: str) -> bytes:
    """The file with the attribute of one of its elements changed."""
    document = Document(content, file)
    spans = [span for span in document.root.below() if {"name", "label"} & span.attributes.keys()]
    span = spans[number]
    document.set_attribute(span, "name" if "name" in span.attributes else "label", name)
    return document.write()


@pytest.mark.parametrize("file", [PROCESS, TABLE])
def test_names_of_neighbours_changed_by_both_are_both_taken_and_no_other_byte(file: str) -> None:
    names = [
        span for span in Document(BASE[file], file).root.below() if {"name", "label"} & span.attributes.keys()
    ]
    for number in range(len(names) - 1):
        ours = {**BASE, file: renamed(BASE[file], file, number, "Eins")}
        theirs = {**BASE, file: renamed(BASE[file], file, number + 1, "Zwei")}
        merged = merge(BASE, ours, theirs)
        assert merged.conflicts == (), names[number]
        assert merged.files[file] == renamed(ours[file], file, number + 1, "Zwei"), names[number]
        assert merge(BASE, theirs, ours).files == merged.files


@pytest.mark.parametrize("file", XML)
def test_comments_and_blanks_of_both_sides_stay(file: str) -> None:
    text = BASE[file].decode()
    end = text.rindex("</")
    ours = {**BASE, file: (text[:end] + "<!-- unten -->\n" + text[end:]).encode()}
    start = text.index("<", text.index(">", text.index("<", text.index("?>"))))
    theirs = {**BASE, file: (text[:start] + "<!-- oben -->\n" + text[start:]).encode()}
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    expected = text[:start] + "<!-- oben -->\n" + text[start:end] + "<!-- unten -->\n" + text[end:]
    assert merged.files[file].decode() == expected


def test_cells_of_one_row_changed_by_both_are_both_taken() -> None:
    row = "gebuehr_natuerlich"
    ours = SetDecisionCell("gebuehr", row, "out1", "'gewerbe.eigene'").apply(BASE)
    theirs = SetDecisionCell("gebuehr", row, "out2", "2").apply(BASE)
    merged = merge(BASE, ours, theirs)
    assert merged.conflicts == ()
    assert (
        merged.files
        == SetDecisionCell("gebuehr", row, "out1", "'gewerbe.eigene'").apply(theirs)
        == merge(BASE, theirs, ours).files
    )


@pytest.mark.parametrize(("choice", "count"), [("ours", "2"), ("theirs", "3")])
def test_the_same_cell_changed_twice_is_a_conflict_that_names_the_row(choice: Side, count: str) -> None:
    row, column = "gebuehr_natuerlich", "out2"
    ours, theirs = (SetDecisionCell("gebuehr", row, column, text).apply(BASE) for text in "23")
    (conflict,) = merge(BASE, ours, theirs).conflicts
    assert str(conflict.words) == "Entscheidung „gebuehr“: Eine natürliche Person gibt eine Anzeige ab."
    assert (conflict.base, conflict.ours, conflict.theirs) == ("1", "2", "3")
    merged = merge(BASE, ours, theirs, {conflict.place: choice})
    assert merged.conflicts == ()
    assert merged.files == SetDecisionCell("gebuehr", row, column, count).apply(BASE)


def test_a_row_that_one_side_took_out_and_the_other_changed_is_a_conflict() -> None:
    row = "gebuehr_natuerlich"
    ours = RemoveDecisionRow("gebuehr", row).apply(BASE)
    theirs = SetDecisionCell("gebuehr", row, "out2", "2").apply(BASE)
    (conflict,) = merge(BASE, ours, theirs).conflicts
    assert conflict.ours == ""
    assert "'EU', 'EK' · - · 'gewerbeanmeldung.gebuehr' · 2" in conflict.theirs
    assert merge(BASE, ours, theirs, {conflict.place: "ours"}).files == ours
    assert merge(BASE, ours, theirs, {conflict.place: "theirs"}).files == theirs


def test_rows_put_at_different_places_are_both_taken_and_at_one_place_somebody_chooses() -> None:
    def with_row(name: str, before: str) -> Files:
        cells = ("'EU'", "-"), ("'x'", "1", "'y'")
        return AddDecisionRow("gebuehr", name, *cells, before=before).apply(BASE)

    merged = merge(BASE, with_row("eins", "gebuehr_natuerlich"), with_row("zwei", ""))
    assert merged.conflicts == ()
    rules = [rule for rule in Document(merged.files[TABLE], TABLE).root.below() if rule.name == "rule"]
    ids = [rule.attributes["id"] for rule in rules]
    assert ids.index("eins") == 0
    assert ids.index("zwei") == len(ids) - 1
    (conflict,) = merge(BASE, with_row("eins", ""), with_row("zwei", "")).conflicts
    assert conflict.is_whole


def test_steps_put_into_different_connections_make_one_process_that_passes_the_check() -> None:
    def with_step(name: str, flow: str) -> Files:
        document = Document(BASE[PROCESS], PROCESS)
        spans = {span.attributes.get("id"): span for span in document.root.below()}
        old = spans[flow]
        target = spans[old.attributes["targetRef"]]
        incoming = next(one for one in target.all("incoming") if document.text(one).find(f">{flow}<") > 0)
        document.set_attribute(old, "targetRef", name)
        document.set_text(incoming, f"{name}_weiter")
        lane = next(span for span in spans.values() if span.attributes.get("name") == "system")
        last = list(lane.all("flowNodeRef"))[-1]
        document.replace(last.end, last.end, f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>")
        step = (
            f'<bpmn:serviceTask id="{name}" name="{name}"><bpmn:extensionElements>'
            f'<rathaus:text lang="en">{name}</rathaus:text><rathaus:operation name="facts"/>'
            f"</bpmn:extensionElements><bpmn:incoming>{flow}</bpmn:incoming>"
            f"<bpmn:outgoing>{name}_weiter</bpmn:outgoing></bpmn:serviceTask>"
            f'<bpmn:sequenceFlow id="{name}_weiter" sourceRef="{name}" targetRef="{target.attributes["id"]}"/>'
        )
        document.replace(old.end, old.end, step)
        return {**BASE, PROCESS: document.write()}

    process = Document(BASE[PROCESS], PROCESS).root.first("process")
    assert process is not None
    kinds = {span.attributes.get("id"): span.name for span in process.children}
    flows = [
        span.attributes["id"]
        for span in process.all("sequenceFlow")
        if kinds[span.attributes["sourceRef"]] == kinds[span.attributes["targetRef"]] == "serviceTask"
    ]
    one, two = flows[:2]
    merged = merge(BASE, with_step("eins", one), with_step("zwei", two))
    assert merged.conflicts == ()
    errors = [problem for problem in check_files(merged.files)[1] if problem.level == "error"]
    assert errors == []
    assert merge(BASE, with_step("zwei", two), with_step("eins", one)).files == merged.files
    # Both put a step into the same connection: nobody but a person knows which comes first.
    (conflict,) = merge(BASE, with_step("eins", one), with_step("zwei", one)).conflicts
    assert conflict.is_whole


def test_a_step_that_is_gone_is_not_referred_to() -> None:
    """One side takes an element out, the other lets a new one refer to it."""
    note = '<bpmn:textAnnotation id="notiz"><bpmn:text>Achtung</bpmn:text></bpmn:textAnnotation>'
    link = '<bpmn:association id="zur_notiz" sourceRef="fakten" targetRef="notiz"/>'
    base = put(BASE, PROCESS, ("</bpmn:process>", f"{note}</bpmn:process>"))
    ours = put(base, PROCESS, (note, ""))
    theirs = put(base, PROCESS, (note, note + link))
    merged = merge(base, ours, theirs)
    assert merged.conflicts != ()
    assert merged.files == ours


def test_where_things_are_drawn_nobody_is_asked() -> None:
    box = '<dc:Bounds x="%s" y="20" width="9" height="9"/>'
    diagram = (
        '<bpmndi:BPMNDiagram id="bild"><bpmndi:BPMNPlane id="flaeche" bpmnElement="gewerbeanmeldung">'
        f'<bpmndi:BPMNShape id="form" bpmnElement="fakten">{box % 1}</bpmndi:BPMNShape>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
    )
    plain = BASE[PROCESS].decode()
    start = plain.find("<bpmndi:BPMNDiagram")
    plain = plain[:start] if start > 0 else plain.removesuffix("\n").removesuffix("</bpmn:definitions>")
    base = {**BASE, PROCESS: (plain + diagram).encode()}
    ours, theirs = (put(base, PROCESS, (box % 1, box % place)) for place in (2, 3))
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    assert merged.files == ours


def test_rows_of_a_code_list_added_by_both_are_both_there() -> None:
    name = next(name for name in XML if name.startswith("codelists/"))
    document = Document(BASE[name], name)
    rows = [span for span in document.root.below() if span.name == "Row"]
    first = document.text(rows[0])
    value = rows[0].children[0]
    old = document.text(value.children[0])

    def with_row(code: str) -> Files:
        return put(BASE, name, (first, first + first.replace(old, old.replace(">", f">{code}", 1), 1)))

    merged = merge(BASE, with_row("A"), with_row("B"))
    assert merged.conflicts == ()
    found = Document(merged.files[name], name)
    assert len([span for span in found.root.below() if span.name == "Row"]) == len(rows) + 2


def test_fields_that_both_add_to_the_schema_are_both_there() -> None:
    def with_field(name: str, page: str) -> Files:
        return AddField(page, name, f"Was ist {name}?", "text").apply(BASE)

    merged = merge(BASE, with_field("rufname", "firma"), with_field("motto", "beginn"))
    assert [conflict for conflict in merged.conflicts if conflict.file == "schema.xdf.xml"] == []
    schema = merged.files["schema.xdf.xml"].decode()
    assert "Was ist rufname?" in schema
    assert "Was ist motto?" in schema
    etree.fromstring(merged.files["schema.xdf.xml"])


def test_whichever_side_comes_first_the_merge_is_the_same() -> None:
    edits = [
        SetDecisionCell("gebuehr", "gebuehr_natuerlich", "out2", "2"),
        RemoveDecisionRow("gebuehr", "gebuehr_personengesellschaft"),
        AddDecisionRow("gebuehr", "neu", ("'EU'", "-"), ("'x'", "1", "'y'")),
    ]
    for one, other in itertools.combinations(edits, 2):
        ours, theirs = one.apply(BASE), other.apply(BASE)
        assert merge(BASE, ours, theirs) == merge(BASE, theirs, ours)
