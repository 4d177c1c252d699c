"""Trying a design as a citizen, seeing what would come of it, and keeping that as an example."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from rathaus.applications.models import Application, Attachment, Draft
from rathaus.catalogue.packing import Files
from rathaus.design.models import Design, Trial
from rathaus.design.service import begin_trial, change, files_of, newest, problems_of, trial_of
from rathaus.design.trying import discard_trials
from rathaus.designer.opened import Opened
from rathaus.designer.trial_filling import filling_of
from rathaus.editing import ChangeFiles, RemovePage, SetPageText, Words
from rathaus.people.models import User
from rathaus.towns.models import Town
from tests.designer.conftest import Browse, address


def example(files: Files, name: str) -> dict[str, Any]:
    return tomllib.loads(files[f"examples/{name}.toml"].decode())


@pytest.fixture
def filled(design: Design, dora: User) -> Trial:
    """Dora's trial with the answers of the first example, on its day."""
    shop = example(files_of(design), "01-einzelunternehmen-textilien")
    return begin_trial(design, dora, answers=shop["answers"], day=date.fromisoformat(shop["today"]))


def page_of(desk: Client, design: Design, rest: str = "probe/") -> str:
    answer = desk.get(address(design, rest))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_is_filled_in_page_by_page_and_becomes_no_application(design: Design, desk: Client) -> None:
    assert "Probe beginnen" in page_of(desk, design)
    shown = page_of(desk, design, "probe/seite/rechtsform/")
    assert 'name="rechtsform"' in shown
    assert "Nichts davon wird abgesendet." in shown
    wrong = desk.post(address(design, "probe/seite/rechtsform/"), {"gefragt": "rechtsform"})
    assert wrong.status_code == 422
    sent = desk.post(
        address(design, "probe/seite/rechtsform/"), {"gefragt": "rechtsform", "rechtsform": "EU"}
    )
    assert sent.headers["Location"] == address(design, "probe/seite/anlass/")
    assert "checked" in page_of(desk, design, "probe/seite/rechtsform/")
    assert "Weiter ausfüllen" in page_of(desk, design)
    assert not Application.objects.exists()
    assert not Draft.objects.exists()


def test_a_trial_is_its_persons_own(design: Design, desk: Client, emil: User, browse: Browse) -> None:
    desk.post(address(design, "probe/seite/rechtsform/"), {"gefragt": "rechtsform", "rechtsform": "EU"})
    assert "Probe beginnen" in page_of(browse(emil), design)


def test_a_trial_goes_on_after_the_design_was_changed(design: Design, dora: User, desk: Client) -> None:
    desk.post(address(design, "probe/seite/rechtsform/"), {"gefragt": "rechtsform", "rechtsform": "EU"})
    reworded = SetPageText("rechtsform", "de", "title", "Was für ein Betrieb wird es?")
    change(design, reworded, base_revision=1, by=dora, reason="klarer")
    shown = page_of(desk, design, "probe/seite/rechtsform/")
    assert "Was für ein Betrieb wird es?" in shown
    assert "checked" in shown
    change(design, RemovePage("bekanntgabe", "beteiligung"), base_revision=2, by=dora, reason="weg")
    gone = desk.post(address(design, "probe/seite/bekanntgabe/"), {})
    assert gone.status_code == 302


def test_another_language_of_the_form_leaves_the_workplace_as_it_was(design: Design, desk: Client) -> None:
    answer = desk.post(
        address(design, "probe/seite/rechtsform/"), {"sprache": "en", "rechtsform": "EU", "gefragt": ""}
    )
    assert "sprache" not in answer.cookies
    shown = page_of(desk, design, "probe/seite/rechtsform/")
    assert '<html lang="en"' in shown
    assert "checked" in shown
    assert "Ausprobieren" in page_of(desk, design)
    desk.post(address(design, "probe/pruefen/"), {"sprache": "de"})
    assert '<html lang="de"' in page_of(desk, design, "probe/pruefen/")


def test_the_day_can_be_chosen_without_losing_what_is_typed(design: Design, desk: Client, dora: User) -> None:
    desk.post(
        address(design, "probe/seite/rechtsform/"),
        {"rechtsform": "EU", "probe-tag": "2027-02-28", "probe-heute": "1"},
    )
    trial = trial_of(design, dora)
    assert trial.day == date(2027, 2, 28)
    assert trial.answers == {"rechtsform": "EU"}
    assert 'value="2027-02-28"' in page_of(desk, design)
    desk.post(address(design, "probe/"), {"was": "tag", "probe-tag": timezone.localdate().isoformat()})
    assert trial_of(design, dora).day is None


def test_a_file_question_takes_a_stand_in_and_a_file_of_which_nothing_is_kept(
    design: Design, dora: User, desk: Client
) -> None:
    trial = begin_trial(design, dora)
    here = address(design, "probe/seite/nachweise/")
    shown = page_of(desk, design, "probe/seite/nachweise/")
    assert "Beispieldateien nehmen" in shown
    pdf = SimpleUploadedFile("Miete.pdf", b"%PDF-1.7", "application/pdf")
    desk.post(here, {"nachweise.weitere": pdf})
    desk.post(here, {"probe-datei": "1"})
    trial.refresh_from_db()
    files = trial.answers["nachweise"]
    assert files["ausweis"][0]["name"].startswith("Beispieldatei.")
    assert [file["name"] for file in files["weitere"]] == ["Miete.pdf"]
    assert not Attachment.objects.exists()
    refused = desk.post(here, {"nachweise.weitere": SimpleUploadedFile("x.exe", b"MZ")})
    assert refused.status_code == 422
    assert "nehmen wir" in refused.content.decode() or "annehmen" in refused.content.decode()
    desk.post(here, {"remove": "nachweise.weitere.0"})
    trial.refresh_from_db()
    assert trial.answers["nachweise"].keys() == {"ausweis"}


def test_what_would_happen_is_told_with_route_fee_and_letters(
    filled: Trial, design: Design, desk: Client
) -> None:
    shown = page_of(desk, design)
    assert "Grün: Niemand muss etwas tun" in shown
    assert "30,00 €" in shown
    assert "Empfangsbescheinigung" in shown
    letter = desk.get(address(design, "probe/brief/empfangsbescheinigung/"))
    assert letter.headers["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")
    assert desk.get(address(design, "probe/brief/nirgends/")).status_code == 404


def test_reasons_for_a_person_are_told_in_their_words(design: Design, dora: User, desk: Client) -> None:
    given = example(files_of(design), "20-verspaetet")
    begin_trial(design, dora, answers=given["answers"], day=date.fromisoformat(given["today"]))
    shown = page_of(desk, design)
    assert "Eine Person entscheidet" in shown
    assert "Nächster Schritt" in shown


def test_answers_the_form_would_refuse_are_named_with_the_way_to_mend_them(
    filled: Trial, design: Design, desk: Client
) -> None:
    del filled.answers["inhaber"]["familienname"]
    filled.save()
    shown = page_of(desk, design)
    assert "So nähme das Formular die Angaben nicht an" in shown
    assert "probe/seite/" in shown


def test_a_trial_becomes_an_example_that_the_check_runs(
    filled: Trial, design: Design, dora: User, desk: Client
) -> None:
    refused = desk.post(address(design, "probe/"), {"was": "beispiel", "titel": " "})
    assert refused.status_code == 422
    assert "Geben Sie dem Beispiel einen Namen" in refused.content.decode()
    desk.post(address(design, "probe/"), {"was": "beispiel", "titel": "Kleine Bäckerei", "grund": "Fehlte"})
    assert newest(design).reason == "Fehlte"
    saved = example(files_of(design), "28-kleine-backerei")
    shop = example(files_of(design), "01-einzelunternehmen-textilien")
    assert saved["title"] == "Kleine Bäckerei"
    form = filling_of(Opened.of(design), dora).form
    assert saved["answers"] == form.normalise(shop["answers"], today=date(2026, 11, 23))[0]
    assert saved["expect"] == shop["expect"]
    assert saved["today"] == shop["today"]
    assert [problem for problem in problems_of(design) if problem.level != "warning"] == []


def test_an_example_from_a_town_where_things_are_otherwise_carries_what_differs(
    filled: Trial, design: Design, desk: Client, town: Town
) -> None:
    town.postal_codes = ["39990"]
    town.save()
    filled.answers["betriebsstaette"]["plz"] = "39990"
    filled.save()
    desk.post(address(design, "probe/"), {"was": "beispiel", "titel": "Hier"})
    saved = example(files_of(design), "28-hier")
    assert saved["town"]["postal_codes"] == ["39990"]
    assert saved["expect"]["valid"] is True
    assert [problem for problem in problems_of(design) if problem.level != "warning"] == []


def test_faulty_answers_make_an_example_of_a_mistake(filled: Trial, design: Design, desk: Client) -> None:
    del filled.answers["inhaber"]["familienname"]
    filled.save()
    desk.post(address(design, "probe/"), {"was": "beispiel", "titel": "Name fehlt"})
    expected = example(files_of(design), "28-name-fehlt")["expect"]
    assert expected == {"valid": False, "errors": [{"path": "inhaber.familienname", "rule": "required"}]}


def test_a_form_that_cannot_be_read_says_so(design: Design, dora: User, desk: Client) -> None:
    files = files_of(design)
    broken = ChangeFiles.between(files, {**files, "form.toml": b"[["}, Words("kaputt"))
    change(design, broken, base_revision=1, by=dora, reason="Versuch")
    assert "Das Formular lässt sich gerade nicht zeigen" in page_of(desk, design)
    assert desk.get(address(design, "probe/seite/rechtsform/")).status_code == 302


def test_beginning_anew_forgets_the_answers_but_not_the_day(
    filled: Trial, design: Design, dora: User, desk: Client
) -> None:
    desk.post(address(design, "probe/"), {"was": "neu"})
    trial = trial_of(design, dora)
    assert trial.answers == {}
    assert trial.day == date(2026, 11, 23)


def test_trials_nobody_touches_are_deleted_after_a_week(filled: Trial) -> None:
    assert discard_trials() == 0
    Trial.objects.update(updated_at=timezone.now() - timedelta(days=8))
    assert discard_trials() == 1
    assert not Trial.objects.exists()
