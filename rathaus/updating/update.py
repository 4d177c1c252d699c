"""Taking a new release in: draft both releases the same way, and bring the town's work and FIM's changes together."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rathaus.drafting import CodeListStore, rulebook
from rathaus.drafting.own import is_own
from rathaus.drafting.rulebook import RULES_FILE, RuleEntry
from rathaus.drafting.source import draft_from_document
from rathaus.editing import EditError, Files, confirm_understood
from rathaus.editing.code_lists import with_code_lists
from rathaus.editing.differences.difference import Difference
from rathaus.editing.differences.schema import schemata, stand_of
from rathaus.editing.edit import with_file
from rathaus.editing.parts import SERVICE_FILE, key_of
from rathaus.editing.rules import compiled_form
from rathaus.editing.words import gettext_noop
from rathaus.forms.definition import FORM_FILE
from rathaus.forms.tree import SCHEMA_FILE, SchemaTree
from rathaus.merging.conflict import Choices, Conflict, Side
from rathaus.merging.package import merge
from rathaus.standards.xdatenfelder.model import Schema
from rathaus.standards.xdatenfelder.reader import XdfError, read_schema
from rathaus.standards.xdatenfelder.writer import write_schema
from rathaus.updating.examples import with_examples
from rathaus.updating.form import asked_in, with_new, with_rules_that_run, with_wording, without_vanished
from rathaus.updating.loss import Loss
from rathaus.updating.renaming import Renaming, renamed
from rathaus.updating.rules import with_decisions, without_outdated
from rathaus.updating.schema import with_own, without_own

# What the update itself brings together; other files are merged as whole files are.
_OWN_WAY = (SCHEMA_FILE, FORM_FILE, RULES_FILE, "examples/", "codelists/", "texts/form.", "texts/state.toml")


class NothingNewError(ValueError):
    """The file is the release that the service has already."""


class OtherSchemaError(ValueError):
    """The file is another schema than the one the service was drafted from; `given` and `known` are their ids."""

    def __init__(self, given: str, known: str) -> None:
        self.given, self.known = given, known
        super().__init__(f"{given} is not {known}")


class NotFromFimError(ValueError):
    """The service asks only for fields the town modelled itself: FIM has no newer release of them."""


@dataclass(frozen=True, slots=True)
class Update:
    """The service with the new release. `changes` are FIM's; `losses` what does not go on as it was.

    `conflicts` are places that both changed and nobody has chosen for yet: there, `files` have the town's side.
    `open_rules` are those that a person has to decide over.
    """

    files: Files
    before: str  # id and version of the schema
    after: str
    changes: tuple[Difference, ...]
    losses: tuple[Loss, ...]
    conflicts: tuple[Conflict, ...]
    open_rules: tuple[RuleEntry, ...]


def update(
    files: Files,
    document: bytes,
    *,
    today: date,
    code_lists: Mapping[str, bytes] | None = None,
    choices: Mapping[str, Side] | None = None,
    other_schema: bool = False,
) -> Update:
    """A service's package with a newer XDatenfelder document (2.0 or 3.0.0); `code_lists` are further genericode files.

    Raises `XdfError` for anything that is no readable schema, `DraftError` if it asks for nothing, `EditError` if the
    package cannot be read, `NothingNewError`, `NotFromFimError`, and `OtherSchemaError` unless `other_schema`.
    """
    town = _schema(files)
    if is_own(town.id):
        raise NotFromFimError
    key, office = key_of(files), str(tomllib.loads(files[SERVICE_FILE].decode("utf-8")).get("office", ""))
    store = CodeListStore.of_package(files)
    for name, content in (code_lists or {}).items():
        store.add(name, content)
    old = without_own(town)
    drafted = draft_from_document(document, today=today, key=key, code_lists=store, office=office)
    new = read_schema(drafted.files[SCHEMA_FILE])
    if new.id != old.id and not other_schema:
        raise OtherSchemaError(new.id, old.id)
    if new == old and not code_lists:
        raise NothingNewError
    before = draft_from_document(write_schema(old), today=today, key=key, code_lists=store, office=office)
    content, losses = with_own(drafted.files[SCHEMA_FILE], town)
    renaming = Renaming(SchemaTree.build(town), SchemaTree.build(read_schema(content)))
    made = Choices(choices or {})
    old_form = compiled_form(files)

    result, lost = without_outdated(files, drafted.rules, renaming)
    losses += lost
    asked = asked_in(result, renaming)
    result, lost = without_vanished(result, renaming)
    losses += lost
    result = with_file(renamed(result, renaming), SCHEMA_FILE, content)
    result = with_new(result, drafted.files, renaming, asked)
    base = renamed(before.files, renaming)
    result = with_wording(result, base, drafted.files, renaming, made)
    result = with_decisions(result, drafted.rules, renaming)
    result, lost = with_rules_that_run(result)
    losses += lost
    merged = merge(_rest(base), _rest(result), _rest(drafted.files), choices)
    result = {**{name: part for name, part in result.items() if not _is_rest(name)}, **merged.files}
    result = with_code_lists(result, code_lists or {}).files
    form = compiled_form(result)
    if old_form and form:
        result, lost = with_examples(result, old_form, form)
        understood = confirm_understood(result)
        if understood.confirmed and (confirmed := compiled_form(understood.files)):
            result, lost = with_examples(understood.files, form, confirmed)
        losses += lost
    return Update(
        files=dict(sorted(result.items())),
        before=stand_of(town),
        after=stand_of(new),
        changes=tuple(schemata(old, new, texts=True)),
        losses=tuple(losses),
        conflicts=(*made.open, *merged.conflicts),
        open_rules=tuple(rule for rule in rulebook.read(result) if rule.status == "open"),
    )


def _schema(files: Files) -> Schema:
    try:
        return read_schema(files.get(SCHEMA_FILE, b""))
    except XdfError as error:
        raise EditError(
            gettext_noop("Die Datenfelder (schema.xdf.xml) sind nicht lesbar: %(error)s."),
            error=error.message,
        ) from None


def _is_rest(name: str) -> bool:
    return not name.startswith(_OWN_WAY)


def _rest(files: Files) -> Files:
    return {name: content for name, content in files.items() if _is_rest(name)}
