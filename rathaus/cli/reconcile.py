"""`rathaus reconcile`: whether everything that was accepted is still there and on its way; repairs what is not."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rathaus.towns.models import Town


@dataclass(frozen=True)
class Balance:
    """One service on one day: accepted = decided + in work + withdrawn."""

    town: str
    service: str
    day: date
    accepted: int
    decided: int
    in_work: int
    withdrawn: int

    @property
    def missing(self) -> int:
        """How many were accepted and are nowhere."""
        return self.accepted - self.decided - self.in_work - self.withdrawn


@dataclass
class Report:
    """What was found. `hanging` maps a kind of fault to what it was found at; all of it has been repaired."""

    balances: list[Balance] = field(default_factory=list)
    hanging: dict[str, list[str]] = field(default_factory=dict)
    failing: list[dict[str, object]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Nothing was missing and nothing hung. What failed and will be tried again is not missing."""
        return not self.hanging and not any(balance.missing for balance in self.balances)

    def found(self, fault: str, subjects: list[str]) -> None:
        """Note what was found."""
        if subjects:
            self.hanging.setdefault(fault, []).extend(subjects)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `reconcile`."""
    parser = commands.add_parser(
        "reconcile", help="accepted = decided + in work + withdrawn; lists and repairs what hangs"
    )
    parser.add_argument("--town", metavar="SLUG", help="only this town (default: all)")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the report; exit code 1 if anything was missing, also if it has been repaired."""
    from rathaus.towns.models import Town

    towns = Town.objects.order_by("slug")
    if arguments.town:
        towns = towns.filter(slug=arguments.town)
        if not towns:
            raise SystemExit(f"rathaus reconcile: there is no town {arguments.town!r}")
    report = reconcile(list(towns))
    if arguments.json:
        print(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
    else:
        _print(report)
    return 0 if report.complete else 1


def reconcile(towns: list[Town]) -> Report:
    """Count and repair, town by town."""
    from rathaus.delivery.service import failing
    from rathaus.towns.context import acting_for

    report = Report()
    for town in towns:
        with acting_for(town):
            _repair(report)
            report.balances += _balances(town.slug)
            report.failing += [
                {
                    "town": town.slug,
                    "kind": row.kind,
                    "subject": row.subject,
                    "tries": row.attempts,
                    "error": row.last_error,
                }
                for row in failing()
            ]
    return report


def _balances(town: str) -> list[Balance]:
    from django.db.models import Count, F, Q
    from django.db.models.functions import TruncDate

    from rathaus.applications.models import Application
    from rathaus.cases.models import CaseStatus

    in_work = [CaseStatus.RECEIVED, CaseStatus.IN_WORK, CaseStatus.WAITING]
    rows = (
        Application.objects.values(key=F("service__key"), day=TruncDate("received_at"))
        .annotate(
            accepted=Count("pk"),
            decided=Count("pk", filter=Q(case__status=CaseStatus.DECIDED)),
            in_work=Count("pk", filter=Q(case__status__in=in_work)),
            withdrawn=Count("pk", filter=Q(case__status=CaseStatus.WITHDRAWN)),
        )
        .order_by("key", "day")
    )
    return [
        Balance(
            town, row["key"], row["day"], row["accepted"], row["decided"], row["in_work"], row["withdrawn"]
        )
        for row in rows
    ]


def _repair(report: Report) -> None:
    """Open cases that are missing, and promise again what every app says should be on its way."""
    from rathaus.delivery.service import sweep_town

    report.found("application without case", _open_missing_cases())
    for kind, subjects in sweep_town().items():
        report.found(f"lost hand-over {kind}", subjects)


def _open_missing_cases() -> list[str]:
    from django.db import transaction

    from rathaus.applications.models import Application
    from rathaus.cases.intake import open_case
    from rathaus.catalogue.service import package_of

    found = []
    for application in Application.objects.filter(case=None).select_related("service"):
        with transaction.atomic():
            open_case(package_of(application.service), application)
        found.append(application.reference)
    return found


def _as_json(report: Report) -> dict[str, object]:
    return {
        "complete": report.complete,
        "balances": [
            {**asdict(balance), "day": balance.day.isoformat(), "missing": balance.missing}
            for balance in report.balances
        ],
        "hanging": report.hanging,
        "failing": report.failing,
    }


def _print(report: Report) -> None:
    print(
        f"{'town':<14}{'service':<22}{'day':<12}{'accepted':>9}{'decided':>9}{'in work':>9}{'withdrawn':>11}"
    )
    for row in report.balances:
        mark = "" if not row.missing else f"  MISSING {row.missing}"
        print(
            f"{row.town:<14}{row.service:<22}{row.day.isoformat():<12}"
            f"{row.accepted:>9}{row.decided:>9}{row.in_work:>9}{row.withdrawn:>11}{mark}"
        )
    for fault, subjects in report.hanging.items():
        print(f"repaired: {fault}: {', '.join(subjects[:20])}{' …' if len(subjects) > 20 else ''}")
    for failed in report.failing:
        print("failing: {town} {kind} {subject}, {tries} tries: {error}".format_map(failed))
    print("complete" if report.complete else "not complete: run again once the worker has caught up")
