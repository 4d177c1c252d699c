from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rathaus.applications.service import add_file
from rathaus.audit import service as audit
from rathaus.cases.models import Case, CaseStatus, Step
from rathaus.cases.service import add_note, answer_information, open_request, take
from rathaus.delivery.models import HandOver
from rathaus.delivery.service import Worker
from rathaus.letters.models import Letter
from rathaus.people.models import User
from tests.office.conftest import Browse, Receive
from tests.office.staging import GREEN

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _address(case: Case, act: str = "") -> str:
    return f"/amt/vorgang/{case.application.reference}/{act}"


def _page(client: Client, case: Case) -> str:
    return client.get(_address(case)).content.decode()


def _task(case: Case) -> Step:
    step: Step = Step.objects.get(case=case, actor="person", ended_at=None)
    return step


def _send(client: Client, case: Case, **given: object) -> object:
    """End the open task by its form."""
    case.refresh_from_db()
    step = _task(case)
    data = {f"schritt-{step.pk}-{key}": value for key, value in {"revision": case.revision, **given}.items()}
    return client.post(_address(case, f"aufgabe/{step.pk}/"), data)


def test_the_page_shows_answers_reasons_deadline_and_tasks(
    receive: Receive, anna: User, browse: Browse
) -> None:
    page = _page(browse(anna), receive())
    assert "Friseursalon für Damen und Herren" in page
    assert "Selbständige Tätigkeit nicht gestattet" in page
    assert "Handwerk ohne Handwerkskarte" in page
    assert "§ 15 Abs. 1 GewO" in page
    for outcome in ("Empfang bescheinigen", "Unterlagen oder Angaben nachfordern", "Anzeige zurückweisen"):
        assert outcome in page


def test_the_number_of_queries_is_fixed(receive: Receive, anna: User, browse: Browse) -> None:
    case = receive()
    client = browse(anna)
    _page(client, case)
    with CaptureQueriesContext(connection) as before:
        _page(client, case)
    for number in range(5):
        add_note(case, f"Notiz {number}", anna)
    with CaptureQueriesContext(connection) as after:
        _page(client, case)
    assert len(after) == len(before)


def test_taking_and_handing_back(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    client.post(_address(case, "uebernehmen/"), {"revision": case.revision})
    case.refresh_from_db()
    assert case.assigned_to == anna
    client.post(_address(case, "zurueckgeben/"), {"revision": case.revision})
    case.refresh_from_db()
    assert case.assigned_to is None


def test_a_case_somebody_else_took_names_them(
    receive: Receive, anna: User, bert: User, browse: Browse
) -> None:
    case = receive()
    shown = case.revision
    take(case, bert)
    case.refresh_from_db()
    answer = browse(anna).post(_address(case, "uebernehmen/"), {"revision": case.revision})
    assert answer.status_code == 409
    assert "Bert Beispiel bearbeitet diesen Vorgang" in answer.content.decode()
    stale = browse(anna).post(_address(case, "uebernehmen/"), {"revision": shown})
    assert stale.status_code == 409


def test_only_team_leads_assign_and_only_to_colleagues(
    receive: Receive, anna: User, bert: User, lena: User, otto: User, browse: Browse
) -> None:
    case = receive()
    given = {"revision": case.revision, "person": bert.pk}
    assert browse(anna).post(_address(case, "zuweisen/"), given).status_code == 403
    assert browse(lena).post(_address(case, "zuweisen/"), {**given, "person": otto.pk}).status_code == 422
    assert browse(lena).post(_address(case, "zuweisen/"), given).status_code == 302
    case.refresh_from_db()
    assert case.assigned_to == bert


def test_deciding_writes_the_letter_and_the_audit_log(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    assert _send(client, case, outcome="bescheinigen").status_code == 302  # type: ignore[attr-defined]
    Worker().drain()
    letter = Letter.objects.get(case=case, template="empfangsbescheinigung")
    page = _page(client, case)
    assert f"/schreiben/{letter.pk}/" in page
    pdf = client.get(_address(case, f"schreiben/{letter.pk}/"))
    assert pdf.content.startswith(b"%PDF")
    actions = {entry.action for entry in audit.entries(subject=case.application.reference, actor_id=anna.pk)}
    assert {"case.step_completed", "case.viewed", "case.letter_opened"} <= actions


def test_an_outcome_is_needed_and_some_need_a_reason(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    nothing = _send(client, case)
    assert nothing.status_code == 422  # type: ignore[attr-defined]
    assert "Wählen Sie ein Ergebnis" in nothing.content.decode()  # type: ignore[attr-defined]
    unfounded = _send(client, case, outcome="zurueckweisen")
    assert "Schreiben Sie eine Begründung" in unfounded.content.decode()  # type: ignore[attr-defined]
    assert _task(case).element == "anzeige_pruefen"


def test_asking_the_applicant_needs_a_day_in_the_future(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = _send(
        client, case, outcome="nachfordern", reason="Bitte die Handwerkskarte.", deadline=yesterday
    )
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert "Der Tag muss in der Zukunft liegen" in page
    assert "Bitte die Handwerkskarte." in page


def test_the_applicant_is_asked_answers_with_a_file_and_the_case_goes_on(
    receive: Receive, anna: User, browse: Browse
) -> None:
    case, client = receive(), browse(anna)
    until = timezone.localdate() + timedelta(days=10)
    sent = _send(client, case, outcome="nachfordern", reason="Bitte die Handwerkskarte.", deadline=until)
    assert sent.status_code == 302  # type: ignore[attr-defined]
    Worker().drain()
    case.refresh_from_db()
    request = open_request(case)
    assert request is not None
    assert (case.status, request.text, request.answer_until) == (
        CaseStatus.WAITING,
        "Bitte die Handwerkskarte.",
        until,
    )
    assert "Wartet auf Antragstellende" in _page(client, case)

    card = add_file(None, "", "handwerkskarte.pdf", "application/pdf", len(PDF), io.BytesIO(PDF))
    answer_information(case, "Hier ist sie.", [card])
    Worker().drain()
    page = _page(client, case)
    assert "Hier ist sie." in page
    file = client.get(_address(case, f"unterlage/{card.pk}/"))
    assert b"".join(file) == PDF
    assert file["Content-Disposition"].startswith("inline")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert _task(case).element == "anzeige_pruefen"


def test_files_of_other_cases_and_of_drafts_are_not_served(
    receive: Receive, anna: User, browse: Browse
) -> None:
    case = receive()
    loose = add_file(None, "", "fremd.pdf", "application/pdf", len(PDF), io.BytesIO(PDF))
    assert browse(anna).get(_address(case, f"unterlage/{loose.pk}/")).status_code == 404


def test_corrections_show_what_was_there_first(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    page = _page(client, case)
    key = re.search(
        r'value="([a-z_]+)"[^>]*><label class="kern-label" for="id_schritt-\d+-pages_\d+">Was werden Sie',
        page,
    )
    assert key
    until = timezone.localdate() + timedelta(days=10)
    _send(client, case, outcome="nachfordern", reason="Bitte genauer.", deadline=until, pages=key[1])
    Worker().drain()
    case.refresh_from_db()
    answer_information(
        case, "Genauer:", answers_patch={"taetigkeit": {"beschreibung": "Friseursalon nur für Hunde"}}
    )
    Worker().drain()
    page = _page(client, case)
    assert "Friseursalon nur für Hunde" in page
    assert re.search(r"<del>.*Friseursalon für Damen und Herren</del>", page)


def test_when_two_people_work_the_second_sees_it_and_keeps_what_they_wrote(
    receive: Receive, anna: User, bert: User, browse: Browse
) -> None:
    case = receive()
    step, shown = _task(case), case.revision
    take(case, anna)
    answer = browse(bert).post(
        _address(case, f"aufgabe/{step.pk}/"),
        {
            f"schritt-{step.pk}-revision": shown,
            f"schritt-{step.pk}-outcome": "zurueckweisen",
            f"schritt-{step.pk}-reason": "Nicht vertretbar.",
        },
    )
    assert answer.status_code == 409
    assert "hat sich geändert" in answer.content.decode()
    assert _task(case).ended_at is None


def test_typed_text_survives_a_conflict(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    stale = case.revision
    add_note(case, "Dazwischen", anna)
    take(case, anna)
    step = _task(case)
    prefix = f"schritt-{step.pk}-"
    given = {
        f"{prefix}revision": stale,
        f"{prefix}outcome": "zurueckweisen",
        f"{prefix}reason": "Wegen § 14.",
    }
    answer = client.post(_address(case, f"aufgabe/{step.pk}/"), given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Wegen § 14." in page
    case.refresh_from_db()
    assert f'name="{prefix}revision" value="{case.revision}"' in page


def test_four_eyes_the_first_person_is_told_and_the_second_may(
    receive: Receive, anna: User, bert: User, browse: Browse
) -> None:
    case = receive()
    _send(browse(anna), case, outcome="zurueckweisen", reason="Kein Aufenthaltstitel für Selbständige.")
    step = _task(case)
    assert step.element == "zurueckweisung_freigeben"
    page = _page(browse(anna), case)
    assert "Anna Beispiel hat den ersten Blick getan" in page
    assert f"/aufgabe/{step.pk}/" not in page
    case.refresh_from_db()
    refused = _send(browse(anna), case, outcome="freigeben")
    assert refused.status_code == 409  # type: ignore[attr-defined]
    assert _send(browse(bert), case, outcome="freigeben").status_code == 302  # type: ignore[attr-defined]
    Worker().drain()
    case.refresh_from_db()
    assert case.outcome == "zurueckgewiesen"


def test_a_letter_is_shown_before_it_is_sent(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    step = _task(case)
    given = {
        f"schritt-{step.pk}-revision": case.revision,
        f"schritt-{step.pk}-outcome": "nachfordern",
        f"schritt-{step.pk}-reason": "Bitte die Handwerkskarte.",
    }
    answer = client.post(_address(case, f"aufgabe/{step.pk}/vorschau/nachforderung/"), given)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), answer.content[:300]
    assert not Letter.objects.filter(case=case).exists()
    for template in re.findall(r'formaction="[^"]+/vorschau/([a-z-]+)/"', _page(client, case)):
        shown = client.post(_address(case, f"aufgabe/{step.pk}/vorschau/{template}/"), given)
        assert shown.status_code in (200, 422), template
    other = client.post(_address(case, f"aufgabe/{step.pk}/vorschau/zurueckweisung-gibts-nicht/"), given)
    assert other.status_code == 404


def test_a_failed_machine_step_is_shown_with_its_error_and_tried_again_now(
    receive: Receive, anna: User, browse: Browse
) -> None:
    case = receive(GREEN)
    Step.objects.filter(case=case).order_by("-pk")[:1]
    step = Step.objects.filter(case=case, actor="machine").latest("pk")
    Step.objects.filter(pk=step.pk).update(ended_at=None, error="RuleError: kein Wert", attempts=3)
    client = browse(anna)
    page = _page(client, case)
    assert "RuleError: kein Wert" in page
    assert client.post(_address(case, "wiederholen/")).status_code == 302
    found = HandOver.objects.get(kind="process.advance", subject=str(case.pk), done_at=None)
    assert found.due_at <= timezone.now()


@pytest.mark.parametrize("act", ["notiz", "nachricht"])
def test_notes_and_messages_are_written_and_empty_ones_refused(
    receive: Receive, anna: User, browse: Browse, act: str
) -> None:
    case, client = receive(), browse(anna)
    given = {f"{act}-revision": case.revision, f"{act}-text": "Bitte <b>prüfen</b>."}
    assert client.post(_address(case, f"{act}/"), given).status_code == 302
    assert "Bitte &lt;b&gt;prüfen&lt;/b&gt;." in _page(client, case)
    empty = client.post(_address(case, f"{act}/"), {**given, f"{act}-text": " "})
    assert empty.status_code == 422
    assert 'id="fehler"' in empty.content.decode()


def test_something_can_be_asked_beside_the_process(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    until = timezone.localdate() + timedelta(days=5)
    given = {"anfrage-revision": case.revision, "anfrage-text": "Wie viele Stühle?", "anfrage-until": until}
    assert client.post(_address(case, "anfrage/"), given).status_code == 302
    request = open_request(case)
    assert request is not None
    assert request.answer_until == until


def test_the_page_tells_who_looked_at_the_case(
    receive: Receive, anna: User, bert: User, browse: Browse
) -> None:
    case = receive()
    _page(browse(bert), case)
    assert re.search(r"Bert Beispiel, Vorgang angesehen", _page(browse(anna), case))


def test_the_page_speaks_english(receive: Receive, anna: User, browse: Browse) -> None:
    case, client = receive(), browse(anna)
    client.cookies["sprache"] = "en"
    page = _page(client, case)
    assert '<html lang="en"' in page
    assert "Confirm receipt" in page
