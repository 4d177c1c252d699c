"""Conditions and checks through HTTP: read as sentences, changed in rows, with nothing lost."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import files_of, newest
from rathaus.editing.form import FormFiles
from tests.designer.conftest import address

FIRM = "bedingungen/seite:firma:zeigen/"
POSTBOX = "bedingungen/pruefung:betriebsstaette_kein_postfach/"


def show_of(design: Design, page: str) -> str:
    return str(FormFiles(files_of(design)).page(page).values.get("show", ""))


def check_of(design: Design, name: str) -> dict[str, Any]:
    entry = FormFiles(files_of(design)).form.entry("check", name)
    return dict(entry.values) if entry else {}


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def one_row(field: str, comparison: str, *values: str, **more: Any) -> dict[str, Any]:
    return {
        "rule.art": "wenn",
        "rule.verbindung": "all",
        "rule.0.feld": field,
        "rule.0.vergleich": comparison,
        "rule.0.wert": list(values),
        "tun": "speichern",
        "stand": "1",
        **more,
    }


def test_every_condition_and_check_of_a_form_is_listed_as_a_sentence(desk: Client, design: Design) -> None:
    page = plain(desk.get(address(design, "bedingungen/")).content.decode())
    assert "Diese Frage erscheint, wenn „Liegt die Erlaubnis vor?“ mit Ja beantwortet ist." in page
    assert "Diese Frage muss immer beantwortet werden." in page
    assert (
        "Diese Frage muss beantwortet werden, wenn „Rechtsform“ gleich „Ausländische Rechtsform“ ist." in page
    )
    assert "kein Wort enthält, das mit „postfach“ beginnt" in page
    assert "Die Angaben sind richtig, wenn „Ausstellungsdatum der Erlaubnis“ nicht nach heute liegt." in page
    assert "Diese Formel lässt sich nicht als Satz sagen: self.anschrift.plz.matches" in page
    form = tomllib.loads(files_of(design)["form.toml"].decode())
    assert all(check["id"] in page for check in form["check"])


def test_the_list_is_english_for_english_designers(desk: Client, design: Design) -> None:
    desk.cookies["sprache"] = "en"
    page = desk.get(address(design, "bedingungen/")).content.decode()
    assert "This question must always be answered." in plain(page)


def test_a_condition_is_changed_in_rows_and_saved_as_a_rule(desk: Client, design: Design) -> None:
    answer = desk.post(
        address(design, FIRM), one_row("rechtsform", "one_of", "GMBH", "AG", grund="Nur Kapital")
    )
    assert answer.status_code == 302
    assert show_of(design, "firma") == 'rechtsform in ["GMBH", "AG"]'
    assert newest(design).reason == "Nur Kapital"
    page = plain(desk.get(address(design, FIRM)).content.decode())
    assert "Diese Seite erscheint, wenn „Rechtsform“ gleich" in page


def test_a_condition_that_says_the_same_is_not_written_again(desk: Client, design: Design) -> None:
    before = show_of(design, "firma")
    rows = {
        "rule.1.feld": "rechtsform",
        "rule.1.vergleich": "is_not",
        "rule.1.wert": "EU",
    }
    answer = desk.post(address(design, FIRM), {**one_row("rechtsform", "filled"), **rows})
    assert answer.status_code == 302
    assert show_of(design, "firma") == before
    assert newest(design).number == 1


def test_rows_and_groups_come_and_go_by_buttons_and_keep_what_was_typed(desk: Client, design: Design) -> None:
    typed = one_row("rechtsform", "is", "GMBH", tun="rule:zeile")
    page = desk.post(address(design, FIRM), typed).content.decode()
    assert 'name="rule.1.feld"' in page
    assert 'value="GMBH" selected' in page
    page = desk.post(address(design, FIRM), {**typed, "tun": "rule:gruppe"}).content.decode()
    assert 'name="rule.1.1.feld"' in page
    page = desk.post(
        address(design, FIRM), {**typed, "rule.1.feld": "", "tun": "rule:weg:0"}
    ).content.decode()
    assert 'name="rule.1.feld"' not in page
    page = desk.post(address(design, FIRM), {**typed, "tun": "rule:formel"}).content.decode()
    assert "rechtsform == &#34;GMBH&#34;</textarea>" in page
    assert newest(design).number == 1


def test_choosing_a_question_offers_its_comparisons_and_its_choices(desk: Client, design: Design) -> None:
    chosen = one_row("rechtsform", "is", tun="rule:zeigen")
    page = desk.post(address(design, FIRM), chosen).content.decode()
    assert ">GmbH &amp; Co. KG</option>" in page
    page = desk.post(address(design, FIRM), {**chosen, "rule.0.feld": "taetigkeit.beginn"}).content.decode()
    assert ">liegt nicht nach</option>" in page
    assert ">heute</option>" in page


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", "", ""), "Wählen Sie eine Frage."),
        (("rechtsform", "is", ""), "Geben Sie ein, womit verglichen wird."),
        (("taetigkeit.beginn", "more", "31.2.2026"), "Geben Sie ein Datum ein"),
        (("firma.anzahl_vertreter", "more", "viele"), "Geben Sie eine Zahl ein"),
    ],
)
def test_a_row_that_is_not_finished_is_named_and_stays(
    desk: Client, design: Design, row: tuple[str, str, str], said: str
) -> None:
    answer = desk.post(address(design, FIRM), one_row(*row))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in plain(page)
    assert not row[2] or f'value="{row[2]}"' in page
    assert newest(design).number == 1


def test_what_cannot_be_a_sentence_is_edited_as_a_formula(desk: Client, design: Design) -> None:
    typed = {"rule.art": "formel", "rule.formel": "rechtsform.matches('^G') && gibt.es", "stand": "1"}
    answer = desk.post(address(design, FIRM), {**typed, "tun": "speichern"})
    assert answer.status_code == 422
    assert "gibt.es</textarea>" in answer.content.decode()
    assert "Zeile 1" in plain(answer.content.decode())
    typed["rule.formel"] = "rechtsform.matches('^G')"
    assert desk.post(address(design, FIRM), {**typed, "tun": "speichern"}).status_code == 302
    assert show_of(design, "firma") == "rechtsform.matches('^G')"
    assert "^G" in desk.get(address(design, FIRM)).content.decode()


def test_a_condition_is_taken_away_and_a_new_one_set_up(desk: Client, design: Design) -> None:
    desk.post(address(design, FIRM), {"rule.art": "keine", "tun": "speichern", "stand": "1"})
    assert show_of(design, "firma") == ""
    answer = desk.get(address(design, "bedingungen/"), {"stelle": "frage:taetigkeit.nebenerwerb:pflicht"})
    assert answer["Location"] == address(design, "bedingungen/frage:taetigkeit.nebenerwerb:pflicht/")
    desk.post(answer["Location"], {"rule.art": "immer", "tun": "speichern", "stand": "2"})
    table = FormFiles(files_of(design)).form.table("field", "taetigkeit.nebenerwerb")
    assert table is not None
    assert table.values["require"] == "true"


def test_a_check_is_changed_with_its_message_in_all_languages(desk: Client, design: Design) -> None:
    given = {
        "message.de": "Nennen Sie eine Straße, kein Postfach.",
        "message.en": "Enter a street, not a PO box.",
        "valid.art": "wenn",
        "valid.verbindung": "all",
        "valid.0.feld": "betriebsstaette.strasse",
        "valid.0.vergleich": "not_words",
        "valid.0.wert": "postfach\r\npf",
        "stufe": "notice",
        "tun": "speichern",
        "stand": "1",
    }
    assert desk.post(address(design, POSTBOX), given).status_code == 302
    check = check_of(design, "betriebsstaette_kein_postfach")
    assert check["valid"] == '!contains_any(betriebsstaette.strasse, ["postfach", "pf"])'
    assert check["when"] == "has(betriebsstaette.strasse)"
    assert check["level"] == "notice"
    assert check["fields"] == ["betriebsstaette.strasse"]
    texts = tomllib.loads(files_of(design)["texts/form.en.toml"].decode())
    assert texts["check"]["betriebsstaette_kein_postfach"]["message"] == "Enter a street, not a PO box."


def test_a_new_check_is_written_and_taken_out_again(desk: Client, design: Design) -> None:
    given = {
        "name": "Nicht zu früh",
        "felder": ["", "taetigkeit.beginn"],
        "message.de": "Der Beginn liegt zu weit zurück. Prüfen Sie das Datum.",
        "message.en": "The start is too long ago. Check the date.",
        "valid.art": "wenn",
        "valid.verbindung": "all",
        "valid.0.feld": "taetigkeit.beginn",
        "valid.0.vergleich": "years_ago_less",
        "valid.0.wert": "30",
        "when.art": "wenn",
        "when.verbindung": "all",
        "when.0.feld": "taetigkeit.beginn",
        "when.0.vergleich": "filled",
        "tun": "speichern",
        "stand": "1",
    }
    new = address(design, "bedingungen/neue-pruefung/")
    answer = desk.post(new, {**given, "message.de": ""})
    assert answer.status_code == 422
    assert "Antragstellende" in plain(answer.content.decode())
    assert 'value="Nicht zu früh"' in answer.content.decode()
    assert desk.post(new, given).status_code == 302
    check = check_of(design, "nicht_zu_frueh")
    assert check["when"] == "has(taetigkeit.beginn)"
    assert "years_between(taetigkeit.beginn, today) < 30" in check["valid"]
    desk.post(address(design, "bedingungen/pruefung:nicht_zu_frueh/"), {"tun": "entfernen", "stand": "2"})
    assert check_of(design, "nicht_zu_frueh") == {}


def test_what_is_typed_so_far_is_said_and_its_faults_named(desk: Client, design: Design) -> None:
    said = desk.post(address(design, f"{FIRM}pruefen/"), one_row("rechtsform", "is", "GMBH")).json()["rule"]
    assert said["sentence"].startswith("Diese Seite erscheint, wenn „Rechtsform“ gleich „Gesellschaft mit")
    assert said["rule"] == 'rechtsform == "GMBH"'
    assert said["error"] == ""
    formula = {"rule.art": "formel", "rule.formel": "rechtsfrm == 'GMBH'"}
    said = desk.post(address(design, f"{FIRM}pruefen/"), formula).json()["rule"]
    assert "Zeile 1" in said["error"]
    assert "rechtsform" in said["error"]


def test_a_place_that_is_not_there_is_not_found(desk: Client, design: Design) -> None:
    for place in ("seite:weg:zeigen", "frage:weg:zeigen", "pruefung:weg", "unsinn", "seite:firma:pflicht"):
        assert desk.get(address(design, f"bedingungen/{place}/")).status_code == 404


def test_a_question_shows_its_conditions_as_sentences_and_leads_to_them(desk: Client, design: Design) -> None:
    page = desk.get(address(design, "frage/erlaubnis.datum/")).content.decode()
    assert "Diese Frage erscheint, wenn „Liegt die Erlaubnis vor?“ mit Ja beantwortet ist." in plain(page)
    assert address(design, "bedingungen/frage:erlaubnis.datum:zeigen/") in page
