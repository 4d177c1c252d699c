"""Confirming many rules at once: those that Rathaus understood for certain, as far as they go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rathaus.drafting import rulebook
from rathaus.drafting.confirming import places_of
from rathaus.drafting.examples import accepts_drafted_examples, renewed_examples
from rathaus.drafting.rulebook import RuleEffect, RuleEntry
from rathaus.editing.edit import Edit, Files, stored
from rathaus.editing.rules import Rulebook, compiled_form, rule_place, tables_of
from rathaus.editing.words import EditError, Words, gettext_noop

# A search for answers costs up to a second on a large form: where many rules exclude each other, the rest stays open.
_MOST_ATTEMPTS = 16


@stored
@dataclass(frozen=True, slots=True)
class ConfirmRules(Edit):
    """What Rathaus understood of several open rules shall be so; drafted examples follow.

    `rules` are tables: `key`, and the `effects` that were confirmed, as the rulebook has them.
    """

    rules: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, entries: Sequence[RuleEntry]) -> ConfirmRules:
        """Confirm rules as they are proposed."""
        return cls(tuple({"key": entry.key, "effects": tables_of(entry.effects)} for entry in entries))

    def apply(self, files: Files) -> Files:
        rules = Rulebook(files)
        for rule in self.rules:
            rules.confirm(rule["key"], tuple(rule["effects"]))
        files = rules.files()
        form = compiled_form(files)
        return {**files, **renewed_examples(form, files)} if form else files

    def places(self) -> frozenset[str]:
        return frozenset().union(*(_places(rule["key"], rule["effects"]) for rule in self.rules))

    def words(self) -> Words:
        return Words(gettext_noop("%(count)s Regeln bestätigt"), {"count": str(len(self.rules))})


@dataclass(frozen=True, slots=True)
class Understood:
    """A package in which understood rules have effect; `confirmed` are these, `left` those that do not go together."""

    files: Files
    confirmed: tuple[RuleEntry, ...]
    left: tuple[RuleEntry, ...]

    @property
    def edit(self) -> ConfirmRules:
        """What was done, as one edit."""
        return ConfirmRules.of(self.confirmed)


def confirm_understood(files: Files) -> Understood:
    """Confirm every open rule that was understood, if the form still compiles and can be filled in with it.

    Where all of them together do not hold, halves are tried, so that few stay open: a schema whose rules exclude each
    other is no reason to have none of them. Raises `EditError` if form or rules cannot be read.
    """
    search = _Search(files)
    search.add([entry for entry in rulebook.read(files) if entry.is_certain])
    return Understood(search.files, tuple(search.confirmed), tuple(search.left))


class _Search:
    def __init__(self, files: Files) -> None:
        self.files = files
        self.confirmed: list[RuleEntry] = []
        self.left: list[RuleEntry] = []
        self._attempts = 0

    def add(self, entries: Sequence[RuleEntry]) -> None:
        """Confirm as many of these rules as go together with those that are confirmed already."""
        if not entries:
            return
        if self._attempts == _MOST_ATTEMPTS:
            self.left += entries
        elif (files := self._tried(entries)) is not None:
            self.files = files
            self.confirmed += entries
        elif len(entries) == 1:
            self.left += entries
        else:
            half = len(entries) // 2
            self.add(entries[:half])
            self.add(entries[half:])

    def _tried(self, entries: Sequence[RuleEntry]) -> Files | None:
        self._attempts += 1
        try:
            files = ConfirmRules.of(entries).apply(self.files)
        except EditError:
            return None
        form = compiled_form(files)
        return files if form and accepts_drafted_examples(form, files) else None


def _places(key: str, effects: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset({rule_place(key), *places_of(key, tuple(map(RuleEffect.of, effects)))})
