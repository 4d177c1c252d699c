"""Every address has a name, a stated rule about who may use it, and headers that keep foreign code out.

A new address fails here until somebody states its rule in `RULES`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from rathaus.people.middleware import SIGN_IN_ROUTES
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.towns.conftest import ClientOf, Life, own_values


class Rule(Enum):
    """Who may use an address."""

    PUBLIC = "everybody"
    CODE = "whoever has the code of the draft or the case"
    SIGN_IN = "staff who are signing in"
    STAFF = "staff who are signed in"
    MACHINE = "this machine, or a monitoring host with its token"


def _rule(rule: Rule, before: str, names: str) -> dict[str, Rule]:
    return {f"{before}{name}": rule for name in names.split()}


RULES = {
    **_rule(Rule.PUBLIC, "", "healthz readyz"),
    **_rule(Rule.MACHINE, "", "metrics"),
    **_rule(
        Rule.PUBLIC,
        "portal:",
        "start search services service apply resume find_case leave_cases verify accessibility imprint privacy "
        "simple_language sign_language language town_style town_arms security_txt",
    ),
    **_rule(
        Rule.CODE,
        "portal:",
        "draft give_up review uploads upload form_page status receipt copy document answer withdraw",
    ),
    **_rule(
        Rule.PUBLIC,
        "api:",
        "openapi services service schema applications uploads catalogue catalogue_file unknown",
    ),
    **_rule(Rule.CODE, "api:", "application"),
    **_rule(Rule.SIGN_IN, "", " ".join(SIGN_IN_ROUTES)),
    **_rule(Rule.STAFF, "account_", "logout reauthenticate change_password set_password"),
    **_rule(
        Rule.STAFF,
        "mfa_",
        "index reauthenticate activate_totp deactivate_totp view_recovery_codes generate_recovery_codes "
        "download_recovery_codes list_webauthn add_webauthn reauthenticate_webauthn remove_webauthn edit_webauthn",
    ),
    **_rule(
        Rule.STAFF,
        "office:",
        "worklist automatic people new_person edit_person switch_person journal case take hand_back assign note "
        "message ask retry complete preview attachment letter",
    ),
    **_rule(
        Rule.STAFF,
        "designer:",
        "catalogue adopt_offer adopt_upload adopt_received "
        "services start start_fim start_empty start_service start_package "
        "versions version "
        "update update_live "
        "overview put_away "
        "pages page new_question question "
        "flow flow_step flow_diagram "
        "decisions decision fee "
        "fim "
        "conditions condition check_condition "
        "service_texts service_texts_xzufi "
        "rules rule check_rule "
        "code_lists details "
        "letters letter "
        "examples example replay "
        "trial trial_page trial_review trial_letter "
        "findings findings_csv findings_text "
        "history differences "
        "publishing",
    ),
}

Route = tuple[str, URLPattern, list[str]]


def _routes(resolver: URLResolver, spaces: Sequence[str] = (), before: Sequence[str] = ()) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        parameters = [*before, *entry.pattern.regex.groupindex]
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "")), entry, parameters
        else:
            yield from _routes(entry, (*spaces, entry.namespace) if entry.namespace else spaces, parameters)


ROUTES = list(_routes(get_resolver()))


def _addresses(name: str, parameters: list[str], life: Life) -> Iterator[str]:
    values = own_values(life)
    for chosen in itertools.product(*(values[parameter] for parameter in parameters)):
        yield reverse(name, kwargs=dict(zip(parameters, chosen, strict=True)))


def test_every_address_has_a_name_and_a_rule_and_every_rule_an_address() -> None:
    assert [entry for _, entry, _ in ROUTES if not entry.name] == []
    assert {name for name, _, _ in ROUTES} == RULES.keys()


def _signed_in(life: Life, client_of: ClientOf) -> Client:
    client = client_of(life.town)
    client.raise_request_exception = False  # error pages count, too
    with acting_for(life.town):
        client.force_login(life.administrator)
    return client


@pytest.fixture
def hannover_life(lives: dict[str, Life]) -> Life:
    return lives["hannover"]


def test_without_code_and_sign_in_nobody_gets_where_one_is_needed(
    hannover_life: Life, client_of: ClientOf
) -> None:
    browser = client_of(hannover_life.town)
    for name, _, parameters in ROUTES:
        for address in _addresses(name, parameters, hannover_life):
            for method in (browser.get, browser.post):
                response: Any = method(address)
                if RULES[name] is Rule.STAFF:
                    if name == "account_logout":
                        continue  # harmless, and needed to cancel a sign-in that waits for its second factor
                    assert response.status_code == 302, address
                    assert response.headers["Location"].startswith("/amt/anmelden/"), address
                if RULES[name] is Rule.CODE:
                    # A page that asks for the code, or none at all.
                    asks = name.startswith("portal:") and b'name="code"' in response.content
                    assert asks or response.status_code in {302, 401, 404, 405}, address
                shown = b"".join(response) if response.streaming else response.content
                typed = address.encode()
                for secret in hannover_life.secrets:
                    assert secret.encode() not in shown.replace(typed, b"") or secret in address, address


EXPECTED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _check_headers(response: Any, address: str) -> None:
    for name, value in EXPECTED_HEADERS.items():
        assert response.headers.get(name) == value, (address, name)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, address
    if "html" in response.headers.get("Content-Type", "html"):
        assert "unsafe" not in policy, address
    assert "script-src 'self'" in policy or "script-src" not in policy, address
    assert "*" not in policy, address


def test_every_answer_carries_the_security_headers(hannover_life: Life, client_of: ClientOf) -> None:
    browser = client_of(hannover_life.town)
    staff = _signed_in(hannover_life, client_of)
    codes = {"Authorization": f"Bearer {hannover_life.green['access_code']}"}
    kinds = set()
    for client in (browser, staff):
        for name, _, parameters in ROUTES:
            for address in _addresses(name, parameters, hannover_life):
                response: Any = client.get(address, headers=codes)
                _check_headers(response, address)
                kinds.add((response.status_code, response.headers.get("Content-Type", "").split(";")[0]))
    # Pages, errors, letters and documents were among them.
    assert {
        (200, "text/html"),
        (404, "text/html"),
        (200, "application/pdf"),
        (200, "application/json"),
    } <= kinds
    for address in ("/static/rathaus.css", "/static/nirgends.css", "/nirgends/"):
        _check_headers(browser.get(address), address)


def test_pages_hold_no_code_or_style_of_their_own(hannover_life: Life, client_of: ClientOf) -> None:
    """What the policy forbids would silently not work, so no page may rest on it."""
    staff = _signed_in(hannover_life, client_of)
    pages = 0
    for name, _, parameters in ROUTES:
        for address in _addresses(name, parameters, hannover_life):
            response: Any = staff.get(address)
            if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
                continue
            page = response.content.decode()
            for forbidden in ("<style", " style=", " onclick=", " onchange=", "<script>", "javascript:"):
                assert forbidden not in page, (address, forbidden)
            assert "http://fonts." not in page, address
            pages += 1
    assert pages > 15


@pytest.mark.parametrize("path", ["/", "/amt/anmelden/", "/leistungen/", "/api/v1/services"])
def test_under_tls_browsers_are_told_to_stay_with_it(
    town: Town, client_of: ClientOf, settings: Any, path: str
) -> None:
    settings.TLS = True
    assert "max-age=63072000" in client_of(town).get(path, secure=True).headers["Strict-Transport-Security"]


def test_security_txt_names_whom_to_tell_and_until_when(town: Town, client_of: ClientOf) -> None:
    response: Any = client_of(town).get("/.well-known/security.txt")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert lines.keys() >= {"Contact", "Expires", "Canonical"}


def test_an_unknown_host_gets_a_plain_404_without_demo(town: Town, settings: Any) -> None:
    settings.DEMO = False
    response = Client(headers={"host": "unbekannt.example"}).get("/")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.content.decode()
    _check_headers(response, "/")
