"""Edits that decide over the rules a FIM schema brought: confirm, write, dismiss, and open again.

They change `rules.toml` and, with what a rule does, `form.toml`. A rule that is opened again takes back exactly what
its decision wrote; what a person has changed there since stays, unless they say so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rathaus.drafting import rulebook
from rathaus.drafting.confirming import places_of, writings
from rathaus.drafting.examples import renewed_examples
from rathaus.drafting.joining import (
    holds_alternative,
    limits_in,
    with_alternative,
    with_limits,
    without_alternative,
)
from rathaus.drafting.rulebook import KINDS, RULES_FILE, RuleEffect, RuleEntry, RuleWriting, Status
from rathaus.editing.blocks import Block, Blocks
from rathaus.editing.edit import Edit, Files, stored, with_file
from rathaus.editing.form import FormFiles
from rathaus.editing.words import EditError, Words, gettext_noop
from rathaus.forms.definition import FormDefinition
from rathaus.forms.engine import Form
from rathaus.forms.problems import DefinitionError

Tables = tuple[Mapping[str, Any], ...]


def rule_place(key: str) -> str:
    """The place of a rule among those that edits touch."""
    return f"rule:{key}"


def tables_of(values: Sequence[RuleEffect] | Sequence[RuleWriting]) -> Tables:
    """Effects or writings as edits hold them."""
    return tuple(value.table() for value in values)


@stored
@dataclass(frozen=True, slots=True)
class ConfirmRule(Edit):
    """What Rathaus understood of an open rule shall be so. `effects` is what was confirmed, as the rulebook has it."""

    key: str
    effects: Tables

    @classmethod
    def of(cls, entry: RuleEntry) -> ConfirmRule:
        """Confirm a rule as it is proposed."""
        return cls(entry.key, tables_of(entry.effects))

    def apply(self, files: Files) -> Files:
        rules = Rulebook(files)
        rules.confirm(self.key, self.effects)
        return rules.files()

    def places(self) -> frozenset[str]:
        effects = tuple(map(RuleEffect.of, self.effects))
        return frozenset({rule_place(self.key), *places_of(self.key, effects)})

    def words(self) -> Words:
        return _words(
            self.key,
            gettext_noop("Regel %(rule)s bestätigt"),
            gettext_noop("Regel %(rule)s zu „%(path)s“ bestätigt"),
        )


@stored
@dataclass(frozen=True, slots=True)
class WriteRule(Edit):
    """What a person wrote for an open rule shall be so. The proposal stays in the rulebook, without effect."""

    key: str
    effects: Tables

    @classmethod
    def of(cls, key: str, *effects: RuleEffect) -> WriteRule:
        """Write these effects for a rule."""
        return cls(key, tables_of(effects))

    def apply(self, files: Files) -> Files:
        rules = Rulebook(files)
        decision = _Decision(rules, self.key)
        decision.open_entry()
        effects = tuple(map(RuleEffect.of, self.effects))
        if not effects:
            raise EditError(gettext_noop("Schreiben Sie, was die Regel bewirkt: für welche Frage und wann."))
        for effect in effects:
            _check(effect, decision.form)
        decision.write("written", effects, own=self.effects)
        return rules.files()

    def places(self) -> frozenset[str]:
        effects = tuple(map(RuleEffect.of, self.effects))
        return frozenset({rule_place(self.key), *places_of(self.key, effects)})

    def words(self) -> Words:
        return _words(
            self.key,
            gettext_noop("Regel %(rule)s selbst geschrieben"),
            gettext_noop("Regel %(rule)s zu „%(path)s“ selbst geschrieben"),
        )


@stored
@dataclass(frozen=True, slots=True)
class DismissRule(Edit):
    """An open rule needs nothing, and why."""

    key: str
    note: str

    def apply(self, files: Files) -> Files:
        rules = Rulebook(files)
        decision = _Decision(rules, self.key)
        decision.open_entry()
        if not self.note.strip():
            raise EditError(gettext_noop("Schreiben Sie in einem Satz, warum die Regel nichts braucht."))
        decision.block.set("status", "dismissed")
        decision.block.set("note", self.note.strip())
        return rules.files()

    def places(self) -> frozenset[str]:
        return frozenset({rule_place(self.key)})

    def words(self) -> Words:
        return _words(
            self.key,
            gettext_noop("Regel %(rule)s braucht nichts"),
            gettext_noop("Regel %(rule)s zu „%(path)s“ braucht nichts"),
        )


@stored
@dataclass(frozen=True, slots=True)
class ReopenRule(Edit):
    """Decide over a rule anew. What it wrote into the form is taken back; with `keep`, it stays as it stands there.

    `written` is what the rulebook says of it. If a person has changed it since, `EditError` unless `keep`.
    """

    key: str
    written: Tables = field(default=())
    keep: bool = False

    @classmethod
    def of(cls, entry: RuleEntry, *, keep: bool = False) -> ReopenRule:
        """Open a rule again as it is decided now."""
        return cls(entry.key, tables_of(entry.written), keep)

    def apply(self, files: Files) -> Files:
        rules = Rulebook(files)
        decision = _Decision(rules, self.key)
        entry = decision.entry
        if entry.status == "open":
            raise EditError(gettext_noop("Diese Regel ist schon offen."))
        if entry.status == "ensured":
            raise EditError(gettext_noop("Diese Regel stellt das Formular ohnehin sicher."))
        if entry.written != tuple(map(RuleWriting.of, self.written)):
            raise EditError(
                gettext_noop("Über diese Regel wurde inzwischen neu entschieden. Sehen Sie sie an.")
            )
        if not self.keep:
            for writing in entry.written:
                decision.take_back(writing)
        for name in ("written", "note"):
            decision.block.set(name, None)
        decision.block.set("status", "open")
        return rules.files()

    def places(self) -> frozenset[str]:
        written = () if self.keep else tuple(map(RuleWriting.of, self.written))
        return frozenset({rule_place(self.key), *(writing.place for writing in written)})

    def words(self) -> Words:
        return _words(
            self.key,
            gettext_noop("Regel %(rule)s wieder geöffnet"),
            gettext_noop("Regel %(rule)s zu „%(path)s“ wieder geöffnet"),
        )


@stored
@dataclass(frozen=True, slots=True)
class RenewExamples(Edit):
    """Make the drafted examples anew that the form does not accept any more; those that people wrote stay.

    It touches no place of its own: what it writes follows from the form, in whatever order others change it.
    """

    def apply(self, files: Files) -> Files:
        form = compiled_form(files)
        # Where the form does not compile, the check says what is wrong with it.
        return {**files, **renewed_examples(form, files)} if form else files

    def places(self) -> frozenset[str]:
        return frozenset()

    def words(self) -> Words:
        return Words(gettext_noop("erzeugte Beispiele angepasst"))


def compiled_form(files: Files) -> Form | None:
    """The form of a package; None if its definition does not compile. Raises `EditError` if it cannot be read."""
    form = FormFiles(files)
    try:
        definition = FormDefinition.from_toml(tomllib.loads(form.form.write().decode()))
        return Form.compile(form.tree_with_codes, definition)
    except DefinitionError:
        return None


def _words(key: str, alone: str, at_place: str) -> Words:
    rule, _, bearer = key.partition("@")
    path = bearer.partition("+")[0]
    return Words(at_place, {"rule": rule, "path": path}) if path else Words(alone, {"rule": rule})


def _check(effect: RuleEffect, form: FormFiles) -> None:
    if effect.kind not in KINDS:
        raise EditError(gettext_noop("Wählen Sie, was die Regel bewirkt."))
    if not effect.condition.strip():
        raise EditError(gettext_noop("Schreiben Sie die Bedingung, zum Beispiel: has(answers.name)"))
    if effect.kind == "valid" and not effect.message.strip():
        raise EditError(
            gettext_noop("Schreiben Sie, was Antragstellende lesen, wenn ihre Angaben nicht stimmen.")
        )
    if effect.kind != "valid" or effect.target:
        form.known(effect.target)


class Rulebook:
    """The rules of a package and the form that they change, read once for any number of decisions.

    Raises `EditError` if the rules cannot be read.
    """

    def __init__(self, files: Files) -> None:
        try:
            self.entries = list(rulebook.read(files))
        except rulebook.RulebookError as error:
            raise EditError(gettext_noop("Die Regeln sind nicht lesbar: %(error)s."), error=error) from None
        self.form = FormFiles(files)
        self._rules = Blocks.read(files[RULES_FILE], RULES_FILE) if self.entries else None

    def confirm(self, key: str, effects: Tables) -> None:
        """Write what was understood of an open rule into the form. Raises `EditError` if it is another by now."""
        decision = _Decision(self, key)
        proposed = tuple(map(RuleEffect.of, effects))
        if not decision.open_entry().effects:
            raise EditError(
                gettext_noop(
                    "Zu dieser Regel gibt es keinen Vorschlag. Schreiben Sie selbst, was gelten soll."
                )
            )
        if decision.entry.effects != proposed:
            raise EditError(
                gettext_noop("Der Vorschlag zu dieser Regel ist inzwischen ein anderer. Sehen Sie ihn an.")
            )
        decision.write("applied", proposed)

    def block(self, place: int) -> Block:
        """The rule at a place as it stands in rules.toml."""
        return self._blocks()[place]

    def files(self) -> Files:
        """The package with the form and the rules as they are now."""
        files = self.form.write()
        return with_file(files, RULES_FILE, self._rules.write()) if self._rules else files

    def _blocks(self) -> Sequence[Block]:
        return self._rules.entries("rule") if self._rules else ()


class _Decision:
    """One rule of a package, and the form it changes."""

    def __init__(self, rules: Rulebook, key: str) -> None:
        place = next((number for number, entry in enumerate(rules.entries) if entry.key == key), None)
        if place is None:
            raise EditError(gettext_noop("Die Regel „%(rule)s“ gibt es nicht (mehr)."), rule=key)
        self._rules, self._place = rules, place
        self.form = rules.form
        self.block = rules.block(place)

    @property
    def entries(self) -> Sequence[RuleEntry]:
        """All rules, as they are decided by now."""
        return self._rules.entries

    @property
    def entry(self) -> RuleEntry:
        """The rule, as it was before this decision."""
        return self._rules.entries[self._place]

    def open_entry(self) -> RuleEntry:
        """The rule, if nothing is decided yet; raises `EditError`."""
        if self.entry.status != "open":
            raise EditError(
                gettext_noop(
                    "Über die Regel „%(rule)s“ ist schon entschieden. Öffnen Sie sie zuerst wieder."
                ),
                rule=self.entry.name or self.entry.id,
            )
        return self.entry

    def write(self, status: Status, effects: Sequence[RuleEffect], own: Tables = ()) -> None:
        """Put these effects into the form, and note what was written."""
        for effect in effects:
            if effect.kind != "valid":
                self.form.known(effect.target)
        written = [
            writing for writing in writings(self.entry.key, effects, self.form.tree) if self._put(writing)
        ]
        self.block.set("status", status)
        self.block.set("own", [dict(table) for table in own] or None)
        self.block.set("written", list(tables_of(written)) or None)
        self._rules.entries[self._place] = replace(self.entry, status=status, written=tuple(written))

    def _put(self, writing: RuleWriting) -> bool:
        """Write a part. False if a person had written it before: then it is not the rule's to take back."""
        if not writing.joint:
            return self._put_check(writing)
        table, key = self._table(writing.place)
        condition = str(table.values.get(key, ""))
        rest, limits = self._parts(writing.place, condition)
        if writing.joint == "and":
            is_there = writing.part in limits_in(condition, {writing.part})[1]
            if not is_there:
                limits.append(writing.part)
        else:
            is_there = holds_alternative(rest, writing.part)
            rest = with_alternative(rest, writing.part)
        if is_there:
            return self._is_shared(writing)
        table.set(key, with_limits(rest, limits))
        return True

    def _put_check(self, writing: RuleWriting) -> bool:
        check = self.form.form.entry("check", _name(writing))
        if check is not None:  # it stayed when the rule was opened again
            if dict(check.values) != _check_table(writing):
                raise EditError(
                    gettext_noop("Es gibt schon eine andere Prüfung „%(id)s“. Entfernen Sie erst diese."),
                    id=_name(writing),
                )
            return False
        check = self.form.form.new_entry("check")
        for key, value in _check_table(writing).items():
            check.set(key, value)
        return True

    def take_back(self, writing: RuleWriting) -> None:
        """Take a part out again, if no other rule needs it there; raises `EditError` if it is not as it was written."""
        if not writing.joint:
            self._take_check_back(writing)
            return
        table, key = self._table(writing.place)
        condition = str(table.values.get(key, ""))
        rest, limits = self._parts(writing.place, condition)
        if not (writing.part in limits if writing.joint == "and" else holds_alternative(rest, writing.part)):
            raise EditError(_CHANGED, path=_target(writing), condition=condition or "–")
        if self._is_shared(writing):
            return
        if writing.joint == "and":
            limits.remove(writing.part)
        else:
            rest = without_alternative(rest, writing.part)
        table.set(key, with_limits(rest, limits))
        self.form.form.drop_if_empty(table)

    def _take_check_back(self, writing: RuleWriting) -> None:
        check = self.form.form.entry("check", _name(writing))
        if check is None or dict(check.values) != _check_table(writing):
            raise EditError(_CHANGED_CHECK, id=_name(writing))
        self.form.form.remove(check)
        for blocks, table in list(self.form.translated("check", _name(writing))):
            blocks.remove(table)

    def _table(self, place: str) -> tuple[Block, str]:
        path, _, key = place.removeprefix("field:").rpartition("/")
        return self.form.form.table_or_new("field", path), key

    def _parts(self, place: str, condition: str) -> tuple[str, list[str]]:
        """A condition without the limits that rules put on it, and these."""
        known = {
            writing.part
            for entry in self.entries
            for writing in entry.written
            if writing.place == place and writing.joint == "and"
        }
        return limits_in(condition, known)

    def _is_shared(self, writing: RuleWriting) -> bool:
        return any(writing in entry.written for entry in self.entries if entry.key != self.entry.key)


def _name(writing: RuleWriting) -> str:
    return writing.place.removeprefix("check:")


def _check_table(writing: RuleWriting) -> dict[str, Any]:
    fields = {"fields": list(writing.fields)} if writing.fields else {}
    return {"id": _name(writing), "valid": writing.part, **fields, "message": writing.message}


def _target(writing: RuleWriting) -> str:
    return writing.place.removeprefix("field:").rpartition("/")[0]


_CHANGED = gettext_noop(
    "Was diese Regel an der Frage „%(path)s“ bewirkt, hat inzwischen jemand von Hand geändert. Dort steht jetzt: "
    "%(condition)s. Öffnen Sie die Regel, ohne das Formular zu ändern, oder stellen Sie die Bedingung erst wieder her."
)
_CHANGED_CHECK = gettext_noop(
    "Die Prüfung „%(id)s“, die diese Regel schrieb, hat inzwischen jemand von Hand geändert. Öffnen Sie die Regel, "
    "ohne das Formular zu ändern, oder nehmen Sie die Änderung der Prüfung erst zurück."
)
