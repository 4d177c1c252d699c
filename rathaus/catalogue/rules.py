"""Checking the rulebook of a package: that it can be read, and that its rules do not contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from rathaus.catalogue.package import Package, Problem
from rathaus.drafting import rulebook
from rathaus.drafting.contradictions import answers_said, contradictions_among
from rathaus.said import said


def check_rules(package: Package) -> list[Problem]:
    """What is wrong with rules.toml; contradictions are warnings with the answers that show them."""
    try:
        rules = rulebook.read(package.files)
    except rulebook.RulebookError as error:
        return [
            Problem(
                rulebook.RULES_FILE,
                "the file",
                "rulebook",
                said("The rules cannot be read: %(error)s.", error=error),
                "Take back the last change to it.",
                "error",
            )
        ]
    return list(_contradictions(package, rules))


def _contradictions(package: Package, rules: tuple[rulebook.RuleEntry, ...]) -> Iterator[Problem]:
    names = {rule.key: f"{rule.name} {rule.id}".strip() for rule in rules}
    for found in contradictions_among(package.tree, rules):
        first, target = names[found.first.who], found.first.target
        label = package.tree.nodes[target].label if target else ""
        answers = answers_said(package.tree, found.answers)
        if found.second is None:
            message = said(
                "The rule “%(first)s” forbids “%(target)s”, the schema always demands it. "
                "Both meet with these answers: %(answers)s.",
                first=first,
                target=label,
                answers=answers,
            )
        elif found.first.kind == "valid":
            message = said(
                "The rules “%(first)s” and “%(second)s” cannot be kept together. "
                "With these answers, for example, only the first holds: %(answers)s.",
                first=first,
                second=names[found.second.who],
                answers=answers,
            )
        else:
            message = said(
                "The rule “%(first)s” demands “%(target)s”, the rule “%(second)s” forbids it. "
                "Both are so with these answers: %(answers)s.",
                first=first,
                target=label,
                second=names[found.second.who],
                answers=answers,
            )
        yield Problem(
            rulebook.RULES_FILE,
            target or "the file",
            "rule-contradiction",
            message,
            "Change or dismiss one of the rules.",
            "warning",
        )
