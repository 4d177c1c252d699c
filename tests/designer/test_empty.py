"""Beginning with nothing, and asking questions of one's own, through HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from rathaus.catalogue.service import live
from rathaus.design.models import Design, Origin
from rathaus.design.service import files_of, newest, problems_of, publish
from rathaus.people.models import User
from tests.designer.conftest import address

START = "/amt/leistungen/neu/leer/"
GIVEN = {"title": "Baumfällung melden", "office": "gewerbe", "key": "", "reason": "Bürger fragen danach"}


@pytest.fixture
def empty(desk: Client) -> Design:
    """A design begun with nothing."""
    assert desk.post(START, GIVEN).status_code == 302
    found: Design = Design.objects.get(key="baumfaellung-melden")
    return found


def test_a_service_begins_with_a_name_and_passes_its_check(desk: Client, empty: Design, dora: User) -> None:
    assert (empty.origin, empty.title) == (Origin.EMPTY, "Baumfällung melden")
    assert [problem for problem in problems_of(empty) if problem.level != "warning"] == []
    publish(empty, by=dora, reason="Los")
    assert live("baumfaellung-melden") is not None
    assert desk.get("/leistungen/baumfaellung-melden/").status_code == 200
    assert START in desk.get("/amt/leistungen/neu/").content.decode()


def test_without_name_office_or_reason_nothing_begins_and_nothing_typed_is_lost(desk: Client) -> None:
    for name in ("title", "office", "reason"):
        answer = desk.post(START, {**GIVEN, name: ""})
        assert answer.status_code == 200
        assert "Bitte ändern Sie Ihre Eingabe" in answer.content.decode()
        assert name == "title" or 'value="Baumfällung melden"' in answer.content.decode()
    assert not Design.objects.exists()


def test_a_question_of_ones_own_is_asked_and_leads_to_its_page(desk: Client, empty: Design) -> None:
    page = address(empty, "seiten/kontakt/neue-frage/")
    assert f'href="{page}"' in desk.get(address(empty, "seiten/kontakt/")).content.decode()
    given = {
        "frage": "Welche Bäume wollen Sie fällen?",
        "art": "choices",
        "auswahl": "Eiche\r\nLinde\r\n\r\n",
        "stand": "1",
    }
    answer = desk.post(page, given)
    assert answer["Location"] == address(empty, "frage/welche_baeume_wollen_sie_faellen/")
    assert desk.get(answer["Location"]).status_code == 200
    assert (
        newest(empty).summary
        == "Neue Frage „Welche Bäume wollen Sie fällen?“ auf Seite „Wie erreichen wir Sie?“"
    )
    assert [problem for problem in problems_of(empty) if problem.level != "warning"] == []
    assert b"Linde" in files_of(empty)["schema.xdf.xml"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"frage": " "}, "Schreiben Sie die Frage auf."),
        ({"art": "choice", "auswahl": "Eiche"}, "mindestens zwei Möglichkeiten"),
        ({"art": ""}, "wie geantwortet wird"),
        ({"name": "Kontakt"}, "Geben Sie der Frage einen anderen Kurznamen"),
    ],
)
def test_a_refused_question_is_shown_as_typed(
    desk: Client, empty: Design, change: dict[str, str], said: str
) -> None:
    given = {"frage": "Wozu?", "hinweis": "Kurz genügt.", "art": "text", "stand": "1", **change}
    answer = desk.post(address(empty, "seiten/kontakt/neue-frage/"), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Kurz genügt." in answer.content.decode()
    assert newest(empty).number == 1


def test_a_page_that_is_not_there_takes_no_question(desk: Client, empty: Design) -> None:
    assert desk.get(address(empty, "seiten/weg/neue-frage/")).status_code == 404
