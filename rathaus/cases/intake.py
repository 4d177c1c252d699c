"""Acceptance: the one transaction after which an application cannot be lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rathaus.applications.attachments import complete_files, file_answer, move_to_application
from rathaus.applications.codes import access_codes, code_hash, new_reference
from rathaus.applications.models import Application, Attachment, Draft
from rathaus.applications.sent import access_code_of, body_hash
from rathaus.cases.answers import values_at
from rathaus.cases.deadlines import deadlines_from
from rathaus.cases.identity import describe
from rathaus.cases.models import Actor, Case
from rathaus.cases.timeline import entry
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package
from rathaus.catalogue.service import package_of
from rathaus.delivery.service import promise
from rathaus.forms.keys import Path, template_of
from rathaus.forms.problems import Problem
from rathaus.forms.tree import SchemaTree
from rathaus.towns.context import current_town
from rathaus.towns.models import Office
from rathaus.towns.service import rule_context

# Two requests with one key at the same moment, or a reference that is taken: rare, and over after one more try.
_TRIES = 5


class IdempotencyClashError(Exception):
    """The key was used before, for another application."""


class DraftChangedError(Exception):
    """The draft changed (in another tab) after it was reviewed: show the review again (§ 9a Abs. 2 OZG)."""


class InvalidAnswersError(Exception):
    """The answers have errors; `problems` holds all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)


@dataclass(frozen=True)
class Receipt:
    """What the applicant gets: proof that the application has arrived, and the way to its status."""

    reference: str
    access_code: str
    received_at: datetime
    status_url: str  # path on the town's host
    created: bool  # False: this is the receipt of an earlier, equal request


def accept_draft(
    draft: Draft, *, revision: int, language: str, identification: Mapping[str, Any] | None = None
) -> Receipt:
    """Accept what a draft holds, provided it is still what was reviewed (`revision` shown on the review page).

    Sending twice gives the same receipt. Raises `DraftChangedError`, `InvalidAnswersError`.
    """
    key = f"draft:{draft.pk}"
    if draft.submitted_at is not None:
        return receipt_of(Application.objects.get(idempotency_key=key), created=False)
    if draft.revision != revision:
        raise DraftChangedError
    return accept(
        version=draft.service,
        answers=draft.answers,
        language=language,
        channel="portal",
        idempotency_key=key,
        body_hash=body_hash(draft.service.key, draft.answers),
        identification=identification or {},
        draft=draft,
    )


def accept(
    *,
    version: ServiceVersion,
    answers: Mapping[str, Any],
    language: str,
    channel: str,
    idempotency_key: str,
    body_hash: str,
    identification: Mapping[str, Any],
    draft: Draft | None = None,
) -> Receipt:
    """Accept an application: application, case, timeline and everything that has to follow, in one commit.

    The same key and body again gives the same receipt and no second case, also at the same moment. `body_hash` is
    `applications.service.body_hash` of the request. The answers are checked here, whoever checked them before.
    Raises `IdempotencyClashError` (same key, another body), `InvalidAnswersError`, `DraftChangedError`.
    """
    # A draft says itself whether it was sent; if it is sent at this moment, closing it fails and finds the receipt.
    if draft is None and (earlier := _earlier(idempotency_key, body_hash)):
        return earlier
    package = package_of(version)
    clean = checked_answers(package, answers, language)
    files = _files_in(clean, package.tree)
    if files:
        # Files of a draft that is being sent become those of the application: only the receipt tells.
        if draft is not None and (earlier := _earlier(idempotency_key, body_hash)):
            return earlier
        _fill_in_files(files, draft)
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return _store(
                    package,
                    draft,
                    [str(value["id"]) for _path, value in files],
                    Application(
                        service=version,
                        answers=clean,
                        language=language,
                        channel=channel,
                        idempotency_key=idempotency_key,
                        body_hash=body_hash,
                        identification=dict(identification),
                        contact_email=_contact_email(package, clean),
                    ),
                )
        except (IntegrityError, DraftChangedError) as error:
            # The same request was faster on another connection, or the random reference is taken.
            if earlier := _earlier(idempotency_key, body_hash):
                return earlier
            if attempt == _TRIES or isinstance(error, DraftChangedError):
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def checked_answers(package: Package, answers: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The answers in canonical form, without those nobody was asked for; raises `InvalidAnswersError`."""
    context = rule_context(timezone.localdate())
    judged = package.form.accept(answers, town=context["town"], today=context["today"], language=language)
    if judged.problems:
        raise InvalidAnswersError(judged.problems)
    return judged.answers


def receipt_of(application: Application, *, created: bool) -> Receipt:
    """The receipt of an application, again if need be."""
    return Receipt(
        reference=application.reference,
        access_code=access_code_of(application),
        received_at=application.received_at,
        status_url=f"/vorgang/{application.reference}/",
        created=created,
    )


def _earlier(idempotency_key: str, body_hash: str) -> Receipt | None:
    application = Application.objects.filter(idempotency_key=idempotency_key).first()
    if application is None:
        return None
    if application.body_hash != body_hash:
        raise IdempotencyClashError
    return receipt_of(application, created=False)


def _store(package: Package, draft: Draft | None, files: Iterable[str], application: Application) -> Receipt:
    now = timezone.now()
    town = current_town()
    if draft is not None:
        _close_draft(draft, now)
    application.reference = new_reference(town.reference_prefix, timezone.localdate(now).year)
    application.access_code_hash = code_hash(next(access_codes(town.slug, application.reference)))
    application.received_at = now
    application.save(force_insert=True)
    wanted = set(files)
    if move_to_application(application, draft, wanted) != len(wanted):
        raise DraftChangedError  # a file was removed while the application was being sent
    open_case(package, application)
    return receipt_of(application, created=True)


def open_case(package: Package, application: Application) -> Case:
    """Open the case of an application and promise what follows, in the caller's transaction."""
    received_on = timezone.localdate(application.received_at)
    deadlines = deadlines_from(package.service.deadlines, {"received": received_on})
    case = Case(
        application=application,
        office=Office.objects.get(key=package.service.office),
        opened_at=application.received_at,
        due_on=deadlines[0].due if deadlines else None,
    )
    describe(case, package.service)
    case.save(force_insert=True)
    received = entry(case, "received", actor=Actor.APPLICANT, public=True, channel=application.channel)
    received.save(force_insert=True)
    promise("process.advance", case.pk)
    return case


def _close_draft(draft: Draft, now: datetime) -> None:
    # What was sent lives on in the application only; the row stays to answer a second click.
    closed = Draft.objects.filter(pk=draft.pk, revision=draft.revision, submitted_at=None).update(
        submitted_at=now, updated_at=now, answers={}, typed={}, moved={}
    )
    if not closed:
        raise DraftChangedError
    draft.submitted_at = now


def _files_in(value: Any, tree: SchemaTree, path: Path = ()) -> list[tuple[Path, dict[str, Any]]]:
    """Every answer that names a file, with its path."""
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in _files_in(item, tree, (*path, index))]
    if not isinstance(value, dict):
        return []
    question = tree.field(".".join(template_of(path)))
    if question is not None and question.is_file:
        return [(path, value)]
    return [found for key, item in value.items() for found in _files_in(item, tree, (*path, key))]


def _fill_in_files(files: Sequence[tuple[Path, dict[str, Any]]], draft: Draft | None) -> None:
    """Replace what the answers say about their files by what we know; raises `InvalidAnswersError`."""
    known = complete_files(draft, [value["id"] for _path, value in files])
    problems = []
    for path, value in files:
        # Each file answers one question; `pop` refuses the second.
        attachment = known.pop(value["id"], None)
        if attachment is None or not _belongs(attachment, path):
            message = _("Diese Datei liegt uns nicht vor. Laden Sie sie noch einmal hoch.")
            problems.append(Problem(path, "file.unknown", message))
        else:
            value.update(file_answer(attachment))
    if problems:
        raise InvalidAnswersError(problems)


def _belongs(attachment: Attachment, path: Path) -> bool:
    """Whether the file was uploaded for this question; entries of a list may have moved since."""
    steps = attachment.path.replace("[", ".").replace("]", "").split(".")
    return tuple(step for step in steps if not step.isdecimal()) == template_of(path)


def _contact_email(package: Package, answers: Mapping[str, Any]) -> str:
    path = package.service.notice.get("email", "")
    found = values_at(answers, path) if path else []
    return str(found[0]) if found else ""
