"""References and codes that people read, type and say on the telephone.

Crockford's Base32 (https://www.crockford.com/base32.html): no I, L, O and U; what looks alike is read alike.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-–.]+")
_REFERENCE = re.compile(r"([A-Z]{1,4})(\d{2})([0-9A-Z]{8})")

# 16 characters are 80 bits: not to be guessed, even without a limit on tries.
CODE_LENGTH = 16


def new_code() -> str:
    """A random code of 80 bits, in groups of four: `7K3M-9Q2X-ABCD-0123`."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))


def new_reference(prefix: str, year: int) -> str:
    """A random reference of a town's case, for example `HAN-26-7K3M-9Q2X` (40 bits: it is no secret)."""
    tail = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{year % 100:02d}-{_grouped(tail)}"


def normal_reference(text: str) -> str:
    """The reference as it is stored, from what somebody typed; empty if it cannot be one."""
    match = _REFERENCE.fullmatch(_SEPARATORS.sub("", text.upper()))
    if match is None:
        return ""
    prefix, year, tail = match.groups()
    return f"{prefix}-{year}-{_grouped(tail.translate(_LOOKS_LIKE))}"


def access_codes(town_slug: str, reference: str) -> Iterator[str]:
    """The access code of a case under the current `SECRET_KEY`, then under each former one.

    It is derived, not stored, so that a repeated request gets the same code again although only its hash is kept.
    """
    keys: list[str] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]  # type: ignore[list-item]
    for key in keys:
        message = f"rathaus access code|{town_slug}|{reference}".encode()
        digest = int.from_bytes(hmac.new(key.encode(), message, hashlib.sha256).digest())
        yield _grouped("".join(ALPHABET[(digest >> (5 * place)) & 31] for place in range(CODE_LENGTH)))


def code_hash(code: str) -> str:
    """What is stored of a code: SHA-256 of its normal form. 80 random bits need no salt and no slow hash."""
    return hashlib.sha256(_SEPARATORS.sub("", code.upper()).translate(_LOOKS_LIKE).encode()).hexdigest()


def same_hash(first: str, second: str) -> bool:
    """Compare two hashes in constant time."""
    return hmac.compare_digest(first, second)


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
