"""Texts, details, history, differences and publishing through HTTP."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from django.test import Client

from rathaus.applications.service import save_page, start_draft
from rathaus.catalogue.service import live, scheduled
from rathaus.design.models import Design
from rathaus.design.service import files_of, newest, problems_in, start_empty
from rathaus.people.models import User
from rathaus.towns.models import Town
from tests.designer.conftest import Browse, address


def service(design: Design) -> dict[str, Any]:
    return tomllib.loads(files_of(design)["service.toml"].decode())


def reword(desk: Client, design: Design, title: str, seen: int) -> None:
    desk.post(address(design, "seiten/beginn/"), {"was": "texte", "title.de": title, "stand": str(seen)})


def test_name_and_page_of_the_service_are_reworded(desk: Client, design: Design) -> None:
    page = files_of(design)["texts/de.md"].decode().replace("\n", "\r\n") + "Neuer Satz.\r\n"
    desk.post(address(design, "texte/"), {"title.de": "Gewerbe melden", "text.de": page, "stand": "1"})
    assert service(design)["title"]["de"] == "Gewerbe melden"
    assert files_of(design)["texts/de.md"].decode().endswith("Neuer Satz.\n")
    assert "Passt vielleicht nicht mehr" not in desk.get(address(design, "angaben/")).content.decode()


def test_details_are_saved_as_one_change(desk: Client, design: Design) -> None:
    given = {
        "retention_years": "12",
        "login_level": "basic",
        "fee.legal_basis": "§ 1 AllGO",
        "deadline.0.id": "empfangsbescheinigung",
        "deadline.0.days": "5",
        "deadline.0.kind": "working",
        "deadline.0.from": "received",
        "deadline.0.legal_basis": "§ 15 GewO",
        "remedy.period": "2 weeks",
        "stand": "1",
    }
    assert desk.post(address(design, "angaben/"), given).status_code == 302
    data = service(design)
    assert (data["retention_years"], data["login_level"]) == (12, "basic")
    assert data["deadline"][0]["days"] == 5
    assert data["deadline"][0]["kind"] == "working"
    assert data["remedy"]["NI"]["period"] == "2 weeks"
    assert data["remedy"]["NI"]["court_setting"] == "court.administrative"
    assert newest(design).number == 2


def test_a_remedy_names_its_letters_and_what_is_missing_is_said(desk: Client, design: Design) -> None:
    given = {"remedy.kind": "widerspruch", "remedy.letters": ["", "zurueckweisung"], "stand": "1"}
    for wrong, said in (
        ({"remedy.period": "2 months"}, "Wählen Sie die Frist des Rechtsbehelfs."),
        ({"remedy.legal_basis": ""}, "Nennen Sie die Rechtsgrundlage des Rechtsbehelfs"),
        ({"remedy.letters": [""]}, "Wählen Sie die Schreiben"),
        ({"remedy.kind": "klage", "remedy.court_setting": ""}, "in der das zuständige Gericht steht"),
    ):
        answer = desk.post(address(design, "angaben/"), {**given, **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert desk.post(address(design, "angaben/"), given).status_code == 302
    remedy = service(design)["remedy"]["NI"]
    assert (remedy["kind"], remedy["letters"]) == ("widerspruch", ["zurueckweisung"])
    assert desk.post(address(design, "angaben/"), {"remedy.kind": "", "stand": "2"}).status_code == 302
    assert "NI" not in service(design).get("remedy", {})


def test_a_drafted_service_follows_the_setting_of_the_town_until_it_says_otherwise(
    desk: Client, town: Town, dora: User
) -> None:
    drafted = start_empty(
        "Angelschein", today=date(2026, 12, 1), office="buergerservice", by=dora, reason="Neu"
    )
    page = desk.get(address(drafted, "angaben/")).content.decode()
    assert "gilt die datierte Einstellung „remedy“ der Stadt" in page
    given = {
        "remedy.kind": "widerspruch",
        "remedy.period": "1 month",
        "remedy.legal_basis": "§ 70 VwGO",
        "remedy.letters": ["", "bescheid", "ablehnung"],
        "stand": "1",
    }
    assert desk.post(address(drafted, "angaben/"), given).status_code == 302
    assert service(drafted)["remedy"]["NI"]["letters"] == ["bescheid", "ablehnung"]
    assert [problem for problem in problems_in(files_of(drafted))[1] if problem.level != "warning"] == []


def test_no_deadline_is_dropped_or_doubled_silently(desk: Client, design: Design) -> None:
    first = {"id": "empfangsbescheinigung", "days": "3", "legal_basis": "§ 15 Abs. 1 GewO"}
    given = {f"deadline.0.{key}": text for key, text in first.items()}
    for new, said in (
        ({"id": "", "days": "14", "legal_basis": "§ 3"}, "Geben Sie der neuen Frist einen Namen"),
        ({"id": "empfangsbescheinigung", "days": "14", "legal_basis": "§ 3"}, "Zwei Fristen heißen"),
        ({"id": "pruefung", "days": "0", "legal_basis": "§ 3"}, "Jede Frist braucht eine Zahl von Tagen"),
    ):
        typed = {f"deadline.1.{key}": text for key, text in new.items()}
        answer = desk.post(address(design, "angaben/"), {**given, **typed, "stand": "1"})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "§ 3" in answer.content.decode()
    assert newest(design).number == 1


def test_a_number_that_is_none_is_refused_and_stays(desk: Client, design: Design) -> None:
    answer = desk.post(address(design, "angaben/"), {"retention_years": "zehn", "stand": "1"})
    assert answer.status_code == 422
    assert 'value="zehn"' in answer.content.decode()


def test_a_form_sent_back_unchanged_changes_nothing(desk: Client, design: Design) -> None:
    for part in ("angaben/", "texte/", "seiten/beginn/", "frage/inhaber.anschrift.plz/"):
        desk.post(address(design, part), {"was": "texte", "stand": "1"})
    assert newest(design).number == 1


def test_the_history_names_every_change_and_takes_one_back(desk: Client, design: Design) -> None:
    reword(desk, design, "Ab wann?", 1)
    page = desk.get(address(design, "verlauf/")).content.decode()
    assert "geändert in „Ab wann?“" in page
    desk.post(address(design, "verlauf/"), {"zurueck": "2", "stand": "2"})
    assert newest(design).undoes == 2
    assert "Wann fangen Sie an?" in files_of(design)["form.toml"].decode()


def test_taking_back_what_was_changed_again_shows_both_sides_first(desk: Client, design: Design) -> None:
    reword(desk, design, "Ab wann?", 1)
    reword(desk, design, "Seit wann?", 2)
    answer = desk.post(address(design, "verlauf/"), {"zurueck": "2", "stand": "3"})
    assert answer.status_code == 409
    assert newest(design).number == 3
    desk.post(address(design, "verlauf/"), {"zurueck": "2", "stand": "3", "ueber": "1"})
    assert "Wann fangen Sie an?" in files_of(design)["form.toml"].decode()


def test_differences_say_what_changed_since_the_live_version(desk: Client, design: Design) -> None:
    assert (
        "genau so, wie die Leistung live ist" in desk.get(address(design, "unterschiede/")).content.decode()
    )
    reword(desk, design, "Ab wann?", 1)
    page = desk.get(address(design, "unterschiede/")).content.decode()
    assert "Seite „Wann fangen Sie an?“: Überschrift umformuliert" in page
    assert "<dd>Wann fangen Sie an?</dd>" in page
    assert "<dd>Ab wann?</dd>" in page
    assert f'href="{address(design, "seiten/beginn/")}"' in page


def test_a_design_is_published_now_with_a_reason(desk: Client, design: Design) -> None:
    reword(desk, design, "Ab wann?", 1)
    assert desk.post(address(design, "veroeffentlichen/"), {"stand": "2"}).status_code == 422
    desk.post(address(design, "veroeffentlichen/"), {"stand": "2", "grund": "Kürzer gefragt"})
    version = live("gewerbeanmeldung")
    assert version is not None
    assert version.number == 2


def test_a_design_is_published_from_a_day_on(desk: Client, design: Design) -> None:
    reword(desk, design, "Ab wann?", 1)
    later = {"wann": "spaeter", "tag": "2099-01-01", "uhrzeit": "08:00", "grund": "Zum Jahr", "stand": "2"}
    assert desk.post(address(design, "veroeffentlichen/"), {**later, "tag": "bald"}).status_code == 422
    desk.post(address(design, "veroeffentlichen/"), later)
    assert [version.number for version in scheduled("gewerbeanmeldung")] == [2]


def test_nobody_publishes_what_somebody_else_changed_meanwhile(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    reword(browse(emil), design, "Ab wann?", 1)
    answer = desk.post(address(design, "veroeffentlichen/"), {"stand": "1", "grund": "Los"})
    assert "Der Entwurf wurde inzwischen geändert" in answer.content.decode()


def test_before_publishing_it_says_how_many_applications_in_progress_are_touched_and_how(
    desk: Client, design: Design
) -> None:
    assert "Angefangene Anträge" not in desk.get(address(design, "veroeffentlichen/")).content.decode()
    draft, _ = start_draft(design.key, "de")
    save_page(draft, "beginn", lambda _: {"inhaber": {"familienname": "Sommer"}})
    page = desk.get(address(design, "veroeffentlichen/")).content.decode()
    assert "1 Antrag ist angefangen und noch nicht abgesendet." in page
    assert "Bei 1 bleiben alle Antworten" in page
    assert "Sommer" not in page
