"""Reading requests strictly: what is not exactly understood is refused, never guessed."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rathaus.api.problems import ProblemError

# The longest GewA 1 with 30 partners has about 60 kB.
LARGEST_BODY = 1_000_000
# Answers nest groups in groups; nobody nests this deep.
DEEPEST = 40
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}")


class _UnclearError(ValueError):
    """JSON that two programs may read differently."""


def json_body(request: HttpRequest) -> Any:
    """The body as JSON (I-JSON, RFC 7493: no duplicate names, no NaN, no lone surrogates). Raises `ProblemError`."""
    if request.content_type != "application/json":
        raise ProblemError(415, _("Senden Sie JSON mit „Content-Type: application/json“."))
    if _announced(request) > LARGEST_BODY:
        raise _too_large(LARGEST_BODY)
    raw = request.read(LARGEST_BODY + 1)
    if len(raw) > LARGEST_BODY:
        raise _too_large(LARGEST_BODY)
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        _check(value)
    except (ValueError, RecursionError) as error:
        detail = str(error) if isinstance(error, _UnclearError | json.JSONDecodeError) else ""
        raise ProblemError(400, _("Der Inhalt ist kein gültiges JSON."), detail) from error
    return value


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def content_length(request: HttpRequest, largest: int) -> int:
    """The announced length of a body that is read in pieces. Raises `ProblemError`."""
    if "CONTENT_LENGTH" not in request.META or not request.META["CONTENT_LENGTH"]:
        raise ProblemError(411, _("Nennen Sie die Größe der Datei mit „Content-Length“."))
    length = _announced(request)
    if length > largest:
        raise _too_large(largest)
    return length


def _too_large(largest: int) -> ProblemError:
    return ProblemError(
        413,
        _("Der Inhalt ist zu groß."),
        _("Erlaubt sind %(limit)s Byte.") % {"limit": largest},
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _UnclearError("duplicate names in one object")
    return found


def _no_constant(name: str) -> Any:
    raise _UnclearError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _UnclearError("number out of range")
    return value


def _check(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise _UnclearError(f"nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, str) and any("\ud800" <= char <= "\udfff" or char == "\x00" for char in value):
        raise _UnclearError("lone surrogates and U+0000 are not text")


def idempotency_key(request: HttpRequest) -> str:
    """The header `Idempotency-Key`; required, so that a client that is cut off can safely ask again."""
    key = request.headers.get("Idempotency-Key", "")
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise ProblemError(
            400,
            _("Die Kopfzeile „Idempotency-Key“ fehlt oder ist ungültig."),
            _(
                "Nehmen Sie für jeden Antrag einen neuen zufälligen Wert, zum Beispiel eine UUID (1 bis 200 Zeichen)."
            ),
        )
    return key


def bearer_code(request: HttpRequest) -> str:
    """The access code in `Authorization: Bearer …`."""
    scheme, _space, code = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not code.strip():
        raise ProblemError(
            401,
            _("Senden Sie den Zugangscode mit „Authorization: Bearer …“."),
            headers={"WWW-Authenticate": 'Bearer realm="Vorgang"'},
        )
    return code.strip()


def language_of(request: HttpRequest) -> str:
    """The language that was asked for: `de` or `en`."""
    return "en" if getattr(request, "content_language", "de") == "en" else "de"
