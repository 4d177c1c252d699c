"""A case of the shipped service, with letters to promise."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from rathaus.applications.models import Application
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import content_hash, pack, read_folder
from rathaus.towns.models import Office, Town

SERVICE = Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung"
MakeCase = Callable[..., Case]


@pytest.fixture(autouse=True)
def _seals_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SEAL_P12 = settings.SEAL_P12_PASSPHRASE = ""


@pytest.fixture
def make_case(town: Town) -> MakeCase:
    """Makes cases of the first example of the Gewerbeanmeldung, in the active town."""
    files = read_folder(SERVICE)
    now = timezone.now()
    version = ServiceVersion.objects.create(
        key="gewerbeanmeldung",
        number=1,
        content_hash=content_hash(files),
        package=pack(files),
        title={"de": "Gewerbe anmelden"},
        published_at=now,
        live_from=now,
    )
    example = tomllib.loads(next(iter(sorted((SERVICE / "examples").glob("01-*.toml")))).read_text())

    def make(
        *, received_at: datetime | None = None, contact_email: str = "mira@example.org", **facts: Any
    ) -> Case:
        number = Application.objects.count()
        application = Application.objects.create(
            reference=f"HAN-26-TEST-{number:04d}",
            service=version,
            answers=example["answers"],
            language="de",
            channel="portal",
            received_at=received_at or now,
            access_code_hash="0" * 64,
            idempotency_key=f"key-{number}",
            body_hash="0" * 64,
            contact_email=contact_email,
        )
        case: Case = Case.objects.create(
            application=application, office=Office.objects.get(key="gewerbe"), opened_at=now, facts=facts
        )
        return case

    return make


@pytest.fixture
def case(make_case: MakeCase) -> Case:
    """A case whose fee has been decided."""
    return make_case(
        gebuehr={
            "setting": "gewerbeanmeldung.gebuehr",
            "anzahl": 2,
            "legal_basis": "Nr. 40.1 des Kostentarifs",
        }
    )
