"""The door of the audit log: write an act, read who did what, prove that nothing was changed.

Acts of *people* belong here (signing in, opening a case, deciding, changing a role); what machines do for a case is
its timeline. Each town has a chain of its own: every entry carries the hash of the one before, so a row that was
changed, removed or slipped in afterwards breaks the chain at that place. Database triggers refuse such changes in
the first place; the chain shows them if somebody with the database's own keys made them all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from rathaus.audit.models import ActorKind, AuditEntry
from rathaus.towns.context import current_town

# First key of PostgreSQL's two-part advisory locks: "audit log"; the second part is the town.
_CHAIN_LOCK = 0x61756469


@dataclass(frozen=True)
class ChainReport:
    """What checking a town's chain found."""

    entries: int  # how many were checked
    head: str  # hash of the last intact entry: note it elsewhere to notice if the end is ever cut off
    broken_at: int | None  # primary key of the first entry that does not fit, or None if all do

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def write(
    action: str,
    subject_type: str,
    subject: object,
    *,
    actor: AbstractBaseUser | AnonymousUser | None = None,
    actor_kind: ActorKind | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add one act of the active town to the log, in the caller's transaction if there is one.

    `subject` is the public reference or primary key of what the act was about; `detail` holds JSON values and never
    content of a case. Without `actor_kind` it is a person if `actor` is given, else the machine.

    Entries of a town are written one after the other until the transaction ends, so in a longer transaction let
    this be the last thing it does.
    """
    person = actor if actor is not None and actor.is_authenticated else None
    town = current_town()
    with transaction.atomic():
        _queue_up(town.pk)
        previous = AuditEntry.objects.order_by("-pk").values_list("hash", flat=True).first() or ""
        entry = AuditEntry(
            town=town,
            at=timezone.now(),
            actor_id=person.pk if person else None,
            actor_kind=actor_kind or (ActorKind.PERSON if person else ActorKind.MACHINE),
            action=action,
            subject_type=subject_type,
            subject=str(subject),
            # As the database will give it back, so that the hash is the same when it is read again.
            detail=json.loads(json.dumps(detail or {})),
            previous_hash=previous,
        )
        entry.hash = _hash(entry)
        entry.save(force_insert=True)
    return entry


def _queue_up(town_id: int) -> None:
    """Let nobody else add to this town's chain before this transaction ends. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CHAIN_LOCK, town_id])


def _hash(entry: AuditEntry) -> str:
    at: datetime = entry.at
    content = {
        "town": entry.town_id,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "actor_kind": str(entry.actor_kind),
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject": entry.subject,
        "detail": entry.detail,
        "previous": entry.previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify_chain() -> ChainReport:
    """Read the active town's whole log and check every link."""
    head, count = "", 0
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=1000):
        if entry.previous_hash != head or entry.hash != _hash(entry):
            return ChainReport(count, head, entry.pk)
        head, count = entry.hash, count + 1
    return ChainReport(count, head, None)


def entries(
    *, subject_type: str | None = None, subject: object = None, actor_id: int | None = None, action: str = ""
) -> QuerySet[AuditEntry]:
    """The active town's entries, newest first, with their actors; `action` may be the beginning of one."""
    found = AuditEntry.objects.select_related("actor").order_by("-pk")
    if subject_type is not None:
        found = found.filter(subject_type=subject_type)
    if subject is not None:
        found = found.filter(subject=str(subject))
    if actor_id is not None:
        found = found.filter(actor_id=actor_id)
    if action:
        found = found.filter(action__startswith=action)
    return found
