"""Answers to the plain test service, and how they are sent."""

from __future__ import annotations

import copy
from typing import Any

from rathaus.applications.service import body_hash
from rathaus.cases.intake import Receipt, accept
from rathaus.catalogue.models import ServiceVersion

PLAIN: dict[str, Any] = {
    "person": {
        "name": "Mira Sommer",
        "email": "mira.sommer@example.org",
        "geburtsdatum": "1990-04-03",
        "kinder": 2,
        "anrede": "frau",
    },
    "anliegen": {
        "titel": "Eine Probe",
        "text": "Ich möchte eine Probe machen.",
        "tag": "2026-12-01",
        "menge": 3,
        "farbe": "gruen",
    },
}


def plain_answers(**person: Any) -> dict[str, Any]:
    """Valid answers, with changes to the person."""
    answers = copy.deepcopy(PLAIN)
    answers["person"].update(person)
    return answers


def send(
    version: ServiceVersion, answers: dict[str, Any] | None = None, key: str = "key-1", **more: Any
) -> Receipt:
    """Accept an application as the API would."""
    given = plain_answers() if answers is None else answers
    return accept(
        version=version,
        answers=given,
        language=more.pop("language", "de"),
        channel="api",
        idempotency_key=key,
        body_hash=body_hash(version.key, given),
        identification={},
        **more,
    )
