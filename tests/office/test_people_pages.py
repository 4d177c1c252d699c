from __future__ import annotations

import pytest
from django.test import Client

from rathaus.audit import service as audit
from rathaus.people.models import Membership, Role, User
from rathaus.people.service import roles_of
from rathaus.towns.models import Office
from tests.office.conftest import Browse
from tests.office.staging import PASSWORD

NEW = {"first_name": "Nora", "last_name": "Neu", "email": "Nora@Hannover.example"}


@pytest.fixture
def desk(admin: User, browse: Browse) -> Client:
    """The administrator's browser, who has just shown their password again."""
    client = browse(admin)
    assert client.post("/amt/konto/bestaetigen/", {"password": PASSWORD}).status_code == 302
    return client


def _role(role: Role) -> str:
    return f"{Office.objects.get(key='gewerbe').pk}:{role.value}"


def test_changing_people_asks_for_the_password_again(admin: User, anna: User, browse: Browse) -> None:
    client = browse(admin)
    for path in ("/amt/personen/neu/", f"/amt/personen/{anna.pk}/"):
        assert client.get(path)["Location"].startswith("/amt/konto/bestaetigen/?next=")
    client.post(f"/amt/personen/{anna.pk}/zugang/", {"zugang": "gesperrt"})
    anna.refresh_from_db()
    assert anna.is_active


def test_somebody_new_gets_an_account_with_roles(desk: Client) -> None:
    answer = desk.post(
        "/amt/personen/neu/", {**NEW, "roles": [_role(Role.CASE_WORKER), _role(Role.TEAM_LEAD)]}
    )
    assert answer.status_code == 302
    nora = User.objects.get(email="nora@hannover.example")
    assert {role for _, role in roles_of(nora)} == {Role.CASE_WORKER, Role.TEAM_LEAD}
    assert not nora.has_usable_password()
    assert "Nora Neu" in desk.get("/amt/personen/").content.decode()


def test_what_is_wrong_with_a_new_person_is_said_and_kept(desk: Client, anna: User) -> None:
    page = desk.post("/amt/personen/neu/", {**NEW, "last_name": "", "email": anna.email}).content.decode()
    assert "Geben Sie den Familiennamen ein." in page
    assert "Zu dieser Adresse gibt es schon ein Konto." in page
    assert 'value="Nora"' in page


def test_the_same_address_is_free_in_this_town_if_another_town_uses_it(desk: Client, stranger: User) -> None:
    answer = desk.post("/amt/personen/neu/", {**NEW, "email": stranger.email})
    assert answer.status_code == 302


def test_roles_are_changed_and_the_change_is_in_the_audit_log(desk: Client, anna: User, admin: User) -> None:
    page = desk.get(f"/amt/personen/{anna.pk}/").content.decode()
    assert f'value="{_role(Role.CASE_WORKER)}" checked' in page
    desk.post(f"/amt/personen/{anna.pk}/", {"roles": [_role(Role.TEAM_LEAD)]})
    assert [held.role for held in Membership.objects.filter(user=anna)] == [Role.TEAM_LEAD]
    entry = audit.entries(action="person.roles_changed").get()
    assert (entry.actor, entry.subject) == (admin, str(anna.pk))


def test_somebody_is_kept_out_and_let_in_again(desk: Client, anna: User, browse: Browse) -> None:
    at_work = browse(anna)
    assert at_work.get("/amt/").status_code == 200
    desk.post(f"/amt/personen/{anna.pk}/zugang/", {"zugang": "gesperrt"})
    assert at_work.get("/amt/").status_code == 302
    desk.post(f"/amt/personen/{anna.pk}/zugang/", {"zugang": "offen"})
    anna.refresh_from_db()
    assert anna.is_active


def test_the_last_administrator_can_neither_leave_nor_be_kept_out(desk: Client, admin: User) -> None:
    page = desk.post(f"/amt/personen/{admin.pk}/", {"roles": []}).content.decode()
    assert "Mindestens eine Person muss die Installation verwalten." in page
    desk.post(f"/amt/personen/{admin.pk}/zugang/", {"zugang": "gesperrt"})
    admin.refresh_from_db()
    assert admin.is_active
    assert Membership.objects.filter(user=admin, role=Role.ADMINISTRATOR).exists()


def test_people_of_other_towns_are_not_there(desk: Client, stranger: User) -> None:
    assert stranger.email not in desk.get("/amt/personen/").content.decode()
    for path in (f"/amt/personen/{stranger.pk}/", f"/amt/personen/{stranger.pk}/zugang/"):
        assert desk.post(path, {"roles": []}).status_code == 404


def test_the_audit_log_is_read_filtered_and_never_changed(desk: Client, anna: User) -> None:
    audit.write("case.viewed", "case", "HAN-26-AAAA-BBBB", actor=anna)
    page = desk.get("/amt/protokoll/").content.decode()
    assert "HAN-26-AAAA-BBBB" in page
    filtered = desk.get(
        "/amt/protokoll/", {"person": str(anna.pk), "vorgang": "case.viewed"}
    ).content.decode()
    assert "1 Eintrag" in filtered
    assert desk.get("/amt/protokoll/", {"gegenstand": "nichts"}).status_code == 200
    assert desk.post("/amt/protokoll/").status_code == 405
