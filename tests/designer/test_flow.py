"""The process as a list through HTTP: read in plain words, changed step by step, and nothing typed lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from rathaus.catalogue.package import inspect_package
from rathaus.design.models import Design
from rathaus.design.service import files_of, newest, start_empty
from rathaus.editing.process import drawn, step_name, text_at
from rathaus.people.models import User
from rathaus.processes.checks import check_process
from tests.designer.conftest import Browse, address
from tests.drafting.schemata import TODAY


def said(answer_page: bytes) -> str:
    """The page as it reads: without tags, with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer_page.decode())).split())


def fields(page: str) -> dict[str, str]:
    """What the lines and choices of a page hold as it is shown."""
    lines = re.findall(r'<input class="kern-form-input__input"[^>]* name="([^"]+)" value="([^"]*)"', page)
    chosen = re.findall(
        r'<select[^>]* name="([^"]+)">(?:(?!</select>).)*?value="([^"]*)" selected', page, re.S
    )
    return {name: unescape(value) for name, value in [*lines, *chosen]}


def is_sound(design: Design) -> bool:
    """Whether the process can run."""
    package, problems = inspect_package(files_of(design))
    return package is not None and not [one for one in problems if one.level != "warning"] + check_process(
        package
    )


def test_the_list_says_in_words_who_does_what_until_when_and_what_follows(
    desk: Client, design: Design
) -> None:
    text = said(desk.get(address(design, "ablauf/")).content)
    for words in (
        "Schritt 1: Anmeldung eingegangen Beginn · Automatisch",
        "Vorprüfung Entscheidungstabelle · Automatisch Ändern – Vorprüfung Tabelle „Vorprüfung“ ansehen",
        "Anzeige prüfen Eine Person ist dran · Fachbereich Öffentliche Ordnung, Gewerbeangelegenheiten",
        "Endet mit: „Empfang bescheinigen“, „Unterlagen oder Angaben nachfordern“, „Anzeige zurückweisen“",
        "wenn: bei „Anzeige prüfen“ wurde „Anzeige zurückweisen“ gewählt – weiter mit Schritt",
        "wenn: „Weg des Vorgangs“ sagt bei „Weg“: gruen",
        "Vier Augen: nicht dieselbe Person wie bei „Anzeige prüfen“.",
        "Antragstellende sind dran · Antragstellende Person",
        "Nach 7 Tagen",
        "Brief „empfangsbescheinigung“, gesiegelt",
        "wenn die Formel zutrifft",
    ):
        assert words in text, words
    assert "zusammen_" not in text  # what only brings ways together is read over


def test_a_step_comes_before_what_follows_it_and_the_first_branch_before_the_second(
    desk: Client, design: Design
) -> None:
    page = desk.get(address(design, "ablauf/")).content.decode()
    order = re.findall(r'<li class="flow__step[^"]*" id="schritt-([^"]+)"', page)
    places = [order.index(step) for step in ("eingang", "weg_wahl", "anzeige_pruefen", "ergebnis", "ende")]
    assert places == sorted(places)
    assert order.index("bescheinigung") > order.index("ergebnis")


def test_the_decision_tables_are_reached_from_the_steps_that_ask_them(desk: Client, design: Design) -> None:
    page = desk.get(address(design, "ablauf/")).content.decode()
    ways = re.findall(rf'href="({address(design, "entscheidungen/")}[^"]+)"', page)
    assert len(ways) == 4
    assert {desk.get(way).status_code for way in ways} == {200}


def test_names_results_and_conditions_of_a_step_are_changed_as_one_change(
    desk: Client, design: Design
) -> None:
    where = address(design, "ablauf/anzeige_pruefen/")
    given = fields(desk.get(where).content.decode())
    assert desk.post(where, {**given, "stand": "1"}).status_code == 302
    assert newest(design).number == 1  # nothing was changed
    given |= {
        "name.de": "Anzeige ansehen & prüfen",
        "name.en": "Look at it",
        "ergebnis.nachfordern.de": "Etwas nachfordern",
    }
    answer = desk.post(where, {**given, "stand": "1", "grund": "Verständlicher"}, follow=True)
    assert "Schritt „Anzeige prüfen“ heißt jetzt „Anzeige ansehen & prüfen“ (Deutsch)" in said(answer.content)
    files = files_of(design)
    assert step_name(files, "anzeige_pruefen") == "Anzeige ansehen & prüfen"
    assert text_at(files, "step:anzeige_pruefen/name@en") == "Look at it"
    assert text_at(files, "step:anzeige_pruefen/outcome/nachfordern") == "Etwas nachfordern"
    assert (newest(design).number, newest(design).reason) == (2, "Verständlicher")
    assert is_sound(design)


def test_a_deadline_is_changed_in_days_and_keeps_what_a_person_may_set(desk: Client, design: Design) -> None:
    desk.post(address(design, "ablauf/erinnerung/"), {"dauer": "2", "einheit": "W", "stand": "1"})
    assert text_at(files_of(design), "step:erinnerung/timer") == "P2W"
    before = text_at(files_of(design), "step:frist/timer")
    desk.post(address(design, "ablauf/frist/"), {"dauer": "21", "einheit": "D", "stand": "2"})
    assert text_at(files_of(design), "step:frist/timer") == before.replace("P14D", "P21D") != before
    answer = desk.post(
        address(design, "ablauf/angaben_ergaenzen/"), {"frist": "0", "name.de": "Ergänzen", "stand": "3"}
    )
    assert answer.status_code == 422
    assert "mindestens 1" in answer.content.decode()
    assert fields(answer.content.decode())["name.de"] == "Ergänzen"
    desk.post(address(design, "ablauf/angaben_ergaenzen/"), {"frist": "30", "stand": "3"})
    assert text_at(files_of(design), "step:angaben_ergaenzen/deadline") == "30"
    assert is_sound(design)


def test_a_condition_is_chosen_in_words_or_typed_and_a_wrong_one_is_refused(
    desk: Client, design: Design
) -> None:
    where = address(design, "ablauf/ergebnis/")
    way = "ergebnis_zurueckweisen"
    chosen = "facts.anzeige_pruefen.outcome == 'bescheinigen'"
    desk.post(where, {f"wenn.{way}": chosen, "stand": "1"})
    assert text_at(files_of(design), f"way:{way}/condition") == chosen
    wrong = {f"wenn.{way}": "formel", f"formel.{way}": "answers.gibtsnicht == 1", "stand": "2"}
    answer = desk.post(where, wrong)
    assert answer.status_code == 422
    assert "gibtsnicht" in said(answer.content)
    assert "answers.gibtsnicht == 1</textarea>" in answer.content.decode()
    answer = desk.post(where, {**wrong, f"formel.{way}": "answers.betrieb.vollzeit > 3"}, follow=True)
    assert text_at(files_of(design), f"way:{way}/condition") == "answers.betrieb.vollzeit > 3"
    assert "größer als 3" in said(desk.get(address(design, "ablauf/")).content)


def test_lanes_belong_to_offices_of_the_town_and_a_new_lane_takes_a_step(
    desk: Client, design: Design
) -> None:
    where = address(design, "ablauf/")
    refused = desk.post(where, {"bahn.sachbearbeitung": "gibtsnicht", "stand": "1"})
    assert refused.status_code == 422
    desk.post(where, {"bahn.sachbearbeitung": "buergerservice", "stand": "1"})
    assert b'buergerservice"' in files_of(design)["service.toml"]
    desk.post(where, {"neu.name": "Fachprüfung", "neu.stelle": "gewerbe", "stand": "2"})
    assert [lane.attributes["name"] for lane in drawn(files_of(design)).lanes][-1] == "fachpruefung"
    desk.post(address(design, "ablauf/anzeige_pruefen/"), {"bahn": "fachpruefung", "stand": "3"})
    assert drawn(files_of(design)).lane_of("anzeige_pruefen") == "fachpruefung"
    assert is_sound(design)


@pytest.mark.parametrize(
    ("given", "element"),
    [
        ({"art": "person", "bahn_neu": "sachbearbeitung"}, "userTask"),
        ({"art": "decision", "tabelle": "weg"}, "businessRuleTask"),
        ({"art": "letter", "brief": "gebuehrenbescheid"}, "serviceTask"),
    ],
)
def test_a_step_is_put_between_two_others_and_taken_out_again(
    desk: Client, design: Design, given: dict[str, str], element: str
) -> None:
    where = address(design, "ablauf/bescheinigt/")
    way = drawn(files_of(design)).leaving("bescheinigt")[0].attributes["id"]
    new = {**given, "was": "einfuegen", "weg": way, "titel": "Fachamt anhören", "stand": "1"}
    refused = desk.post(where, new)
    assert refused.status_code == 422
    assert 'value="Fachamt anhören"' in refused.content.decode()
    assert desk.post(where, {**new, "titel_en": "Hear the expert office"}).status_code == 302
    process = drawn(files_of(design))
    assert process.by_id["fachamt_anhoeren"].name == element
    assert is_sound(design)
    assert "Fachamt anhören" in said(desk.get(address(design, "ablauf/")).content)
    desk.post(address(design, "ablauf/fachamt_anhoeren/"), {"was": "entfernen", "stand": "2"})
    process = drawn(files_of(design))
    assert "fachamt_anhoeren" not in process.by_id
    assert [one.attributes["targetRef"] for one in process.leaving("bescheinigt")] == ["uebermittlung"]
    assert is_sound(design)


def test_a_step_that_rules_or_letters_still_name_is_not_taken_out(desk: Client, design: Design) -> None:
    where = address(design, "ablauf/gebuehr/")
    answer = desk.post(where, {"was": "entfernen", "stand": "1"})
    assert answer.status_code == 422
    assert "Der Schritt wird noch gebraucht in" in said(answer.content)
    assert newest(design).number == 1


def test_two_people_at_two_steps_both_get_their_way_and_at_one_step_see_both_sides(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    other = browse(emil)
    other.post(address(design, "ablauf/ende/"), {"name.de": "Fertig", "stand": "1"})
    desk.post(address(design, "ablauf/eingang/"), {"name.de": "Angekommen", "stand": "1"})
    assert [step_name(files_of(design), step) for step in ("ende", "eingang")] == ["Fertig", "Angekommen"]
    answer = desk.post(address(design, "ablauf/ende/"), {"name.de": "Schluss", "stand": "1"})
    assert answer.status_code == 409
    text = said(answer.content)
    assert "Schritt „Fertig“: Name" in text
    assert "Als Sie die Seite öffneten Bescheinigt Jetzt im Entwurf Fertig Ihre Fassung Schluss" in text


def test_a_drafted_process_reads_well_and_a_faulty_one_says_what_is_wrong(
    desk: Client, dora: User, design: Design
) -> None:
    draft = start_empty("Angelschein", office="buergerservice", today=TODAY, by=dora, reason="Neu")
    text = said(desk.get(address(draft, "ablauf/")).content)
    assert "Antrag prüfen Eine Person ist dran · Bürgerservice" in text
    assert "sonst: weiter mit Schritt" in text
    assert "Nach 14 Tagen, wenn niemand eine andere Frist setzt" in text
    assert "So kann der Ablauf nicht laufen" not in text


def test_a_step_that_is_not_there_is_not_found(desk: Client, design: Design) -> None:
    assert desk.get(address(design, "ablauf/nirgends/")).status_code == 404


def _process(design: Design) -> str:
    return files_of(design)["process.bpmn"].decode()


def test_the_drawn_process_is_stored_where_it_differs_and_every_other_byte_stays(
    desk: Client, design: Design
) -> None:
    where = address(design, "diagramm/")
    before = _process(design)
    assert "data-words=" in desk.get(where).content.decode()
    # As drawing programs do: everything written in another manner, one thing changed.
    drawn_file = before.replace('"/>', '" />').replace('name="Anzeige prüfen"', 'name="Anzeige ansehen"')
    answer = desk.post(where, {"bpmn": drawn_file, "stand": "1", "grund": "Klarer"}, follow=True)
    assert "Gespeichert: Ablauf neu gezeichnet" in said(answer.content)
    assert _process(design) == before.replace('name="Anzeige prüfen"', 'name="Anzeige ansehen"')
    desk.post(where, {"bpmn": drawn_file, "stand": "2"})
    assert newest(design).number == 2  # nothing new was drawn


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<bpmn:userTask id", "<bpmn:manualTask id", "manualTask"),
        (
            "</bpmn:process>",
            '<bpmn:scriptTask id="x"/></bpmn:process>',
            "scriptTask",
        ),
        ("</bpmn:definitions>", "", "ist nicht lesbar"),
    ],
)
def test_what_cannot_run_is_refused_with_its_element_and_shown_again(
    desk: Client, design: Design, old: str, new: str, words: str
) -> None:
    wrong = _process(design).replace(old, new)
    answer = desk.post(address(design, "diagramm/"), {"bpmn": wrong, "stand": "1", "grund": "Versuch"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in unescape(page)
    assert wrong in unescape(page)
    assert 'value="Versuch"' in page
    assert newest(design).number == 1


def test_two_people_who_draw_at_different_steps_both_get_their_way_and_at_one_see_both_sides(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    where = address(design, "diagramm/")
    before = _process(design)
    emils = before.replace('name="Bescheinigt"', 'name="Fertig"')
    browse(emil).post(where, {"bpmn": emils, "stand": "1"})
    doras = before.replace('name="Anzeige prüfen"', 'name="Anzeige ansehen"')
    assert desk.post(where, {"bpmn": doras, "stand": "1"}).status_code == 302
    assert [step_name(files_of(design), step) for step in ("ende", "anzeige_pruefen")] == [
        "Fertig",
        "Anzeige ansehen",
    ]
    mine = {"bpmn": before.replace('name="Bescheinigt"', 'name="Schluss"'), "stand": "1"}
    answer = desk.post(where, mine)
    assert answer.status_code == 409
    assert "Schritt „Fertig“" in said(answer.content)
    carried = dict(
        re.findall(r'<input type="hidden" name="(stand|ursprung)" value="(\d+)"', answer.content.decode())
    )
    assert desk.post(where, {**mine, **carried}).status_code == 302
    assert [step_name(files_of(design), step) for step in ("ende", "anzeige_pruefen")] == [
        "Schluss",
        "Anzeige ansehen",
    ]
