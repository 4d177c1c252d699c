"""Decision tables as a page shows them: cells in plain words, what is wrong with them, where the process asks them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from rathaus.catalogue.package import Package, inspect_package
from rathaus.designer.finding import in_language
from rathaus.designer.opened import Opened
from rathaus.editing import Files
from rathaus.editing.decisions import columns_of, table_file, table_names, table_of
from rathaus.forms.ruletypes import RuleTypes
from rathaus.forms.tree import FieldNode
from rathaus.processes.definition import Definition, DefinitionError, read_definition
from rathaus.processes.program import environment_for
from rathaus.rules.cells import spoken, text_of, written
from rathaus.rules.decisions import LITERALS, ONE_LITERAL, DecisionTable, HitPolicy
from rathaus.rules.expressions import (
    BOOL,
    DOUBLE,
    DYN,
    INT,
    RESERVED_WORDS,
    STRING,
    TIMESTAMP,
    Environment,
    RuleError,
    ValueType,
)
from rathaus.rules.functions import bare_words

_DECLARED: Mapping[str, ValueType] = {"string": STRING, "boolean": BOOL, "number": DOUBLE, "integer": INT}
_ANSWER = re.compile(r"answers\.([\w.]+)")
SINGLE = frozenset({STRING, INT, DOUBLE, BOOL, TIMESTAMP, DYN})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it asks or says."""

    key: str  # of `editing.decisions.columns_of`
    label: str
    source: str  # the CEL of what is asked; for a result its name in rules
    kind: ValueType
    is_condition: bool
    choices: tuple[tuple[str, str], ...]  # code and name, where a code list says what there is

    def spoken(self, source: str) -> str:
        """A cell of the column in plain words."""
        return spoken(source, self.kind, condition=self.is_condition, truth=(_("ja"), _("nein")))

    def written(self, text: str) -> str:
        """The cell that was typed."""
        return written(text, self.kind, condition=self.is_condition)


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell: for the summary (`text`, with row and column) and beside it (`message`)."""

    row: str  # id; "" for the head of the column
    column: str
    message: str
    text: str


@dataclass
class Tables:
    """The decision tables of one state of a package."""

    files: Files

    @cached_property
    def package(self) -> Package | None:
        """The package, None if a fault leaves nothing to work with."""
        return inspect_package(self.files)[0]

    @cached_property
    def environment(self) -> Environment | None:
        """The variables of the tables, None if the fields cannot be read."""
        return environment_for(RuleTypes(self.package.tree).answers) if self.package else None

    @cached_property
    def definition(self) -> Definition | None:
        """The process, None if it cannot be read."""
        try:
            return read_definition(self.files.get("process.bpmn", b""))
        except DefinitionError:
            return None

    def names(self) -> list[str]:
        """Every table's name."""
        return table_names(self.files)

    def table(self, name: str) -> DecisionTable:
        """A table; raises `EditError`."""
        return table_of(self.files, name)

    def columns(self, table: DecisionTable) -> list[Column]:
        """The columns of a table in order."""
        keys = columns_of(table)
        asked = [
            Column(
                key,
                head.label or head.source,
                head.source,
                self._kind(head.source, head.type_ref),
                True,
                self._choices(head.source),
            )
            for key, head in zip(keys, table.inputs, strict=False)
        ]
        said = [
            Column(
                key, output.label or output.name, output.name, _DECLARED.get(output.type_ref, DYN), False, ()
            )
            for key, output in zip(keys[len(asked) :], table.outputs, strict=True)
        ]
        return [*asked, *said]

    def _kind(self, source: str, declared: str) -> ValueType:
        try:
            found = self.environment.compile(source, expects=None).result_type if self.environment else DYN
        except RuleError:
            found = DYN
        return _DECLARED.get(declared, DYN) if found is DYN else found

    def _choices(self, source: str) -> tuple[tuple[str, str], ...]:
        path = _ANSWER.fullmatch(source)
        node = self.package.tree.field(path[1]) if self.package and path else None
        return tuple((code.code, code.name) for code in node.codes) if node and node.is_choice else ()

    def faults(self, name: str) -> list[CellFault]:
        """Everything that is wrong with the cells of a table."""
        table = self.table(name)
        columns = self.columns(table)
        found = [
            (
                table.rules[fault.row].id if fault.row is not None else "",
                fault.row,
                columns[fault.column],
                fault.message,
            )
            for fault in (table.faults(self.environment) if self.environment else ())
        ]
        found += [
            (rule.id, row, column, _unknown_code(column, rule.conditions[position].source))
            for row, rule in enumerate(table.rules)
            for position, column in enumerate(columns[: len(table.inputs)])
            if _unknown_code(column, rule.conditions[position].source)
        ]
        return [
            CellFault(row_id, column.key, said := in_language(message), _place(row, column, said))
            for row_id, row, column, message in found
        ]

    def never_asked(self, table: DecisionTable) -> Mapping[str, int]:
        """Rows that are never looked at because a row above them always fits → that row's number."""
        if table.hit_policy is not HitPolicy.FIRST:
            return {}
        always = next(
            (
                number
                for number, rule in enumerate(table.rules)
                if all(cell.source in ("", "-") for cell in rule.conditions)
            ),
            len(table.rules),
        )
        return {rule.id: always + 1 for rule in table.rules[always + 1 :]}

    def uses(self, name: str) -> list[str]:
        """Where the service asks a table or uses what it says, as sentences."""
        return list(dict.fromkeys(self._uses(name)))

    def _uses(self, name: str) -> Iterator[str]:
        fact = re.compile(rf"\bfacts\.{re.escape(name)}\b")
        if self.definition:
            for element in self.definition.elements.values():
                if element.operation == "decision" and element.parameters.get("table") == name:
                    yield _("Der Ablauf fragt sie im Schritt „%(step)s“.") % {
                        "step": element.names.get("de") or element.id
                    }
            for flow in self.definition.flows:
                if fact.search(flow.condition):
                    source = self.definition.elements[flow.source]
                    yield _("Danach richtet sich der Weg bei „%(step)s“.") % {
                        "step": source.names.get("de") or source.id
                    }
        for other in self.names():
            if other != name and fact.search(self.files[table_file(other)].decode("utf-8", "replace")):
                yield _("Die Entscheidung „%(table)s“ baut darauf auf.") % {"table": self.table(other).name}
        if self.package and self.package.service.fee.get("decision") == name:
            yield _("Sie bestimmt die Gebühr.")
        if self.package and self.package.service.automation.get("reasons") == name:
            yield _("Ihre Zeilen nennen die Gründe, aus denen ein Mensch den Vorgang ansieht.")
        at = re.compile(rf"""facts\.(?:at\("{re.escape(name)}"|{re.escape(name)}\b)""")
        for file in sorted(self.files):
            if file.startswith("letters/") and at.search(self.files[file].decode("utf-8", "replace")):
                yield _("Der Brief „%(letter)s“ nennt das Ergebnis.") % {
                    "letter": file.removeprefix("letters/").removesuffix(".typ")
                }


def tables_of(opened: Opened) -> Tables:
    """The decision tables of a design as it is."""
    return Tables(opened.files)


def askable(package: Package) -> list[tuple[str, str]]:
    """What a table can ask: CEL and question of every field with one answer."""
    return [
        (f"answers.{node.address}", node.label or node.address)
        for node in package.tree.root.fields()
        if isinstance(node, FieldNode)
        and node.scope is package.tree.root
        and not (node.repeatable or node.is_label or node.is_file)
    ]


def identifier(title: str, taken: Iterable[str] = ()) -> str:
    """A name that rules can use, made of a title and unlike all others."""
    words = "_".join(bare_words(title).split())[:40].strip("_")
    stem = words if words[:1].isalpha() and words not in RESERVED_WORDS else f"tabelle_{words}".strip("_")
    known = set(taken)
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if name not in known)


def policy_words(policy: HitPolicy) -> str:
    """What a hit policy means."""
    return {
        HitPolicy.UNIQUE: _("Genau eine Zeile darf passen. Passen zwei zugleich, ist das ein Fehler."),
        HitPolicy.FIRST: _(
            "Die Zeilen werden von oben nach unten gelesen. Die erste, die passt, entscheidet."
        ),
        HitPolicy.COLLECT: _("Jede Zeile, die passt, zählt: Heraus kommt eine Liste."),
    }[policy]


def _unknown_code(column: Column, source: str) -> str:
    if not column.choices or not LITERALS.fullmatch(source):
        return ""
    known = dict(column.choices)
    unknown = [
        code for literal in ONE_LITERAL.findall(source) if (code := text_of(literal)) and code not in known
    ]
    if not unknown:
        return ""
    return _("„%(code)s“ steht hier nicht zur Wahl. Möglich sind: %(codes)s") % {
        "code": unknown[0],
        "codes": ", ".join(known) if len(known) <= 12 else ", ".join([*list(known)[:12], "…"]),
    }


def _place(row: int | None, column: Column, message: str) -> str:
    values = {"row": (row or 0) + 1, "column": column.label, "message": message}
    if row is None:
        return _("Spalte „%(column)s“: %(message)s") % values
    return _("Zeile %(row)s, Spalte „%(column)s“: %(message)s") % values
