"""Rules of a rulebook that contradict each other, said with the answers that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rathaus.drafting.findings import DraftFinding, gettext_noop
from rathaus.drafting.rulebook import RuleEntry
from rathaus.forms.tree import FieldNode, SchemaTree
from rathaus.freetext.contradictions import Contradiction, Wish, contradictions
from rathaus.said import Said, in_words_of, said

GERMAN: Mapping[str, str] = {
    "%(before)s; %(answer)s": "%(before)s; %(answer)s",
    "“%(label)s” is not answered": "„%(label)s“ ist nicht beantwortet",
    "“%(label)s” is answered": "„%(label)s“ ist beantwortet",
    "“%(label)s” is yes": "„%(label)s“ ist Ja",
    "“%(label)s” is no": "„%(label)s“ ist Nein",
    "“%(label)s” is “%(value)s”": "„%(label)s“ ist „%(value)s“",
    "always": "immer",
}
"""How the answers that show a contradiction are said in German."""


def contradictions_among(tree: SchemaTree, rules: Sequence[RuleEntry]) -> tuple[Contradiction, ...]:
    """What contradicts each other among what rules do, or are proposed to do; what is dismissed or doubted is not."""
    return contradictions(
        tree,
        [
            Wish(rule.key, effect.kind, effect.target, effect.condition)
            for rule in rules
            if rule.status != "dismissed" and not rule.is_doubted
            for effect in (rule.own if rule.status == "written" else rule.effects)
        ],
    )


def contradiction_findings(tree: SchemaTree, rules: Sequence[RuleEntry]) -> list[DraftFinding]:
    """The contradictions of a draft's rules, as findings."""
    names = {rule.key: f"{rule.name} {rule.id}".strip() for rule in rules}
    findings = []
    for found in contradictions_among(tree, rules):
        values = {
            "first": names[found.first.who],
            "second": names[found.second.who] if found.second else "",
            "target": tree.nodes[found.first.target].label if found.first.target else "",
            "answers": in_words_of(GERMAN, answers_said(tree, found.answers)),
        }
        text = _AGAINST_SCHEMA if found.second is None else _TOGETHER
        if found.second is not None and found.first.kind == "valid":
            text = _NEVER_TOGETHER
        findings.append(DraftFinding("rule.contradiction", text, values, found.first.target))
    return findings


def answers_said(tree: SchemaTree, answers: Sequence[tuple[str, Any]]) -> Said:
    """Example answers as a sentence, with the labels of the schema."""
    parts = [_answer(tree, address, value) for address, value in answers]
    if not parts:
        return said("always")
    sentence = parts[0]
    for part in parts[1:]:
        sentence = said("%(before)s; %(answer)s", before=sentence, answer=part)
    return sentence


def _answer(tree: SchemaTree, address: str, value: Any) -> Said:
    node = tree.nodes[address]
    label = node.label
    if value is None:
        return said("“%(label)s” is not answered", label=label)
    if isinstance(node, FieldNode) and node.is_choice:
        index = node.code_index.get(str(value))
        name = node.codes[index].name if index is not None else str(value)
        return said("“%(label)s” is “%(value)s”", label=label, value=name)
    if not isinstance(node, FieldNode) or node.is_file or node.repeatable:
        return said("“%(label)s” is answered", label=label)
    if value is True:
        return said("“%(label)s” is yes", label=label)
    if value is False:
        return said("“%(label)s” is no", label=label)
    return said("“%(label)s” is “%(value)s”", label=label, value=str(value))


_TOGETHER = gettext_noop(
    "Die Regel „%(first)s“ verlangt „%(target)s“, die Regel „%(second)s“ verbietet die Angabe. Beides gilt zugleich "
    "bei diesen Antworten: %(answers)s."
)
_AGAINST_SCHEMA = gettext_noop(
    "Die Regel „%(first)s“ verbietet „%(target)s“, das Datenschema verlangt die Angabe immer. Das trifft zusammen bei "
    "diesen Antworten: %(answers)s."
)
_NEVER_TOGETHER = gettext_noop(
    "Die Regeln „%(first)s“ und „%(second)s“ lassen sich nicht zugleich einhalten. Bei diesen Antworten gilt zum "
    "Beispiel nur die erste: %(answers)s."
)
