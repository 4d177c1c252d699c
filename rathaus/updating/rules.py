"""What was decided over FIM's rules goes along with them, as long as they say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rathaus.drafting import rulebook
from rathaus.drafting.rulebook import RULES_FILE, RuleEffect, RuleEntry, RuleWriting, entry_key
from rathaus.editing import EditError, Files, ReopenRule, Words
from rathaus.editing.edit import with_file
from rathaus.editing.words import gettext_noop
from rathaus.updating.loss import Loss
from rathaus.updating.renaming import Renaming

_DECIDED = ("applied", "written", "dismissed")


def without_outdated(
    files: Files, drafted: Iterable[RuleEntry], renaming: Renaming
) -> tuple[Files, list[Loss]]:
    """The package, in the old paths, without what rules wrote into it that FIM took out or worded otherwise."""
    new, losses = _by_key(drafted), list[Loss]()
    for entry in rulebook.read(files):
        other = new.get(_key(entry, renaming))
        if entry.status not in _DECIDED or (other and other.text == entry.text):
            continue
        try:
            files = ReopenRule.of(entry).apply(files)
        except EditError:
            files = ReopenRule.of(entry, keep=True).apply(files)
            words = gettext_noop(
                "Regel „%(rule)s“: Was von Hand daran geändert wurde, steht noch im Formular"
            )
            losses.append(Loss(Words(words, {"rule": entry.name or entry.id}), _said(entry)))
            continue
        if entry.status != "applied":
            words = (
                gettext_noop("Regel „%(rule)s“ lautet jetzt anders: Entscheiden Sie neu über sie")
                if other
                else gettext_noop("Regel „%(rule)s“ entfällt, und damit, was Sie über sie entschieden haben")
            )
            losses.append(Loss(Words(words, {"rule": entry.name or entry.id}), _said(entry)))
    return files, losses


def with_decisions(files: Files, drafted: Iterable[RuleEntry], renaming: Renaming) -> Files:
    """rules.toml of the new release with the decisions that hold; `files` are in the new paths but for rules.toml."""
    known = {_key(entry, renaming): entry for entry in rulebook.read(files)}
    entries = [
        _decided(entry, known[entry.key], renaming) if entry.key in known else entry for entry in drafted
    ]
    return with_file(files, RULES_FILE, rulebook.write(entries) if entries else None)


def _decided(entry: RuleEntry, old: RuleEntry, renaming: Renaming) -> RuleEntry:
    own = tuple(_effect(effect, renaming) for effect in old.own)
    if old.status not in _DECIDED:
        return replace(entry, own=own)
    return replace(
        entry,
        status=old.status,
        note=old.note,
        own=own,
        written=tuple(_writing(writing, renaming) for writing in old.written),
        effects=tuple(_effect(effect, renaming) for effect in old.effects)
        if old.status == "applied"
        else entry.effects,
    )


def _by_key(entries: Iterable[RuleEntry]) -> Mapping[str, RuleEntry]:
    return {entry.key: entry for entry in entries}


def _key(entry: RuleEntry, renaming: Renaming) -> str:
    """The name of a rule in the new release."""
    number = entry.key[len(entry_key(entry.id, entry.bearer)) :]
    return entry_key(entry.id, renaming.path(entry.bearer)) + number


def _said(entry: RuleEntry) -> str:
    conditions = (effect.condition for effect in (entry.own or entry.effects))
    return "\n".join(filter(None, (entry.note, *conditions)))


def _effect(effect: RuleEffect, renaming: Renaming) -> RuleEffect:
    scope = renaming.scope(effect.fields[0] if effect.fields else effect.target)
    return replace(
        effect,
        target=renaming.path(effect.target),
        condition=renaming.rule(effect.condition, scope),
        fields=tuple(map(renaming.path, effect.fields)),
    )


def _writing(writing: RuleWriting, renaming: Renaming) -> RuleWriting:
    kind, _, rest = writing.place.partition(":")
    path, slash, key = rest.rpartition("/")
    scope = renaming.scope(writing.fields[0] if writing.fields else path)
    place = f"{kind}:{renaming.path(path)}{slash}{key}" if kind == "field" else writing.place
    fields = tuple(map(renaming.path, writing.fields))
    return replace(writing, place=place, part=renaming.rule(writing.part, scope), fields=fields)
