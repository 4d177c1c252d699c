"""Changing a design: one revision after the other, whoever writes; nobody's work is lost."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.catalogue.packing import content_hash, pack, unpack
from rathaus.design.models import Design, Revision
from rathaus.editing import ChangeFiles, Edit, EditError, Files, Words, edit_from_json, meet, to_json
from rathaus.editing.form import FormFiles
from rathaus.editing.naming import with_names
from rathaus.editing.places import text_at
from rathaus.editing.words import gettext_noop
from rathaus.people.models import User

_TRIES = 20


class ReasonMissingError(ValueError):
    """Every change says why it was made."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The edit is in the design."""

    revision: Revision
    # Revisions of others since the one the author saw; the edit was made again on top of them.
    others: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """One place that two people changed: what stood there, what stands there now, what the author wants."""

    place: str
    before: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was changed: somebody else changed the same place since the revision the author saw.

    `edit` and `reason` are the author's, whole: `change(…, over=True)` makes the edit all the same.
    """

    edit: Edit
    reason: str
    others: tuple[Revision, ...]  # those that meet the edit, the oldest first
    clashes: tuple[Clash, ...]
    error: Words | None = None  # why the edit cannot be made on the newest state, if that is so


def newest(design: Design) -> Revision:
    """The design's newest revision."""
    found: Revision = design.revisions.order_by("-number")[:1].get()
    return found


def files_of(design: Design, number: int | None = None) -> Files:
    """The files of the newest revision, or of one by its number (raises `Revision.DoesNotExist`)."""
    revision = newest(design) if number is None else design.revisions.get(number=number)
    return unpack(bytes(revision.package))


def edit_of(revision: Revision) -> Edit | None:
    """The edit that made the revision; None for the first."""
    return edit_from_json(revision.edit) if revision.edit else None


def first_revision(design: Design, files: Files, *, by: User, reason: str, summary: Words) -> Revision:
    """Write down what a design begins with."""
    return _write(design, 1, files, by=by, reason=reason, summary=str(summary))


def change(
    design: Design, edit: Edit, *, base_revision: int, by: User, reason: str, over: bool = False
) -> Changed | Conflict:
    """Make an edit that somebody thought of while looking at revision `base_revision`.

    It is made on the newest revision. If others changed the same place since, nothing happens and the answer is a
    `Conflict`; with `over` the edit is made all the same (their change stays in the history). Raises `EditError` if
    the edit made no sense even where its author saw it, `ReasonMissingError`.
    """
    return _make(design, edit, seen=base_revision, by=by, reason=reason, over=over)


def _make(
    design: Design,
    edit: Edit,
    *,
    seen: int,
    by: User,
    reason: str,
    over: bool,
    undoes: int | None = None,
) -> Changed | Conflict:
    if not reason.strip():
        raise ReasonMissingError
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                _queue_up(design)
                return _make_on_newest(design, edit, seen, by, reason.strip(), over, undoes)
        except IntegrityError:
            # Somebody else wrote this number first; look at what they did.
            continue
    raise RuntimeError(f"Design {design.pk} changes faster than it can be saved")


def undo(
    design: Design, number: int, *, base_revision: int, by: User, reason: str, over: bool = False
) -> Changed | Conflict:
    """Take a revision back, as a new revision: what it changed becomes what it was before, what came later stays.

    `base_revision` is the newest the author saw. Where the same place was changed after the revision, the answer is a
    `Conflict`. Raises `EditError` for the first revision, `Revision.DoesNotExist`.
    """
    row = design.revisions.get(number=number)
    if number == 1:
        raise EditError(gettext_noop("Der Anfang eines Entwurfs lässt sich nicht zurücknehmen."))
    edit = ChangeFiles.between(
        unpack(bytes(row.package)),
        files_of(design, number - 1),
        Words(gettext_noop("Zurückgenommen: %(change)s"), {"change": row.summary}),
        touches=_places_of(row),
        over=over,
    )
    return _make(design, edit, seen=number, by=by, reason=reason, over=over, undoes=number)


def _queue_up(design: Design) -> None:
    """One writer after the other (PostgreSQL; SQLite has one writer anyway)."""
    Design.objects.select_for_update().get(pk=design.pk)


def _make_on_newest(
    design: Design, edit: Edit, seen: int, by: User, reason: str, over: bool, undoes: int | None
) -> Changed | Conflict:
    others = list(design.revisions.filter(number__gt=seen).select_related("author").order_by("number"))
    current = newest(design)
    files = unpack(bytes(current.package))
    meeting = tuple(row for row in others if meet(edit.places(), _places_of(row)))
    if meeting and not over:
        return _conflict(design, edit, seen, reason, meeting, files)
    try:
        changed = edit.apply(files)
    except EditError as error:
        if not others:
            raise
        return _conflict(design, edit, seen, reason, tuple(others), files, error.words)
    if changed == files:
        return Changed(current, tuple(others))
    revision = _write(
        design,
        current.number + 1,
        changed,
        by=by,
        reason=reason,
        summary=str(with_names(edit.words(), FormFiles(files), FormFiles(changed))),
        edit=edit,
        undoes=undoes,
    )
    return Changed(revision, tuple(others))


def _conflict(
    design: Design,
    edit: Edit,
    seen: int,
    reason: str,
    others: Sequence[Revision],
    files: Files,
    error: Words | None = None,
) -> Conflict:
    before = files_of(design, seen)
    mine = edit.apply(before)  # raises EditError if it never made sense
    places = sorted({place for row in others for place in meet(edit.places(), _places_of(row))})
    clashes = [
        Clash(place, text_at(before, place), text_at(files, place), text_at(mine, place)) for place in places
    ]
    return Conflict(edit, reason, tuple(others), tuple(clashes), error)


def _places_of(revision: Revision) -> frozenset[str]:
    edit = edit_of(revision)
    return edit.places() if edit else frozenset()


def _write(
    design: Design,
    number: int,
    files: Files,
    *,
    by: User,
    reason: str,
    summary: str,
    edit: Edit | None = None,
    undoes: int | None = None,
) -> Revision:
    now = timezone.now()
    revision: Revision = Revision.objects.create(
        design=design,
        number=number,
        author=by,
        at=now,
        reason=reason,
        summary=summary,
        edit=to_json(edit) if edit else None,
        undoes=undoes,
        content_hash=content_hash(files),
        package=pack(files),
    )
    design.changed_at = now
    design.title = title_of(files) or design.title
    design.save(update_fields=["changed_at", "title"])
    audit.write(
        "design.changed" if number > 1 else "design.started",
        "design",
        design.pk,
        actor=by,
        detail={"key": design.key, "revision": number, "reason": reason, "change": summary[:300]},
    )
    return revision


def title_of(files: Files) -> str:
    """The German title in service.toml, or nothing."""
    try:
        title = tomllib.loads(files.get("service.toml", b"").decode("utf-8")).get("title", {})
    except ValueError:
        return ""
    found = title.get("de", "") if isinstance(title, dict) else ""
    return found[:300] if isinstance(found, str) else ""
