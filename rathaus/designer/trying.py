"""What comes out of a decision table: for values typed in, and for each example of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from rathaus.designer.tables import SINGLE, Column, Tables
from rathaus.processes.checks import check_process
from rathaus.processes.engine import EngineError
from rathaus.processes.examples import course_of
from rathaus.processes.program import program_of
from rathaus.rules.decisions import DecisionError, DecisionTable, HitPolicy
from rathaus.rules.expressions import BOOL, DOUBLE, DYN, INT, TIMESTAMP, RuleError


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that fits, with what it says in plain words."""

    row: str
    number: int
    results: tuple[tuple[str, str], ...]  # name of the column and what comes out


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a table makes of one situation: the rows that fit, and what there is to say about that."""

    title: str
    hits: tuple[Hit, ...] = ()
    note: str = ""


def tried_values(tables: Tables, name: str, given: Mapping[str, str]) -> Outcome:
    """What comes out for the values typed in (`wert.<column>`)."""
    table = tables.table(name)
    columns = tables.columns(table)
    if tables.environment is None:
        return Outcome("", note=_("Der Entwurf lässt sich gerade nicht prüfen."))
    try:
        compiled = table.compile(tables.environment)
        values = [
            _value(column, given.get(f"wert.{column.key}", "")) for column in columns if column.is_condition
        ]
        matching = compiled.matching(values)
    except (DecisionError, ValueError) as error:
        return Outcome("", note=_("Damit lässt sich die Tabelle nicht fragen: %(error)s") % {"error": error})
    hits = _hits(table, columns, matching)
    if table.hit_policy is HitPolicy.FIRST:
        hits = hits[:1]
    return Outcome("", hits, _note(table, hits))


def _note(table: DecisionTable, hits: Sequence[Hit]) -> str:
    if not hits and table.hit_policy is not HitPolicy.COLLECT and not any(o.default for o in table.outputs):
        return _("Keine Zeile passt. So bliebe der Vorgang stehen: Ergänzen Sie eine Zeile.")
    if not hits:
        return _("Keine Zeile passt.")
    if len(hits) > 1 and table.hit_policy is HitPolicy.UNIQUE:
        return _("Mehrere Zeilen passen zugleich, das darf hier nicht sein. Grenzen Sie sie voneinander ab.")
    return ""


def _hits(table: DecisionTable, columns: list[Column], matching: Sequence[int]) -> tuple[Hit, ...]:
    said = columns[len(table.inputs) :]
    return tuple(
        Hit(
            table.rules[index].id,
            index + 1,
            tuple(
                (column.label, column.spoken(cell.source))
                for column, cell in zip(said, table.rules[index].results, strict=True)
            ),
        )
        for index in matching
    )


def _value(column: Column, typed: str) -> object:
    """The value somebody typed in for a column; raises `ValueError` with what is wrong."""
    text = typed.strip()
    if column.kind not in SINGLE:
        raise ValueError(
            _("„%(column)s“ lässt sich nicht eintippen. Nehmen Sie die Beispiele.") % {"column": column.label}
        )
    try:
        if column.kind is BOOL:
            return text == "ja"
        if column.kind is INT:
            return int(text or "0")
        if column.kind is DOUBLE:
            return float(text.replace(",", ".") or "0")
        if column.kind is TIMESTAMP:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(
            _("„%(text)s“ passt nicht zu „%(column)s“.") % {"text": text, "column": column.label}
        ) from None
    if column.kind is DYN:
        return int(text) if text.lstrip("-").isdecimal() else {"ja": True, "nein": False}.get(text, text)
    return text


def tried_examples(tables: Tables, name: str) -> list[Outcome]:
    """What comes out for each example of the package, run as far as its process goes by itself."""
    package = tables.package
    if package is None or check_process(package):
        return [
            Outcome(
                "", note=_("Der Entwurf hat noch Fehler. Die Beispiele laufen, sobald er keine mehr hat.")
            )
        ]
    table = tables.table(name)
    columns = tables.columns(table)
    compiled = program_of(package).decisions[name]
    position = {rule.id: index for index, rule in enumerate(table.rules)}
    outcomes = []
    for example in package.examples:
        try:
            course = course_of(package, example)
            if course is None:
                note = _("Die Angaben sind fehlerhaft, der Antrag kommt nicht zustande.")
                outcomes.append(Outcome(example.title, note=note))
                continue
            decided = compiled.decide(course.values)
        except (DecisionError, RuleError, EngineError, ValueError) as error:
            outcomes.append(Outcome(example.title, note=str(error)))
            continue
        hits = _hits(table, columns, [position[rule.id] for rule in decided.matched_rules])
        outcomes.append(Outcome(example.title, hits, _note(table, hits)))
    return outcomes
