"""Files that designers upload: bounded before they are read."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from rathaus.catalogue.packing import MAXIMUM_BYTES
from rathaus.designer.changing import Refused


def read_all(uploads: Sequence[UploadedFile[bytes]]) -> dict[str, bytes] | Refused:
    """The contents by file name; refused if together they are larger than a package may be."""
    if sum(upload.size or 0 for upload in uploads) > MAXIMUM_BYTES:
        return Refused(
            _("Die Dateien sind zusammen größer als %(size)d MB. Laden Sie sie in mehreren Schritten hoch.")
            % {"size": MAXIMUM_BYTES // 1_000_000}
        )
    return {str(upload.name): upload.read() for upload in uploads}
