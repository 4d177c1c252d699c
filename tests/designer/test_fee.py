"""A fee added without code: to a real import, published, shown on the service's page, charged with a notice."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from rathaus.audit.service import entries
from rathaus.design.models import Design
from rathaus.design.service import files_of, newest, problems_in, publish, start_from_fim
from rathaus.editing.decisions import table_of
from rathaus.people.models import User
from rathaus.towns.models import Town
from rathaus.towns.service import setting_on
from tests.designer.conftest import address
from tests.drafting.schemata import DATA, TODAY
from tests.standards.shared_data import needs_shared_data

SETTING = "kindertagespflege.gebuehr"
GIVEN = {
    "einstellung": SETTING,
    "betrag": "1.250,50 €",
    "ab": "2026-01-01",
    "quelle": "§ 2 der Gebührensatzung",
    "rechtsgrundlage": "§ 3 NVwKostG",
    "stelle": "sachbearbeitung",
    "stand": "1",
}


@pytest.fixture
def imported(town: Town, dora: User) -> Design:
    data = (DATA / "3.0.0/S05000001299.xdf.xml").read_bytes()
    return start_from_fim(data, today=TODAY, office="buergerservice", by=dora, reason="Neu")


@needs_shared_data
def test_a_designer_adds_a_fee_and_a_row_and_people_see_what_it_costs(
    desk: Client, imported: Design, dora: User
) -> None:
    where = address(imported, "gebuehr/")
    assert "Gebührenregel hinzufügen" in desk.get(where).content.decode()
    question = _first_question(desk.get(where).content.decode())
    answer = desk.post(where, {**GIVEN, "frage.0": question})
    assert answer.status_code == 302, answer.content.decode()
    page = desk.get(where).content.decode()
    assert "1.250,50" in page or "1250,50" in page
    assert "Eine Tabelle bestimmt die Gebühr" in page
    row = {
        "neu:in1": "=value != value",
        "neu:out1": "kindertagespflege.ermaessigt",
        "neu:out2": "1",
        "neu:out3": "§ 4 NVwKostG",
        "stand": "2",
    }
    assert desk.post(address(imported, "entscheidungen/gebuehr/"), row).status_code == 302
    assert len(table_of(files_of(imported), "gebuehr").rules) == 2
    assert "Noch kein Betrag" in desk.get(where).content.decode()
    amount = {
        "betrag_fuer": "kindertagespflege.ermaessigt",
        "betrag": "10",
        "ab": "2026-01-01",
        "quelle": "§ 2",
    }
    assert desk.post(where, amount).status_code == 302
    assert [p for p in problems_in(files_of(imported))[1] if p.level != "warning"] == []
    publish(imported, by=dora, reason="Fertig")
    shown = desk.get(f"/leistungen/{imported.key}/").content.decode()
    assert "Kosten" in shown
    assert "250,50" in shown
    assert "§ 2 der Gebührensatzung" in shown


def _first_question(page: str) -> str:
    return next(
        part.split('"')[0] for part in page.split('<option value="')[1:] if part.startswith("answers.")
    )


def test_what_is_missing_is_said_and_what_was_typed_stays(desk: Client, design: Design) -> None:
    where = address(design, "gebuehr/")
    assert "Wann welche Gebühr gilt" in desk.get(where).content.decode()
    amount = {
        "betrag_fuer": "gewerbeanmeldung.gebuehr",
        "betrag": "dreißig",
        "ab": "2027-01-01",
        "quelle": "Satzung",
    }
    answer = desk.post(where, amount)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Geben Sie den Betrag in Euro an" in page
    for text in ("dreißig", "2027-01-01", "Satzung"):
        assert f'value="{text}"' in page
    for lacking, said in (("ab", "den Tag"), ("quelle", "die Quelle")):
        answer = desk.post(where, {**amount, "betrag": "30,00", lacking: ""})
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_a_new_amount_holds_from_its_day_and_is_in_the_journal(desk: Client, design: Design) -> None:
    amount = {
        "betrag_fuer": "gewerbeanmeldung.gebuehr",
        "betrag": "35,00",
        "ab": "2099-01-01",
        "quelle": "Satzung 2099",
    }
    assert desk.post(address(design, "gebuehr/"), amount).status_code == 302
    later, now = setting_on("gewerbeanmeldung.gebuehr", date(2099, 1, 1)), timezone.localdate()
    assert later is not None
    assert later.value == {"amount_cents": 3500}
    today = setting_on("gewerbeanmeldung.gebuehr", now)
    assert today is not None
    assert today.value == {"amount_cents": 3000}
    assert "setting.decided" in {entry.action for entry in entries()}


@needs_shared_data
def test_a_rule_is_refused_with_the_reason_and_nothing_is_changed(desk: Client, imported: Design) -> None:
    where = address(imported, "gebuehr/")
    for change, said in (
        ({"einstellung": "Gebühr!"}, "kleinen Buchstaben"),
        ({"rechtsgrundlage": ""}, "Rechtsgrundlage"),
        ({"betrag": "-5"}, "in Euro"),
        ({"nach": "ergebnis"}, "nichts einfügen"),
        ({"stelle": "niemand"}, "niemand"),
    ):
        answer = desk.post(where, {**GIVEN, **change})
        assert answer.status_code == 422, change
        assert said in answer.content.decode(), change
    assert newest(imported).number == 1
    assert setting_on(SETTING, timezone.localdate()) is None
    assert "fee" not in tomllib.loads(files_of(imported)["service.toml"].decode())
