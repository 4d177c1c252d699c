"""Adding a signature to a PDF as an incremental update (ISO 32000-1, 7.5.6 and 12.8): nothing before it changes.

For PDFs as Typst writes them: one classic cross-reference table, every object in the open. pyHanko can do it for all
others, but reads them whole, writes their metadata anew and brings an HTTP client along: 2.9 ms a letter where this
takes 0.1, and 12 MB a worker. Validation, in the tests too, is pyHanko's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime

_TRAILER = re.compile(
    rb"trailer\s*<<.*?/Size (?P<size>\d+).*?/Root (?P<root>\d+) 0 R(?P<info>/Info \d+ 0 R)?.*?"
    rb"/ID\[(?P<id>\([^()\\]*\)|<[0-9A-Fa-f]*>).*?startxref\s+(?P<table>\d+)\s+%%EOF\s*\Z",
    re.DOTALL,
)
_ENTRY = 20  # bytes of a line of the cross-reference table
_RANGE = b"/ByteRange[%-40s]"
_HIDDEN_FIELD = b"/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]"  # printed and locked, without any extent


class UnexpectedPdfError(ValueError):
    """The PDF is not built as Typst builds it."""


def signed(
    pdf: bytes, *, field: str, name: str, at: datetime, room: int, sign: Callable[[bytes], bytes]
) -> bytes:
    """`pdf` with an invisible signature field that holds what `sign` makes of the document's SHA-256 digest.

    `name`: who signs; `at`: with a time zone; `room`: bytes kept free for the signature. Raises `UnexpectedPdfError`.
    """
    original = _Original(pdf)
    first_page = original.first_page()
    form, widget, signature = range(original.size, original.size + 3)
    objects = {
        original.root: _with(original.dictionary(original.root), b"/AcroForm %d 0 R" % form),
        first_page: _with_annotation(original.dictionary(first_page), widget),
        form: b"<</Fields[%d 0 R]/SigFlags 3>>" % widget,
        widget: b"<</FT/Sig/T%s%s/P %d 0 R/V %d 0 R>>" % (_text(field), _HIDDEN_FIELD, first_page, signature),
        signature: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(%s)/Name%s%s/Contents<%s>>>"
        % (_moment(at), _text(name), _RANGE % b"", b"0" * 2 * room),
    }
    # Without a line break after %%EOF the appended objects break PDF/A (ISO 19005-2, 6.1.3).
    file = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    offsets = {}
    for number, content in objects.items():
        offsets[number] = len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(file)
    file += _cross_references(offsets)
    file += b"trailer\n<</Size %d/Root %d 0 R%s/ID[%s<%s>]/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(signature + 1, original.root, original.info, original.id),
        *(hashlib.md5(file, usedforsecurity=False).hexdigest().encode(), original.table, table),
    )
    return _filled(file, offsets[signature], room, sign)


def _filled(file: bytearray, start: int, room: int, sign: Callable[[bytes], bytes]) -> bytes:
    """Write into the signature dictionary at `start` which bytes it covers, and their signature."""
    begin = file.index(b"/Contents<", start) + len(b"/Contents")
    end = begin + 2 * room + 2
    covered = _RANGE % (b"0 %d %d %d" % (begin, end, len(file) - end))
    place = file.index(b"/ByteRange[", start)
    file[place : place + len(covered)] = covered
    value = sign(hashlib.sha256(file[:begin] + file[end:]).digest())
    if len(value) > room:
        raise ValueError(f"a signature of {len(value)} bytes does not fit into {room}")
    file[begin + 1 : begin + 1 + 2 * len(value)] = value.hex().encode()
    return bytes(file)


class _Original:
    """Where things are in the PDF."""

    def __init__(self, pdf: bytes) -> None:
        found = _TRAILER.search(pdf, max(pdf.rfind(b"trailer"), 0))
        if found is None:
            raise UnexpectedPdfError("no trailer of the expected form")
        self._pdf = pdf
        self.size, self.root, self.table = int(found["size"]), int(found["root"]), int(found["table"])
        self.info, self.id = found["info"] or b"", found["id"]
        head = b"xref\n0 %d\n" % self.size
        if not pdf.startswith(head, self.table):
            raise UnexpectedPdfError("no single cross-reference table")
        self._entries = self.table + len(head)

    def dictionary(self, number: int) -> bytes:
        """An object that is a dictionary, from `<<` to `>>`."""
        entry = self._entries + _ENTRY * number
        offset = int(self._pdf[entry : entry + 10]) if 0 < number < self.size else 0
        head = b"%d 0 obj" % number
        content = self._pdf[offset + len(head) : self._pdf.find(b"endobj", offset)].strip()
        if not (self._pdf.startswith(head, offset) and content.startswith(b"<<") and content.endswith(b">>")):
            raise UnexpectedPdfError(f"object {number} is no dictionary")
        return content

    def first_page(self) -> int:
        """The number of the first page's object: the leftmost leaf of the tree of pages."""
        number = self.root
        for step in (rb"/Pages (\d+) 0 R", *[rb"/Kids\s*\[\s*(\d+) 0 R"] * 10):
            found = re.search(step, self.dictionary(number))
            if found is None:
                break
            number = int(found[1])
        if not re.search(rb"/Type\s*/Page\b", self.dictionary(number)):
            raise UnexpectedPdfError("no first page")
        return number


def _with(dictionary: bytes, entry: bytes) -> bytes:
    key = entry.split(b" ", 1)[0]
    if key in dictionary:
        raise UnexpectedPdfError(f"there is a {key.decode()} already")
    return dictionary[:-2] + entry + b">>"


def _with_annotation(page: bytes, number: int) -> bytes:
    if b"/Annots" not in page:
        return _with(page, b"/Annots [%d 0 R]" % number)
    longer, count = re.subn(rb"/Annots\s*\[([^\]]*)\]", rb"/Annots[\g<1> %d 0 R]" % number, page)
    if count != 1:
        raise UnexpectedPdfError("the annotations of the first page are not a plain list")
    return longer


def _cross_references(offsets: Mapping[int, int]) -> bytes:
    lines = [b"xref\n0 1\n0000000000 65535 f \n"]
    lines += [b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in sorted(offsets.items())]
    return b"".join(lines)


def _text(text: str) -> bytes:
    """A text string in UTF-16 (7.9.2.2)."""
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().upper().encode()


def _moment(at: datetime) -> bytes:
    """A date (7.9.4): `D:20260704093000+02'00'`."""
    zone = at.strftime("%z")
    return f"D:{at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'".encode()
