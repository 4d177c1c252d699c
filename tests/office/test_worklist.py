from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rathaus.cases.models import Actor, Case, Step
from rathaus.cases.service import take
from rathaus.office.listing import ROWS_ON_A_PAGE
from rathaus.people.models import User
from tests.office.conftest import Browse, Receive
from tests.office.staging import GREEN


def test_the_list_shows_cases_of_the_own_office_with_who_must_act(
    receive: Receive, anna: User, otto: User, browse: Browse
) -> None:
    case = receive()
    page = browse(anna).get("/amt/").content.decode()
    assert case.application.reference in page
    assert "Chidi Okonkwo" in page
    assert "Sachbearbeitung" in page
    assert case.application.reference not in browse(otto).get("/amt/").content.decode()


def test_a_case_one_has_taken_says_you(receive: Receive, anna: User, browse: Browse) -> None:
    take(receive(), anna)
    page = browse(anna).get("/amt/?ansicht=meine").content.decode()
    assert (
        'sign--brand"><span class="kern-icon kern-icon--account-circle kern-icon--small" aria-hidden="true"></span>Sie'
        in page
    )


def _references(page: bytes, cases: list[Case]) -> set[str]:
    text = page.decode()
    return {case.application.reference for case in cases if f">{case.application.reference}<" in text}


@pytest.mark.parametrize(
    ("view", "change"),
    [
        ("meine", "taken"),
        ("ueberfaellig", "overdue"),
        ("wartet", "waiting"),
        ("fehler", "failed"),
        ("erledigt", "closed"),
    ],
)
def test_each_view_shows_what_its_name_says(
    receive: Receive, anna: User, browse: Browse, view: str, change: str
) -> None:
    cases = [receive(), receive("freier-beruf")]
    wanted = cases[0]
    now = timezone.now()
    if change == "taken":
        take(wanted, anna)
    elif change == "failed":
        Step.objects.filter(case=wanted, ended_at=None).update(error="ValueError", actor=Actor.MACHINE)
    else:
        changes: dict[str, dict[str, Any]] = {
            "overdue": {"due_on": timezone.localdate() - timedelta(days=2)},
            "waiting": {"acts_next": Actor.APPLICANT},
            "closed": {"closed_at": now},
        }
        Case.objects.filter(pk=wanted.pk).update(**changes[change])
    page = browse(anna).get(f"/amt/?ansicht={view}").content
    assert _references(page, cases) == {wanted.application.reference}


def test_an_overdue_case_says_by_how_many_days(receive: Receive, anna: User, browse: Browse) -> None:
    case = receive()
    Case.objects.filter(pk=case.pk).update(due_on=timezone.localdate() - timedelta(days=2))
    assert "2 Tage überfällig" in browse(anna).get("/amt/").content.decode()


def test_a_case_is_found_by_reference_and_by_name_however_spelt(
    receive: Receive, anna: User, browse: Browse
) -> None:
    cases = [receive(), receive("drittstaat-ohne-titel")]
    client = browse(anna)
    for query in (cases[0].application.reference.lower(), "okonkwo", "CHIDI oko"):
        assert _references(client.get("/amt/", {"suche": query}).content, cases) == {
            cases[0].application.reference
        }
    assert "keinen Vorgang" in client.get("/amt/", {"suche": "niemand"}).content.decode()


def test_nonsense_in_the_address_counts_as_nothing(receive: Receive, anna: User, browse: Browse) -> None:
    case = receive()
    answer = browse(anna).get(
        "/amt/", {"ansicht": "x", "stelle": "9" * 40, "sortierung": "'", "seite": "viele", "leistung": ""}
    )
    assert answer.status_code == 200
    assert case.application.reference in answer.content.decode()


def test_the_number_of_queries_does_not_depend_on_the_number_of_cases(
    receive: Receive, anna: User, browse: Browse
) -> None:
    client = browse(anna)
    receive()
    client.get("/amt/")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/amt/")
        return len(captured)

    few = queries()
    for _ in range(5):
        receive("freier-beruf")
    assert queries() == few
    assert few <= 20


def test_long_lists_are_cut_into_pages(receive: Receive, anna: User, browse: Browse) -> None:
    for _ in range(ROWS_ON_A_PAGE + 1):
        receive(moved=False)
    client = browse(anna)
    first, second = (client.get(f"/amt/?seite={number}").content.decode() for number in (1, 2))
    assert first.count('class="code" href="/amt/vorgang/') == ROWS_ON_A_PAGE
    assert second.count('class="code" href="/amt/vorgang/') == 1
    assert 'rel="next"' in first


def test_what_ran_by_itself_is_listed_and_counted(receive: Receive, anna: User, browse: Browse) -> None:
    green, person = receive(GREEN), receive()
    page = browse(anna).get("/amt/von-selbst/").content
    assert _references(page, [green, person]) == {green.application.reference}
    assert "<dt>Heute</dt><dd>1</dd>" in page.decode()
