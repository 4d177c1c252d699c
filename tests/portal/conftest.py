"""A visitor of the portal who applies for the plain test service or for the Gewerbeanmeldung."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from rathaus.applications.limits import limiter
from rathaus.applications.models import Draft
from rathaus.catalogue.models import ServiceVersion
from rathaus.towns.models import Town

PROJECT_ROOT = Path(__file__).resolve().parents[2]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

PERSON = {
    "person.name": "Mira Sommer",
    "person.email": "mira.sommer@example.org",
    "person.geburtsdatum.tag": "3",
    "person.geburtsdatum.monat": "4",
    "person.geburtsdatum.jahr": "1990",
    "person.kinder": "2",
    "person.anrede": "frau",
}
CONCERN = {
    "anliegen.titel": "Eine Probe",
    "anliegen.text": "Ich möchte eine Probe machen.",
    "anliegen.tag.tag": "1",
    "anliegen.tag.monat": "12",
    "anliegen.tag.jahr": "2026",
    "anliegen.menge": "3",
    "anliegen.farbe": "gruen",
}


@pytest.fixture(autouse=True)
def _own_files_and_tries(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.SEAL_P12 = settings.SEAL_P12_PASSPHRASE = ""
    limiter.forget()
    yield
    limiter.forget()


@pytest.fixture
def visitor(client_of: Callable[[Town], Client], hannover: Town) -> Client:
    """A browser on Hannover's portal."""
    return client_of(hannover)


class Applicant:
    """Applies in one browser; addresses are relative to the draft."""

    def __init__(self, client: Client, key: str) -> None:
        self.client = client
        self.key = key
        response = client.post(f"/leistungen/{key}/antrag/")
        assert response.status_code == 302
        first_page = response.headers["Location"]
        self.base = first_page[: first_page.rstrip("/").rindex("/") + 1]

    @property
    def draft(self) -> Draft:
        found: Draft = Draft.objects.get(pk=self.base.rstrip("/").rpartition("/")[2])
        return found

    def see(self, page: str = "") -> Any:
        return self.client.get(f"{self.base}{page}")

    def send(self, page: str, answers: Mapping[str, Any], **more: Any) -> Any:
        return self.client.post(f"{self.base}{page}/", {**answers, **more})

    def resume_code(self, page: str = "person/") -> str:
        found = re.search(r'<strong class="code">([^<]+)</strong>', self.see(page).content.decode())
        assert found
        return found[1]

    def review(self) -> Any:
        return self.see("pruefen/")

    def confirm(self) -> Any:
        return self.client.post(f"{self.base}pruefen/", {"bestaetigt": "1", "fassung": self.draft.revision})


@pytest.fixture
def applicant(visitor: Client, plain: ServiceVersion) -> Applicant:
    """Somebody who began an application of the plain service."""
    return Applicant(visitor, "plain")


@pytest.fixture
def sent(applicant: Applicant) -> str:
    """The reference of an application that was sent."""
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    response = applicant.confirm()
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"]).split("/")[2]


def example(name: str) -> dict[str, Any]:
    """The answers of an example of the Gewerbeanmeldung."""
    file = PROJECT_ROOT / f"services/gewerbeanmeldung/examples/{name}.toml"
    answers: dict[str, Any] = tomllib.loads(file.read_text())["answers"]
    return answers
