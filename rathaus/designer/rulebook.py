"""Rules that a FIM schema brought, as designers see them: what they say, what they mean, and when they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from rathaus.building import Frame, Vocabulary
from rathaus.designer.conditions import Conditions, Place, Told
from rathaus.designer.opened import Opened
from rathaus.designer.wording import field_label
from rathaus.drafting import rulebook
from rathaus.drafting.proposing import TRANSLATED
from rathaus.drafting.rulebook import RuleEffect, RuleEntry, Status
from rathaus.forms.dates import show_date
from rathaus.forms.tree import FieldNode
from rathaus.freetext.effects import Effect, EffectKind
from rathaus.freetext.examples import truth_table
from rathaus.rules.expressions import RuleError

_MOST_ROWS = 8

KINDS: dict[str, str] = {
    "require": gettext_noop("Eine Frage muss beantwortet werden"),
    "show": gettext_noop("Eine Frage erscheint nur dann"),
    "forbid": gettext_noop("Eine Frage wird nicht gestellt"),
    "valid": gettext_noop("Angaben sind nur so richtig"),
}
"""What a rule can do, as people choose it."""

STATUSES: dict[Status, str] = {
    "open": gettext_noop("offen"),
    "applied": gettext_noop("bestätigt"),
    "written": gettext_noop("selbst geschrieben"),
    "dismissed": gettext_noop("braucht nichts"),
    "ensured": gettext_noop("stellt das Formular ohnehin sicher"),
}
"""What became of a rule."""

# What a rule does where its condition holds, and where it does not.
_OUTCOMES: dict[str, tuple[str, str]] = {
    "require": (gettext_noop("Pflicht"), gettext_noop("freiwillig")),
    "show": (gettext_noop("erscheint"), gettext_noop("erscheint nicht")),
    "forbid": (gettext_noop("wird nicht gestellt"), gettext_noop("wird gestellt")),
    "valid": (gettext_noop("richtig"), gettext_noop("falsch")),
}


@dataclass(frozen=True, slots=True)
class TruthTable:
    """Example answers to questions (`columns`), and what happens: cells of a row, outcome, whether the rule holds."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], str, bool], ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One effect of a rule: whom it is about (`target`, a name), what it says, and the answers that show it."""

    target: str
    told: Told
    message: str
    table: TruthTable | None


@dataclass(frozen=True, slots=True)
class Card:
    """One rule as a page shows it."""

    entry: RuleEntry
    status: str
    about: str
    meanings: tuple[Meaning, ...]

    @property
    def source(self) -> str:
        """Whose words the text of the rule is."""
        translated = self.entry.name == TRANSLATED
        return _("Wortlaut der Übersetzung") if translated else _("Wortlaut im Datenschema")

    @property
    def title(self) -> str:
        """What to call the rule."""
        return f"{self.entry.name} ({self.entry.id})" if self.entry.name else self.entry.id


class RuleCards:
    """The rules of one state of a design. Raises `RulebookError` if they cannot be read."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.conditions = Conditions(opened)
        self.entries = rulebook.read(opened.files)

    def entry(self, key: str) -> RuleEntry | None:
        """The rule of this name."""
        return next((entry for entry in self.entries if entry.key == key), None)

    @cached_property
    def open_entries(self) -> Sequence[RuleEntry]:
        """Rules that nobody has decided over, those with a proposal first."""
        return sorted(
            (entry for entry in self.entries if entry.status == "open"), key=lambda one: not one.effects
        )

    def decided(self) -> Iterator[tuple[str, list[Card]]]:
        """What became of the other rules, each group with its heading."""
        for status, text in STATUSES.items():
            cards = [self.card(entry) for entry in self.entries if entry.status == status]
            if cards and status != "open":
                yield gettext(text), cards

    def card(self, entry: RuleEntry, *, tables: bool = False) -> Card:
        """A rule with what it means; with `tables`, the answers that show it, too."""
        effects = entry.own if entry.status == "written" else entry.effects
        meanings = tuple(self._meaning(effect, tables=tables) for effect in effects)
        about = field_label(self.opened, entry.bearer) if entry.bearer else ""
        return Card(entry, gettext(STATUSES[entry.status]), about, meanings)

    def vocabulary(self, kind: str, target: str) -> Vocabulary:
        """What the condition of an effect can ask."""
        if kind == "valid" or target not in self.conditions.tree.nodes:
            return self.conditions.of_fields((target,) if target else ())
        return self.conditions.vocabulary(Place("frage", target, "zeigen"))

    def _meaning(self, effect: RuleEffect, *, tables: bool) -> Meaning:
        vocabulary = self.vocabulary(effect.kind, effect.target)
        if effect.kind == "valid" and effect.fields:
            vocabulary = self.conditions.of_fields(effect.fields)
        return Meaning(
            field_label(self.opened, effect.target) if effect.target and effect.kind != "valid" else "",
            self.conditions.told(effect.condition, vocabulary, cast(Frame, effect.kind)),
            effect.message if effect.kind in ("valid", "forbid") else "",
            self._table(effect) if tables else None,
        )

    def _table(self, effect: RuleEffect) -> TruthTable | None:
        tree = self.conditions.tree
        stated = Effect(
            cast(EffectKind, effect.kind), effect.target, effect.condition, effect.message, effect.fields
        )
        try:
            rows = truth_table(tree, stated, _MOST_ROWS)
        except RuleError:
            return None  # the schema has changed since: the check says what is wrong with the condition
        if not rows or not rows[0].answers:
            return None
        yes, no = map(gettext, _OUTCOMES[effect.kind])
        return TruthTable(
            tuple(field_label(self.opened, path) for path, _value in rows[0].answers),
            tuple(
                (
                    tuple(self._shown(path, value) for path, value in row.answers),
                    yes if row.outcome else no,
                    row.outcome,
                )
                for row in rows
            ),
        )

    def _shown(self, path: str, value: Any) -> str:
        node = self.conditions.tree.nodes[path]
        if value is None:
            return _("nicht beantwortet")
        if not isinstance(node, FieldNode) or node.is_file or node.repeatable:
            return _("beantwortet")
        if isinstance(value, bool):
            return _("Ja") if value else _("Nein")
        if node.is_choice:
            return self.conditions.of_fields(()).choice(path, str(value))
        text = str(value)
        return show_date(text, self.conditions.language) if text[4:5] == "-" and text[7:8] == "-" else text
