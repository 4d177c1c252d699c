"""The door of letters: promise, produce, preview, retrieve and verify them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from rathaus.applications.codes import new_code
from rathaus.applications.models import Application
from rathaus.cases.models import Actor, Case
from rathaus.cases.service import current_answers, record, tell_applicant
from rathaus.catalogue.package import Package
from rathaus.catalogue.service import package_of, version_with
from rathaus.delivery.service import HandOverError, handler, promise, should_exist
from rathaus.letters.content import ContentError, copy_content, letter_content, verification_url
from rathaus.letters.models import Letter
from rathaus.letters.notice import channel_of, deemed_notified_on, posted, regime_of, retrieved
from rathaus.letters.qr import qr_svg
from rathaus.letters.remedy import RemedyError
from rathaus.letters.sample import example_data
from rathaus.letters.seal import SealError, SealReport, seal, validate_seal
from rathaus.letters.typesetting import SHARED, LetterError, pictures, typeset
from rathaus.letters.verification import UploadVerification, Verification, verify, verify_upload
from rathaus.said import said

__all__ = [
    "ContentError",
    "LetterError",
    "RemedyError",
    "SealError",
    "SealReport",
    "UploadVerification",
    "Verification",
    "check_letters",
    "copy_of_application",
    "draft_content",
    "draft_fault",
    "draft_pages",
    "example_data",
    "posted",
    "preview",
    "promise_letter",
    "render",
    "retrieved",
    "validate_seal",
    "verify",
    "verify_upload",
]


def promise_letter(
    case: Case,
    template: str,
    *,
    title: str,
    seal: bool,
    language: str,
    data: Mapping[str, Any] | None = None,
    signer: str | None = None,
) -> Letter:
    """Promise a letter, inside the caller's transaction: everything it says is fixed now, the file follows.

    `template`: name under the package's `letters/`, without `.typ`; `data`: further top keys for the template;
    `signer`: the person who answers for it (§ 37 Abs. 3 VwVfG), None when a machine does (Abs. 5).
    Raises `LetterError` for an unknown template, `RemedyError` and `ContentError` when it cannot say what it must.
    """
    package = package_of(case.application.service)
    _template(package, template)
    code = new_code()
    now = timezone.now()
    answers = current_answers(case)
    letter: Letter = Letter.objects.create(
        case=case,
        template=template,
        title=title,
        language=language,
        data=letter_content(
            case, template, title=title, language=language, at=now, code=code, signer=signer, extra=data
        ),
        created_at=now,
        verification_code=code,
        seal_wanted=seal,
        notice_regime=regime_of(package.service, template),
        delivery_channel=channel_of(package.service, template, answers, case.application.contact_email),
    )
    promise("letter.produce", letter.pk)
    return letter


@dataclass(frozen=True)
class _Produced:
    letter: Letter  # as it was when it was typeset
    pdf: bytes


def _provide(produced: _Produced | None) -> None:
    """Store the file and tell the applicant; of two workers that produced the same letter the first one's counts."""
    if produced is None:
        return
    letter: Letter = Letter.objects.defer("data").select_for_update().get(pk=produced.letter.pk)
    if letter.pdf is not None:
        return
    letter.case = produced.letter.case  # of it only what never changes is used
    now = timezone.now()
    letter.pdf = produced.pdf
    letter.sha256 = hashlib.sha256(produced.pdf).hexdigest()
    letter.produced_at = letter.provided_at = now
    letter.notice_sent_at = now if letter.case.application.contact_email else None
    letter.deemed_notified_on = deemed_notified_on(letter, timezone.localdate(now))
    letter.save(
        update_fields=["pdf", "sha256", "produced_at", "provided_at", "notice_sent_at", "deemed_notified_on"]
    )
    record(
        letter.case, "letter.ready", actor=Actor.MACHINE, public=True, letter=letter.pk, title=letter.title
    )
    tell_applicant(letter.case)


@handler("letter.produce", commit=_provide)
def produce(subject: str) -> _Produced | None:
    """Typeset and seal a promised letter; None if that is done."""
    letter: Letter = (
        Letter.objects.select_related("case__application")
        .defer("case__facts", "case__application__answers")  # the letter holds all it says
        .get(pk=subject)
    )
    if letter.pdf is not None:
        return None
    package = package_of(version_with(letter.case.application.service_id))
    source, files = _template(package, letter.template), _files(package)
    try:
        pdf = render(source, letter.data, files=files, name=letter.template)
    except LetterError as error:
        # The compiler's message may quote data of the applicant; staff see it in the preview, not in logs.
        place = f"{error.template}, line {error.line}"
        raise HandOverError(
            f"the letter cannot be typeset: {place}; open its preview for the message"
        ) from error
    return _Produced(letter, seal(pdf) if letter.seal_wanted else pdf)


@should_exist("letter.produce")
def unproduced_letters() -> list[int]:
    """Every letter that was promised and has no file."""
    return list(Letter.objects.filter(pdf=None).values_list("pk", flat=True))


def render(
    source: bytes, data: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, name: str = "letter"
) -> bytes:
    """Typeset a template with a letter's data, its code also as a QR code; unsealed. Raises `LetterError`."""
    code = data["letter"].get("verification_code")
    if code:
        address = verification_url(code)
        data = {**data, "letter": {**data["letter"], "verification_qr": qr_svg(address)}}
    return typeset(source, data, files=files, name=f"{name}.typ")


def preview(
    case: Case,
    template: str,
    *,
    title: str,
    language: str,
    data: Mapping[str, Any] | None = None,
    signer: str | None = None,
) -> bytes:
    """What `promise_letter` would produce now, marked as a draft: no code, no seal, nothing stored."""
    package = package_of(case.application.service)
    content = letter_content(
        case, template, title=title, language=language, at=timezone.now(), signer=signer, extra=data
    )
    content["letter"]["draft"] = True
    return render(_template(package, template), content, files=_files(package), name=template)


def draft_content(
    case: Case, template: str, *, title: str, language: str, signer: str | None = None
) -> dict[str, Any]:
    """What a letter would say of a case now, marked as a draft; `template` need not be typeset yet."""
    content = letter_content(case, template, title=title, language=language, at=timezone.now(), signer=signer)
    content["letter"]["draft"] = True
    return content


def draft_pages(
    source: bytes, content: Mapping[str, Any], *, files: Mapping[str, bytes], name: str
) -> list[bytes]:
    """The pages of a template that is being written, as PNG pictures. Raises `LetterError`."""
    return pictures(source, content, files=files, name=f"{name}.typ")


def draft_fault(source: bytes, *, files: Mapping[str, bytes], name: str) -> LetterError | None:
    """Why a template that is being written cannot be typeset with invented data in German or English."""
    for language in ("de", "en"):
        try:
            typeset(source, example_data(language), files=files, name=f"{name}.typ")
        except LetterError as error:
            return error
    return None


def copy_of_application(application: Application, language: str | None = None) -> bytes:
    """The applicant's copy of what they sent (§ 9a Abs. 4 OZG), typeset on demand; always the same bytes."""
    content = copy_content(application, application.case.office, language or application.language)
    return typeset((SHARED / "kopie.typ").read_bytes(), content, name="kopie.typ")


def check_letters(package: Package) -> list[LetterError]:
    """What is wrong with a package's templates: each is typeset with example data, in German and in English."""
    faults = []
    for name in package.letters:
        for language in ("de", "en"):
            try:
                render_sample(package, name, language)
            except LetterError as error:
                faults.append(error)
                break
    return faults


def render_sample(package: Package, template: str, language: str) -> bytes:
    """A template with invented data. Raises `LetterError`."""
    files = _files(package)
    return typeset(_template(package, template), example_data(language), files=files, name=f"{template}.typ")


def _template(package: Package, name: str) -> bytes:
    try:
        return package.letters[name]
    except KeyError:
        raise LetterError(
            f"{name}.typ",
            0,
            said("the package %(service)s has no such letter", service=package.key),
        ) from None


def _files(package: Package) -> dict[str, bytes]:
    return {f"{name}.typ": source for name, source in package.letters.items()}
