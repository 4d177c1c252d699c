"""Numbers as people in Germany type them, and as they read them.

How typed text is read (`read_number`):

* Spaces, thin spaces and apostrophes group digits and are dropped; `€`, `EUR`, `Euro` and a trailing `,-` too.
* Both `.` and `,`: the last one is the decimal separator, the other must group thousands. `1.234,50`, `1,234.50`.
* Only `,`: decimal separator. `1234,5`.  Several: they group, in English only. `1,234,567`.
* Only `.`: three digits behind it and one to three before it (not `0`) mean thousands in German: `1.234` is 1234.
  Otherwise it is the decimal separator: `1234.5`, `0.125`. Several: they group.
* What could be either is refused instead of guessed, because a factor of 1000 is at stake: in English any single
  separator followed by exactly three digits (`1,234`, `1.234`), and in amounts of money also in German `1,234`.

Canonical form: `num_int` an int of at most 18 digits, others a decimal string without grouping, `num_currency` with
two decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

MAX_DIGITS = 18  # rules know 64-bit integers

_MONEY = re.compile(r"€|\beuro?\b|,-+$|,–$", re.IGNORECASE)
_GROUPING = re.compile(r"(?<=\d)[\s'’](?=\d)")
_PLAIN = re.compile(r"-?\d+")
_ONE_SEPARATOR = re.compile(r"-?(\d*)([.,])(\d+)")


class NumberError(Exception):
    """The text is no number (`key` "number") or can be read in two ways ("number.ambiguous")."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_number(text: str, language: str, *, money: bool = False) -> Decimal:
    """The number in a typed text. Raises `NumberError`."""
    cleaned = _MONEY.sub("", text.strip()).strip() if money else text.strip()
    cleaned = _GROUPING.sub("", cleaned).replace("−", "-").replace("–", "-").removeprefix("+")
    cleaned = re.sub(r"^-\s+", "-", cleaned)
    if not cleaned.isascii():
        raise NumberError("number")
    decimal = _as_decimal_notation(cleaned, language, money)
    try:
        number = Decimal(decimal)
    except InvalidOperation:
        raise NumberError("number") from None
    if len(number.as_tuple().digits) > 30:
        raise NumberError("number")
    return number


def _as_decimal_notation(text: str, language: str, money: bool) -> str:
    if _PLAIN.fullmatch(text):
        return text
    single = _ONE_SEPARATOR.fullmatch(text)
    if single:
        before, separator, after = single.groups()
        if len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0"):
            if language == "en" or (separator == "," and money):
                raise NumberError("number.ambiguous")
            if separator == ".":
                return text.replace(".", "")
        return text.replace(",", ".")
    last = max(text.rfind("."), text.rfind(","))
    separator = text[last] if last >= 0 else ""
    grouping = "," if separator == "." else "."
    if separator and text.count(separator) == 1 and grouping in text:
        whole, decimals = text[:last], text[last + 1 :]
        if _grouped(whole, grouping) and decimals.isdecimal():
            return f"{whole.replace(grouping, '')}.{decimals}"
    elif (
        separator
        and grouping not in text
        and (separator == "." or language == "en")
        and _grouped(text, separator)
    ):
        return text.replace(separator, "")
    raise NumberError("number")


def _grouped(text: str, separator: str) -> bool:
    return re.fullmatch(rf"-?\d{{1,3}}(\{separator}\d{{3}})+", text) is not None


def plain(number: Decimal) -> str:
    """A number as canonical decimal string: no exponent, no grouping, no superfluous zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def show_number(number: Decimal | int | str, language: str) -> str:
    """A canonical number as people read it: `1.234,5`, in English `1,234.5`. Four digits stay ungrouped (DIN 5008)."""
    text = str(number)
    sign = "-" if text.startswith("-") else ""
    whole, _, decimals = text.removeprefix("-").partition(".")
    grouped = f"{int(whole):,}" if len(whole) > 4 and whole.isdecimal() else whole
    if language == "en":
        return f"{sign}{grouped}" + (f".{decimals}" if decimals else "")
    return f"{sign}{grouped.replace(',', '.')}" + (f",{decimals}" if decimals else "")


def show_money(amount: Decimal | str, language: str) -> str:
    """A canonical amount in euros as people read it: `1234,50 €`, in English `€1,234.50`."""
    text = show_number(amount, language)
    if language != "en":
        return f"{text} €"
    return f"-€{text[1:]}" if text.startswith("-") else f"€{text}"


def typed_number(number: Decimal | int | str, language: str) -> str:
    """A canonical number as it is put back into an input: no grouping, the decimal separator of the language."""
    text = str(number)
    if language != "en":
        return text.replace(".", ",")
    # Three decimals could be read as thousands; a fourth makes them decimals.
    return f"{text}0" if text[-4:-3] == "." else text
