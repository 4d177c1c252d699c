"""A town with a published service whose process each test draws itself."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from rathaus.applications.models import Application
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import load_package
from rathaus.catalogue.packing import pack, read_folder
from rathaus.people.models import Membership, Role, User
from rathaus.processes.service import start
from rathaus.towns.models import Office, Town

SERVICE = Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung"
EXAMPLE = SERVICE / "examples/01-einzelunternehmen-textilien.toml"

Publish = Callable[..., ServiceVersion]
OpenCase = Callable[..., Case]


@pytest.fixture(scope="session")
def service_files() -> dict[str, bytes]:
    """The shipped service without its process and examples."""
    files = dict(read_folder(SERVICE))
    return {name: content for name, content in files.items() if not name.startswith("examples/")}


@pytest.fixture
def publish_process(town: Town, service_files: dict[str, bytes]) -> Publish:
    """Publish the shipped service with another process."""
    numbers = count(1)

    def publish(process: bytes | None = None, **more: bytes) -> ServiceVersion:
        files = {**service_files, **({"process.bpmn": process} if process else {}), **more}
        version: ServiceVersion = ServiceVersion.objects.create(
            key="gewerbeanmeldung",
            number=next(numbers),
            content_hash=load_package(files).content_hash,
            package=pack(files),
            title={"de": "Gewerbe anmelden"},
            published_at=timezone.now(),
            live_from=timezone.now(),
        )
        return version

    return publish


@pytest.fixture
def open_case(town: Town) -> OpenCase:
    """A new case of a version, as acceptance leaves it."""
    numbers = count(1)
    with EXAMPLE.open("rb") as file:
        example = tomllib.load(file)["answers"]

    def open_one(
        version: ServiceVersion, answers: dict[str, Any] | None = None, language: str = "de"
    ) -> Case:
        number = next(numbers)
        now = timezone.now()
        application = Application.objects.create(
            reference=f"HAN-26-0000-{number:04}",
            service=version,
            answers=answers or example,
            language=language,
            channel="portal",
            received_at=now,
            access_code_hash="",
            idempotency_key=str(number),
            body_hash="",
            contact_email="mira.sommer@example.org",
        )
        case: Case = Case.objects.create(
            application=application, office=Office.objects.get(key="gewerbe"), opened_at=now
        )
        start(case)
        return case

    return open_one


@pytest.fixture
def staff(town: Town) -> Callable[[str], User]:
    """People of the trade office, by user name."""

    def hire(username: str) -> User:
        user: User = User.objects.create(username=username, first_name=username.title(), last_name="Amt")
        Membership.objects.create(user=user, office=Office.objects.get(key="gewerbe"), role=Role.CASE_WORKER)
        return user

    return hire
