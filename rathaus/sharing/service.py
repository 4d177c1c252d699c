"""The door of sharing: offer and pack a service, look into a file, adopt it, merge what its origin changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.catalogue.packing import Files, unpack
from rathaus.catalogue.packing import pack as pack_files
from rathaus.design.models import Design, Origin
from rathaus.design.service import Changed, change, files_of, newest
from rathaus.design.starting import begin
from rathaus.editing import ChangeFiles, EditError, Words
from rathaus.editing.blocks import Blocks
from rathaus.editing.words import gettext_noop
from rathaus.merging import Conflict, Side, merge
from rathaus.people.models import User
from rathaus.sharing.models import Adoption, TrustedOrigin
from rathaus.sharing.neighbours import Offered, fetch, offered, offers, seal_of
from rathaus.sharing.offering import NotLiveError, OwnService, offer, offered_versions, own_services, withdraw
from rathaus.sharing.parcel import Parcel, ParcelError, inspect, pack

__all__ = [
    "Adopted",
    "NotLiveError",
    "Offered",
    "OwnService",
    "ParcelError",
    "Side",
    "adopt",
    "adopted",
    "fetch",
    "inspect",
    "offer",
    "offered",
    "offered_versions",
    "offers",
    "offices_in",
    "own_services",
    "pack",
    "update",
    "withdraw",
]

_SERVICE = "service.toml"


@dataclass(frozen=True, slots=True)
class Updated:
    """The update is in the design, or waits for choices: then nothing was changed."""

    design: Design
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Adopted:
    """A design that began with another town's service, and whether its origin has a newer version."""

    design: Design
    last: Adoption  # the state of the origin that is in the design; without its package
    newer: Offered | None

    @property
    def origin_name(self) -> str:
        """What the origin is called."""
        return self.last.origin_name or self.last.origin


def adopted(available: Iterable[Offered]) -> list[Adopted]:
    """The open designs of the town that began with another town's service; `available`: what is offered now."""
    offered_now = {(one.town, one.key): one for one in available}
    rows = Adoption.objects.defer("package").select_related("design").filter(design__closed_at=None)
    last = {row.design_id: row for row in rows.order_by("at", "pk")}
    found = []
    for row in last.values():
        newer = offered_now.get((row.origin, row.origin_key))
        is_newer = newer is not None and newer.version > row.origin_version
        found.append(Adopted(row.design, row, newer if is_newer else None))
    return sorted(found, key=lambda one: (one.design.title.casefold(), one.design.pk))


def offices_in(files: Files) -> tuple[str, ...]:
    """The origin's offices that the adopting town has to map to its own."""
    top = Blocks.read(files[_SERVICE], _SERVICE).top.values
    return tuple(dict.fromkeys(map(str, [top.get("office", ""), *top.get("lanes", {}).values()])))


@transaction.atomic
def adopt(
    data: bytes,
    offices: Mapping[str, str],
    *,
    by: User,
    reason: str,
    key: str = "",
    confirm_key: bool = False,
) -> Design:
    """Begin a design with another town's service; `offices`: key of theirs → key of ours; `key`: of
    the service here, empty: as in the origin.

    Raises `ParcelError`, also if the origin signs with another key than before and `confirm_key` is not given, or the
    file names a town of this installation and does not carry its seal.
    """
    parcel = inspect(data)
    _trust(parcel, confirm_key)
    words = Words(
        gettext_noop("Übernommen von %(town)s, Version %(version)s"),
        {"town": parcel.town_name, "version": str(parcel.version)},
    )
    files = _with_offices(parcel.files, offices)
    design = begin(files, key, Origin.PACKAGE, words, by=by, reason=reason, source=parcel.town_name)
    _note(design, parcel)
    audit.write("service.adopted", "design", design.pk, actor=by, detail=_detail(parcel, reason))
    return design


@transaction.atomic
def update(
    design: Design,
    data: bytes,
    *,
    by: User,
    reason: str,
    choices: Mapping[str, Side] | None = None,
    confirm_key: bool = False,
) -> Updated:
    """Merge a newer version of the origin into a design that adopted an older one; our own changes stay.

    Raises `ParcelError` if the file is not a newer version of what was adopted.
    """
    parcel = inspect(data)
    last = Adoption.objects.filter(design=design).order_by("-at", "-pk").first()
    if last is None or (last.origin, last.origin_key) != (parcel.town, parcel.key):
        raise ParcelError(gettext_noop("Diese Datei gehört nicht zu der Leistung, die Sie übernommen haben."))
    if parcel.version <= last.origin_version:
        raise ParcelError(gettext_noop("Diese Fassung haben Sie schon übernommen."))
    _trust(parcel, confirm_key)
    seen, ours = newest(design), files_of(design)
    merged = merge(unpack(bytes(last.package)), ours, parcel.files, choices)
    if merged.conflicts:
        return Updated(design, merged.conflicts)
    words = Words(
        gettext_noop("Aktualisiert auf Version %(version)s von %(town)s"),
        {"town": parcel.town_name, "version": str(parcel.version)},
    )
    edit = ChangeFiles.between(ours, merged.files, words)
    outcome = change(design, edit, base_revision=seen.number, by=by, reason=reason)
    if not isinstance(outcome, Changed):
        raise EditError(gettext_noop("Der Entwurf wurde eben geändert. Versuchen Sie es noch einmal."))
    _note(design, parcel)
    audit.write("service.updated", "design", design.pk, actor=by, detail=_detail(parcel, reason))
    return Updated(design, ())


def _trust(parcel: Parcel, confirm_key: bool) -> None:
    """Trust on first use; another key than before has to be confirmed.

    A town of this installation is known better than by first use: only its own seal speaks for it.
    """
    neighbour = seal_of(parcel.town)
    if neighbour is not None and neighbour[1] != parcel.fingerprint:
        raise ParcelError(
            gettext_noop(
                "Die Datei nennt %(town)s als Absender, trägt aber nicht das Siegel dieser Stadt. "
                "Lassen Sie sich die Datei von dort neu geben."
            ),
            town=neighbour[0],
        )
    now = timezone.now()
    known, is_new = TrustedOrigin.objects.get_or_create(
        origin=parcel.town, defaults={"fingerprint": parcel.fingerprint, "confirmed_at": now}
    )
    if is_new or known.fingerprint == parcel.fingerprint:
        return
    if not confirm_key:
        raise ParcelError(
            gettext_noop(
                "%(town)s unterschreibt mit einem anderen Schlüssel als bisher. Fragen Sie dort nach, "
                "ob der Fingerabdruck %(fingerprint)s stimmt, und bestätigen Sie ihn dann."
            ),
            town=parcel.town_name,
            fingerprint=parcel.fingerprint,
        )
    known.fingerprint, known.confirmed_at = parcel.fingerprint, now
    known.save(update_fields=["fingerprint", "confirmed_at"])


def _with_offices(files: Files, offices: Mapping[str, str]) -> Files:
    blocks = Blocks.read(files[_SERVICE], _SERVICE)
    top = blocks.top
    office, lanes = str(top.values.get("office", "")), dict(top.values.get("lanes", {}))
    if office in offices:
        top.set("office", offices[office])
    for lane, theirs in lanes.items():
        if theirs in offices:
            top.set_at(("lanes", lane), offices[theirs])
    return {**files, _SERVICE: blocks.write()}


def _note(design: Design, parcel: Parcel) -> None:
    Adoption.objects.create(
        key=design.key,
        design=design,
        origin=parcel.town,
        origin_name=parcel.town_name[:200],
        fingerprint=parcel.fingerprint,
        origin_key=parcel.key,
        origin_version=parcel.version,
        package=pack_files(parcel.files),
        at=timezone.now(),
    )


def _detail(parcel: Parcel, reason: str) -> dict[str, object]:
    return {"origin": parcel.town, "key": parcel.key, "version": parcel.version, "reason": reason}
