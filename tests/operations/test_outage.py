"""What visitors get while the database is away: 503 in the town's look, and nothing typed is lost."""

from __future__ import annotations

import html
import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from rathaus.catalogue.models import ServiceVersion
from rathaus.people.models import Role
from rathaus.people.service import add_person
from rathaus.portal.languages import LANGUAGE_COOKIE
from rathaus.towns.models import Office, Town
from rathaus.towns.service import forget
from tests.operations.installation import Installation, installation, postgres_server

PERSON = {"person.name": 'Mira "Sommer" <&>', "person.kinder": "viele", "person.anrede": "frau"}
PASSWORD = "correct-horse-battery-9"


def _typed_on(page: str) -> dict[str, str]:
    """The hidden fields of the form that sends a page once more."""
    form = page[page.index('<form method="post" class="actions"') :]
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[: form.index("</form>")])
    return {html.unescape(name): html.unescape(value) for name, value in fields}


@contextmanager
def no_database(*, towns_known: bool = True) -> Iterator[None]:
    """Every query fails. With `towns_known` False even finding the town has to ask, as after some idle seconds."""

    def fail(*_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    if not towns_known:
        forget()
    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def browser(town: Town, client_of: Callable[[Town], Client]) -> Client:
    client = client_of(town)
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True
    return client


def _begin(browser: Client) -> str:
    """Start an application; returns the address of its first page."""
    page = browser.get("/leistungen/plain/antrag/").content.decode()
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))
    started = browser.post("/leistungen/plain/antrag/", {"csrfmiddlewaretoken": token})
    assert started.status_code == 302
    return str(started.headers["Location"])


@pytest.mark.parametrize("towns_known", [True, False])
def test_a_page_sent_during_an_outage_is_offered_again_and_then_saved(
    plain: ServiceVersion, browser: Client, town: Town, towns_known: bool
) -> None:
    address = _begin(browser)
    token = browser.get(address).content.decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    with no_database(towns_known=towns_known):
        response = browser.post(address, {**PERSON, "csrfmiddlewaretoken": token})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    page = response.content.decode()
    assert town.official_name in page
    assert "/stadt.css" in page
    offered = _typed_on(page)
    assert {name: offered[name] for name in PERSON} == PERSON

    again = browser.post(address, offered)
    assert again.status_code == 422  # "viele" is no number of children: the page was taken and judged
    assert 'value="viele"' in browser.get(address).content.decode()


def test_files_cannot_be_kept_and_the_page_says_so(plain: ServiceVersion, browser: Client) -> None:
    address = _begin(browser)
    with no_database():
        response = browser.post(address, {**PERSON, "datei": SimpleUploadedFile("ausweis.pdf", b"%PDF-1.7")})
    assert response.status_code in {403, 503}
    browser.handler.enforce_csrf_checks = False
    with no_database():
        response = browser.post(address, {**PERSON, "datei": SimpleUploadedFile("ausweis.pdf", b"%PDF-1.7")})
    assert "Dateien konnten wir nicht aufheben" in response.content.decode()


@pytest.mark.parametrize("towns_known", [True, False])
def test_a_page_asked_for_during_an_outage_offers_to_try_again(
    plain: ServiceVersion, browser: Client, towns_known: bool
) -> None:
    address = _begin(browser)
    with no_database(towns_known=towns_known):
        response = browser.get(address)
        browser.cookies[LANGUAGE_COOKIE] = "en"
        english = browser.get(address)
    assert response.status_code == english.status_code == 503
    assert '<html lang="en"' in english.content.decode()
    assert f'href="{address}"' in response.content.decode()
    assert "aufgehoben" not in response.content.decode()


def test_staff_see_the_page_too_and_their_password_is_never_repeated(
    plain: ServiceVersion, browser: Client, town: Town
) -> None:
    office = Office.objects.get(key="gewerbe")
    person = add_person(
        "paula@example.org",
        first_name="Paula",
        last_name="Beispiel",
        password=PASSWORD,
        roles=[(office, Role.CASE_WORKER)],
    )
    browser.handler.enforce_csrf_checks = False
    with no_database():
        signing_in = browser.post("/amt/anmelden/", {"login": "paula@example.org", "password": PASSWORD})
    assert signing_in.status_code == 503
    assert PASSWORD not in signing_in.content.decode()
    browser.force_login(person)
    for towns_known in (True, False):
        with no_database(towns_known=towns_known):
            response = browser.get("/amt/")
        assert response.status_code == 503
        assert "Noch einmal versuchen" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "title"),
    [("de", "Die Datenbank ist gerade nicht erreichbar."), ("en", "")],
)
@pytest.mark.parametrize("towns_known", [True, False])
def test_the_api_answers_with_a_problem(
    plain: ServiceVersion, browser: Client, language: str, title: str, towns_known: bool
) -> None:
    with no_database(towns_known=towns_known):
        response = browser.post(
            "/api/v1/services/plain/applications",
            {"answers": {}},
            content_type="application/json",
            headers={"idempotency-key": "one", "accept-language": language},
        )
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0
    problem = json.loads(response.content)
    assert problem["status"] == 503
    assert problem["title"]
    assert title in problem["title"]


def test_the_installation_says_that_it_lives_but_is_not_ready(town: Town, browser: Client) -> None:
    with no_database(towns_known=False):
        assert browser.get("/healthz").status_code == 200
        ready = browser.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"ready": False, "database": "unreachable"})
    assert browser.get("/readyz").json()["ready"] is True


def test_an_unforeseen_error_keeps_what_was_typed_as_well(
    plain: ServiceVersion, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = _begin(browser)
    browser.handler.enforce_csrf_checks = False

    def fall(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("rathaus.portal.form_pages.take_page", fall)
    response = browser.post(address, PERSON)
    assert response.status_code == 500
    assert "Retry-After" not in response.headers
    offered = _typed_on(response.content.decode())
    assert {name: offered[name] for name in PERSON} == PERSON


class _Browser:
    """Keeps cookies and follows redirects, against a running installation."""

    def __init__(self, running: Installation) -> None:
        self._base = running.address
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def open(self, address: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address after redirects, page."""
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        url = urllib.parse.urljoin(self._base, address)
        try:
            with self._opener.open(url, data, timeout=60) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url, error.read().decode()


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_stopped_postgresql_costs_nobody_what_they_typed(tmp_path: Path) -> None:
    with postgres_server() as server, installation(tmp_path / "data", server.url) as running:
        browser = _Browser(running)
        start = "/leistungen/gewerbeanmeldung/antrag/"
        _, _, page = browser.open(start)
        _, address, page = browser.open(start, {"csrfmiddlewaretoken": _token(page)})
        question, code = re.findall(r'<input[^>]*type="radio"[^>]*name="([^"]+)"[^>]*value="([^"]+)"', page)[
            0
        ]
        typed = {question: code, "csrfmiddlewaretoken": _token(page)}

        server.stop()
        time.sleep(6)  # longer than towns are remembered without asking
        status, _, page = browser.open(address, typed)
        assert status == 503
        assert "Hannover" in page
        assert "/stadt.css" in page
        offered = _typed_on(page)
        assert offered[question] == code
        assert running.get("/healthz")[0] == 200
        assert running.get("/readyz")[0] == 503
        status, headers, text = running.get("/api/v1/services", method="GET")
        assert (status, headers.get_content_type()) == (503, "application/problem+json")
        assert json.loads(text)["status"] == 503
        time.sleep(8)

        server.start()
        deadline = time.monotonic() + 30
        while (answer := browser.open(address, offered))[0] == 503:
            assert time.monotonic() < deadline, "a database that was back was not noticed"
            time.sleep(0.5)
        assert answer[0] == 200
        assert answer[1] != address  # saved, and on to the next page
        checked = re.search(rf'value="{re.escape(code)}"[^>]*checked', browser.open(address)[2])
        assert checked
        assert running.get("/readyz")[0] == 200
