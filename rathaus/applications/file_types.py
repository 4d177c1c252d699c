"""Which kinds of files the town hall takes, and whether a file is what it says it is."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WRITER = "application/vnd.oasis.opendocument.text"
_CALC = "application/vnd.oasis.opendocument.spreadsheet"

# A document that unpacks to more than this is an attack, not a document.
_LARGEST_UNPACKED = 500_000_000


def _begins(*signatures: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: file.read(16).startswith(signatures)


def _is_webp(file: BinaryIO) -> bool:
    head = file.read(12)
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_heic(file: BinaryIO) -> bool:
    head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


def _is_text(file: BinaryIO) -> bool:
    try:
        for line in file:
            if b"\x00" in line:
                return False
            line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_office_open_xml(main_part: str) -> Callable[[BinaryIO], bool]:
    def check(names: set[str], archive: zipfile.ZipFile) -> bool:
        return {"[Content_Types].xml", main_part} <= names and not any(
            name.endswith("vbaProject.bin") for name in names
        )

    return lambda file: _is_archive(file, check)


def _is_open_document(media_type: str) -> Callable[[BinaryIO], bool]:
    def check(names: set[str], archive: zipfile.ZipFile) -> bool:
        macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
        return "mimetype" in names and archive.read("mimetype").decode("latin-1") == media_type and not macros

    return lambda file: _is_archive(file, check)


def _is_archive(file: BinaryIO, check: Callable[[set[str], zipfile.ZipFile], bool]) -> bool:
    if not file.read(4).startswith(b"PK\x03\x04"):  # something else may hide before the archive
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > 10_000 or sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
                return False
            return check({entry.filename for entry in entries}, archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        return False


@dataclass(frozen=True)
class FileType:
    """One kind of file: what people call it, how its name ends, and what its content looks like."""

    name: str
    extensions: tuple[str, ...]
    matches: Callable[[BinaryIO], bool]


# No kind that can run: no programs, no HTML or SVG, no documents with macros.
FILE_TYPES: dict[str, FileType] = {
    "application/pdf": FileType("PDF", ("pdf",), _begins(b"%PDF-")),
    "image/jpeg": FileType("JPEG", ("jpg", "jpeg"), _begins(b"\xff\xd8\xff")),
    "image/png": FileType("PNG", ("png",), _begins(b"\x89PNG\r\n\x1a\n")),
    "image/tiff": FileType("TIFF", ("tif", "tiff"), _begins(b"II*\x00", b"MM\x00*")),
    "image/webp": FileType("WebP", ("webp",), _is_webp),
    "image/heic": FileType("HEIC", ("heic", "heif"), _is_heic),
    "text/plain": FileType("Text", ("txt",), _is_text),
    _WORD: FileType("Word", ("docx",), _is_office_open_xml("word/document.xml")),
    _EXCEL: FileType("Excel", ("xlsx",), _is_office_open_xml("xl/workbook.xml")),
    _WRITER: FileType("OpenDocument-Text", ("odt",), _is_open_document(_WRITER)),
    _CALC: FileType("OpenDocument-Tabelle", ("ods",), _is_open_document(_CALC)),
}

# Other names for the same, as browsers and scanners send them.
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/heif": "image/heic",
    "application/x-pdf": "application/pdf",
}
# What clients send when they do not know: the name decides then.
_UNDECIDED = {"", "application/octet-stream", "binary/octet-stream"}


def media_type_of(name: str, declared: str) -> str | None:
    """The media type a file claims to be by its name and the type sent with it.

    None if the two disagree or are of no kind we take.
    """
    extension = name.rpartition(".")[2].lower()
    by_name = next((key for key, kind in FILE_TYPES.items() if extension in kind.extensions), None)
    sent = declared.partition(";")[0].strip().lower()
    sent = _ALIASES.get(sent, sent)
    return by_name if sent in _UNDECIDED or sent == by_name else None


def content_matches(path: Path, media_type: str) -> bool:
    """Whether the file's bytes are of the given type (a key of `FILE_TYPES`)."""
    with path.open("rb") as file:
        return FILE_TYPES[media_type].matches(file)


def accepted_types(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The media types a question takes: those of its schema that the town hall takes at all, or all of these."""
    if not wanted:
        return tuple(FILE_TYPES)
    return tuple(key for key in FILE_TYPES if key in {_ALIASES.get(name, name) for name in wanted})


def names_of(media_types: tuple[str, ...]) -> str:
    """What people call these types, for a message: `PDF, JPEG, PNG`."""
    return ", ".join(FILE_TYPES[key].name for key in media_types)
