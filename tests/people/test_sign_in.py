from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from rathaus.audit import service as audit
from rathaus.delivery.models import Mail
from rathaus.people.models import Role, User
from rathaus.people.service import MFA_REQUIRED_SETTING
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from rathaus.towns.service import decide_setting
from tests.people.conftest import PASSWORD, Hire, sign_in

ClientOf = Callable[[Town], Client]


def _signed_in(client: Client) -> bool:
    return client.get("/amt/konto/zweiter-faktor/").status_code == 200


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_staff_sign_in_by_email_and_password(hannover: Town, client_of: ClientOf, hire: Hire) -> None:
    hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    client = client_of(hannover)
    answer = client.post("/amt/anmelden/", {"login": "Wolf@Hannover.example", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/amt/")
    assert _signed_in(client)


def test_after_signing_in_people_get_the_page_they_asked_for(
    hannover: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@hannover.example", Role.ADMINISTRATOR)
    client = client_of(hannover)
    asked = client.get("/amt/personen/")
    assert asked["Location"] == "/amt/anmelden/?next=/amt/personen/"
    form = client.get(asked["Location"]).content.decode()
    assert 'name="next" value="/amt/personen/"' in form
    answer = client.post(
        "/amt/anmelden/", {"login": "wolf@hannover.example", "password": PASSWORD, "next": "/amt/personen/"}
    )
    assert answer["Location"] == "/amt/personen/"


def test_a_wrong_password_says_so_and_keeps_the_address(
    hannover: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@hannover.example")
    answer = client_of(hannover).post(
        "/amt/anmelden/", {"login": "wolf@hannover.example", "password": "falsch"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "E-Mail-Adresse oder Passwort stimmen nicht" in page
    assert 'value="wolf@hannover.example"' in page


def test_nobody_can_sign_themselves_up(hannover: Town, client_of: ClientOf) -> None:
    client = client_of(hannover)
    for path in ("/amt/konto/signup/", "/amt/konto/registrieren/", "/amt/anmelden/signup/"):
        assert client.get(path).status_code in (302, 404)
        assert not User.across_towns.exists()


def test_somebody_of_one_town_cannot_sign_in_at_another(
    hannover: Town, ahrensfurt: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    client = client_of(ahrensfurt)
    assert sign_in(client, "wolf@hannover.example") == 200
    assert not _signed_in(client)


def test_the_same_address_may_work_for_two_towns_with_two_passwords(
    hannover: Town, ahrensfurt: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@region.example")
    other = hire(ahrensfurt, "wolf@region.example")
    with acting_for(ahrensfurt):
        other.set_password("ein-anderes-geheimnis")
        other.save()
    assert sign_in(client_of(hannover), "wolf@region.example") == 302
    assert sign_in(client_of(ahrensfurt), "wolf@region.example") == 200
    assert sign_in(client_of(ahrensfurt), "wolf@region.example", "ein-anderes-geheimnis") == 302


def test_a_session_of_one_town_is_anonymous_in_another(
    hannover: Town, ahrensfurt: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    here, there = client_of(hannover), client_of(ahrensfurt)
    sign_in(here, "wolf@hannover.example")
    there.cookies = here.cookies
    assert _signed_in(here)
    assert there.get("/amt/")["Location"] == "/amt/anmelden/?next=/amt/"


def test_deactivating_somebody_ends_their_session_at_once(
    hannover: Town, client_of: ClientOf, hire: Hire
) -> None:
    person = hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    client = client_of(hannover)
    sign_in(client, "wolf@hannover.example")
    User.across_towns.filter(pk=person.pk).update(is_active=False)
    assert not _signed_in(client)
    assert sign_in(client, "wolf@hannover.example") == 302
    assert not _signed_in(client)


def test_guessing_passwords_is_stopped(hannover: Town, client_of: ClientOf, hire: Hire) -> None:
    hire(hannover, "wolf@hannover.example")
    client = client_of(hannover)
    for _ in range(5):
        sign_in(client, "wolf@hannover.example", "geraten")
    answer = client.post("/amt/anmelden/", {"login": "wolf@hannover.example", "password": PASSWORD})
    assert "Zu viele Versuche" in answer.content.decode()
    assert not _signed_in(client)


def test_signing_in_and_out_and_failing_are_in_the_audit_log(
    hannover: Town, client_of: ClientOf, hire: Hire
) -> None:
    person = hire(hannover, "wolf@hannover.example")
    client = client_of(hannover)
    sign_in(client, "wolf@hannover.example", "falsch")
    sign_in(client, "niemand@hannover.example", "falsch")
    sign_in(client, "wolf@hannover.example")
    client.post("/amt/abmelden/")
    with acting_for(hannover):
        found = audit.entries(subject_type="person", subject=person.pk).order_by("pk")
        assert [entry.action for entry in found] == [
            "person.added",
            "person.sign_in_failed",
            "person.signed_in",
            "person.signed_out",
        ]


def test_a_forgotten_password_is_chosen_anew_by_a_link_in_a_mail_of_the_own_town(
    hannover: Town, ahrensfurt: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@region.example")
    hire(ahrensfurt, "wolf@region.example")
    client = client_of(hannover)
    assert client.post("/amt/konto/passwort/vergessen/", {"email": "wolf@region.example"}).status_code == 302
    with acting_for(ahrensfurt):
        assert not Mail.objects.exists()
    with acting_for(hannover):
        mail = Mail.objects.get()
    assert "Landeshauptstadt Hannover" in mail.subject
    link = re.search(r"http://hannover\.localhost(/amt/konto/passwort/neu/\S+)", mail.body)
    assert link
    page = client.get(link[1], follow=True)
    form = {"password1": "vier-voellig-neue-worte", "password2": "vier-voellig-neue-worte"}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302
    assert sign_in(client, "wolf@region.example", "vier-voellig-neue-worte") == 302
    # Only User.email counts: allauth's own table knows no towns.
    assert not EmailAddress.objects.exists()


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(
    hannover: Town, client_of: ClientOf
) -> None:
    answer = client_of(hannover).post("/amt/konto/passwort/vergessen/", {"email": "wer@hannover.example"})
    assert answer.status_code == 302
    assert not Mail.across_towns.exists()


def test_with_an_app_set_up_the_password_alone_is_not_enough(
    hannover: Town, client_of: ClientOf, hire: Hire
) -> None:
    person = hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    client = client_of(hannover)
    secret = generate_totp_secret()
    with acting_for(hannover):
        TOTP.activate(person, secret)
    answer = client.post("/amt/anmelden/", {"login": "wolf@hannover.example", "password": PASSWORD})
    assert answer["Location"].startswith("/amt/konto/zweiter-faktor/authenticate/")
    assert not _signed_in(client)
    wrong = client.post("/amt/konto/zweiter-faktor/authenticate/", {"code": "000000"})
    assert "Der Code stimmt nicht" in wrong.content.decode()
    right = client.post("/amt/konto/zweiter-faktor/authenticate/", {"code": _code(secret)})
    assert right["Location"] == "/amt/"
    assert _signed_in(client)


def test_an_app_is_set_up_with_its_code_and_gives_recovery_codes(
    hannover: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    client = client_of(hannover)
    sign_in(client, "wolf@hannover.example")
    confirm = client.get("/amt/konto/zweiter-faktor/totp/activate/")["Location"]
    assert confirm.startswith("/amt/konto/bestaetigen/")
    page = client.post(confirm, {"password": PASSWORD}, follow=True).content.decode()
    secret = re.search(r'code--long">([A-Z2-7]+)<', page)
    assert secret
    answer = client.post("/amt/konto/zweiter-faktor/totp/activate/", {"code": _code(secret[1])}, follow=True)
    assert len(re.findall(r'<li class="code">\d+', answer.content.decode())) == 10
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret[1] not in stored


def test_a_town_may_demand_a_second_factor_before_any_work(
    hannover: Town, client_of: ClientOf, hire: Hire
) -> None:
    hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    client = client_of(hannover)
    with acting_for(hannover):
        decide_setting(MFA_REQUIRED_SETTING, True, valid_from=date(2024, 1, 1), source="Dienstanweisung")
    sign_in(client, "wolf@hannover.example")
    answer = client.get("/amt/", follow=True)
    assert answer.redirect_chain[-1][0] == "/amt/konto/zweiter-faktor/"
    assert "Richten Sie einen zweiten Faktor ein" in answer.content.decode()
    confirm = client.get("/amt/konto/zweiter-faktor/totp/activate/")["Location"]
    assert client.post(confirm, {"password": PASSWORD}, follow=True).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/amt/anmelden/",
        "/amt/konto/passwort/vergessen/",
        "/amt/konto/passwort/vergessen/gesendet/",
        "/amt/konto/passwort/neu/1-falsch/",
        "/amt/konto/passwort/neu/fertig/",
        "/amt/konto/gesperrt/",
    ],
)
def test_the_pages_on_the_way_in_are_open(hannover: Town, client_of: ClientOf, path: str) -> None:
    assert client_of(hannover).get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "totp/activate/",
        "webauthn/",
        "webauthn/add/",
        "recovery-codes/generate/",
    ],
)
def test_the_pages_of_the_own_account_answer(
    hannover: Town, client_of: ClientOf, hire: Hire, path: str
) -> None:
    hire(hannover, "wolf@hannover.example", Role.CASE_WORKER)
    client = client_of(hannover)
    sign_in(client, "wolf@hannover.example")
    assert client.post("/amt/konto/bestaetigen/", {"password": PASSWORD}).status_code == 302
    assert client.get(f"/amt/konto/zweiter-faktor/{path}").status_code == 200
    assert client.get("/amt/konto/passwort/").status_code == 200
    assert client.get("/amt/konto/bestaetigen/").status_code == 200
