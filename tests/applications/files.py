"""Small files of every kind, made on the spot."""

from __future__ import annotations

import io
import zipfile


def named_archive(entries: dict[str, bytes]) -> bytes:
    """A ZIP file with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
ENCRYPTED_PDF = PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 2 0 R")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20
DOCX = named_archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})
DOCX_WITH_MACRO = named_archive(
    {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": b"<w:document/>",
        "word/vbaProject.bin": b"\x00",
    }
)
ODT = named_archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
PROGRAM = b"MZ\x90\x00" + b"\x00" * 60
ELF = b"\x7fELF" + b"\x00" * 60
HTML = b"<!doctype html><script>alert(1)</script>"
