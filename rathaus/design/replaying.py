"""Replaying: what a design would make of the town's past applications, beside the version that is live.

A worker does it in slices. Each slice is computed outside of any transaction from what is only read, and written with
the place it came to in one: a worker that is killed loses one slice at most, and two that do the same write it once.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from rathaus.applications.models import Application
from rathaus.audit import service as audit
from rathaus.cases.models import Case
from rathaus.catalogue import service as catalogue
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package, PackageError
from rathaus.catalogue.packing import unpack
from rathaus.delivery.service import chore, handler, promise, should_exist
from rathaus.design.changing import newest
from rathaus.design.models import Design, Replay, ReplayedApplication, Revision
from rathaus.people.models import User
from rathaus.processes.checks import check_process
from rathaus.processes.replaying import Outcome, differing, outcome_of, past_of
from rathaus.towns.service import rule_context

SLICE = 20  # applications at once: about half a second of a worker
MOST = 1000
KEPT_FOR = timedelta(days=30)


class NothingToReplayError(ValueError):
    """The service has no version to compare with, or no application in this time."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What came of the next applications of a replay that had come to `cursor`."""

    replay: int
    cursor: int | None
    last: int | None  # the application run last; None: there was none left
    count: int
    different: tuple[ReplayedApplication, ...]


def start_replay(design: Design, *, by: User, since: date | None, most: int) -> Replay:
    """Promise to run the town's applications since a day, at most so many, through the newest revision.

    What was found for the design before is forgotten. Raises `PackageError` if the design cannot be run,
    `NothingToReplayError`.
    """
    revision = newest(design)
    package = _package_of(revision)
    if faults := check_process(package):
        raise PackageError(list(faults))
    version = _compared_with(design.key)
    total = min(most, MOST, _applications(design.key, since).count())
    if version is None or not total:
        raise NothingToReplayError(design.key)
    with transaction.atomic():
        Replay.objects.filter(design=design).delete()
        replay: Replay = Replay.objects.create(
            design=design,
            revision=revision,
            version=version,
            asked_by=by,
            asked_at=timezone.now(),
            since=since,
            total=total,
        )
        promise("design.replay", replay.pk)
        audit.write(
            "design.replayed",
            "design",
            design.pk,
            actor=by,
            detail={"key": design.key, "revision": revision.number, "applications": total},
        )
    return replay


def _compared_with(key: str) -> ServiceVersion | None:
    """The live version; of a service that is not offered now, the one it had last."""
    found = catalogue.live(key)
    if found is None:
        rows = ServiceVersion.objects.filter(key=key, live_from__lte=timezone.now())
        found = rows.defer("package").order_by("-live_from", "-number").first()
    return found


def _applications(key: str, since: date | None) -> QuerySet[Application]:
    rows: QuerySet[Application] = Application.objects.filter(service__key=key)
    if since is not None:
        rows = rows.filter(received_at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    return rows


def _package_of(revision: Revision) -> Package:
    return catalogue.package_with(revision.content_hash, lambda: unpack(bytes(revision.package)))


def last_replay(design: Design) -> Replay | None:
    """What was asked last about the design, running or finished."""
    rows = Replay.objects.filter(design=design).select_related("revision", "version", "asked_by")
    found: Replay | None = rows.defer("revision__package", "version__package").order_by("-asked_at").first()
    return found


def replayed_packages(replay: Replay) -> tuple[Package, Package]:
    """What was compared: the version that was live, and the design."""
    return catalogue.package_of(replay.version), _package_of(replay.revision)


def is_stale(replay: Replay) -> bool:
    """Whether the design or the live version has changed since."""
    live = _compared_with(replay.design.key)
    return newest(replay.design).pk != replay.revision_id or live is None or live.pk != replay.version_id


def _keep(found: Slice | None) -> None:
    """Write down a slice, and promise the next one. Whoever comes second with the same slice writes nothing."""
    if found is None:
        return
    row = Replay.objects.select_for_update().filter(pk=found.replay, finished_at=None).first()
    if row is None or row.cursor != found.cursor:
        return
    ReplayedApplication.objects.bulk_create(found.different)
    row.done += found.count
    row.cursor = found.last if found.last is not None else row.cursor
    if found.last is None or row.done >= row.total:
        row.finished_at = timezone.now()
        row.total = row.done  # an application may have been deleted meanwhile
    else:
        promise("design.replay", row.pk)
    row.save(update_fields=["done", "cursor", "finished_at", "total"])


@handler("design.replay", commit=_keep)
def replay_slice(subject: str) -> Slice | None:
    """Run the next applications of a replay; None if it is finished or was forgotten."""
    replay = (
        Replay.objects.select_related("design", "revision", "version")
        .filter(pk=int(subject), finished_at=None)
        .first()
    )
    if replay is None:
        return None
    rows = _applications(replay.design.key, replay.since).order_by("-pk")
    if replay.cursor is not None:
        rows = rows.filter(pk__lt=replay.cursor)
    wanted = list(rows.values_list("pk", flat=True)[: min(SLICE, replay.total - replay.done)])
    cases = (
        Case.objects.filter(application__in=wanted).select_related("application").prefetch_related("steps")
    )
    live, design = replayed_packages(replay)
    compared = (_compared(replay, case, live, design) for case in cases)
    return Slice(
        replay.pk,
        replay.cursor,
        wanted[-1] if wanted else None,
        len(wanted),
        tuple(one for one in compared if one is not None),
    )


def _compared(replay: Replay, case: Case, live: Package, design: Package) -> ReplayedApplication | None:
    past = past_of(case)
    context = rule_context(timezone.localdate(case.application.received_at))
    before, after = (outcome_of(package, past, context) for package in (live, design))
    aspects = differing(before, after)
    if not aspects:
        return None
    sides = [_told(outcome, aspects) for outcome in (before, after)]
    return ReplayedApplication(
        replay=replay,
        application=case.application,
        aspects=list(aspects),
        before=sides[0],
        after=sides[1],
        likeness=hashlib.sha256(json.dumps([aspects, *sides], sort_keys=True).encode()).hexdigest(),
    )


def _told(outcome: Outcome, aspects: Iterable[str]) -> Outcome:
    """Only what differs: the rest of an outcome is nobody's business here."""
    wanted = {*aspects, "valid", "errors"}
    return {key: value for key, value in outcome.items() if key in wanted}


@should_exist("design.replay")
def unfinished_replays() -> list[int]:
    """Every replay that was asked for and has not come to its end."""
    return list(Replay.objects.filter(finished_at=None).values_list("pk", flat=True))


@chore("design.discard_replays", every=timedelta(hours=12))
def discard_replays() -> int:
    """Delete what replays of the active town found some weeks ago; returns their number."""
    old = Replay.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR)
    count: int = old.count()
    old.delete()
    return count


@dataclass(frozen=True, slots=True)
class Alike:
    """Applications of which a replay makes the same other thing."""

    aspects: tuple[str, ...]
    before: Outcome
    after: Outcome
    count: int
    cases: tuple[Case, ...]  # the newest, with reference and office


def differences_of(replay: Replay, *, most: int = 30, shown: int = 50) -> list[Alike]:
    """The `most` frequent differences, the most frequent first; of each the newest cases, `shown` at most."""
    rows = list(ReplayedApplication.objects.filter(replay=replay).order_by("-application_id"))
    alike: dict[str, list[ReplayedApplication]] = {}
    for row in rows:
        alike.setdefault(row.likeness, []).append(row)
    frequent = sorted(alike.values(), key=len, reverse=True)[:most]
    wanted = [row.application_id for group in frequent for row in group[:shown]]
    cases = {
        case.application_id: case
        for case in Case.objects.filter(application__in=wanted)
        .select_related("application", "office")
        .defer("facts", "application__answers")
    }
    return [
        Alike(
            tuple(group[0].aspects),
            group[0].before,
            group[0].after,
            len(group),
            tuple(cases[row.application_id] for row in group[:shown] if row.application_id in cases),
        )
        for group in frequent
    ]


def numbers_of(replay: Replay) -> dict[str, int]:
    """How many applications differ (`all`), and in which aspect how many."""
    found = Counter[str]()
    for aspects in ReplayedApplication.objects.filter(replay=replay).values_list("aspects", flat=True):
        found.update(["all", *aspects])
    return dict(found)
