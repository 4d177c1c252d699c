"""`rules.toml`: every FIM rule of a service, what it says, and what became of it.

A rule stands once for each place that bears it. `open`: a person must decide; `applied`: its effects were confirmed and
are in form.toml; `written`: a person wrote other effects for it, they are there instead; `dismissed`: a person decided
that it needs nothing; `ensured`: the engine ensures it anyway. What a decision wrote into form.toml is noted as
`written`, so that it can be taken back. Nothing here changes the form by itself: form.toml is what runs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rathaus.drafting import tomltext

RULES_FILE = "rules.toml"
Status = Literal["applied", "ensured", "open", "dismissed", "written"]
STATUSES: tuple[Status, ...] = ("open", "applied", "written", "dismissed", "ensured")
KINDS = ("require", "forbid", "show", "valid")
_HEADING = """# Die Regeln des Stammdatenschemas und was aus ihnen wurde. Offene Regeln wirken nicht:
# Was davon gelten soll, bestätigt oder schreibt ein Mensch. Was wirkt, steht in form.toml.

"""


class RulebookError(ValueError):
    """rules.toml cannot be read."""


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What a rule does: `require`, `forbid`, `show` a field or group, or demand that something is `valid`.

    `target` is a template path, `condition` CEL as form.toml has it, `message` what an applicant reads. `fields`: the
    elements that something `valid` speaks about; their scope is that of the condition.
    """

    kind: str
    target: str
    condition: str
    message: str = ""
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> RuleEffect:
        """The effect that `table` gives."""
        kind, target, condition, message = _texts(table, "kind", "target", "condition", "message")
        return cls(kind, target, condition, message, tuple(map(str, table.get("fields", ()))))

    def table(self) -> dict[str, Any]:
        """The effect as TOML and JSON have it."""
        return _filled(self, "kind", "target", "condition", "message", "fields")


@dataclass(frozen=True, slots=True)
class RuleWriting:
    """Something a decision wrote into form.toml: `part` at a `place` (`field:inhaber.plz/show`, `check:…`).

    `joint` says how the part was joined to a condition: as an alternative (`or`) or as a limit (`and`). A check has
    none; `message` and `fields` are its own.
    """

    place: str
    part: str
    joint: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> RuleWriting:
        """The writing that `table` gives."""
        place, part, joint, message = _texts(table, "place", "part", "joint", "message")
        return cls(place, part, joint, message, tuple(map(str, table.get("fields", ()))))

    def table(self) -> dict[str, Any]:
        """The writing as TOML and JSON have it."""
        return _filled(self, "place", "part", "joint", "message", "fields")


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule at one place. `key` names it; `reason` says why it is not certain, `note` why it was dismissed.

    `effects` are what Rathaus understood, `own` what a person wrote instead, `written` what of it is in form.toml.
    """

    key: str
    id: str
    version: str
    name: str
    text: str
    bearer: str
    status: Status
    effects: tuple[RuleEffect, ...] = ()
    reason: str = ""
    note: str = ""
    own: tuple[RuleEffect, ...] = ()
    written: tuple[RuleWriting, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def is_certain(self) -> bool:
        """Whether it is open, what it does is understood, and nothing speaks against it."""
        return self.status == "open" and bool(self.effects) and not self.reason

    @property
    def is_doubted(self) -> bool:
        """Whether it is open because something speaks against what it is understood to do."""
        return self.status == "open" and bool(self.effects) and bool(self.reason)


def entry_key(rule_id: str, bearer: str) -> str:
    """The name of a rule at its place."""
    return f"{rule_id}@{bearer}"


def distinct(entries: Iterable[RuleEntry]) -> tuple[RuleEntry, ...]:
    """The entries with a key each: a rule that a careless schema has twice at one place is numbered."""
    seen: dict[str, int] = {}
    named = []
    for entry in entries:
        number = seen[entry.key] = seen.get(entry.key, 0) + 1
        named.append(replace(entry, key=f"{entry.key}+{number}") if number > 1 else entry)
    return tuple(named)


def read(files: Mapping[str, bytes]) -> tuple[RuleEntry, ...]:
    """The rules of a package, in the order of the file; none if it has no rules.toml. Raises `RulebookError`."""
    content = files.get(RULES_FILE)
    if content is None:
        return ()
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulebookError(f"{RULES_FILE}: {error}") from None
    tables = data.get("rule", [])
    if not isinstance(tables, list):
        raise RulebookError(f"{RULES_FILE}: rule is not a list of tables")
    return distinct(_entry(number, table) for number, table in enumerate(tables, start=1))


def _entry(number: int, table: Mapping[str, Any]) -> RuleEntry:
    def text(name: str) -> str:
        found = table.get(name, "")
        if not isinstance(found, str):
            raise RulebookError(f"{RULES_FILE}: rule {number}: {name} is not a text")
        return found

    def tables(name: str) -> list[Mapping[str, Any]]:
        found = table.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise RulebookError(f"{RULES_FILE}: rule {number}: {name} is not a list of tables")
        return found

    status = next((known for known in STATUSES if known == table.get("status")), None)
    if status is None:
        raise RulebookError(f"{RULES_FILE}: rule {number}: status is one of {', '.join(sorted(STATUSES))}")
    return RuleEntry(
        key=entry_key(text("id"), text("bearer")),
        id=text("id"),
        version=text("version"),
        name=text("name"),
        text=text("text"),
        bearer=text("bearer"),
        status=status,
        effects=tuple(map(RuleEffect.of, tables("effects"))),
        reason=text("reason"),
        note=text("note"),
        own=tuple(map(RuleEffect.of, tables("own"))),
        written=tuple(map(RuleWriting.of, tables("written"))),
    )


def write(entries: Iterable[RuleEntry]) -> bytes:
    """rules.toml with these entries."""
    return (_HEADING + "".join(tomltext.entry("rule", _table(entry)) for entry in entries)).encode()


def _table(entry: RuleEntry) -> dict[str, Any]:
    table = _filled(entry, "id", "version", "name", "text", "bearer", "status", "reason", "note")
    for name in ("effects", "own", "written"):
        if found := getattr(entry, name):
            table[name] = [one.table() for one in found]
    return table


def _texts(table: Mapping[str, Any], *names: str) -> list[str]:
    return [str(table.get(name, "")) for name in names]


def _filled(value: object, *names: str) -> dict[str, Any]:
    """What a value says, without what it leaves empty; lists as lists."""
    found = {name: getattr(value, name) for name in names}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in found.items() if one}
