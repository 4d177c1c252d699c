"""What an installation says about itself, and to whom: health, measurements, logs, cookies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rathaus.delivery.models import HandOver
from rathaus.towns.models import Town
from tests.operations.answers import example_answers
from tests.operations.installation import installation


@pytest.fixture
def anyone(town: Town, client_of: Callable[[Town], Client]) -> Client:
    return client_of(town)


def test_an_idle_installation_is_alive_and_ready(anyone: Client) -> None:
    assert anyone.get("/healthz").status_code == 200
    assert anyone.get("/readyz").json() == {"ready": True, "database": "ok", "queue": "ok"}


def test_every_answer_says_its_length_so_that_the_connection_can_stay_open(anyone: Client) -> None:
    for address in ("/", "/healthz", "/api/v1/services", "/gibt-es-nicht/"):
        response = anyone.get(address)
        assert response.headers["Content-Length"] == str(len(response.content)), address
    unchanged = anyone.get(
        "/api/v1/services", headers={"if-none-match": anyone.get("/api/v1/services").headers["ETag"]}
    )
    assert unchanged.status_code == 304
    assert "Content-Length" not in unchanged.headers


def test_work_nobody_does_makes_it_not_ready(anyone: Client, town: Town) -> None:
    long_ago = timezone.now() - timedelta(minutes=6)
    row = HandOver.objects.create(kind="mail.send", subject="1", due_at=long_ago, created_at=long_ago)
    response = anyone.get("/readyz")
    assert (response.status_code, response.json()["queue"]) == (503, "stuck")
    # What failed before is being tried again; that is no sign of a missing worker.
    HandOver.objects.filter(pk=row.pk).update(attempts=1)
    assert anyone.get("/readyz").status_code == 200


def test_measurements_are_for_this_machine_only(anyone: Client) -> None:
    assert b"rathaus_requests_total" in anyone.get("/metrics").content
    assert anyone.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert anyone.get("/metrics", REMOTE_ADDR="198.51.100.7").status_code == 404
    for header in ("x-forwarded-for", "forwarded"):
        assert anyone.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_or_for_a_monitoring_host_that_has_the_token(anyone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def status(authorization: str) -> int:
        response = anyone.get(
            "/metrics", REMOTE_ADDR="198.51.100.7", headers={"authorization": authorization}
        )
        return response.status_code

    assert status("Bearer ") == 404  # no token is set: none is right
    monkeypatch.setenv("METRICS_TOKEN", "weit-weg")
    assert status("Bearer weit-weg") == 200
    for wrong in ("Bearer ", "Bearer weit", "Bearer wéit-weg", ""):
        assert status(wrong) == 404


def test_measurements_name_patterns_never_addresses(anyone: Client) -> None:
    anyone.get("/vorgang/HAN-26-7K3M-9Q2X/")
    measured = anyone.get("/metrics").content.decode()
    assert 'route="vorgang/<str:reference>/"' in measured
    assert "7K3M" not in measured


def _texts(value: Any) -> set[str]:
    """Every text in nested answers."""
    if isinstance(value, dict):
        return set().union(*map(_texts, value.values()))
    if isinstance(value, list):
        return set().union(*map(_texts, value))
    return {value} if isinstance(value, str) else set()


@pytest.mark.slow
def test_behind_a_proxy_with_tls_logs_and_cookies_give_nothing_away(tmp_path: Path) -> None:
    answers = example_answers("01-einzelunternehmen-textilien")
    answers["inhaber"]["familienname"] = "Grünwald-Ôberlin"
    # Codes and dates are everybody's; names, streets, addresses, numbers are the applicant's.
    private = {text for text in _texts(answers) if len(text) > 6 and not re.fullmatch(r"[\d.-]+", text)}
    assert len(private) > 5

    with installation(tmp_path, TLS="1", TRUSTED_PROXY="127.0.0.1") as running:
        status, receipt = running.apply("one", answers)
        assert status == 201
        assert receipt["status_url"].startswith("https://")
        running.wait_until_decided(receipt)
        broken = {**answers, "inhaber": {**answers["inhaber"], "geburtsdatum": "Grünwald-Ôberlin"}}
        assert running.apply("two", broken)[0] == 422
        assert running.apply("one", {"x": "Grünwald-Ôberlin"})[0] == 409
        for path in (
            f"/vorgang/{receipt['reference']}/",
            f"/vorgang/?code={receipt['access_code']}",
            f"/pruefen/?code={receipt['access_code']}",
            f"/suche/?q={receipt['reference']}",
            f"/nirgends/{receipt['reference']}",
            "/%00",
        ):
            running.get(path)
        assert running.get("/metrics", X_Forwarded_For="198.51.100.7")[0] == 404
        assert running.get("/metrics")[0] == 200

        _, headers, page = running.get("/leistungen/gewerbeanmeldung/antrag/")
        assert "max-age" in headers["Strict-Transport-Security"]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        cookie = headers["Set-Cookie"].split(";")[0]
        _, headers, page = running.get("/amt/anmelden/")
        for name, value in [
            *headers.items(),
            *running.get("/leistungen/gewerbeanmeldung/antrag/")[1].items(),
        ]:
            if name == "Set-Cookie":
                for attribute in ("HttpOnly", "SameSite=Lax", "Secure"):
                    assert attribute in value, value
        # A form sent over TLS names its origin with https, and must be taken.
        started = running.get(
            "/leistungen/gewerbeanmeldung/antrag/",
            body=f"csrfmiddlewaretoken={token[1]}".encode(),
            Cookie=cookie,
            Origin=running.address.replace("http:", "https:"),
            Referer=running.address.replace("http:", "https:") + "/leistungen/gewerbeanmeldung/antrag/",
            X_Forwarded_For="198.51.100.7",
        )
        assert started[0] != 403

    logged = running.log.read_text()
    assert logged.count('"request"') > 10
    for line in logged.splitlines():
        json.loads(line)
    for secret in (*private, receipt["reference"], receipt["access_code"], "198.51.100.7"):
        assert secret not in logged, secret
        assert json.dumps(secret)[1:-1] not in logged, secret
