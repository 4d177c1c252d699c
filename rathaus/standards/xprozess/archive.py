"""Opening the files attached to a process: base64 of a ZIP that holds the BPMN diagram, its picture or a report.

A ZIP from strangers can claim anything. So everything is counted while it is unpacked, not believed: how many
members, how many bytes each one and all of them really yield. Nothing is written to disk, and of a member's name only
the last part is kept, so no name can lead anywhere.
"""

from __future__ import annotations

import base64
import binascii
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from rathaus.standards.safe_xml import XmlError, read_xml
from rathaus.standards.xprozess.model import FileKind, ModelFile, Process
from rathaus.standards.xprozess.reader import XprozessError

BPMN_NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MAX_MEMBERS = 32
MAX_BYTES = 32 * 1024 * 1024
"""All members of one archive together, unpacked."""

_CHUNK = 64 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """One member of an attached archive: the last part of its name, and its bytes."""

    name: str
    content: bytes


def bpmn_of(process: Process) -> tuple[UnpackedFile, ...]:
    """The BPMN 2.0 diagrams of a process, byte for byte as they were packed. Raises `XprozessError`."""
    return tuple(
        file
        for model in process.files
        if model.kind is FileKind.MODEL
        for file in unpack(model)
        if _is_bpmn(file.content)
    )


def unpack(file: ModelFile) -> tuple[UnpackedFile, ...]:
    """The members of an attached file; a file that is no ZIP is its own only member.

    Raises `XprozessError` for broken base64, a broken, encrypted or unusually packed archive, and one that yields more
    than `MAX_MEMBERS` files or `MAX_BYTES` bytes.
    """
    try:
        content = base64.b64decode("".join(file.encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _error(file, "is not base64") from None
    if not content:
        return ()
    if not content.startswith(b"PK"):
        return (UnpackedFile(file.name, content),)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return tuple(_members(archive, file))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, XprozessError):
            raise
        raise _error(file, f"is a broken ZIP archive ({error})") from None


def _members(archive: zipfile.ZipFile, file: ModelFile) -> Iterator[UnpackedFile]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        raise _error(file, f"holds {len(members)} files; at most {MAX_MEMBERS} are read")
    left = MAX_BYTES
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise _error(file, "is encrypted")
        if member.compress_type not in _METHODS:
            raise _error(file, "is packed by a method other than deflate")
        content = _content(archive, member, left, file)
        left -= len(content)
        yield UnpackedFile(member.filename.replace("\\", "/").rpartition("/")[2], content)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int, file: ModelFile) -> bytes:
    parts: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > limit:
                raise _error(file, f"unpacks to more than {MAX_BYTES} bytes")
            parts.append(part)
    return b"".join(parts)


def _error(file: ModelFile, found: str) -> XprozessError:
    return XprozessError(f"the attached file {file.name!r} {found}", file.line)


def _is_bpmn(content: bytes) -> bool:
    try:
        root = read_xml(content)
    except XmlError:
        return False
    return root.name == "definitions" and root.namespace == BPMN_NAMESPACE
