"""Pages of the designer cost as many queries for a long history and many designs as for a short one and one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rathaus.catalogue.models import ServiceVersion
from rathaus.design.models import Design, Revision
from rathaus.design.service import change, start_from_service
from rathaus.designer.areas import AREAS
from rathaus.editing import SetPageText
from rathaus.people.models import Role, User
from tests.designer.conftest import address
from tests.office.staging import hire


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is live is known for seconds; how busy this machine is shall not count."""
    monkeypatch.setattr("rathaus.catalogue.service.CACHE_SECONDS", 3600.0)


def queries(desk: Client, path: str) -> list[str]:
    """What a page asks the database the second time; towns and settings are kept for seconds, which time decides."""
    desk.get(path)  # hosts, settings and checks of packages are kept for a while
    with CaptureQueriesContext(connection) as seen:
        assert desk.get(path).status_code == 200
    return [query["sql"] for query in seen.captured_queries if 'FROM "towns_' not in query["sql"]]


def _work(design: Design, *people: User) -> None:
    for number in range(1, 13):
        edit = SetPageText("beginn", "de", "title", f"Ab wann? {number}")
        change(design, edit, base_revision=number, by=people[number % len(people)], reason="Anders")


@pytest.mark.parametrize("area", [area.name for area in AREAS])
def test_an_area_costs_the_same_after_many_changes_by_many_people(
    desk: Client, design: Design, dora: User, emil: User, area: str
) -> None:
    path = reverse(f"designer:{area}", args=[design.pk])
    before = queries(desk, path)
    _work(design, dora, emil, hire("Frieda", Role.DESIGNER))
    after = queries(desk, path)
    assert len(after) <= len(before), "\n".join(after)
    assert len(after) <= 12, "\n".join(after)


def test_the_overview_reads_the_latest_changes_only(
    desk: Client, design: Design, dora: User, emil: User
) -> None:
    frieda = hire("Frieda", Role.DESIGNER)
    _work(design, dora, emil, frieda)
    read: list[int] = []

    def note(instance: Revision, **_: object) -> None:
        read.append(instance.number)

    post_init.connect(note, sender=Revision)
    try:
        page = desk.get(reverse("designer:overview", args=[design.pk])).content.decode()
    finally:
        post_init.disconnect(note, sender=Revision)
    assert set(read) == {13, 12, 11, 10, 9}
    # Everybody who worked on it is named all the same, the latest first.
    assert f"{dora}, {frieda}, {emil}" in page


def test_the_list_costs_the_same_with_many_designs(
    desk: Client, design: Design, published: ServiceVersion, emil: User
) -> None:
    before = queries(desk, "/amt/leistungen/")
    for number in range(8):
        _work(start_from_service(published, by=emil, reason=f"Versuch {number}"), emil)
    after = queries(desk, "/amt/leistungen/")
    assert len(after) == len(before), "\n".join(after)


def test_one_page_and_one_question_cost_few_queries(desk: Client, design: Design) -> None:
    for rest in ("seiten/beginn/", "frage/taetigkeit.nebenerwerb/"):
        asked = queries(desk, address(design, rest))
        assert len(asked) <= 8, "\n".join(asked)
