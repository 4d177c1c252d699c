"""Two towns full of life, for the tests that prove they do not see each other."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rathaus.applications.models import Attachment, Draft
from rathaus.cases.models import Case, Message, Note, Step
from rathaus.catalogue.models import Retirement, ServiceVersion
from rathaus.catalogue.packing import pack as packed
from rathaus.catalogue.service import publish
from rathaus.delivery.service import Worker
from rathaus.design.models import Design, Publication, Release, Replay, ReplayedApplication
from rathaus.design.service import begin_trial, newest, start_from_service
from rathaus.letters.models import Letter
from rathaus.people.models import Role, User
from rathaus.people.service import add_person
from rathaus.sharing.models import Adoption, Received, TrustedOrigin
from rathaus.sharing.service import offer, pack
from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Town
from tests.conftest import PROJECT_ROOT, package_in
from tests.operations.answers import example_answers

PASSWORD = "correct-horse-battery-9"


@dataclass
class Life:
    """What one town knows that no other may see."""

    town: Town
    administrator: User
    green: dict[str, str]  # receipt of a case that ran by itself
    person: dict[str, str]  # receipt of a case that waits for somebody
    draft: Draft
    secrets: set[str] = field(default_factory=set)  # texts that may appear on this town's pages only


ClientOf = Callable[[Town], Client]


def _receive(client: Client, answers: dict[str, Any]) -> dict[str, str]:
    response = client.post(
        "/api/v1/services/gewerbeanmeldung/applications",
        json.dumps({"answers": answers}),
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert response.status_code == 201, response.content
    receipt: dict[str, str] = response.json()
    return receipt


def _fill(town: Town, client: Client) -> Life:
    name = f"Geheim{town.slug.capitalize()}"
    with acting_for(town):
        version: ServiceVersion = publish(package_in(PROJECT_ROOT / "services/gewerbeanmeldung"))
        office = Office.objects.get(key="gewerbe")
        administrator = add_person(
            f"chefin@{town.slug}.example",
            first_name="Chefin",
            last_name=name,
            password=PASSWORD,
            roles=[(office, role) for role in Role],
        )
        receipts = []
        for example in ("01-einzelunternehmen-textilien", "05-drittstaat-handwerk-ohne-karte"):
            answers = example_answers(example)
            answers["inhaber"]["familienname"] = name
            answers["betriebsstaette"]["plz"] = town.postal_codes[0]
            receipts.append(_receive(client, answers))
        Worker().drain()
        waiting = Case.objects.get(application__reference=receipts[1]["reference"])
        now = timezone.now()
        Note.objects.create(case=waiting, at=now, author=administrator, text=f"Notiz {name}")
        Message.objects.create(case=waiting, at=now, from_applicant=True, text=f"Nachricht {name}")
        design = start_from_service(version, by=administrator, reason=f"Grund {name}")
        Publication.objects.create(
            version=version,
            kind="published",
            revision=newest(design),
            by=administrator,
            at=now,
            reason=f"Grund {name}",
        )
        begin_trial(design, administrator, answers={"inhaber": {"familienname": name}})
        replay = Replay.objects.create(
            design=design,
            revision=newest(design),
            version=version,
            asked_by=administrator,
            asked_at=now,
            total=1,
            done=1,
            finished_at=now,
        )
        ReplayedApplication.objects.create(
            replay=replay,
            application=waiting.application,
            aspects=["decision"],
            before={"valid": True, "decision": ""},
            after={"valid": True, "decision": name},
            likeness="0" * 64,
        )
        Release.objects.create(
            design=design, name=f"{name}.xml", files=packed({"schema.xml": b"<a/>"}), by=administrator, at=now
        )
        TrustedOrigin.objects.create(origin=f"quelle-{name}", fingerprint="0" * 64, confirmed_at=now)
        Adoption.objects.create(
            key=design.key,
            design=design,
            origin=f"quelle-{name}",
            origin_key=design.key,
            origin_version=1,
            package=b"",
            at=now,
        )
        offer(version.key, by=administrator)
        Received.objects.create(
            origin="anderswo",
            origin_name=f"Stadt {name}",
            origin_key=design.key,
            origin_version=2,
            fingerprint="0" * 64,
            data=pack(version),
            by=administrator,
            at=now,
        )
        Retirement.objects.create(
            key="frueher", text={"de": f"Weg {name}"}, at=now, by=administrator, reason=name
        )
        draft = Draft.objects.create(
            service=version,
            answers={"inhaber": {"familienname": name}},
            created_at=now,
            updated_at=now,
        )
        Attachment.objects.create(
            application=waiting.application,
            path="handwerkskarte.nachweis",
            name=f"{name}.pdf",
            media_type="application/pdf",
            size=10,
            received=10,
            sha256="0" * 64,
            created_at=now,
        )
    green, person = receipts
    secrets = {name, green["reference"], person["reference"], f"chefin@{town.slug}.example"}
    return Life(town, administrator, green, person, draft, secrets)


@pytest.fixture
def lives(towns: dict[str, Town], client_of: ClientOf) -> dict[str, Life]:
    """Hannover and Ahrensfurt, each with a decided case, a waiting one, a draft, files, notes and staff."""
    return {slug: _fill(town, client_of(town)) for slug, town in towns.items()}


def own_values(life: Life) -> dict[str, list[str]]:
    """For every placeholder in an address, what stands there for this town's rows."""
    with acting_for(life.town):
        references = [life.green["reference"], life.person["reference"]]
        letters = [str(pk) for pk in Letter.objects.values_list("pk", flat=True)]
        return {
            "reference": references,
            "draft_id": [str(life.draft.pk)],
            "attachment_id": [str(pk) for pk in Attachment.objects.values_list("pk", flat=True)],
            "letter": letters,
            "letter_id": letters,
            "step_id": [str(pk) for pk in Step.objects.values_list("pk", flat=True)],
            "person_id": [str(life.administrator.pk)],
            "design": [str(pk) for pk in Design.objects.values_list("pk", flat=True)],
            "key": ["gewerbeanmeldung"],
            "origin": [life.town.slug],
            "received": [str(pk) for pk in Received.objects.values_list("pk", flat=True)],
            "number": ["1"],
            "page": ["rechtsform"],
            "field": ["inhaber.anschrift.plz"],
            "table": ["gebuehr"],
            "name": ["01-einzelunternehmen-textilien"],
            "step": ["anzeige_pruefen", "frist"],
            "rule": ["R05000001299@inhaber"],
            "place": ["seite:beginn:zeigen", "pruefung:wohnung_im_stadtgebiet"],
            "template": ["empfangsbescheinigung"],
            "pk": ["1"],
            "uidb36": [str(life.administrator.pk)],
            "rest": ["nirgendwo"],
        }
