"""Who may come in: every address of the workplace is closed unless it is part of signing in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rathaus.audit import service as audit
from rathaus.cases.models import Case, Step
from rathaus.letters.models import Letter
from rathaus.people.middleware import SIGN_IN_ROUTES
from rathaus.people.models import User
from rathaus.people.service import may_assign, may_decide, may_see
from rathaus.towns.models import Town
from tests.office.conftest import Browse, Receive
from tests.office.staging import GREEN

CASE_ROUTES = {"case", "take", "hand_back", "assign", "note", "message", "ask", "retry", "complete"} | {
    "preview",
    "attachment",
    "letter",
}
CASE_WORK_ROUTES = {"automatic"}
ADMINISTRATION_ROUTES = {"people", "new_person", "edit_person", "switch_person", "journal"}


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.name or ""


# A value for each kind of variable part of an address; those that later tests look for have values of their own.
KINDS = {"int": "1", "str": "irgendwas", "slug": "irgendwas", "uuid": str(uuid.uuid4())}
SAMPLES = {
    "<str:reference>": "HAN-26-AAAA-BBBB",
    "^konto/passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "konto/passwort/neu/1-x/",
}


def _workplace() -> list[tuple[str, str]]:
    """(address with sample values, name) of everything under /amt/."""
    found = []
    for pattern, name in _routes(get_resolver()):
        if pattern.startswith("amt/"):
            path = pattern
            for variable, value in SAMPLES.items():
                path = path.replace(variable, value)
            path = re.sub(r"<(\w+):\w+>", lambda part: KINDS.get(part[1], part[0]), path)
            found.append((f"/{path}", name))
    return found


def test_no_sample_was_forgotten() -> None:
    assert [path for path, _ in _workplace() if "<" in path] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_sends_strangers_to_the_sign_in_page(
    town: Town, client_of: object, method: str
) -> None:
    client: Client = client_of(town)  # type: ignore[operator]
    closed = 0
    for path, name in _workplace():
        if name in SIGN_IN_ROUTES or name == "account_logout":
            continue
        answer = getattr(client, method)(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/amt/anmelden/?next="), path
        closed += 1
    assert closed > 30


def _address_of(case: Case, name: str) -> str:
    step = Step.objects.filter(case=case, actor="person").first()
    letter = Letter.objects.filter(case=case).first()
    address = next(path for path, route in _workplace() if route == name and path.startswith("/amt/vorgang/"))
    address = address.replace("HAN-26-AAAA-BBBB", case.application.reference)
    if step:
        address = address.replace("/aufgabe/1/", f"/aufgabe/{step.pk}/")
    return address.replace("/schreiben/1/", f"/schreiben/{letter.pk}/") if letter else address


def test_every_address_of_a_case_hides_it_from_other_offices_other_towns_and_administrators(
    receive: Receive, otto: User, stranger: User, admin: User, browse: Browse
) -> None:
    for case in (receive(), receive(GREEN)):
        for user in (otto, stranger, admin):
            client = browse(user)
            for name in sorted(CASE_ROUTES):
                address = _address_of(case, name)
                assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}, (
                    user,
                    address,
                )


def test_the_routes_of_this_test_are_all_there_are() -> None:
    names = {
        name for path, name in _workplace() if not path.startswith("/amt/leistungen/") and "_" not in path
    }
    office = {name for name in names if not name.startswith(("account_", "mfa_"))}
    assert office == CASE_ROUTES | CASE_WORK_ROUTES | ADMINISTRATION_ROUTES | {"worklist"}


def test_pages_of_the_administration_are_for_administrators(anna: User, lena: User, browse: Browse) -> None:
    for user in (anna, lena):
        for name in sorted(ADMINISTRATION_ROUTES):
            path = next(path for path, route in _workplace() if route == name)
            assert {browse(user).get(path).status_code, browse(user).post(path).status_code} <= {403, 405}, (
                path
            )


def test_administrators_do_not_see_what_ran_by_itself(admin: User, browse: Browse) -> None:
    assert browse(admin).get("/amt/von-selbst/").status_code == 403
    assert browse(admin).get("/amt/")["Location"] == "/amt/personen/"


def test_rights_come_from_roles_in_the_office(
    receive: Receive, anna: User, lena: User, otto: User, admin: User
) -> None:
    case = receive()
    assert (may_see(anna, case), may_decide(anna, case), may_assign(anna, case)) == (True, True, False)
    assert (may_see(lena, case), may_decide(lena, case), may_assign(lena, case)) == (True, True, True)
    for user in (otto, admin):
        assert (may_see(user, case), may_decide(user, case), may_assign(user, case)) == (False, False, False)


def test_every_look_at_a_case_is_in_the_audit_log(receive: Receive, anna: User, browse: Browse) -> None:
    case = receive()
    client = browse(anna)
    for _ in range(2):
        assert client.get(f"/amt/vorgang/{case.application.reference}/").status_code == 200
    found = audit.entries(subject_type="case", subject=case.application.reference, action="case.viewed")
    assert [entry.actor for entry in found] == [anna, anna]
