"""Differences in decision tables, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from rathaus.editing.decisions import ROWS
from rathaus.editing.differences.difference import Area, Difference
from rathaus.editing.differences.pages import moved
from rathaus.editing.words import Words, gettext_noop
from rathaus.rules.decisions import DecisionTable, TableRule, read_decision


def decision(name: str, before: bytes, after: bytes) -> Iterator[Difference]:
    """What a table decides by, and its rows. Raises `DecisionError` for an unreadable table."""
    old, new = read_decision(before), read_decision(after)
    place = (f"file:{name}",)
    title: dict[str, object] = {"name": new.name}
    for text, was, now in (
        (gettext_noop("Tabelle „%(name)s“: heißt anders"), old.name, new.name),
        (
            gettext_noop("Tabelle „%(name)s“: welche Zeile gilt, wenn mehrere passen"),
            old.hit_policy.value,
            new.hit_policy.value,
        ),
        (
            gettext_noop("Tabelle „%(name)s“: wonach entschieden wird"),
            "\n".join(one.source for one in old.inputs),
            "\n".join(one.source for one in new.inputs),
        ),
        (
            gettext_noop("Tabelle „%(name)s“: was entschieden wird"),
            _outputs(old),
            _outputs(new),
        ),
    ):
        if was != now:
            yield Difference(Area.DECISIONS, Words(text, title), place, was, now)
    yield from _rows(old, new, title, "decision:" + name.removeprefix("decisions/").removesuffix(".dmn"))


def _outputs(table: DecisionTable) -> str:
    return "\n".join(
        f"{one.name} ({one.type_ref})" + (f" = {one.default.source}" if one.default else "")
        for one in table.outputs
    )


def _rows(
    old: DecisionTable, new: DecisionTable, title: dict[str, object], table: str
) -> Iterator[Difference]:
    before, after = ({rule.id: rule for rule in one.rules} for one in (old, new))
    numbers = {rule.id: number for number, rule in enumerate(new.rules, start=1)}
    old_numbers = {rule.id: number for number, rule in enumerate(old.rules, start=1)}
    for key, rule in after.items():
        values = {**title, "row": numbers[key]}
        if key not in before:
            words = Words(gettext_noop("Tabelle „%(name)s“: neue Zeile %(row)s"), values)
            places = (f"{table}/{key}", f"{table}/{ROWS}")
            yield Difference(Area.DECISIONS, words, places, "", _row(new, rule))
        elif _row(old, before[key]) != _row(new, rule):
            words = Words(gettext_noop("Tabelle „%(name)s“: Zeile %(row)s geändert"), values)
            yield Difference(
                Area.DECISIONS, words, (f"{table}/{key}",), _row(old, before[key]), _row(new, rule)
            )
    for key, rule in before.items():
        if key not in after:
            words = Words(
                gettext_noop("Tabelle „%(name)s“: Zeile %(row)s entfernt"), {**title, "row": old_numbers[key]}
            )
            places = (f"{table}/{key}", f"{table}/{ROWS}")
            yield Difference(Area.DECISIONS, words, places, _row(old, rule), "")
    for key in moved([key for key in before if key in after], list(after)):
        words = Words(
            gettext_noop("Tabelle „%(name)s“: Zeile %(old)s ist jetzt Zeile %(row)s"),
            {**title, "old": old_numbers[key], "row": numbers[key]},
        )
        yield Difference(Area.DECISIONS, words, (f"{table}/{ROWS}",), "", _row(new, after[key]))


def _row(table: DecisionTable, rule: TableRule) -> str:
    """A row as people read it: what must hold, and what follows."""
    lines = [
        f"{table.column_name(column)}: {cell.source}"
        for column, cell in enumerate(rule.conditions)
        if cell.source not in ("", "-")
    ]
    lines += [
        f"→ {table.column_name(column)}: {cell.source}"
        for column, cell in enumerate(rule.results, start=len(rule.conditions))
    ]
    return "\n".join([*lines, *filter(None, [rule.annotation])])
