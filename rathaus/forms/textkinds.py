"""Texts with a form of their own: e-mail, telephone, postal code, IBAN. How a schema shows them, how they are read.

XDatenfelder knows only `text`. A field is one of these kinds when (first match counts)

1. it is that building block of the FIM kit (`F60000000242` e-mail, `…240` telephone, `…246` postal code);
2. its pattern is one for e-mail addresses (holds `@`), German postal codes (five digits) or IBANs (`DE` and digits);
3. its key says so: `email`, `e_mail`; `telefon`, `mobil`, `telefax`; `iban`; and `plz` or `postleitzahl`, but only when
   the schema limits it to exactly five characters, since foreign postal codes have many forms.

Reading gives the canonical text or a message key of `rathaus.forms.messages`.
"""

from __future__ import annotations

import re
from enum import StrEnum

from rathaus.standards.xdatenfelder.model import DataType, Field

LONG_TEXT = 200
"""A text that may be longer than this is asked for in a box of several lines."""

_EMAIL_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}")
_DOMAIN_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_BUILDING_BLOCKS = {"F60000000242": "email", "F60000000240": "phone", "F60000000246": "postal_code"}
_POSTAL_PATTERNS = ("[0-9]{5}", r"\d{5}", "([0]{1}[1-9]{1}|[1-9]{1}[0-9]{1})[0-9]{3}")
_EMAIL_KEY = re.compile(r"(^|_)e_?mail")
_PHONE_KEY = re.compile(r"(^|_)(telefon|mobil|telefax|fax|rufnummer)(e|nummer|nummern|telefon)?(_|$)")
_IBAN_KEY = re.compile(r"(^|_)iban(_|$)")
_POSTAL_KEY = re.compile(r"(^|_)(plz|postleitzahl)(_|$)")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_IBAN_LENGTHS = {
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "TR": 26,
    "UA": 29,
}
_POSTAL_SEPARATORS = re.compile(r"^D(E)?\s*-\s*|\s+")
_IBAN_SEPARATORS = re.compile(r"[\s.\-]+")


class TextKind(StrEnum):
    """What a text field holds."""

    PLAIN = "plain"
    MULTILINE = "multiline"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    IBAN = "iban"


class TextError(Exception):
    """The text is not of its kind. `key` names the message."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def kind_of(field: Field, key: str) -> TextKind:
    """The kind of a field, as the schema shows it (rules in the module's description)."""
    if field.datatype not in (DataType.TEXT, DataType.TEXT_LATIN):
        return TextKind.PLAIN
    if field.id in _BUILDING_BLOCKS:
        return TextKind(_BUILDING_BLOCKS[field.id])
    limits = field.constraints
    pattern = (limits.pattern or "").removeprefix("^").removesuffix("$")
    if "@" in pattern:
        return TextKind.EMAIL
    if pattern in _POSTAL_PATTERNS:
        return TextKind.POSTAL_CODE
    if pattern.startswith("DE") and "20" in pattern:
        return TextKind.IBAN
    if _EMAIL_KEY.search(key):
        return TextKind.EMAIL
    if _PHONE_KEY.search(key):
        return TextKind.PHONE
    if _IBAN_KEY.search(key):
        return TextKind.IBAN
    if _POSTAL_KEY.search(key) and limits.min_length == limits.max_length == 5:
        return TextKind.POSTAL_CODE
    return (
        TextKind.MULTILINE
        if limits.max_length is not None and limits.max_length > LONG_TEXT
        else TextKind.PLAIN
    )


def read_text(kind: TextKind, text: str) -> str:
    """The canonical text of an already trimmed one. Raises `TextError`."""
    if kind is TextKind.EMAIL:
        return read_email(text)
    if kind is TextKind.PHONE:
        return read_phone(text)
    if kind is TextKind.POSTAL_CODE:
        return read_postal_code(text)
    if kind is TextKind.IBAN:
        return read_iban(text)
    return text


def show_text(kind: TextKind, text: str) -> str:
    """A canonical text as people read it."""
    if kind is TextKind.IBAN:
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
    return text


def read_email(text: str) -> str:
    """An address with one `@` and a domain of at least two labels; the domain in lower case (RFC 5321, 2.3.11)."""
    local, at, domain = text.removeprefix("mailto:").rpartition("@")
    labels = domain.split(".")
    good = (
        at
        and _EMAIL_LOCAL.fullmatch(local)
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and len(labels) > 1
        and len(labels[-1]) > 1
        and len(domain) <= 253
        and all(_DOMAIN_LABEL.fullmatch(label) for label in labels)
    )
    if not good:
        raise TextError("email")
    return f"{local}@{domain.lower()}"


def read_phone(text: str) -> str:
    """A number that can be dialled from Germany, in international form: `+49 511 1234567` (ITU-T E.123).

    Checked is whether a number of this length can exist, not whether it is assigned: new blocks come every month.
    """
    import phonenumbers  # loads tables of all countries: only when a number is read

    try:
        number = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        raise TextError("phone") from None
    # Stored numbers must be readable again: without an area code they would be dialled locally.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise TextError("phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def read_postal_code(text: str) -> str:
    """Five digits from 01001 on; spaces and the old `D-` before them are dropped."""
    code = _POSTAL_SEPARATORS.sub("", text.upper())
    if not (len(code) == 5 and code.isascii() and code.isdecimal() and code > "01000"):
        raise TextError("postal_code")
    return code


def read_iban(text: str) -> str:
    """An IBAN without spaces, in capitals, whose length and check digits are right (ISO 13616-1, mod 97)."""
    iban = _IBAN_SEPARATORS.sub("", text).upper().removeprefix("IBAN").removeprefix(":")
    if not _IBAN.fullmatch(iban) or len(iban) != _IBAN_LENGTHS.get(iban[:2], len(iban)):
        raise TextError("iban.form")
    if int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 != 1:
        raise TextError("iban")
    return iban
