"""One condition on a page of the designer: its rows as typed, its rule, and what is wrong with it.

Control names begin with the sheet's name (`rule`, `valid`, `when`): `rule.art`, `rule.verbindung`,
`rule.0.feld`, `rule.1.0.wert` (a row in a group), `rule.formel`. Buttons are called `tun`: `rule:zeile`,
`rule:weg:1.0`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from rathaus.building import (
    COMPARISONS,
    JOINTS,
    OVERS,
    TODAY,
    Condition,
    Frame,
    Joint,
    Over,
    Row,
    RowFault,
    RowGroup,
    Rows,
    Vocabulary,
    from_cel,
    kind_of,
    read_rows,
    rows_of,
    sentence,
    to_cel,
)
from rathaus.building.vocabulary import single_kind
from rathaus.designer.conditions import spoken_language
from rathaus.designer.finding import in_language
from rathaus.designer.sheet_words import comparison_label, fault_text, joint_label, over_label
from rathaus.forms.ruletypes import RuleTypes
from rathaus.forms.tree import FieldNode
from rathaus.rules.expressions import RuleError

NONE, ALWAYS, WHEN, FORMULA = "keine", "immer", "wenn", "formel"
_MOST_ROWS = 60
# Up to so many choices are shown as boxes to tick.
_MOST_BOXES = 15

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RowView:
    """One row as a template draws it. `control`: none, text, count, choice, choices, list, lines, two."""

    place: str
    name: str
    row: Row
    comparisons: list[Option]
    control: str
    choices: list[Option]
    others: list[Option]
    fault: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of rows as a template draws it."""

    place: str
    name: str
    group: RowGroup
    about: str  # `some:vertreter`, or empty
    fields: list[Option]
    rows: list[RowView]
    fault: str


@dataclass(frozen=True)
class Sheet:
    """A condition being typed. `original` is the rule as it stands in the design."""

    name: str
    frame: Frame
    modes: tuple[str, ...]
    vocabulary: Vocabulary
    original: str
    mode: str
    rows: Rows
    formula: str
    answered: frozenset[str] = frozenset()

    @classmethod
    def of_rule(
        cls,
        name: str,
        frame: Frame,
        modes: tuple[str, ...],
        vocabulary: Vocabulary,
        rule: str,
        answered: frozenset[str] = frozenset(),
    ) -> Sheet:
        """The condition as it stands in the design: as rows if it can be shown like that."""
        condition = from_cel(rule, vocabulary, answered) if rule else None
        if condition is not None and (ALWAYS in modes or not condition.always):
            mode = ALWAYS if condition.always else WHEN
            rows = rows_of(condition, vocabulary, spoken_language())
        else:
            mode, rows = (FORMULA if rule else NONE if NONE in modes else WHEN), Rows()
        return cls(name, frame, modes, vocabulary, rule, mode, rows, rule, answered)

    def typed(self, post: QueryDict) -> Sheet:
        """The condition as somebody typed it; as it is where the form does not speak of it."""
        mode = post.get(f"{self.name}.art", "")
        if mode not in self.modes:
            return self
        items: list[Row | RowGroup] = []
        for number in range(_MOST_ROWS):
            before = f"{self.name}.{number}"
            if f"{before}.verbindung" in post:
                items.append(_typed_group(post, before))
            elif f"{before}.feld" in post:
                items.append(_typed_row(post, before))
            else:
                break
        rows = Rows(_joint(post.get(f"{self.name}.verbindung", "")), tuple(items) or (Row(),))
        formula = post.get(f"{self.name}.formel", self.formula).replace("\r\n", "\n").strip()
        return replace(self, mode=mode, rows=rows, formula=formula)

    def pressed(self, button: str) -> Sheet:
        """After a button of this sheet was pressed (`zeile`, `zeile:1`, `gruppe`, `weg:1.0`, `formel`)."""
        act, _colon, place = button.partition(":")
        if act == "zeile":
            number = int(place) if place.isdecimal() and len(place) < 4 else None
            return replace(self, rows=self.rows.with_row(number), mode=WHEN)
        if act == "gruppe":
            return replace(self, rows=self.rows.with_group(), mode=WHEN)
        if act == "weg":
            left = self.rows.without(place)
            return replace(self, rows=left if left.items else Rows(left.joint))
        if act == "formel":
            return replace(self, mode=FORMULA, formula=self.rule or self.formula)
        if act == "wenn":
            return replace(self, mode=WHEN)
        return self

    @cached_property
    def _read(self) -> tuple[Condition | None, list[RowFault]]:
        return read_rows(self.rows, self.vocabulary, timezone.localdate(), spoken_language())

    @property
    def condition(self) -> Condition | None:
        """What was typed, if it is whole and can be said."""
        if self.mode == WHEN:
            return self._read[0]
        if self.mode == ALWAYS:
            return Condition("all")
        return from_cel(self.formula, self.vocabulary, self.answered) if self.mode == FORMULA else None

    @property
    def rule(self) -> str:
        """The rule that was typed; the design's own words if it says the same, empty if it is not whole."""
        if self.mode == FORMULA:
            return self.formula
        if self.mode == NONE or self.condition is None:
            return ""
        same = self.original and from_cel(self.original, self.vocabulary, self.answered) == self.condition
        return self.original if same else to_cel(self.condition, self.vocabulary)

    @property
    def sentence(self) -> str:
        """What was typed, said in words; empty if there are none."""
        if self.condition is None:
            return ""
        return sentence(self.condition, self.vocabulary, spoken_language(), self.frame)

    @property
    def error(self) -> str:
        """What has to be mended; empty if nothing."""
        if self.mode == WHEN and self._read[1]:
            return _("Ergänzen Sie die Zeilen, an denen ein Hinweis steht.")
        if self.mode == FORMULA and not self.formula:
            return _("Schreiben Sie die Formel auf, oder wählen Sie eine andere Möglichkeit.")
        if not self.rule:
            return ""
        try:
            types = RuleTypes(self.vocabulary.tree)
            types.environment_of(self.vocabulary.reach).compile(self.rule)
        except RuleError as error:
            place = _("Zeile %(line)s, Zeichen %(column)s: ") % {"line": error.line, "column": error.column}
            return (place if error.line else "") + in_language(error.message)
        return ""

    @property
    def is_rows(self) -> bool:
        """Whether the rows are shown."""
        return self.mode == WHEN

    @property
    def joints(self) -> list[Option]:
        """How rows may be joined."""
        return [(joint, joint_label(joint)) for joint in JOINTS]

    @property
    def abouts(self) -> list[Option]:
        """What a group may speak of: the application, or the entries of a list."""
        found = [("", _("das Formular"))]
        for path in self.vocabulary.lists:
            label = self.vocabulary.label(path)
            found += [(f"{over}:{path}", over_label(over) % {"list": label}) for over in OVERS]
        return found

    @cached_property
    def fields(self) -> list[Option]:
        """The questions that a row can ask."""
        return _field_options(self.vocabulary)

    def items(self, *, faults: bool) -> list[RowView | GroupView]:
        """The rows and groups as they are drawn."""
        known = {fault.place: fault_text(fault.what) for fault in self._read[1]} if faults else {}
        views: list[RowView | GroupView] = []
        for number, item in enumerate(self.rows.items):
            place = str(number)
            if isinstance(item, Row):
                views.append(self._row(place, item, self.vocabulary, known))
                continue
            inner, fields = self.vocabulary, self.fields
            if item.over is not None and item.entries in self.vocabulary.lists:
                inner = self.vocabulary.of_entries(item.entries)
                fields = _field_options(inner)
            rows = [self._row(f"{place}.{row}", one, inner, known) for row, one in enumerate(item.rows)]
            about = f"{item.over}:{item.entries}" if item.over else ""
            views.append(
                GroupView(place, f"{self.name}.{place}", item, about, fields, rows, known.get(place, ""))
            )
        return views

    def _row(self, place: str, row: Row, vocabulary: Vocabulary, known: dict[str, str]) -> RowView:
        node = vocabulary.node(row.field)
        kind = kind_of(node) if node else "text"
        control, choices, others = "none", list[Option](), list[Option]()
        comparison = COMPARISONS.get(row.comparison)
        if node is not None and comparison is not None and kind in comparison.kinds:
            is_choice = isinstance(node, FieldNode) and node.is_choice
            choices = list(vocabulary.choices(row.field)) if is_choice else []
            control = _control(comparison.values, comparison.value_kind, len(choices))
            if comparison.answers:
                others = [(path, vocabulary.label(path)) for path in vocabulary.comparable(row.field)]
                if isinstance(node, FieldNode) and single_kind(node) in ("date", "moment"):
                    others.insert(0, (TODAY, _("heute")))
        comparisons = [(key, comparison_label(key, kind)) for key in vocabulary.comparisons(row.field)]
        name = f"{self.name}.{place}"
        return RowView(place, name, row, comparisons, control, choices, others, known.get(place, ""))


def _control(values: int | None, value_kind: str, choices: int) -> str:
    if values == 0:
        return "none"
    if value_kind == "count":
        return "count"
    if value_kind == "own" and choices:
        return "choice" if values else "choices" if choices <= _MOST_BOXES else "list"
    return "lines" if values is None else "two" if values == 2 else "text"


def _field_options(vocabulary: Vocabulary) -> list[Option]:
    options = []
    for node in vocabulary.nodes:
        label = vocabulary.label(node.address)
        if not isinstance(node, FieldNode):
            kind = _("Liste") if node.opens_scope else _("Gruppe")
            label = f"{label} – {kind}"
        options.append((node.address, label))
    return options


def _joint(text: str) -> Joint:
    return text if text in JOINTS else "all"


def _typed_row(post: QueryDict, name: str) -> Row:
    values = [text for value in post.getlist(f"{name}.wert") for text in value.splitlines() or [""]]
    return Row(
        post.get(f"{name}.feld", ""),
        post.get(f"{name}.vergleich", ""),
        tuple(values),
        post.get(f"{name}.andere", ""),
    )


def _typed_group(post: QueryDict, name: str) -> RowGroup:
    rows = []
    for number in range(_MOST_ROWS):
        if f"{name}.{number}.feld" not in post:
            break
        rows.append(_typed_row(post, f"{name}.{number}"))
    over, _colon, entries = post.get(f"{name}.worueber", "").partition(":")
    is_over = over in OVERS
    return RowGroup(
        _joint(post.get(f"{name}.verbindung", "")),
        tuple(rows) or (Row(),),
        cast(Over, over) if is_over else None,
        entries if is_over else "",
    )
