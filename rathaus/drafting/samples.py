"""One believable value for a field: of its type, within its limits, in its pattern, from its list."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from rathaus.drafting.matching import texts_matching
from rathaus.forms.textkinds import TextKind
from rathaus.forms.tree import FieldNode, GroupNode
from rathaus.forms.values import ValueProblem, bound, parse_value
from rathaus.standards.xdatenfelder.model import DataType

_WORDS: Sequence[tuple[str, Sequence[str]]] = (
    (r"vorname|rufname", ("Mira", "Emre", "Jule", "Ole", "Ayla")),
    (r"familienname|nachname|geburtsname|^name$", ("Sommer", "Öztürk", "Brandt", "Nowak", "Weiß")),
    (r"strasse", ("Lister Meile", "Limmerstraße", "Am Beispielmarkt")),
    (r"hausnummer", ("12", "7", "34")),
    (r"(^|_)(ort|wohnort|stadt|gemeinde|geburtsort)(_|$)", ("Hannover", "Göttingen", "Celle")),
    (r"land|staat", ("Deutschland", "Polen")),
    (r"firma|unternehmen|betrieb", ("Sommer Werkstatt", "Brandt und Nowak GbR")),
    (r"plz|postleitzahl", ("30161", "30451")),
    (r"telefon|mobil|fax", ("0511 1234567", "030 5550100")),
    (r"iban", ("DE02120300000000202051",)),
    (r"(^|_)bic(_|$)", ("BYLADEM1001",)),
    (r"web|internet|homepage|url", ("https://beispiel.de",)),
    (r"titel|doktor", ("Dr.",)),
)
_GENERAL = (
    "Beispiel",
    "Angabe zum Ausprobieren",
    "Das steht hier nur als Beispiel.",
    "A",
    "12",
    "12345",
    "1234567890",
    "AB 123",
    "AB123456",
    "H-AB 123",
    "01.02.2024",
    "2024",
    "100,00",
    "https://beispiel.de",
    "mira.sommer@example.org",
    "+49 511 1234567",
)
_KINDS = {
    TextKind.EMAIL: ("mira.sommer@example.org", "emre@example.com"),
    TextKind.PHONE: ("+49 511 1234567", "+49 30 5550100", "0511 1234567"),
    TextKind.POSTAL_CODE: ("30161", "30451"),
    TextKind.IBAN: ("DE02120300000000202051", "DE02500105170137075030"),
}
_FILE_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def sample(node: FieldNode, today: date, chance: random.Random, *, attempt: int = 0) -> Any:
    """A canonical value that the field takes, None if none is found. `attempt` counts what was tried before."""
    if node.is_choice:
        return chance.choice(node.codes).code if node.codes else None
    if node.is_file:
        return _file(node, chance)
    for raw in _candidates(node, today, chance):
        if attempt and chance.random() < 0.5:
            continue
        found = parse_value(node, raw, today, "de")
        if found is not None and not isinstance(found, ValueProblem):
            return found
    return None


def partial_date(node: GroupNode, today: date, chance: random.Random) -> dict[str, int] | None:
    """A date of three parts within the limits of its fields."""
    for _ in range(30):
        day = today - timedelta(days=chance.randint(7_000, 18_000))
        numbers = zip(node.date_parts, (day.day, day.month, day.year), strict=True)
        parts = {child.key: number for child, number in numbers}
        if all(sample_fits(child, parts[child.key], today) for child in node.date_parts):
            return parts
    return None


def sample_fits(node: FieldNode, value: Any, today: date) -> bool:
    """Whether a field takes a value."""
    found = parse_value(node, value, today, "de")
    return found is not None and not isinstance(found, ValueProblem)


def _candidates(node: FieldNode, today: date, chance: random.Random) -> Iterator[Any]:
    match node.datatype:
        case DataType.BOOL:
            yield chance.random() < 0.5
            yield True
            yield False
        case DataType.DATE:
            yield from (day.isoformat() for day in _days(node, today, chance))
        case DataType.DATETIME:
            yield from (f"{day.isoformat()}T10:30" for day in _days(node, today, chance))
        case DataType.TIME:
            yield f"{chance.randint(8, 17):02}:30"
        case DataType.NUM | DataType.NUM_CURRENCY | DataType.NUM_INT:
            yield from _numbers(node, today, chance)
        case _:
            yield from _texts(node, chance)


def _days(node: FieldNode, today: date, chance: random.Random) -> Iterator[date]:
    lowest, highest = (_iso(text) for text in (node.constraints.min_value, node.constraints.max_value))
    if "geburt" in node.key:
        yield today - timedelta(days=chance.randint(8_000, 18_000))
    start = lowest or (highest or today) - timedelta(days=900)
    end = highest or max(today, start + timedelta(days=900))
    span = max((end - start).days, 0)
    for _ in range(8):
        yield start + timedelta(days=chance.randint(0, span))
    yield from (start, end, today)


def _iso(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _numbers(node: FieldNode, today: date, chance: random.Random) -> Iterator[int | str]:
    lowest, highest = bound(node.constraints.min_value), bound(node.constraints.max_value)
    if "jahr" in node.key and lowest is None:
        yield today.year - chance.randint(0, 20)
    start = lowest if lowest is not None else min(highest or Decimal(0), Decimal(0))
    end = highest if highest is not None else start + 50
    for _ in range(6):
        yield _number(
            start + ((end - start) * chance.randint(0, 100) / 100).to_integral_value(ROUND_FLOOR), node
        )
    yield from (_number(edge, node) for edge in (start, end, start.to_integral_value() + 1))


def _number(number: Decimal, node: FieldNode) -> int | str:
    if node.datatype is DataType.NUM_INT:
        return int(number)
    return format(number, ".2f" if node.datatype is DataType.NUM_CURRENCY else "f")


def _texts(node: FieldNode, chance: random.Random) -> Iterator[str]:
    limits = node.constraints
    if node.text_kind in _KINDS:
        yield from _shuffled(_KINDS[node.text_kind], chance)
    for pattern, words in _WORDS:
        if re.search(pattern, node.key):
            yield from _shuffled(words, chance)
    if limits.pattern and node.pattern is not None:
        yield from _GENERAL
        yield from texts_matching(limits.pattern, chance)
        return
    longest = limits.max_length if limits.max_length is not None else 200
    shortest = limits.min_length or 1
    yield from (text for text in _GENERAL if shortest <= len(text) <= longest)
    filler = "Beispiel " * (max(shortest, 1) // 9 + 1)
    yield filler[: max(shortest, 1)].strip().ljust(max(shortest, 1), "x")


def _shuffled(texts: Sequence[str], chance: random.Random) -> list[str]:
    return chance.sample(list(texts), len(texts))


def _file(node: FieldNode, chance: random.Random) -> dict[str, Any]:
    media_type = chance.choice(node.media_types) if node.media_types else "application/pdf"
    ending = _FILE_ENDINGS.get(media_type, media_type.rpartition("/")[2][:8])
    identity = f"{chance.getrandbits(64):016x}"
    size = min(48_211, node.max_size) if node.max_size is not None else 48_211
    return {
        "id": identity,
        "name": f"beispiel.{ending}",
        "size": size,
        "media_type": media_type,
        "sha256": hashlib.sha256(identity.encode()).hexdigest(),
    }
