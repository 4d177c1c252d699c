"""Is this letter genuine? By its code, or by the file itself. The caller limits how often somebody may ask.

The answers name no person: who holds the letter knows what it says, who does not learns nothing from here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from rathaus.applications.codes import ALPHABET, CODE_LENGTH
from rathaus.letters.models import Letter
from rathaus.letters.seal import SealReport, validate_seal
from rathaus.towns.context import current_town

_SEPARATORS = re.compile(r"[\s\-–—.]+")
_LOOKS_LIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})


@dataclass(frozen=True, slots=True)
class Verification:
    """A letter the active town issued. `unchanged`: our own copy is still what was issued, seal included."""

    title: str
    service_title: str
    town: str
    office: str
    issued_on: date
    sha256: str  # of the file as issued
    unchanged: bool
    seal: SealReport | None  # None: the letter was issued without a seal


@dataclass(frozen=True, slots=True)
class UploadVerification:
    """What an uploaded file is. `letter`: the letter it equals byte by byte; `seal`: what its own seal says."""

    letter: Verification | None
    seal: SealReport | None

    @property
    def genuine(self) -> bool:
        """Issued by the active town and unchanged: the same bytes, or an intact seal of the town."""
        return self.letter is not None or (self.seal is not None and self.seal.intact and self.seal.trusted)


def normal_code(typed: str) -> str | None:
    """A typed code as it is printed, or None if it cannot be one. Case, spaces and hyphens do not matter."""
    letters = _SEPARATORS.sub("", typed[:100]).upper().translate(_LOOKS_LIKE)
    if len(letters) != CODE_LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def verify(code: str) -> Verification | None:
    """The letter of the active town with this code, or None if there is none."""
    printed = normal_code(code)
    if printed is None:
        return None
    return _verification(Letter.objects.filter(verification_code=printed).exclude(pdf=None).first())


def verify_upload(pdf: bytes) -> UploadVerification:
    """Compare a file with what the active town issued, and read its seal."""
    digest = hashlib.sha256(pdf).hexdigest()
    return UploadVerification(
        letter=_verification(Letter.objects.filter(sha256=digest).exclude(pdf=None).first()),
        seal=validate_seal(pdf),
    )


def _verification(letter: Letter | None) -> Verification | None:
    if letter is None:
        return None
    pdf = bytes(letter.pdf or b"")
    seal = validate_seal(pdf) if letter.seal_wanted else None
    unchanged = hashlib.sha256(pdf).hexdigest() == letter.sha256
    return Verification(
        title=letter.title,
        service_title=letter.data["case"]["service_title"],
        town=current_town().official_name,
        office=letter.data["town"]["office"]["name"],
        issued_on=date.fromisoformat(letter.data["letter"]["date"]),
        sha256=letter.sha256,
        unchanged=unchanged and (seal is None or seal.intact),
        seal=seal,
    )
