"""Single values: from what is typed to what is stored, and from there to what is shown.

    parse_value     typed text          →  canonical value          (or `ValueProblem`: a message key with parameters)
    read_json       JSON value          →  canonical value          (likewise)
    check_value     canonical value     →  None or `ValueProblem`   (type, limits, codes)

Canonical values: text str (NFC, trimmed) · date "YYYY-MM-DD" · time "HH:MM" · datetime "YYYY-MM-DDTHH:MM[+hh:mm]" ·
bool · num_int int · num, num_currency decimal string · select the code · file, obj {"id", "name", "size", "media_type",
"sha256"}. A label has none. One value each: entries of repeatable fields are parsed one by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

from rathaus.forms.dates import (
    DateError,
    read_date,
    read_datetime,
    read_time,
    show_date,
)
from rathaus.forms.display import show_media_types, show_size
from rathaus.forms.keys import quotable
from rathaus.forms.numbers import (
    MAX_DIGITS,
    NumberError,
    plain,
    read_number,
    show_number,
)
from rathaus.forms.textkinds import TextError, TextKind, read_text
from rathaus.forms.tree import FieldNode
from rathaus.standards.latin import unknown_characters
from rathaus.standards.xdatenfelder.model import Constraints, DataType

MAX_TEXT = 20_000
"""Longest text stored where the schema names no limit."""

MAX_FILE_TEXT = 255
"""Longest name of a file, and of whatever else describes it."""

FILE_KEYS = frozenset({"id", "name", "size", "media_type", "sha256"})
_CENT = Decimal("0.01")
_YES = frozenset({"true", "1", "ja", "j", "yes", "y", "on"})
_NO = frozenset({"false", "0", "nein", "n", "no", "off"})
_TEXTS = (DataType.TEXT, DataType.TEXT_LATIN)
_CANONICAL = re.compile(r"-?\d{1,18}(\.\d{1,30})?", re.ASCII)
_NUMBERS = (DataType.NUM, DataType.NUM_CURRENCY, DataType.NUM_INT)


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """Why a value is refused: the key of the message and its parameters beside `label`."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def parse_value(node: FieldNode, raw: object, today: date, language: str) -> Any:
    """The canonical value of what was typed (a text, or a file); None for nothing; `ValueProblem` if refused."""
    if isinstance(raw, str):
        text = raw if raw in node.code_index else _clean(raw, node)
        if not text:
            return None
        parsed = _parse_text(node, text, today, language)
    else:
        parsed = _from_json(node, raw)
    if parsed is None or isinstance(parsed, ValueProblem):
        return parsed
    return check_value(node, parsed, language) or parsed


def read_json(node: FieldNode, raw: object, today: date, language: str) -> Any:
    """Like `parse_value`, for JSON: a number in a text is canonical if it can be (`"1.234"` is 1.234, not 1234)."""
    if (
        isinstance(raw, str)
        and node.datatype in _NUMBERS
        and not node.is_choice
        and _CANONICAL.fullmatch(raw)
    ):
        number = _canonical_number(node, Decimal(raw))
        return number if isinstance(number, ValueProblem) else check_value(node, number, language) or number
    return parse_value(node, raw, today, language)


def _clean(raw: str, node: FieldNode) -> str:
    text = unicodedata.normalize("NFC", raw)
    if node.text_kind is TextKind.MULTILINE and node.datatype in _TEXTS:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(line.rstrip() for line in lines).strip()
    return " ".join(text.split())


def _parse_text(node: FieldNode, text: str, today: date, language: str) -> Any:
    if node.is_choice:
        return _parse_choice(node, text)
    datatype = node.datatype
    try:
        if datatype in _TEXTS:
            return read_text(node.text_kind, text)
        if datatype is DataType.DATE:
            return read_date(text, today).isoformat()
        if datatype is DataType.TIME:
            return read_time(text)
        if datatype is DataType.DATETIME:
            return read_datetime(text, today)
        if datatype in _NUMBERS:
            return _canonical_number(
                node, read_number(text, language, money=datatype is DataType.NUM_CURRENCY)
            )
    except TextError as error:
        return ValueProblem(error.key)
    except DateError as error:
        return ValueProblem(error.key, error.params)
    except NumberError as error:
        return ValueProblem(
            error.key if error.key != "number" else _number_key(node), {"typed": quotable(text)}
        )
    if datatype is DataType.BOOL:
        word = text.lower()
        return True if word in _YES else False if word in _NO else ValueProblem("bool")
    return ValueProblem("file")


def _parse_choice(node: FieldNode, text: str) -> Any:
    if text in node.code_index:
        return text
    wanted = text.casefold()
    named = [code.code for code in node.codes if code.name.casefold() == wanted]
    return named[0] if len(named) == 1 else ValueProblem("code", {"typed": quotable(text)})


def _number_key(node: FieldNode) -> str:
    return {DataType.NUM_INT: "number.whole", DataType.NUM_CURRENCY: "number.currency"}.get(
        node.datatype, "number"
    )


def _canonical_number(node: FieldNode, number: Decimal) -> Any:
    if node.datatype is DataType.NUM_INT:
        if number != number.to_integral_value() or number.adjusted() >= MAX_DIGITS:
            return ValueProblem("number.whole")
        return int(number)
    if number.adjusted() >= MAX_DIGITS:
        return ValueProblem(_number_key(node))
    if node.datatype is DataType.NUM_CURRENCY:
        if number != number.quantize(_CENT):
            return ValueProblem("number.currency")
        return f"{number or abs(number):.2f}"
    return plain(number)


def _from_json(node: FieldNode, raw: object) -> Any:
    """A JSON value that is not a string. The type must fit: a number for a code would lose leading zeros."""
    if raw is None:
        return None
    if isinstance(raw, bool):
        return raw if node.datatype is DataType.BOOL and not node.is_choice else _wrong_type(node, raw)
    if isinstance(raw, (int, float, Decimal)) and node.datatype in _NUMBERS and not node.is_choice:
        try:
            number = Decimal(str(raw))
        except InvalidOperation:
            return ValueProblem(_number_key(node))
        return _canonical_number(node, number) if number.is_finite() else ValueProblem(_number_key(node))
    if isinstance(raw, Mapping) and node.is_file:
        return dict(raw)
    return _wrong_type(node, raw)


_JSON_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (Mapping, "object"),
    (list, "array"),
)


def json_type(value: object) -> str:
    """The name JSON Schema gives to the type of a value."""
    return next((name for kind, name in _JSON_TYPES if isinstance(value, kind)), "null")


def expected_json_type(node: FieldNode) -> str:
    """The JSON type of the canonical value."""
    if node.is_choice:
        return "string"
    if node.is_file:
        return "object"
    return {DataType.BOOL: "boolean", DataType.NUM_INT: "integer"}.get(node.datatype, "string")


def _wrong_type(node: FieldNode, raw: object) -> ValueProblem:
    return ValueProblem("json.type", {"expected": expected_json_type(node), "found": json_type(raw)})


def check_value(node: FieldNode, value: object, language: str) -> ValueProblem | None:
    """What is wrong with a canonical value: its type, its limits, its code. None: nothing."""
    if node.is_choice:
        if isinstance(value, str):
            return None if value in node.code_index else ValueProblem("code", {"typed": quotable(value)})
        return _wrong_type(node, value)
    return _CHECKS[node.datatype](node, value, language)


def _check_text(node: FieldNode, value: object, _language: str) -> ValueProblem | None:
    if not isinstance(value, str):
        return _wrong_type(node, value)
    limits = node.constraints
    length = len(value)
    longest = MAX_TEXT if limits.max_length is None else limits.max_length
    if length > longest:
        return ValueProblem("text.too_long", {"maximum": longest, "count": length})
    if _has_control(value.replace("\n", " ")):
        return ValueProblem("text.control")
    if limits.min_length is not None and length < limits.min_length:
        return ValueProblem("text.too_short", {"minimum": limits.min_length})
    if node.datatype is DataType.TEXT_LATIN and not value.isascii():
        unknown = unknown_characters(value)
        if unknown:
            return ValueProblem("text.latin", {"found": " ".join(unknown[:10])})
    if node.pattern is not None and not node.pattern.matches(value):
        return ValueProblem("text.pattern", {"help": node.help})
    return None


def _has_control(text: str) -> bool:
    """Whether a text holds control characters or half characters. Rare spaces (file names of macOS) are neither."""
    return not text.isprintable() and any(unicodedata.category(char) in ("Cc", "Cs") for char in text)


def _check_bool(node: FieldNode, value: object, _language: str) -> ValueProblem | None:
    return None if isinstance(value, bool) else _wrong_type(node, value)


def _check_number(node: FieldNode, value: object, language: str) -> ValueProblem | None:
    if node.datatype is DataType.NUM_INT:
        if not isinstance(value, int) or isinstance(value, bool):
            return _wrong_type(node, value)
        if abs(value) >= 10**MAX_DIGITS:
            return ValueProblem("number.whole")
        number = Decimal(value)
    else:
        if not isinstance(value, str):
            return _wrong_type(node, value)
        if not _CANONICAL.fullmatch(value):
            return ValueProblem(_number_key(node), {"typed": quotable(value)})
        number = Decimal(value)
    return _check_bounds(node.constraints, number, language)


def _check_bounds(limits: Constraints, number: Decimal, language: str) -> ValueProblem | None:
    smallest, largest = bound(limits.min_value), bound(limits.max_value)
    if smallest is not None and number < smallest:
        return ValueProblem("number.too_small", {"minimum": show_number(plain(smallest), language)})
    if largest is not None and number > largest:
        return ValueProblem("number.too_large", {"maximum": show_number(plain(largest), language)})
    return None


def bound(text: str | None) -> Decimal | None:
    """A limit of a number, tolerant of a decimal comma; None where there is none or it is unreadable.

    A limit with more digits than any answer may have (`_CANONICAL`) limits nothing.
    """
    if not text:
        return None
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and -30 <= number.adjusted() < 18 else None


def _check_date(node: FieldNode, value: object, language: str) -> ValueProblem | None:
    if not isinstance(value, str):
        return _wrong_type(node, value)
    try:
        if len(value) != 10 or date.fromisoformat(value).isoformat() != value:
            return ValueProblem("date")
    except ValueError:
        return ValueProblem("date")
    limits = node.constraints
    if limits.min_value and _is_iso_date(limits.min_value) and value < limits.min_value:
        return ValueProblem("date.too_early", {"minimum": show_date(limits.min_value, language)})
    if limits.max_value and _is_iso_date(limits.max_value) and value > limits.max_value:
        return ValueProblem("date.too_late", {"maximum": show_date(limits.max_value, language)})
    return None


def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_time(node: FieldNode, value: object, _language: str) -> ValueProblem | None:
    if not isinstance(value, str):
        return _wrong_type(node, value)
    good = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII)
    return None if good else ValueProblem("time")


def _check_datetime(node: FieldNode, value: object, _language: str) -> ValueProblem | None:
    if not isinstance(value, str):
        return _wrong_type(node, value)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return ValueProblem("datetime")
    return None if "T" in value else ValueProblem("datetime")


def _check_file(node: FieldNode, value: object, language: str) -> ValueProblem | None:
    if not isinstance(value, Mapping):
        return _wrong_type(node, value)
    name, size, media_type = value.get("name"), value.get("size"), value.get("media_type")
    texts = (value.get("id"), name, media_type, value.get("sha256", ""))
    if not FILE_KEYS.issuperset(value) or not all(map(_is_short_text, texts)) or not _is_size(size):
        return ValueProblem("file")
    if node.max_size is not None and size > node.max_size:
        return ValueProblem("file.too_large", {"name": name, "maximum": show_size(node.max_size, language)})
    if node.media_types and media_type not in node.media_types:
        return ValueProblem("file.type", {"name": name, "types": show_media_types(node.media_types)})
    return None


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_FILE_TEXT and not _has_control(value)


def _is_size(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


_Check = Callable[[FieldNode, object, str], ValueProblem | None]
_CHECKS: dict[DataType, _Check] = {
    DataType.TEXT: _check_text,
    DataType.TEXT_LATIN: _check_text,
    DataType.BOOL: _check_bool,
    DataType.NUM: _check_number,
    DataType.NUM_INT: _check_number,
    DataType.NUM_CURRENCY: _check_number,
    DataType.DATE: _check_date,
    DataType.TIME: _check_time,
    DataType.DATETIME: _check_datetime,
    DataType.FILE: _check_file,
    DataType.OBJ: _check_file,
}
