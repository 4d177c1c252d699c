"""A service package as files: a folder on disk, or one deterministic ZIP file in the database."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

# What belongs to a package; anything else in the folder (editor backups, pictures of drafts) stays outside.
_SUFFIXES = {".toml", ".xml", ".bpmn", ".dmn", ".typ", ".md", ".svg"}
MAXIMUM_FILES = 500
MAXIMUM_BYTES = 20_000_000

Files = Mapping[str, bytes]  # path inside the package with forward slashes → content


class PackingError(ValueError):
    """The folder or file is not a service package, or larger than one may be."""


def read_folder(folder: Path) -> Files:
    """The files of a package folder, sorted by path."""
    if not folder.is_dir():
        raise PackingError(f"{folder} is not a folder")
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _SUFFIXES and not path.name.startswith("."):
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    _check_size(files)
    return files


def pack(files: Files) -> bytes:
    """One ZIP file; the same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(
                zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def unpack(data: bytes) -> Files:
    """The files of a packed package; refuses paths that leave the package and contents beyond the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAXIMUM_FILES or sum(entry.file_size for entry in entries) > MAXIMUM_BYTES:
                raise PackingError("the package is larger than a package may be")
            for entry in entries:
                path = PurePosixPath(entry.filename)
                if path.is_absolute() or ".." in path.parts:
                    raise PackingError(f"the path {entry.filename!r} leaves the package")
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except zipfile.BadZipFile as error:
        raise PackingError("this is not a ZIP file") from error


def content_hash(files: Files) -> str:
    """SHA-256 over names and contents: equal exactly when the packages are equal."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{len(name.encode())}:{name}:{len(files[name])}:".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _check_size(files: Files) -> None:
    if len(files) > MAXIMUM_FILES or sum(map(len, files.values())) > MAXIMUM_BYTES:
        raise PackingError(f"a package may hold {MAXIMUM_FILES} files and {MAXIMUM_BYTES // 1_000_000} MB")
