"""Applying: pages, errors, saving, resuming, reviewing, sending."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rathaus.applications.models import Application, Draft
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.towns.models import Town
from tests.portal.conftest import CONCERN, PERSON, Applicant

pytestmark = pytest.mark.django_db


def test_an_application_begins_with_its_first_page(applicant: Applicant) -> None:
    response = applicant.see()
    assert response.headers["Location"].endswith("/person/")
    assert "Wer sind Sie?" in applicant.see("person/").content.decode()


def test_every_page_goes_on_to_the_next_and_the_last_one_to_the_review(applicant: Applicant) -> None:
    assert applicant.send("person", PERSON).headers["Location"].endswith("/anliegen/")
    assert applicant.send("anliegen", CONCERN).headers["Location"].endswith("/pruefen/")


def test_all_problems_come_at_once_and_nothing_typed_is_lost(applicant: Applicant) -> None:
    response = applicant.send(
        "person", {**PERSON, "person.name": "", "person.email": "mira@", "person.kinder": "viele"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Fehler:" in page
    assert 'id="fehler"' in page
    assert "autofocus" in page
    assert "3 Angaben" in page
    for field in ("f-person-name", "f-person-email", "f-person-kinder"):
        assert f'href="#{field}"' in page
        assert f'id="{field}-error"' in page
    for typed in ('value="mira@"', 'value="viele"', 'value="1990"'):
        assert typed in page


def test_what_did_not_pass_is_still_there_when_somebody_comes_back_later(applicant: Applicant) -> None:
    applicant.send("person", {**PERSON, "person.kinder": "viele"})
    page = applicant.see("person/").content.decode()
    assert 'value="viele"' in page
    assert 'value="Mira Sommer"' in page


def test_two_tabs_do_not_overwrite_each_others_pages(applicant: Applicant) -> None:
    applicant.send("anliegen", CONCERN)
    applicant.send("person", PERSON)
    answers = applicant.draft.answers
    assert answers["anliegen"]["titel"] == "Eine Probe"
    assert answers["person"]["name"] == "Mira Sommer"


def test_the_back_button_only_sends_a_page_again(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    assert applicant.send("person", {**PERSON, "person.name": "Mira Winter"}).status_code == 302
    assert applicant.draft.answers["person"]["name"] == "Mira Winter"
    assert applicant.draft.answers["anliegen"]["titel"] == "Eine Probe"


def test_switching_the_language_keeps_what_is_typed_without_complaining(applicant: Applicant) -> None:
    response = applicant.send(
        "person", {"person.name": "Mira Sommer", "person.kinder": "viele"}, sprache="en"
    )
    assert response.headers["Location"].endswith("/person/")
    page = applicant.see("person/").content.decode()
    assert '<html lang="en"' in page
    assert 'value="Mira Sommer"' in page
    assert 'value="viele"' in page
    assert 'id="fehler"' not in page
    assert applicant.draft.language == "en"


def test_return_sends_the_page_and_not_the_language(applicant: Applicant) -> None:
    page = applicant.see("person/").content.decode()
    first = page.index('form="antrag"')
    assert 'name="sprache"' not in page[first - 120 : first + 120]


def test_a_resume_code_opens_the_draft_in_another_browser(
    applicant: Applicant, client_of: Callable[[Town], Client], town: Town
) -> None:
    applicant.send("person", PERSON)
    code = applicant.resume_code()
    other = client_of(town)
    assert other.get(f"{applicant.base}person/").headers["Location"] == "/weitermachen/"
    response = other.post("/weitermachen/", {"code": code.lower().replace("-", " ")})
    assert response.headers["Location"] == applicant.base
    assert 'value="Mira Sommer"' in other.get(f"{applicant.base}person/").content.decode()


def test_wrong_resume_codes_end_in_a_pause(
    applicant: Applicant, client_of: Callable[[Town], Client], town: Town
) -> None:
    guesser = client_of(town)
    answers = [guesser.post("/weitermachen/", {"code": "0000-0000-0000-0000"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert guesser.post("/weitermachen/", {"code": applicant.resume_code()}).status_code == 429


def test_a_draft_is_only_for_its_browser_and_its_town(
    applicant: Applicant, client_of: Callable[[Town], Client], ahrensfurt: Town
) -> None:
    applicant.send("person", PERSON)
    foreign = client_of(ahrensfurt)
    foreign.cookies = applicant.client.cookies
    for page in ("", "person/", "pruefen/", "loeschen/"):
        assert foreign.get(f"{applicant.base}{page}").headers["Location"] == "/weitermachen/"


def test_a_forged_cookie_opens_nothing(
    applicant: Applicant, client_of: Callable[[Town], Client], town: Town
) -> None:
    other = client_of(town)
    other.cookies["entwuerfe"] = applicant.client.cookies["entwuerfe"].value[:-1] + "x"
    assert other.get(f"{applicant.base}person/").headers["Location"] == "/weitermachen/"


def test_the_review_shows_every_answer_and_leads_to_changing_it(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    page = applicant.review().content.decode()
    for answer in ("Mira Sommer", "03.04.1990", "Eine Probe", "01.12.2026"):
        assert answer in page
    assert f"{applicant.base}person/?zurueck=pruefen" in page
    changed = applicant.send("person", {**PERSON, "person.name": "Mira Winter"}, zurueck="pruefen")
    assert changed.headers["Location"] == f"{applicant.base}pruefen/"


def test_an_unfinished_application_cannot_be_sent(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    page = applicant.review().content.decode()
    assert "noch nicht fertig" in page
    assert 'name="bestaetigt"' not in page
    assert applicant.confirm().status_code == 422
    assert not Application.objects.exists()


def test_what_was_typed_wrong_is_not_left_out_silently(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    applicant.send("person", {**PERSON, "person.kinder": "viele"})
    assert "noch nicht fertig" in applicant.review().content.decode()
    assert applicant.confirm().status_code == 422
    assert not Application.objects.exists()


def test_the_review_leads_to_a_page_that_shows_its_problems(applicant: Applicant) -> None:
    applicant.send("anliegen", CONCERN)
    response = applicant.see("person/?zurueck=pruefen&zeige=fehler")
    assert response.status_code == 200
    assert 'id="fehler"' in response.content.decode()


def test_nothing_is_sent_without_the_explicit_confirmation(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    page = applicant.review().content.decode()
    assert 'name="bestaetigt" value="1">' in page.replace("\n", "")
    response = applicant.client.post(f"{applicant.base}pruefen/", {"fassung": applicant.draft.revision})
    assert response.status_code == 422
    assert 'href="#bestaetigt"' in response.content.decode()
    assert not Application.objects.exists()


def test_sending_gives_a_receipt_with_reference_code_and_what_comes_next(
    applicant: Applicant, sent: str
) -> None:
    page = applicant.client.get(f"/vorgang/{sent}/eingang/").content.decode()
    assert sent in page
    assert "Zugangscode" in page
    assert "Wie es jetzt weitergeht" in page
    assert f"/vorgang/{sent}/kopie.pdf" in page


def test_a_double_click_and_a_retry_make_one_case_and_the_same_receipt(
    applicant: Applicant, sent: str
) -> None:
    for _ in range(2):
        assert applicant.confirm().headers["Location"] == f"/vorgang/{sent}/eingang/"
    assert Case.objects.count() == 1


def test_going_back_after_sending_leads_to_the_receipt(applicant: Applicant, sent: str) -> None:
    response = applicant.client.get(f"{applicant.base}person/", follow=True)
    assert response.redirect_chain[-1][0] == f"/vorgang/{sent}/eingang/"
    response = applicant.client.post(f"{applicant.base}person/", PERSON, follow=True)
    assert response.redirect_chain[-1][0] == f"/vorgang/{sent}/eingang/"


def test_a_review_that_is_out_of_date_is_shown_again_instead_of_sent(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    reviewed = applicant.draft.revision
    applicant.send("person", {**PERSON, "person.name": "Mira Winter"})
    response = applicant.client.post(f"{applicant.base}pruefen/", {"bestaetigt": "1", "fassung": reviewed})
    assert response.status_code == 422
    assert "Mira Winter" in response.content.decode()
    assert not Application.objects.exists()


def test_a_draft_can_be_deleted_by_its_owner(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    assert applicant.see("loeschen/").status_code == 200
    assert applicant.client.post(f"{applicant.base}loeschen/").status_code == 302
    assert not Draft.objects.exists()
    assert applicant.see("person/").headers["Location"] == "/weitermachen/"


def test_an_own_draft_is_offered_when_beginning_again(applicant: Applicant) -> None:
    assert applicant.base in applicant.client.get("/leistungen/plain/antrag/").content.decode()


def test_unknown_pages_of_a_form_lead_back_into_it_or_are_404(applicant: Applicant) -> None:
    assert applicant.see("gibtsnicht/").headers["Location"].endswith("/person/")
    assert applicant.send("gibtsnicht", {}).status_code == 404
    assert applicant.send("person", {"add": "gibtsnicht"}).status_code == 404
    assert applicant.send("person", {"remove": "gibts.nicht.0"}).status_code == 404


def test_a_page_turned_costs_at_most_four_statements(applicant: Applicant) -> None:
    applicant.see("person/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = applicant.send("person", PERSON)
        applicant.client.get(response.headers["Location"])
    assert len(queries) <= 4, [query["sql"] for query in queries]


def test_a_submission_costs_at_most_twenty_statements(applicant: Applicant) -> None:
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    revision = applicant.draft.revision
    with CaptureQueriesContext(connection) as queries:
        response = applicant.client.post(
            f"{applicant.base}pruefen/", {"bestaetigt": "1", "fassung": revision}
        )
    assert response.status_code == 302
    assert len(queries) <= 20, [query["sql"] for query in queries]


def test_questions_that_an_answer_brings_to_its_page_are_shown_before_going_on(
    visitor: Client, published: ServiceVersion
) -> None:
    applicant = Applicant(visitor, "gewerbeanmeldung")
    applicant.send("rechtsform", {"rechtsform": "EU"})
    page = applicant.see("betriebsstaette/").content.decode()
    assert 'name="betriebsstaette.strasse"' in page
    response = applicant.send(
        "betriebsstaette", {"betriebsstaette.wie_wohnung": "true", "gefragt": "betriebsstaette.wie_wohnung"}
    )
    assert "mehr=1" not in response.headers.get("Location", "")
    response = applicant.send(
        "betriebsstaette", {"betriebsstaette.wie_wohnung": "false", "gefragt": "betriebsstaette.wie_wohnung"}
    )
    assert response.headers["Location"].endswith("/betriebsstaette/?mehr=1")
    assert "weitere Fragen" in applicant.see("betriebsstaette/?mehr=1").content.decode()


def test_a_notice_is_told_on_the_following_page_and_does_not_stop(
    visitor: Client, published: ServiceVersion
) -> None:
    applicant = Applicant(visitor, "gewerbeanmeldung")
    applicant.send("rechtsform", {"rechtsform": "EU"})
    response = applicant.send(
        "beginn",
        {
            "taetigkeit.beginn.tag": "1",
            "taetigkeit.beginn.monat": "1",
            "taetigkeit.beginn.jahr": "2020",
            "taetigkeit.nebenerwerb": "false",
        },
    )
    assert "hinweis=beginn" in response.headers["Location"]
    assert "Ordnungswidrigkeit" in visitor.get(response.headers["Location"]).content.decode()


def test_entries_are_added_changed_and_removed_with_buttons(
    visitor: Client, published: ServiceVersion
) -> None:
    applicant = Applicant(visitor, "gewerbeanmeldung")
    applicant.send("rechtsform", {"rechtsform": "GBR"})
    first = applicant.send("vertreter", {"add": "vertreter"})
    assert "/vertreter.0." in first.headers["Location"]
    applicant.send("vertreter", {"add": "vertreter"})
    applicant.send(
        "vertreter.0.person_name", {"vertreter.0.vornamen": "Ole", "vertreter.0.familienname": "Brandt"}
    )
    applicant.send(
        "vertreter.1.person_name", {"vertreter.1.vornamen": "Selin", "vertreter.1.familienname": "Yildiz"}
    )
    page = applicant.see("vertreter/").content.decode()
    assert "Ole Brandt" in page
    assert "Selin Yildiz" in page
    applicant.send("vertreter", {"remove": "vertreter.0"})
    people = applicant.draft.answers["vertreter"]
    assert [person["familienname"] for person in people] == ["Yildiz"]


def test_a_page_without_cookies_leads_to_the_resume_code(
    client_of: Callable[[Town], Client], plain: ServiceVersion, town: Town
) -> None:
    applicant = Applicant(client_of(town), "plain")
    applicant.client.cookies.clear()
    assert applicant.see("person/").headers["Location"] == "/weitermachen/"
