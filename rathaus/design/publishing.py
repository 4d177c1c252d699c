"""From a design to what people see: checking strictly, publishing, scheduling, rolling back, retiring.

A version never changes. Rolling back publishes the old content again under the next number, so that "the latest
version counts" stays the one rule and the history reads in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.catalogue import service as catalogue
from rathaus.catalogue.models import Retirement, ServiceVersion
from rathaus.catalogue.package import Package, PackageError, Problem
from rathaus.catalogue.packing import Files, content_hash, unpack
from rathaus.design.changing import ReasonMissingError, newest
from rathaus.design.models import Design, Publication, PublicationKind
from rathaus.editing import EditError
from rathaus.editing.words import gettext_noop
from rathaus.people.models import User
from rathaus.processes.checks import unknown_offices
from rathaus.processes.publishing import check_files
from rathaus.towns.models import Office

_ADDRESS_LENGTH = 200


class AlreadyLiveError(ValueError):
    """Exactly this content is live; publishing it again would change nothing."""


class UnknownVersionError(LookupError):
    """The service has no such version, or none that fits the act."""


def problems_in(files: Files) -> tuple[Package | None, list[Problem]]:
    """Everything that speaks against publishing these files in the active town, warnings included."""
    package, problems = check_files(files)
    if package is not None:
        problems += unknown_offices(package, set(Office.objects.values_list("key", flat=True)))
    return package, sorted(problems, key=lambda problem: (problem.file, problem.line))


def publish(
    design: Design,
    *,
    by: User,
    reason: str,
    live_from: datetime | None = None,
    revision: int | None = None,
) -> ServiceVersion:
    """Publish the newest revision (or the one the designer saw) as the next version, now or from a moment on.

    Raises `PackageError` with everything that is wrong, `AlreadyLiveError`, `ReasonMissingError`, and `EditError` if
    the moment is past or others have changed the design since `revision`.
    """
    if not reason.strip():
        raise ReasonMissingError
    now = timezone.now()
    if live_from is not None and live_from <= now:
        raise EditError(gettext_noop("Der Zeitpunkt liegt in der Vergangenheit. Wählen Sie einen späteren."))
    current = newest(design)
    if revision is not None and revision != current.number:
        raise EditError(
            gettext_noop(
                "Der Entwurf wurde inzwischen geändert. Sehen Sie sich die Änderungen an und veröffentlichen Sie dann."
            )
        )
    files = unpack(bytes(current.package))
    if live_from is None and catalogue.live_version_of(content_hash(files)) is not None:
        raise AlreadyLiveError(design.key)
    package, problems = problems_in(files)
    faults = [problem for problem in problems if problem.level != "warning"]
    if package is None or faults:
        raise PackageError(faults)
    with transaction.atomic():
        version = catalogue.publish(package, live_from=live_from)
        Publication.objects.create(
            version=version,
            kind=PublicationKind.PUBLISHED,
            revision=current,
            by=by,
            at=now,
            reason=reason.strip(),
        )
        design.base = version
        design.save(update_fields=["base"])
        _audit("service.published", version, by, reason, design=design.pk, revision=current.number)
    return version


def roll_back(key: str, to_version: int, *, by: User, reason: str) -> ServiceVersion:
    """Make the content of an earlier version live again, at once, as the next version.

    It was checked when it was first published, so only what may have changed around it is asked: the town's offices.
    Raises `UnknownVersionError`, `AlreadyLiveError`, `ReasonMissingError`, `PackageError`.
    """
    if not reason.strip():
        raise ReasonMissingError
    old = ServiceVersion.objects.filter(key=key, number=to_version, live_from__lte=timezone.now()).first()
    if old is None:
        raise UnknownVersionError(f"{key} v{to_version}")
    live = catalogue.live(key)
    if live is not None and live.content_hash == old.content_hash:
        raise AlreadyLiveError(key)
    package = catalogue.package_of(old)
    if faults := unknown_offices(package, set(Office.objects.values_list("key", flat=True))):
        raise PackageError(faults)
    with transaction.atomic():
        version = catalogue.publish(package)
        Publication.objects.create(
            version=version,
            kind=PublicationKind.ROLLED_BACK,
            restores=old,
            by=by,
            at=version.published_at,
            reason=reason.strip(),
        )
        _audit("service.rolled_back", version, by, reason, restores=old.number)
    return version


def cancel_scheduled(version: ServiceVersion, *, by: User, reason: str) -> None:
    """Take back a version before its moment has come; raises `UnknownVersionError` if it is live already."""
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        if not catalogue.cancel(version):
            raise UnknownVersionError(str(version))
        _audit("service.schedule_cancelled", version, by, reason)


def retire(
    key: str, forwarding_text: Mapping[str, str] | str, *, by: User, reason: str, address: str = ""
) -> Retirement:
    """Offer the service no longer: its page says where to go instead, new applications are refused with that text.

    Applications already begun and cases go on. Versions scheduled for later are taken back. `forwarding_text` is
    German, or texts by language with German among them.
    """
    if not reason.strip():
        raise ReasonMissingError
    text = {"de": forwarding_text} if isinstance(forwarding_text, str) else dict(forwarding_text)
    text = {language: words.strip() for language, words in text.items() if words.strip()}
    if "de" not in text:
        raise EditError(gettext_noop("Schreiben Sie, wohin sich die Leute künftig wenden."))
    if address and (not address.startswith(("https://", "http://", "/")) or address.startswith("//")):
        raise EditError(gettext_noop("Die Adresse beginnt mit https:// oder mit /."))
    if len(address) > _ADDRESS_LENGTH:
        raise EditError(gettext_noop("Kürzen Sie die Adresse auf höchstens 200 Zeichen."))
    if catalogue.live(key) is None and not catalogue.scheduled(key):
        raise UnknownVersionError(key)
    with transaction.atomic():
        retirement = catalogue.retire(key, text, by=by, reason=reason.strip(), address=address)
        audit.write("service.retired", "service", key, actor=by, detail={"reason": reason.strip()})
    return retirement


def _audit(action: str, version: ServiceVersion, by: User, reason: str, **detail: object) -> None:
    audit.write(
        action,
        "service",
        version.key,
        actor=by,
        detail={
            "version": version.number,
            "live_from": version.live_from.isoformat(),
            "content": version.content_hash,
            "reason": reason.strip(),
            **detail,
        },
    )
