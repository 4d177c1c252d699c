"""Putting people and cases in place, for tests of the workplace with and without a browser."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.utils import timezone

from rathaus.applications.service import body_hash
from rathaus.cases.intake import Receipt, accept
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import Worker
from rathaus.people.models import Role, User
from rathaus.people.service import add_person
from rathaus.towns.models import Office

EXAMPLES = Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung/examples"
PERSON = "drittstaat-handwerk-ohne-karte"
GREEN = "einzelunternehmen-textilien"
PASSWORD = "ganz-geheime-worte"

_numbers = count()


def example(name: str) -> dict[str, Any]:
    """The answers of one of the package's examples, as somebody would give them today."""
    (file,) = EXAMPLES.glob(f"*-{name}.toml")
    answers: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))["answers"]
    answers["taetigkeit"]["beginn"] = (timezone.localdate() + timedelta(days=7)).isoformat()
    return answers


def send(version: ServiceVersion, name: str = PERSON) -> Receipt:
    """Accept an example as the API would."""
    answers = example(name)
    return accept(
        version=version,
        answers=answers,
        language="de",
        channel="api",
        idempotency_key=f"workplace-{next(_numbers)}",
        body_hash=body_hash(version.key, answers),
        identification={},
    )


def case_of(version: ServiceVersion, name: str = PERSON, *, moved: bool = True) -> Case:
    """A case made of an example, moved as far as machines can."""
    receipt = send(version, name)
    if moved:
        Worker().drain()
    case: Case = Case.objects.select_related("application").get(application__reference=receipt.reference)
    return case


def hire(first_name: str, role: Role, office: Office | None = None) -> User:
    """Somebody of the active town, in its office `gewerbe` unless another is given."""
    place = office or Office.objects.get(key="gewerbe")
    return add_person(
        f"{first_name.lower()}@{place.town.slug}.example",
        first_name=first_name,
        last_name="Beispiel",
        password=PASSWORD,
        roles=[(place, role)],
    )
