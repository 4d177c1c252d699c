"""Differences between packages in plain words: equal ones have none, no edit goes unnamed, and each has its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from rathaus.editing import (
    AddPage,
    Edit,
    EditError,
    Files,
    MoveField,
    MovePage,
    RemoveCheck,
    RemoveField,
    RemovePage,
    SetCheck,
    SetCodeText,
    SetDecision,
    SetExample,
    SetFieldRule,
    SetFieldText,
    SetPageRule,
    SetPageText,
    SetProcess,
    SetServiceText,
    SetServiceValue,
    SplitPage,
    meet,
)
from rathaus.editing.differences import Area, Difference, differences
from rathaus.editing.edit import with_file
from tests.editing.test_edits import FILES, OF_EACH_KIND, single


def said(before: Files, after: Files) -> list[str]:
    """What is said, with both sides."""
    return [_line(one) for one in differences(before, after)]


def _line(one: Difference) -> str:
    sides = f" [{one.before} → {one.after}]" if one.before or one.after else ""
    return f"{one.area}: {one.words}{sides}"


def after(*edits: Edit) -> list[str]:
    """What is said of the Gewerbeanmeldung after these edits."""
    files = FILES
    for edit in edits:
        files = edit.apply(files)
    return said(FILES, files)


def test_equal_packages_do_not_differ() -> None:
    assert differences(FILES, dict(FILES)) == ()


def _named(edit: Edit) -> None:
    try:
        changed = edit.apply(FILES)
    except EditError:
        return
    if changed == FILES:
        return
    for before, now in ((FILES, changed), (changed, FILES)):
        found = differences(before, now)
        assert any(meet(frozenset(one.places), edit.places()) for one in found), (edit, found)
        assert all(str(one.words) for one in found)


@pytest.mark.parametrize("edit", OF_EACH_KIND, ids=lambda edit: type(edit).__name__)
def test_every_kind_of_edit_is_named_at_its_place(edit: Edit) -> None:
    _named(edit)


@settings(max_examples=60, deadline=None)
@given(single)
def test_any_edit_is_named_at_its_place_and_so_is_taking_it_back(edit: Edit) -> None:
    _named(edit)


def test_a_file_nobody_can_read_is_still_named() -> None:
    for name in FILES:
        found = differences(FILES, with_file(FILES, name, b"\xff<not [readable"))
        assert any(name in one.place or one.area is not Area.FILES for one in found), name
        assert found


def test_questions_are_named_as_people_know_them_with_both_wordings() -> None:
    assert after(SetFieldText("rechtsform", "de", "label", "Welche Form hat der Betrieb?")) == [
        "questions: Frage „Rechtsform“: Frage umformuliert [Rechtsform → Welche Form hat der Betrieb?]"
    ]


def test_a_split_page_is_one_difference_not_many_moved_questions() -> None:
    assert after(SplitPage("taetigkeit", "taetigkeit.art", "art", "Art"))[0] == (
        "pages: Seite „Was werden Sie tun?“ geteilt: ab „Zu welcher Art gehört Ihr Betrieb?“ wird auf „Art“ gefragt"
    )
    assert not [
        line
        for line in after(SplitPage("taetigkeit", "taetigkeit.art", "art", "Art"))
        if "questions:" in line
    ]


def test_a_removed_page_says_where_its_questions_went() -> None:
    assert after(RemovePage("vorher", "beginn"))[0] == (
        "pages: Seite „Wer hat den Betrieb vorher geführt?“ entfernt: "
        "Ihre Fragen stehen jetzt auf „Wann fangen Sie an?“"
    )


def test_of_pages_in_another_order_only_the_moved_one_is_named() -> None:
    assert after(MovePage("rechtsform")) == [
        "pages: Seite „In welcher Rechtsform gründen Sie?“ kommt jetzt am Ende"
    ]


def test_a_group_that_moves_or_goes_is_named_as_one() -> None:
    lines = after(MoveField("inhaber.anschrift", "beginn"))
    assert [line for line in lines if "jetzt auf Seite „Wann fangen Sie an?“" in line] == lines[:1]
    assert len(after(RemoveField("inhaber.anschrift"))) == 1


def test_conditions_show_the_old_and_the_new() -> None:
    assert after(SetPageRule("vorher", "false")) == [
        "conditions: Wann Seite „Wer hat den Betrieb vorher geführt?“ gezeigt wird "
        "[anlass.grund in ['03', '04', '05', '06'] → false]"
    ]
    assert after(SetFieldRule("taetigkeit.art", "require", "true")) == [
        "conditions: Wann „Zu welcher Art gehört Ihr Betrieb?“ Pflicht ist [ → true]"
    ]


def test_checks_come_change_and_go() -> None:
    new = SetCheck("neu", "rechtsform != ''", {"de": "Wählen Sie.", "en": "Choose."}, ("rechtsform",))
    assert after(new)[0] == "checks: Neue Prüfung „neu“ [ → rechtsform != ''\nWählen Sie.]"
    files = new.apply(FILES)
    assert said(files, replace(new, valid="true").apply(files)) == [
        "checks: Prüfung „neu“: Bedingung geändert [rechtsform != '' → true]"
    ]
    assert said(files, RemoveCheck("neu").apply(files))[0].startswith("checks: Prüfung „neu“ entfernt")


def test_what_a_service_costs_and_demands_is_named() -> None:
    assert after(SetServiceValue("fee.setting", "stadt.gebuehr")) == [
        "details: Gebühr geändert: Einstellung der Stadt [gewerbeanmeldung.gebuehr → stadt.gebuehr]"
    ]
    assert after(SetServiceValue("remedy.NI.period", "2 weeks")) == [
        "details: Rechtsbehelf geändert: NI, Frist [1 month → 2 weeks]"
    ]
    deadline = [
        {
            "id": "empfangsbescheinigung",
            "days": 5,
            "kind": "calendar",
            "from": "received",
            "legal_basis": "§ 15 Abs. 1 GewO",
        }
    ]
    assert after(SetServiceValue("deadline", deadline)) == [
        "details: Fristen geändert: empfangsbescheinigung, Tage [3 → 5]"
    ]
    assert after(SetServiceValue("login_level", "high")) == [
        "details: Vertrauensniveau der Anmeldung geändert [none → high]"
    ]


def test_the_service_page_differs_by_sections() -> None:
    page = FILES["texts/de.md"].decode().replace("Allgemeinen Gebührenordnung", "Gebührensatzung")
    assert [line.partition(" [")[0] for line in after(SetServiceText("de", page))] == [
        "texts: Seite der Leistung (Deutsch): Abschnitt „Was kostet es?“ geändert"
    ]


def test_tables_differ_by_rows() -> None:
    table = FILES["decisions/gebuehr.dmn"].decode()
    changed = after(SetDecision("gebuehr", table.replace("'EU', 'EK'", "'EU'", 1)))
    assert [line.partition(" [")[0] for line in changed] == ["decisions: Tabelle „Gebühr“: Zeile 1 geändert"]
    assert "Rechtsform (Nr. 1): 'EU', 'EK'" in changed[0]
    start, end = table.index('<rule id="gebuehr_natuerlich">'), table.index("</rule>") + len("</rule>")
    gone = after(SetDecision("gebuehr", table[:start] + table[end:]))
    assert [line.partition(" [")[0] for line in gone] == ["decisions: Tabelle „Gebühr“: Zeile 1 entfernt"]


def test_the_process_differs_by_steps_ways_and_lanes() -> None:
    drawn = FILES["process.bpmn"].decode()
    assert after(SetProcess(drawn.replace('name="Daten abgleichen"', 'name="Daten vergleichen"'))) == [
        "process: Schritt „Daten abgleichen“ heißt jetzt „Daten vergleichen“"
    ]
    step = "<bpmn:flowNodeRef>freigabe</bpmn:flowNodeRef>"
    other = "<bpmn:flowNodeRef>fakten</bpmn:flowNodeRef>"
    assert step in drawn
    assert other in drawn
    assert after(SetProcess(drawn.replace(step, "").replace(other, other + step))) == [
        "process: Schritt „Freigegeben?“ liegt in einer anderen Bahn [sachbearbeitung → system]"
    ]
    assert after(SetProcess(drawn.replace('x="', 'x="1', 1))) == ["process: Zeichnung des Ablaufs geändert"]


def test_an_example_says_that_it_expects_something_else() -> None:
    example = FILES["examples/13-minderjaehrig.toml"].decode().replace('route = "person"', 'route = "gruen"')
    assert after(SetExample("13-minderjaehrig", example)) == [
        "examples: Beispiel „Minderjährige mit Genehmigung des Familiengerichts“ erwartet etwas anderes "
        "[expect.route: person → expect.route: gruen]"
    ]


def test_translations_name_their_language_and_a_choice_keeps_its_help() -> None:
    start = "translations: Englisch: Seite „Wann fangen Sie an?“, Überschrift anders übersetzt"
    assert after(SetPageText("beginn", "en", "title", "Start"))[0] == f"{start} [When do you start? → Start]"
    assert after(SetCodeText("rechtsform", "EU", "en", "Sole")) == [
        "translations: Englisch: Auswahl zu „Rechtsform“ (EU) anders übersetzt "
        "[Sole trader (Einzelunternehmen) → Sole]",
    ]


def test_fields_of_the_schema_say_what_they_accept() -> None:
    schema = FILES["schema.xdf.xml"].decode()
    files = with_file(FILES, "schema.xdf.xml", schema.replace('maxLength="11"', 'maxLength="12"', 1).encode())
    assert said(FILES, files) == ["questions: „Hausnummer“: erlaubte Länge geändert [1 – 11 → 1 – 12]"]


def test_a_new_page_stands_at_its_place() -> None:
    assert after(AddPage("neu", "Neu", before="anlass")) == ["pages: Neue Seite „Neu“"]
