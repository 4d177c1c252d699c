"""The rules of a draft: what is understood of a schema's sentences, and what FITKO's translations add to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rathaus.drafting.contradictions import GERMAN, answers_said, contradictions_among
from rathaus.drafting.findings import DraftFinding, gettext_noop
from rathaus.drafting.paging import clean
from rathaus.drafting.rulebook import RuleEffect, RuleEntry, distinct, entry_key
from rathaus.drafting.walking import rules_of
from rathaus.forms.tree import CodeSource, SchemaTree
from rathaus.freetext import Coverage, Effect, RuleReading, from_condition_trees, read_rules
from rathaus.said import in_words_of
from rathaus.standards.xdatenfelder.model import Schema
from rathaus.standards.xdatenfelder.translatedrules import for_schema

TRANSLATED = "Übersetzung der FITKO"
"""What a rule is called that comes from a translation: these have no name of their own."""


def proposed_rules(schema: Schema, lists: Mapping[str, CodeSource]) -> tuple[RuleEntry, ...]:
    """The schema's rules: what is understood stands there as a proposal until a person confirms it."""
    read = {(reading.rule_id, reading.bearer, reading.text): reading for reading in read_rules(schema, lists)}
    entries = []
    for bearer, rule in rules_of(schema):
        reading = read[rule.id, bearer, rule.text]
        entries.append(
            RuleEntry(
                key=entry_key(rule.id, bearer),
                id=rule.id,
                version=rule.version or "",
                name=clean(rule.name),
                text=rule.text.strip(),
                bearer=bearer,
                status="ensured" if reading.status == "ensured" else "open",
                effects=tuple(map(_proposed, reading.effects)),
                reason=reading.reason,
            )
        )
    return distinct(entries)


def with_translations(
    rules: tuple[RuleEntry, ...],
    translations: Sequence[Mapping[str, Any]],
    schema: Schema,
    tree: SchemaTree,
    lists: Mapping[str, CodeSource],
) -> tuple[tuple[RuleEntry, ...], DraftFinding]:
    """The rules, and behind them every translation that does more than these; and what became of the translations.

    A translation that is not understood stays open with the reason. One that contradicts another rule has a reason,
    too: its effects are proposed, and nobody may take them for certain.
    """
    known = {tree.root.id, *(node.id for node in tree.nodes.values())}
    own = [entry for entry in for_schema(translations, schema.id) if entry["rule_id"] in known]
    added = list(_added(rules, from_condition_trees(own, schema, code_lists=lists), tree))
    joined = distinct((*rules, *added))
    doubts = _doubts(joined, joined[len(rules) :], tree)
    values = {"given": str(len(translations)), "own": str(len(own)), "new": str(len(added))}
    return (
        tuple(replace(entry, reason=doubts.get(entry.key, entry.reason)) for entry in joined),
        DraftFinding("rule.translated", _BECAME, values, severity="hint" if own else "warning"),
    )


def _added(
    rules: Sequence[RuleEntry], readings: Iterable[RuleReading], tree: SchemaTree
) -> Iterator[RuleEntry]:
    coverage = Coverage(tree)
    for known in (effect for rule in rules for effect in rule.effects):
        coverage.add(known.kind, known.target, known.condition)
    for reading in readings:
        effects = [effect for effect in reading.effects if not coverage.covers(effect)]
        for effect in effects:
            coverage.add(effect.kind, effect.target, effect.condition)
        if effects or reading.status == "open":
            yield RuleEntry(
                key=entry_key(reading.rule_id, reading.bearer),
                id=reading.rule_id,
                version="",
                name=TRANSLATED,
                text=reading.text.strip(),
                bearer=reading.bearer,
                status="open",
                effects=tuple(map(_proposed, effects)),
                reason=reading.reason,
            )


def _doubts(rules: Sequence[RuleEntry], added: Sequence[RuleEntry], tree: SchemaTree) -> dict[str, str]:
    """Why translations are not certain, by the keys of their rules: the answers with which others say the opposite."""
    texts = {rule.key: rule.text or rule.name or rule.id for rule in rules}
    translated = {rule.key for rule in added}
    doubts: dict[str, str] = {}
    for found in contradictions_among(tree, rules):
        if found.second is None:
            continue  # what the schema always demands is often modelled so, and said among the findings
        answers = in_words_of(GERMAN, answers_said(tree, found.answers))
        pair = (found.first.who, found.second.who)
        for who, other in (pair, pair[::-1]):
            if who in translated:
                doubts.setdefault(who, _DOUBT % {"other": texts[other], "answers": answers})
    return doubts


def _proposed(effect: Effect) -> RuleEffect:
    return RuleEffect(effect.kind, effect.target, effect.condition, effect.message, effect.fields)


_BECAME = gettext_noop(
    "Übersetzte Regeln: %(given)s gelesen, davon %(own)s zu Elementen dieses Datenschemas; neu vorgeschlagen: %(new)s."
)
_DOUBT = "Sie widerspricht einer anderen Regel („%(other)s“), zum Beispiel bei diesen Antworten: %(answers)s."
