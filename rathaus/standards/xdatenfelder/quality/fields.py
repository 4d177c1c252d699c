"""Quality rules of data fields: kind, type, limits, content, values and code lists."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from rathaus.standards.safe_xml import Node
from rathaus.standards.xdatenfelder.model import DataType, FieldKind
from rathaus.standards.xdatenfelder.quality.report import Say

_PREFILLS = ("keine", "optional", "verpflichtend")
_TEXTS = ("text", "text_latin")
_UNFILLED = ("file", "obj")
# Codes for a lower limit, an upper limit and a content that are not of the field's type.
_TYPED = {
    "num": ("1062", "1063", "1069"),
    "num_currency": ("1062", "1063", "1069"),
    "num_int": ("1065", "1066", "1070"),
    "date": ("1067", "1068", "1071"),
    "datetime": ("1079", "1080", "1083"),
    "time": ("1081", "1082", "1084"),
}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_DATE = re.compile(rf"(\d{{4}}-\d\d-\d\d){_ZONE}", re.ASCII)
_DATETIME = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{{1,6}})?{_ZONE}", re.ASCII)
_TIME = re.compile(rf"\d\d:\d\d:\d\d(\.\d{{1,6}})?{_ZONE}", re.ASCII)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[a-z0-9()+,\-.:=@;$_!*'%/?#]+", re.ASCII | re.IGNORECASE)
_LIST_VERSION = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def check_field(node: Node, say: Say) -> None:
    """Every rule about what a field is and holds."""
    kind, datatype = node.text_of("feldart", "code"), node.text_of("datentyp", "code")
    if kind not in set(FieldKind):
        say("1027", found=kind)
    if datatype not in set(DataType):
        say("1028", found=datatype)
    if (prefill := node.text_of("vorbefuellung", "code")) not in _PREFILLS:
        say("1030", found=prefill)
    if node.text_of("schemaelementart", "code") == "ABS":
        say("1014")
    if kind == "select" and datatype != "text":
        say("1011", found=datatype)
    if kind == "label" and datatype not in ("obj", *_TEXTS):
        say("1090", found=datatype)
    _check_length(node, kind, datatype, say)
    _check_range(node, datatype, say)
    _check_lists(node, kind, say)
    _check_content(node, kind, datatype, say)
    if datatype != "file":
        if node.text_of("maxSize"):
            say("1056", node.first("maxSize"), found=datatype)
        if node.text_of("mediaType"):
            say("1057", node.first("mediaType"), found=datatype)
    if datatype in _UNFILLED and _limit(node, "pattern"):
        say("1120", node.first("praezisierung"))


def _limit(node: Node, name: str) -> str:
    limits = node.first("praezisierung")
    return limits.attributes.get(name, "").strip() if limits else ""


def _check_length(node: Node, kind: str, datatype: str, say: Say) -> None:
    low, high = _limit(node, "minLength"), _limit(node, "maxLength")
    if datatype not in _TEXTS:
        if low or high:
            say("1015", node.first("praezisierung"), found=datatype)
        return
    if kind in ("select", "label"):
        if low or high:
            say("1012", node.first("praezisierung"))
        return
    least, most = _whole(low), _whole(high)
    if low and (least is None or least < 0):
        say("1059", node.first("praezisierung"), found=low)
    elif high and (most is None or most < 1):
        say("1060", node.first("praezisierung"), found=high)
    elif least is not None and most is not None and least > most:
        say("1061", node.first("praezisierung"), low=low, high=high)
    if kind == "input" and not (low and high):
        say("1102")


def _check_range(node: Node, datatype: str, say: Say) -> None:
    low, high = _limit(node, "minValue"), _limit(node, "maxValue")
    codes = _TYPED.get(datatype)
    if codes is None:
        if low or high:
            say("1016", node.first("praezisierung"), found=datatype)
        return
    least, most = value_of(datatype, low), value_of(datatype, high)
    if low and least is None:
        say(codes[0], node.first("praezisierung"), found=low)
    if high and most is None:
        say(codes[1], node.first("praezisierung"), found=high)
    if is_less(most, least):
        say("1064", node.first("praezisierung"), low=low, high=high)
    if datatype not in ("time", "datetime") and not (low or high):
        say("1103")


def _check_lists(node: Node, kind: str, say: Say) -> None:
    values, reference = node.first("werte"), node.first("codelisteReferenz")
    if kind == "select" and (values is None) == (reference is None):
        say("1018")
    if kind != "select" and (values or reference):
        say("1017", values or reference, found=kind)
    if values is not None:
        entries = list(values.all("wert"))
        if len(entries) < 2:
            say("1044", values)
        for code, name in (("1045", "code"), ("1093", "name")):
            counted = Counter(entry.text_of(name) for entry in entries)
            if twice := [text for text, count in counted.items() if text and count > 1]:
                say(code, values, found=", ".join(twice))
        for entry in entries:
            if (help_ := entry.text_of("hilfe")) and help_ == entry.text_of("name"):
                say("1099", entry, found=help_)
    if reference is None:
        if any(node.text_of(key) for key in ("codeKey", "nameKey", "helpKey")):
            say("1058")
        return
    urn = reference.text_of("canonicalIdentification")
    if not urn:
        say("1040", reference)
    elif not urn.lower().startswith("urn:"):
        say("1005", reference, found=urn)
    elif not _URN.fullmatch(urn):
        say("1048", reference, found=urn)
    version = reference.text_of("version")
    if version and not _LIST_VERSION.fullmatch(version):
        say("1105", reference, found=version)


def _check_content(node: Node, kind: str, datatype: str, say: Say) -> None:
    content, at = node.text_of("inhalt"), node.first("inhalt")
    if not content:
        if kind == "label":
            say("1109")
        return
    if datatype in _UNFILLED:
        say("1100", at)
    elif datatype == "bool":
        if content not in ("true", "false", "0", "1"):
            say("1077", at, found=content)
    elif datatype in _TEXTS:
        low, high = _whole(_limit(node, "minLength")), _whole(_limit(node, "maxLength"))
        if low is not None and len(content) < low:
            say("1074", at, found=str(len(content)), limit=str(low))
        if high is not None and len(content) > high:
            say("1075", at, found=str(len(content)), limit=str(high))
    elif codes := _TYPED.get(datatype):
        value = value_of(datatype, content)
        if value is None:
            say(codes[2], at, found=content)
        low_text, high_text = _limit(node, "minValue"), _limit(node, "maxValue")
        if is_less(value, value_of(datatype, low_text)):
            say("1072", at, found=content, limit=low_text)
        if is_less(value_of(datatype, high_text), value):
            say("1073", at, found=content, limit=high_text)
    values = node.first("werte")
    if kind == "select" and values and content not in {entry.text_of("code") for entry in values.all("wert")}:
        say("1085", at, found=content)


def _whole(text: str) -> Decimal | None:
    return Decimal(text) if _WHOLE.fullmatch(text) else None


def value_of(datatype: str, text: str) -> Any:
    """What a text means as a value of a data type with an order; None if it means none (and for no text)."""
    try:
        if datatype in ("num", "num_currency"):
            return Decimal(text) if _NUMBER.fullmatch(text) else None
        if datatype == "num_int":
            return _whole(text)
        if datatype == "date":
            return date.fromisoformat(found[1]) if (found := _DATE.fullmatch(text)) else None
        if datatype == "datetime":
            return datetime.fromisoformat(text) if _DATETIME.fullmatch(text) else None
        return time.fromisoformat(text) if datatype == "time" and _TIME.fullmatch(text) else None
    except (ValueError, InvalidOperation):
        return None


def is_less(first: Any, second: Any) -> bool:
    """Whether both are there and the first is less; times with and without a zone are not compared."""
    if first is None or second is None:
        return False
    try:
        return bool(first < second)
    except TypeError:
        return False
