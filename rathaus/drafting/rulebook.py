"""`rules.toml`: every FIM rule of a service, what it says, and what became of it.

A rule stands once for each place that bears it. `applied`: its effects are in form.toml; `ensured`: the engine ensures
it anyway; `open`: a person must decide; `dismissed`: a person decided that it needs nothing; `written`: a person wrote
its effects by hand. Nothing here changes the form by itself: form.toml is what runs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rathaus.drafting import tomltext

RULES_FILE = "rules.toml"
Status = Literal["applied", "ensured", "open", "dismissed", "written"]
_STATUSES: tuple[Status, ...] = ("applied", "ensured", "open", "dismissed", "written")
_HEADING = """# Die Regeln des Stammdatenschemas und was aus ihnen wurde. Offene Regeln wirken nicht:
# Was davon gelten soll, trägt ein Mensch als Bedingung ein. Was wirkt, steht in form.toml.

"""


class RulebookError(ValueError):
    """rules.toml cannot be read, or has no such rule."""


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What a rule does: `require`, `forbid`, `show` a field or group, or demand that something is `valid`.

    `target` is a template path, `condition` CEL as form.toml has it, `message` what an applicant reads.
    """

    kind: str
    target: str
    condition: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule at one place. `key` names it; `reason` says why it is open, `note` why it was dismissed."""

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
    line: int = field(default=0, compare=False)


def entry_key(rule_id: str, bearer: str) -> str:
    """The name of a rule at its place."""
    return f"{rule_id}@{bearer}"


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
    return tuple(_entry(number, table) for number, table in enumerate(tables, start=1))


def _entry(number: int, table: Mapping[str, Any]) -> RuleEntry:
    def text(name: str) -> str:
        found = table.get(name, "")
        if not isinstance(found, str):
            raise RulebookError(f"{RULES_FILE}: rule {number}: {name} is not a text")
        return found

    status = next((known for known in _STATUSES if known == table.get("status")), None)
    if status is None:
        raise RulebookError(f"{RULES_FILE}: rule {number}: status is one of {', '.join(_STATUSES)}")
    effects = tuple(
        RuleEffect(
            str(effect.get("kind", "")),
            str(effect.get("target", "")),
            str(effect.get("condition", "")),
            str(effect.get("message", "")),
        )
        for effect in table.get("effects", [])
        if isinstance(effect, Mapping)
    )
    return RuleEntry(
        key=entry_key(text("id"), text("bearer")),
        id=text("id"),
        version=text("version"),
        name=text("name"),
        text=text("text"),
        bearer=text("bearer"),
        status=status,
        effects=effects,
        reason=text("reason"),
        note=text("note"),
    )


def write(entries: Iterable[RuleEntry]) -> bytes:
    """rules.toml with these entries."""
    return (_HEADING + "".join(tomltext.entry("rule", _table(entry)) for entry in entries)).encode()


def _table(entry: RuleEntry) -> dict[str, Any]:
    names = ("id", "version", "name", "text", "bearer", "status", "reason", "note")
    table: dict[str, Any] = {name: content for name in names if (content := getattr(entry, name))}
    if entry.effects:
        table["effects"] = [
            {
                name: content
                for name in ("kind", "target", "condition", "message")
                if (content := getattr(effect, name))
            }
            for effect in entry.effects
        ]
    return table
