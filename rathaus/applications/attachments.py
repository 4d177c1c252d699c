"""Files that applicants add: stored in pieces, checked when complete, outside of any web root.

The bytes lie under `DATA_DIR/attachments/<town>/<id>`; while a file is incomplete, its name ends in `.part`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from rathaus.applications.file_types import accepted_types, content_matches, media_type_of, names_of
from rathaus.applications.models import Application, Attachment, Draft
from rathaus.towns.context import current_town

# A question that names no limit takes this much.
DEFAULT_LARGEST = 50_000_000
_PIECE = 1 << 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f/\\]+")


class Readable(Protocol):
    """What a file comes from: an upload, a request's body."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class FileRefusedError(Exception):
    """A file cannot be taken. The message says why and what to do, in the active language."""


class WrongOffsetError(Exception):
    """A piece does not continue where the stored bytes end; `expected` says where to go on."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"expected offset {expected}")
        self.expected = expected


@dataclass(frozen=True)
class FileLimits:
    """What a question takes, from its field in the schema (`maxSize` in bytes, `mediaTypes`; empty: any we take)."""

    max_size: int | None = None
    media_types: tuple[str, ...] = ()


def add_attachment(
    draft: Draft | None, path: str, name: str, media_type: str, size: int, limits: FileLimits | None = None
) -> Attachment:
    """Announce a file of `size` bytes for the answer at `path`; refuses at once what could never be taken.

    Without a draft (JSON API) the file waits a day for the application that names it.
    Raises `FileRefusedError`.
    """
    name, found = acceptable(name, media_type, size, limits or FileLimits())
    attachment: Attachment = Attachment.objects.create(
        draft=draft, path=path, name=name, media_type=found, size=size, created_at=timezone.now()
    )
    return attachment


def acceptable(name: str, media_type: str, size: int, limits: FileLimits) -> tuple[str, str]:
    """The name and media type under which a file is taken, before its content is known. Raises `FileRefusedError`."""
    name = clean_name(name)
    accepted = accepted_types(limits.media_types)
    found = media_type_of(name, media_type)
    if found not in accepted:
        raise FileRefusedError(
            _("Die Datei „%(name)s“ hat ein Format, das wir hier nicht annehmen. Möglich sind: %(types)s.")
            % {"name": name, "types": names_of(accepted)}
        )
    if size == 0:
        raise FileRefusedError(
            _("Die Datei „%(name)s“ ist leer. Wählen Sie eine andere Datei.") % {"name": name}
        )
    largest = limits.max_size or DEFAULT_LARGEST
    if size > largest:
        raise FileRefusedError(
            _(
                "Die Datei „%(name)s“ ist mit %(size)s MB zu groß. Erlaubt sind %(limit)s MB. "
                "Verkleinern Sie die Datei oder teilen Sie sie auf."
            )
            % {"name": name, "size": _megabytes(size), "limit": _megabytes(largest)}
        )
    return name, found


def append_chunk(attachment: Attachment, offset: int, stream: Readable) -> Attachment:
    """Store what `stream` holds from `offset` on; what has arrived stays, also if the connection breaks.

    Raises `WrongOffsetError` (resume at its `expected`) and `FileRefusedError` if more comes than was announced.
    """
    part = _part(attachment)
    part.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        attachment.refresh_from_db()
        if offset != attachment.received or attachment.sha256:
            raise WrongOffsetError(attachment.received)
        file.seek(offset)
        file.truncate()
        try:
            while piece := stream.read(_PIECE):
                if file.tell() + len(piece) > attachment.size:
                    raise FileRefusedError(
                        _("Die Datei „%(name)s“ ist größer als angekündigt. Laden Sie sie noch einmal hoch.")
                        % {"name": attachment.name}
                    )
                file.write(piece)
        finally:
            file.flush()
            os.fsync(file.fileno())
            attachment.received = file.tell()
            Attachment.objects.filter(pk=attachment.pk).update(received=attachment.received)
    return attachment


def finish_attachment(attachment: Attachment) -> Attachment:
    """Check that the file is complete and is what its name says; only then may an answer name it.

    Raises `FileRefusedError`; what is not what it says is deleted at once.
    """
    attachment.refresh_from_db()  # pieces may have come over other connections
    if attachment.sha256:
        return attachment
    part = _part(attachment)
    if attachment.received != attachment.size or not part.exists():
        raise FileRefusedError(
            _("Die Datei „%(name)s“ ist nicht vollständig angekommen. Laden Sie sie noch einmal hoch.")
            % {"name": attachment.name}
        )
    if not content_matches(part, attachment.media_type):
        remove_attachment(attachment)
        raise FileRefusedError(
            _(
                "Der Inhalt der Datei „%(name)s“ passt nicht zu ihrem Format. "
                "Speichern Sie sie neu, zum Beispiel als PDF."
            )
            % {"name": attachment.name}
        )
    with part.open("rb") as file:
        attachment.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    os.replace(part, stored_file(attachment))
    _sync_directory(part.parent)
    Attachment.objects.filter(pk=attachment.pk).update(sha256=attachment.sha256)
    return attachment


def add_file(
    draft: Draft | None,
    path: str,
    name: str,
    media_type: str,
    size: int,
    stream: Readable,
    limits: FileLimits | None = None,
) -> Attachment:
    """Add a whole file at once; raises `FileRefusedError` and then keeps nothing of it."""
    attachment = add_attachment(draft, path, name, media_type, size, limits)
    try:
        return finish_attachment(append_chunk(attachment, 0, stream))
    except FileRefusedError:
        remove_attachment(attachment)
        raise


def file_answer(attachment: Attachment) -> dict[str, str | int]:
    """The canonical answer that names this file."""
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "size": attachment.size,
        "media_type": attachment.media_type,
        "sha256": attachment.sha256,
    }


def attachments_of(draft: Draft) -> dict[str, Attachment]:
    """The draft's files by id."""
    return {str(attachment.pk): attachment for attachment in Attachment.objects.filter(draft=draft)}


def attachment_of(draft: Draft, attachment_id: UUID | str) -> Attachment | None:
    """One file of the draft, or None: also if it belongs to another draft."""
    if not _is_uuid(str(attachment_id)):
        return None
    found: Attachment | None = Attachment.objects.filter(draft=draft, pk=attachment_id).first()
    return found


def open_attachment(attachment: Attachment) -> BinaryIO:
    """The bytes of a complete file; raises `FileNotFoundError` if it is not complete."""
    return stored_file(attachment).open("rb")


def remove_attachment(attachment: Attachment) -> None:
    """Delete a file that has not been sent yet; what belongs to an application stays."""
    deleted, _counts = Attachment.objects.filter(pk=attachment.pk, application=None).delete()
    if deleted:
        delete_files_on_commit([attachment])


def delete_files_on_commit(attachments: Iterable[Attachment]) -> None:
    """Delete the bytes once it is certain that their rows are gone."""
    files = [file for attachment in attachments for file in (stored_file(attachment), _part(attachment))]

    def delete() -> None:
        for file in files:
            file.unlink(missing_ok=True)

    transaction.on_commit(delete)


def discard_unclaimed() -> int:
    """Delete the active town's files that no draft and no application took within a day; returns how many."""
    old = Attachment.objects.filter(
        draft=None, application=None, messages=None, created_at__lt=timezone.now() - timedelta(days=1)
    )
    unclaimed = list(old)
    with transaction.atomic():
        Attachment.objects.filter(
            pk__in=[attachment.pk for attachment in unclaimed], application=None
        ).delete()
        delete_files_on_commit(unclaimed)
    return len(unclaimed)


def discard_orphans() -> int:
    """Delete bytes without a row (a process died between the two), a day after they came; returns how many."""
    directory = _directory()
    if not directory.is_dir():
        return 0
    day_ago = (timezone.now() - timedelta(days=1)).timestamp()
    old = {file for file in directory.iterdir() if file.stat().st_mtime < day_ago}
    names = {file.stem for file in old if _is_uuid(file.stem)}
    known = {str(key) for key in Attachment.objects.filter(pk__in=names).values_list("pk", flat=True)}
    orphans = [file for file in old if file.stem not in known]
    for file in orphans:
        file.unlink(missing_ok=True)
    return len(orphans)


def complete_files(draft: Draft | None, ids: Iterable[object]) -> dict[str, Attachment]:
    """The draft's files among these ids (None: those waiting without a draft) that are complete and not sent yet."""
    named = [str(one) for one in ids if _is_uuid(str(one))]
    found = Attachment.objects.filter(pk__in=named, draft=draft, application=None).exclude(sha256="")
    return {str(attachment.pk): attachment for attachment in found}


def move_to_application(application: Application, draft: Draft | None, ids: Iterable[str]) -> int:
    """Give the files to the application that names them, in its transaction; returns how many there were."""
    wanted = list(ids)
    if not wanted:
        return 0
    there = Attachment.objects.filter(pk__in=wanted, draft=draft, application=None).exclude(sha256="")
    return there.update(application=application, draft=None)


def stored_file(attachment: Attachment) -> Path:
    """Where the bytes of a complete file lie."""
    return _directory() / str(attachment.pk)


def clean_name(name: str) -> str:
    """A file name without path and control characters, at most 200 characters."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    bare = _CONTROL.sub("", bare).strip().strip(".")
    stem, dot, extension = bare.rpartition(".")
    return f"{stem[: 199 - len(extension)]}{dot}{extension}"[:200] or "datei"


def _directory() -> Path:
    directory: Path = settings.DATA_DIR / "attachments" / current_town().slug
    return directory


def _part(attachment: Attachment) -> Path:
    return _directory() / f"{attachment.pk}.part"


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _megabytes(size: int) -> str:
    return formats.number_format(round(size / 1_000_000, 1), decimal_pos=1)
