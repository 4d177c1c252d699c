"""What a package needs of the town that adopts it: offices for its places, dated settings, a remedy in its Land."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from rathaus.catalogue.info import DeadlineRule, InfoError, ServiceInfo
from rathaus.catalogue.packing import Files
from rathaus.editing.fees import settings_of

_SERVICE = "service.toml"
_SPOKEN = re.compile(rb"""town\.settings\[\s*(?:'|"|&apos;|&quot;)([\w.-]+)""")
_RULES = (".bpmn", ".dmn", ".toml", ".typ")
_EXAMPLES = "examples/"


class Kind(Enum):
    """What a setting says, which decides how it is typed in."""

    FEE = "fee"
    COURT = "court"
    REMEDY = "remedy"
    PERMISSION = "permission"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Need:
    """A dated setting of the town that the package reads."""

    key: str
    kind: Kind
    is_optional: bool  # the package works without it


def lanes_of(files: Files) -> dict[str, str]:
    """The lanes of the process and whose office works in each, as the package says."""
    found = _service(files).get("lanes", {})
    return {str(lane): str(office) for lane, office in found.items()} if isinstance(found, Mapping) else {}


def office_of(files: Files) -> str:
    """The office in charge, as the package says."""
    return str(_service(files).get("office", ""))


def needs_of(files: Files, land: str) -> list[Need]:
    """The settings that the package reads in a town of this Land, those it cannot do without first."""
    found: dict[str, Need] = {}
    for need in _needs(files, land):
        known = found.get(need.key)
        if known is None or (known.is_optional and not need.is_optional):
            found[need.key] = need
    return sorted(found.values(), key=lambda need: (need.is_optional, need.key))


def lacks_remedy(files: Files, land: str) -> bool:
    """Whether the package knows no remedy in the Land although its letters can be contested."""
    remedy = _service(files).get("remedy", {})
    return bool(remedy) and land not in remedy and "town" not in remedy


def deadlines_of(files: Files) -> tuple[DeadlineRule, ...]:
    """The legal deadlines that the package brings along; what is wrong with it, its check says."""
    try:
        return ServiceInfo.from_toml(_service(files)).deadlines
    except InfoError:
        return ()


def _service(files: Files) -> Mapping[str, Any]:
    try:
        return tomllib.loads(files.get(_SERVICE, b"").decode())
    except ValueError:
        return {}


def _needs(files: Files, land: str) -> Iterator[Need]:
    service = _service(files)
    fee = service.get("fee", {})
    if fee.get("setting"):
        yield Need(str(fee["setting"]), Kind.FEE, is_optional=False)
    for key in settings_of(files):
        yield Need(key, Kind.FEE, is_optional=True)
    remedy = service.get("remedy", {})
    rule = remedy.get(land, remedy.get("town", {}))
    if rule.get("setting"):
        yield Need(str(rule["setting"]), Kind.REMEDY, is_optional=False)
    if rule.get("court_setting") and rule.get("kind") != "widerspruch":
        yield Need(str(rule["court_setting"]), Kind.COURT, is_optional=False)
    for act in service.get("automation", {}).values():
        if isinstance(act, Mapping) and act.get("setting"):
            yield Need(str(act["setting"]), Kind.PERMISSION, is_optional=True)
    for name, content in files.items():
        if name.endswith(_RULES) and not name.startswith(_EXAMPLES):
            for key in _SPOKEN.findall(content):
                # A rule may ask first whether the town has decided it; a reader sees which.
                yield Need(key.decode(), Kind.OTHER, is_optional=f"'{key.decode()}' in".encode() in content)
