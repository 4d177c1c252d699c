"""Files that designers upload: bounded before they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from rathaus.catalogue.packing import MAXIMUM_BYTES
from rathaus.designer.changing import Refused
from rathaus.designer.finding import found_in_file
from rathaus.standards.xdatenfelder.model import Translation
from rathaus.standards.xdatenfelder.reader import XdfError, read_translations


def translations_in(files: Mapping[str, bytes]) -> tuple[Translation, ...] | Refused:
    """FIM's translations of these files (message uebersetzung.0106); refused with the file that holds none."""
    found: list[Translation] = []
    for name, content in files.items():
        try:
            found += read_translations(content)
        except XdfError as error:
            return Refused(
                _(
                    "„%(file)s“ ist keine Übersetzung aus FIM. Lassen Sie sie weg. Beim Lesen gefunden: %(found)s."
                )
                % {"file": name, "found": found_in_file(error.message, error.line)}
            )
    return tuple(found)


def read_all(uploads: Sequence[UploadedFile[bytes]]) -> dict[str, bytes] | Refused:
    """The contents by file name; refused if together they are larger than a package may be."""
    if sum(upload.size or 0 for upload in uploads) > MAXIMUM_BYTES:
        return Refused(
            _("Die Dateien sind zusammen größer als %(size)d MB. Laden Sie sie in mehreren Schritten hoch.")
            % {"size": MAXIMUM_BYTES // 1_000_000}
        )
    return {str(upload.name): upload.read() for upload in uploads}
