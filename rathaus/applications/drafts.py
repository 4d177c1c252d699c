"""Drafts: saved with every page, found again by a code, never overwritten by an older tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from rathaus.applications.attachments import delete_files_on_commit, discard_orphans, discard_unclaimed
from rathaus.applications.codes import code_hash, new_code
from rathaus.applications.models import Attachment, Draft
from rathaus.applications.moving import moved_values
from rathaus.catalogue import service as catalogue
from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import chore

Answers = dict[str, Any]
Typed = Mapping[str, Sequence[str]]  # HTML name → what was typed and did not pass

_TRIES = 20
_CHANGING = [
    "service",
    "answers",
    "typed",
    "visited",
    "moved",
    "language",
    "revision",
    "updated_at",
    "submitted_at",
]


class UnknownServiceError(LookupError):
    """The active town offers no service under this key."""


class DraftGoneError(Exception):
    """The draft was sent, discarded or has expired."""


def start_draft(key: str, language: str) -> tuple[Draft, str]:
    """A new draft for the service `key` as it is live now, and the code to resume it (shown once, stored as a hash).

    Raises `UnknownServiceError`.
    """
    version = catalogue.live(key)
    if version is None:
        raise UnknownServiceError(key)
    code = new_code()
    now = timezone.now()
    draft: Draft = Draft.objects.create(
        service=version,
        language=language,
        resume_code_hash=code_hash(code),
        created_at=now,
        updated_at=now,
    )
    return draft, code


def draft_for(draft_id: UUID | str) -> Draft | None:
    """The draft with this id, sent or not; None if there is none in the active town."""
    return _only(Draft.objects.filter(pk=draft_id))


def resume(code: str) -> Draft | None:
    """The draft that `code` opens, unless it was sent. Callers limit tries (`limits.WRONG_CODES`)."""
    return _only(Draft.objects.filter(resume_code_hash=code_hash(code), submitted_at=None))


def _only(found: QuerySet[Draft]) -> Draft | None:
    for draft in found[:1]:
        draft.service = catalogue.version_with(draft.service_id)
        return draft
    return None


def renew_resume_code(draft: Draft) -> str:
    """A new code for the draft; the former one opens nothing any more."""
    code = new_code()
    draft.resume_code_hash = code_hash(code)
    Draft.objects.filter(pk=draft.pk).update(resume_code_hash=draft.resume_code_hash)
    return code


def save_page(
    draft: Draft,
    page: str | None,
    change: Callable[[Answers], Answers],
    typed: Typed | None = None,
) -> Draft:
    """Apply `change` to the newest answers and save; one statement unless another tab was faster.

    `change` gets the stored answers and returns the new ones; it must touch only what its page is about, and may be
    called again when another tab saved in between: that is how two tabs are merged. `typed` replaces what is kept
    of the page's input that did not pass (None or empty: nothing). `page` None changes answers outside any page.
    `draft` is brought up to date. Raises `DraftGoneError`.
    """
    for _ in range(_TRIES):
        if draft.submitted_at is not None:
            raise DraftGoneError
        answers = change(draft.answers)
        kept = {key: value for key, value in draft.typed.items() if key != page}
        visited = list(draft.visited)
        if page is not None:
            if typed:
                kept[page] = {name: list(values) for name, values in typed.items()}
            if page not in visited:
                visited.append(page)
        if _save(draft, answers=answers, typed=kept, visited=visited):
            return draft
        try:
            draft.refresh_from_db(fields=_CHANGING)
        except Draft.DoesNotExist:
            raise DraftGoneError from None
    raise RuntimeError(f"Draft {draft.pk} changes faster than it can be saved")


def move_to_live(draft: Draft, language: str) -> Draft:
    """Let a draft go on in the version of its service that is live; one statement, and none if it does already.

    A service that is not offered any more has no live version: what was begun goes on as it is. Raises
    `DraftGoneError`.
    """
    for _ in range(_TRIES):
        live = catalogue.live(draft.service.key)
        if draft.submitted_at is not None or live is None or live.pk == draft.service_id:
            return draft
        if _save(draft, service=live, **moved_values(draft, live, language)):
            return draft
        try:
            draft.refresh_from_db(fields=_CHANGING)
        except Draft.DoesNotExist:
            raise DraftGoneError from None
        draft.service = catalogue.version_with(draft.service_id)
    raise RuntimeError(f"Draft {draft.pk} changes faster than it can be moved")


def set_language(draft: Draft, language: str) -> Draft:
    """Go on in another language; answers stay as they are. Raises `DraftGoneError`."""
    if not Draft.objects.filter(pk=draft.pk, submitted_at=None).update(language=language):
        raise DraftGoneError
    draft.language = language
    return draft


def _save(draft: Draft, **values: Any) -> bool:
    now = timezone.now()
    saved = Draft.objects.filter(pk=draft.pk, revision=draft.revision, submitted_at=None).update(
        **values, revision=draft.revision + 1, updated_at=now
    )
    if saved:
        for name, value in values.items():
            setattr(draft, name, value)
        draft.revision += 1
        draft.updated_at = now
    return bool(saved)


def discard(draft: Draft) -> None:
    """Delete a draft that was not sent, with its files."""
    _delete([draft.pk])


@chore("applications.discard_expired", every=timedelta(hours=1))
def discard_expired() -> int:
    """Delete the active town's drafts that nobody touched for the service's `draft_retention_days`.

    Deletes files that nothing claims any more as well. Returns the number of drafts.
    Source: § 8a Abs. 3 OZG (30 days after the last edit).
    """
    deleted = 0
    in_use = ServiceVersion.objects.filter(pk__in=Draft.objects.values("service_id")).defer("package")
    for version in in_use:
        days = catalogue.package_of(version).service.draft_retention_days
        expired = Draft.objects.filter(service=version, updated_at__lt=timezone.now() - timedelta(days=days))
        deleted += _delete(list(expired.values_list("pk", flat=True)))
    discard_unclaimed()
    discard_orphans()
    return deleted


def _delete(ids: list[UUID]) -> int:
    with transaction.atomic():
        files = list(Attachment.objects.filter(draft_id__in=ids, application=None))
        Attachment.objects.filter(pk__in=[file.pk for file in files]).delete()
        Draft.objects.filter(pk__in=ids).delete()
        delete_files_on_commit(files)
    return len(ids)
