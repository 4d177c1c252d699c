"""Single values as people read them, and as they are put back into an input.

format_value    canonical value  →  text for review, letters, lists
input_value     canonical value  →  text put back into an input; reading it gives the same value
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rathaus.forms.dates import show_date, show_datetime, show_time
from rathaus.forms.messages import message
from rathaus.forms.numbers import plain, show_money, show_number, typed_number
from rathaus.forms.textkinds import show_text
from rathaus.forms.tree import FieldNode
from rathaus.standards.xdatenfelder.model import DataType

_NUMBERS = (DataType.NUM, DataType.NUM_CURRENCY, DataType.NUM_INT)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    "text/plain": "TXT",
    "text/csv": "CSV",
    "application/msword": "DOC",
    f"{_OFFICE}.wordprocessingml.document": "DOCX",
    f"{_OFFICE}.spreadsheetml.sheet": "XLSX",
    "image/svg+xml": "SVG",
    "image/heic": "HEIC",
}


def format_value(
    node: FieldNode, value: Any, language: str, code_names: Mapping[str, str] | None = None
) -> str:
    """One canonical value as people read it. `code_names` are the names of codes in the language, if translated."""
    if node.is_choice:
        name = (code_names or {}).get(value)
        if name is None:
            index = node.code_index.get(value)
            name = node.codes[index].name if index is not None else str(value)
        return name
    datatype = node.datatype
    if datatype is DataType.BOOL:
        return message("yes" if value else "no", language)
    if datatype is DataType.DATE:
        return show_date(value, language)
    if datatype in (DataType.NUM, DataType.NUM_INT):
        return show_number(value, language)
    if datatype is DataType.NUM_CURRENCY:
        return show_money(value, language)
    if datatype is DataType.TIME:
        return show_time(value, language)
    if datatype is DataType.DATETIME:
        return show_datetime(value, language)
    if node.is_file:
        return f"{value['name']} ({show_size(value['size'], language)})"
    return show_text(node.text_kind, value)


def input_value(node: FieldNode, value: Any, language: str) -> str:
    """One canonical value as it is put back into an input, so that submitting it unchanged changes nothing."""
    if value is None or node.is_file:
        return ""
    if node.is_choice:
        return str(value)
    if node.datatype is DataType.BOOL:
        return "true" if value else "false"
    if node.datatype in _NUMBERS:
        return typed_number(value, language)
    if node.datatype is DataType.DATE and language != "en":
        return show_date(value, language)
    if node.datatype is DataType.DATETIME and language != "en":
        return str(value).replace("T", " ") if len(value) == 16 else str(value)
    return show_text(node.text_kind, str(value))


def show_size(size: int, language: str) -> str:
    """A number of bytes as people read it: `10 MB`, `340 kB`. Counted in 1024, as those do who write 10485760."""
    if size < 1024:
        return f"{size} B"
    unit, name = (1024 * 1024, "MB") if size >= 1024 * 1024 else (1024, "kB")
    amount = Decimal(size) / unit
    rounded = amount.quantize(Decimal(1) if amount >= 10 else Decimal("0.1"))
    return f"{show_number(plain(rounded), language)} {name}"


def show_media_types(media_types: tuple[str, ...]) -> str:
    """Media types as people know them: `PDF, JPEG, PNG`."""
    return ", ".join(_MEDIA_TYPES.get(name) or name.rpartition("/")[2].upper() for name in media_types)
