"""Whose case it is, how it is found, and which cases may be the same."""

from __future__ import annotations

import hashlib
import json

from rathaus.cases.answers import current_answers, values_at
from rathaus.cases.models import Case
from rathaus.catalogue.info import ServiceInfo
from rathaus.rules.functions import folded


def describe(case: Case, service: ServiceInfo) -> None:
    """Set the applicant's name, the words for searching and the likeness on the case, without saving.

    `service.toml` says which answers these are: `applicant` is a list of alternatives, each a list of template paths
    read together, of which the first that was answered counts; `duplicates.same` are the paths that are equal in
    applications that may be the same.
    """
    answers = current_answers(case)
    case.applicant = ""
    for paths in service.raw.get("applicant", []):
        words = [str(value) for path in paths for value in values_at(answers, path)]
        if words:
            case.applicant = " ".join(words)[:200]
            break
    case.search = folded(f"{case.application.reference} {case.applicant}")[:300]
    same = [
        [folded(str(value)) for value in values_at(answers, path)]
        for path in service.raw.get("duplicates", {}).get("same", [])
    ]
    case.likeness = hashlib.sha256(json.dumps([service.key, same]).encode()).hexdigest() if any(same) else ""


def alike(case: Case) -> list[str]:
    """References of other cases of the active town whose applications may be the same, the oldest first."""
    if not case.likeness:
        return []
    others = Case.objects.filter(likeness=case.likeness).exclude(pk=case.pk).exclude(status="withdrawn")
    return list(others.order_by("opened_at").values_list("application__reference", flat=True)[:20])
