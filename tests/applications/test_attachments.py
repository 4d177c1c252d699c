"""Files: what is taken, what is refused, and that a broken connection costs nothing but the rest."""

from __future__ import annotations

import hashlib
import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from rathaus.applications.attachments import clean_name, discard_orphans, discard_unclaimed, stored_file
from rathaus.applications.models import Attachment
from rathaus.applications.service import (
    FileLimits,
    FileRefusedError,
    WrongOffsetError,
    add_attachment,
    add_file,
    append_chunk,
    attachment_of,
    file_answer,
    finish_attachment,
    open_attachment,
    remove_attachment,
)
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.applications import files

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def _own_directory(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def add(name: str, media_type: str, content: bytes, limits: FileLimits | None = None) -> Attachment:
    return add_file(None, "nachweis", name, media_type, len(content), io.BytesIO(content), limits)


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("vollmacht.pdf", "application/pdf", files.PDF),
        ("gesperrt.pdf", "application/pdf", files.ENCRYPTED_PDF),
        ("Foto.JPG", "image/jpeg", files.JPEG),
        ("foto.jpeg", "image/jpg", files.JPEG),
        ("scan.png", "image/png", files.PNG),
        ("brief.docx", WORD, files.DOCX),
        ("brief.odt", "application/vnd.oasis.opendocument.text", files.ODT),
        ("notiz.txt", "text/plain; charset=utf-8", "Grüße\n".encode()),
        ("vollmacht.pdf", "application/octet-stream", files.PDF),
    ],
)
def test_documents_and_pictures_are_taken(town: Town, name: str, media_type: str, content: bytes) -> None:
    attachment = add(name, media_type, content)
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()
    assert open_attachment(attachment).read() == content


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("programm.exe", "application/octet-stream", files.PROGRAM),
        ("programm.pdf", "application/pdf", files.PROGRAM),
        ("programm.txt", "text/plain", files.ELF),
        ("vollmacht.pdf", "image/png", files.PNG),
        ("vollmacht.png", "image/png", files.PDF),
        ("vollmacht.pdf.exe", "application/pdf", files.PDF),
        ("seite.html", "text/html", files.HTML),
        ("bild.svg", "image/svg+xml", b"<svg/>"),
        ("brief.docx", WORD, files.DOCX_WITH_MACRO),
        ("brief.docx", WORD, files.ODT),
        ("brief.docm", "application/vnd.ms-word.document.macroEnabled.12", files.DOCX_WITH_MACRO),
        ("brief.docx", WORD, files.PROGRAM + files.DOCX),
        ("archiv.zip", "application/zip", files.DOCX),
        ("leer.pdf", "application/pdf", b""),
        ("ohne", "", files.PDF),
    ],
)
def test_what_can_run_or_is_not_what_it_says_is_refused_and_not_kept(
    town: Town, name: str, media_type: str, content: bytes, tmp_path: Path
) -> None:
    with pytest.raises(FileRefusedError):
        add(name, media_type, content)
    assert not Attachment.objects.exists()


def test_the_refused_bytes_are_deleted(
    town: Town, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(FileRefusedError):
        add("programm.pdf", "application/pdf", files.PROGRAM)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_limits_of_the_question_count(town: Town) -> None:
    only_small_pictures = FileLimits(max_size=1000, media_types=("image/png", "image/jpeg"))
    assert add("scan.png", "image/png", files.PNG, only_small_pictures).size == len(files.PNG)
    with pytest.raises(FileRefusedError, match="JPEG, PNG"):
        add("vollmacht.pdf", "application/pdf", files.PDF, only_small_pictures)
    with pytest.raises(FileRefusedError, match="zu groß"):
        add("scan.png", "image/png", files.PNG + bytes(1000), only_small_pictures)


def test_the_message_says_name_and_limit_in_both_languages(town: Town) -> None:
    limits = FileLimits(max_size=1_500_000)
    with pytest.raises(FileRefusedError) as refused:
        add_attachment(None, "nachweis", "scan.pdf", "application/pdf", 12_340_000, limits)
    assert "scan.pdf" in str(refused.value)
    assert "12,3 MB" in str(refused.value)
    assert "1,5 MB" in str(refused.value)
    with override("en"), pytest.raises(FileRefusedError) as refused:
        add_attachment(None, "nachweis", "scan.pdf", "application/pdf", 12_340_000, limits)
    assert "12.3 MB" in str(refused.value)


def test_an_upload_goes_on_where_it_broke(town: Town) -> None:
    content = files.PDF + bytes(5000)
    attachment = add_attachment(None, "nachweis", "gross.pdf", "application/pdf", len(content))
    append_chunk(attachment, 0, io.BytesIO(content[:2000]))
    with pytest.raises(WrongOffsetError) as wrong:
        append_chunk(attachment, 0, io.BytesIO(content))
    assert wrong.value.expected == 2000
    with pytest.raises(FileRefusedError, match="nicht vollständig"):
        finish_attachment(attachment)
    append_chunk(Attachment.objects.get(pk=attachment.pk), 2000, io.BytesIO(content[2000:]))
    finish_attachment(attachment)
    assert open_attachment(attachment).read() == content


def test_what_arrived_before_the_connection_broke_is_kept(town: Town) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 100:
                raise ConnectionResetError
            return super().read(100)

    content = files.PDF + bytes(500)
    attachment = add_attachment(None, "nachweis", "gross.pdf", "application/pdf", len(content))
    with pytest.raises(ConnectionResetError):
        append_chunk(attachment, 0, Broken(content))
    assert Attachment.objects.get().received == 100
    append_chunk(attachment, 100, io.BytesIO(content[100:]))
    assert finish_attachment(attachment).sha256


def test_more_than_announced_is_refused(town: Town) -> None:
    attachment = add_attachment(None, "nachweis", "scan.pdf", "application/pdf", 10)
    with pytest.raises(FileRefusedError, match="größer als angekündigt"):
        append_chunk(attachment, 0, io.BytesIO(bytes(11)))


def test_a_finished_file_cannot_be_changed(town: Town) -> None:
    attachment = add("scan.pdf", "application/pdf", files.PDF)
    with pytest.raises(WrongOffsetError):
        append_chunk(attachment, attachment.size, io.BytesIO(b"more"))
    assert finish_attachment(attachment).sha256 == attachment.sha256


def test_the_answer_that_names_a_file(town: Town) -> None:
    attachment = add("scan.pdf", "application/pdf", files.PDF)
    assert file_answer(attachment) == {
        "id": str(attachment.pk),
        "name": "scan.pdf",
        "size": len(files.PDF),
        "media_type": "application/pdf",
        "sha256": attachment.sha256,
    }


def test_files_lie_apart_by_town_and_are_for_nobody_else(town: Town, ahrensfurt: Town) -> None:
    attachment = add("scan.pdf", "application/pdf", files.PDF)
    file = stored_file(attachment)
    assert file.parent.name == "hannover"
    assert file.stat().st_mode & 0o077 == 0
    with acting_for(ahrensfurt):
        assert not Attachment.objects.filter(pk=attachment.pk).exists()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Dokumente\\Vollmacht.pdf", "Vollmacht.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("", "datei"),
        ("..", "datei"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


def test_a_removed_file_is_gone(
    town: Town, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = add("scan.pdf", "application/pdf", files.PDF)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment)
    assert not stored_file(attachment).exists()
    assert not Attachment.objects.exists()


def test_files_nobody_claims_are_deleted_after_a_day(
    town: Town, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = add("scan.pdf", "application/pdf", files.PDF)
    assert discard_unclaimed() == 0
    Attachment.objects.update(created_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert discard_unclaimed() == 1
    assert not stored_file(attachment).exists()


def test_bytes_without_a_row_are_deleted_after_a_day(town: Town) -> None:
    kept = stored_file(add("scan.pdf", "application/pdf", files.PDF))
    orphan = kept.with_name("0f8c2a7e-6d0d-4a8e-9a59-1a5b3c9a7f10.part")
    orphan.write_bytes(b"left over")
    assert discard_orphans() == 0
    yesterday = time.time() - 100_000
    for file in (kept, orphan):
        os.utime(file, (yesterday, yesterday))
    assert discard_orphans() == 1
    assert kept.exists()
    assert not orphan.exists()


def test_nonsense_ids_find_nothing(town: Town) -> None:
    assert attachment_of(None, "../../secret") is None  # type: ignore[arg-type]
