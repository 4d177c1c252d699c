"""Applications that were sent: finding one by its code, and telling a repeated request from a different one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from rathaus.applications.codes import access_codes, code_hash, normal_reference, same_hash
from rathaus.applications.models import Application
from rathaus.towns.context import current_town

# What a wrong reference is compared with, so that it takes as long as a wrong code.
_NO_CODE = code_hash("")


def application_by_access(reference: str, code: str) -> Application | None:
    """The application under this reference if the access code is right, with its case and service; else None.

    Takes the same time whether the reference or the code is wrong. Callers limit tries (`limits.WRONG_CODES`).
    """
    found: Application | None = (
        Application.objects.select_related("case", "service")
        .defer("service__package")
        .filter(reference=normal_reference(reference))
        .first()
    )
    right = same_hash(code_hash(code), found.access_code_hash if found else _NO_CODE)
    return found if right else None


def access_code_of(application: Application) -> str:
    """The access code that was given with the receipt.

    Raises `LookupError` if `SECRET_KEY` changed since and the former one is not in `SECRET_KEY_FALLBACKS`.
    """
    for code in access_codes(current_town().slug, application.reference):
        if same_hash(code_hash(code), application.access_code_hash):
            return code
    raise LookupError("SECRET_KEY changed since this application; name the former in SECRET_KEY_FALLBACKS")


def canonical_json(value: Any) -> bytes:
    """One way to write a JSON value: keys sorted, no spaces, UTF-8. Equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def body_hash(service_key: str, answers: Mapping[str, Any]) -> str:
    """SHA-256 of what a request asks for: tells a retry from another request under the same key."""
    return hashlib.sha256(canonical_json({"service": service_key, "answers": answers})).hexdigest()
