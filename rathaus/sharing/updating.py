"""What an origin published since a town adopted from it, and bringing that together with what the town made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from rathaus.audit import service as audit
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import Files, unpack
from rathaus.design.models import Design
from rathaus.design.service import Changed, change, files_of, newest
from rathaus.editing import ChangeFiles, EditError, SetServiceValue, Words
from rathaus.editing.parts import key_of, with_key
from rathaus.editing.words import gettext_noop
from rathaus.merging import Conflict, Merged, Side, merge
from rathaus.people.models import User
from rathaus.sharing.models import Adoption, Received
from rathaus.sharing.needs import lanes_of, office_of
from rathaus.sharing.neighbours import fetch, versions_offered
from rathaus.sharing.noting import note, used
from rathaus.sharing.origins import in_designs, in_versions
from rathaus.sharing.parcel import Parcel, ParcelError, inspect
from rathaus.sharing.receiving import received_with
from rathaus.sharing.trust import confirm


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer version of what a town adopted: offered by its town here, or in an uploaded file."""

    version: int
    received: int | None = None  # primary key of the uploaded file


@dataclass(frozen=True, slots=True)
class Adopted:
    """A state of another town's service that is in a design or a version, and the newest that can be merged."""

    last: Adoption  # without its package
    newer: Newer | None

    @property
    def origin_name(self) -> str:
        """What the origin is called."""
        return self.last.origin_name or self.last.origin

    def newer_file(self) -> bytes | None:
        """The newer version as the file its origin signed; None if there is none (any more)."""
        if self.newer is None:
            return None
        if self.newer.received is None:
            return fetch(self.last.origin, self.last.origin_key)
        row = received_with(self.newer.received)
        return bytes(row.data) if row else None


@dataclass(frozen=True, slots=True)
class Held:
    """What designs and versions (primary keys) hold of other towns; those that hold nothing are left out."""

    designs: Mapping[int, Adopted]
    versions: Mapping[int, Adopted]


def held(designs: Iterable[Design] = (), versions: Iterable[ServiceVersion] = ()) -> Held:
    """What these hold of other towns; the questions to the database do not grow with them."""
    of_designs = in_designs([design.pk for design in designs])
    of_versions = in_versions(version.pk for version in versions)
    places = {(row.origin, row.origin_key) for row in (*of_designs.values(), *of_versions.values())}
    newest_known = _newest_known(places) if places else {}

    def adopted(row: Adoption) -> Adopted:
        newer = newest_known.get((row.origin, row.origin_key))
        return Adopted(row, newer if newer and newer.version > row.origin_version else None)

    return Held(
        {key: adopted(row) for key, row in of_designs.items()},
        {key: adopted(row) for key, row in of_versions.items()},
    )


def adopted_in(design: Design) -> Adopted | None:
    """What a design holds of another town, or None if it began otherwise."""
    return held([design]).designs.get(design.pk)


def _newest_known(places: Collection[tuple[str, str]]) -> dict[tuple[str, str], Newer]:
    """The newest version of services (town, key) that is offered here or was uploaded."""
    found = {place: Newer(version) for place, version in versions_offered(places).items()}
    files = Received.objects.defer("data").filter(origin_key__in={key for _, key in places})
    for file in files.order_by("pk"):
        place = (file.origin, file.origin_key)
        if place not in found or found[place].version < file.origin_version:
            found[place] = Newer(file.origin_version, file.pk)
    return found


@dataclass(frozen=True, slots=True)
class Update:
    """What would come of a newer version beside what the town made of the last one. Nothing is written yet."""

    parcel: Parcel
    base: Files  # the origin's last state; key and offices are those of the town
    ours: Files
    theirs: Files  # the origin's newer state; key and offices are those of the town
    merged: Merged

    new_lanes: Mapping[
        str, str
    ]  # lane that the newer version brings → the town's office that is likely; or empty


def prepare(
    last: Adoption,
    ours: Files,
    data: bytes,
    choices: Mapping[str, Side] | None = None,
    lanes: Mapping[str, str] | None = None,
) -> Update:
    """Bring the origin's last state, the town's own and the origin's newer one together.

    `choices`: place of a conflict → side that counts; `lanes`: new lane → key of the town's office that works there
    (else the one in charge). Raises `ParcelError` if the file is not a newer version of what was adopted.
    """
    parcel = inspect(data)
    if (last.origin, last.origin_key) != (parcel.town, parcel.key):
        raise ParcelError(gettext_noop("Diese Datei gehört nicht zu der Leistung, die Sie übernommen haben."))
    if parcel.version <= last.origin_version:
        raise ParcelError(gettext_noop("Diese Fassung haben Sie schon übernommen."))
    adopted = unpack(bytes(last.package))
    base, theirs = _made_ours(adopted, ours, {}), _made_ours(parcel.files, ours, lanes or {})
    before, own = lanes_of(adopted), lanes_of(ours)
    # Whose work is done by which office here: what was said when the service was adopted.
    offices = {office_of(adopted): office_of(ours)}
    offices |= {before[lane]: office for lane, office in own.items() if lane in before}
    return Update(
        parcel=parcel,
        base=base,
        ours=ours,
        theirs=theirs,
        merged=merge(base, ours, theirs, choices),
        new_lanes={
            lane: offices.get(office, "")
            for lane, office in lanes_of(parcel.files).items()
            if lane not in {**before, **own}
        },
    )


@dataclass(frozen=True, slots=True)
class Updated:
    """The update is in the design, or waits for choices: then nothing was changed."""

    design: Design
    conflicts: tuple[Conflict, ...]


@transaction.atomic
def update(
    design: Design,
    data: bytes,
    *,
    by: User,
    reason: str,
    choices: Mapping[str, Side] | None = None,
    lanes: Mapping[str, str] | None = None,
    seen: int | None = None,
    confirm_key: bool = False,
) -> Updated:
    """Merge a newer version of the origin into a design that adopted an older one; the town's own changes stay.

    `seen`: number of the revision that the choices were made for, if not the newest. Raises `ParcelError` as `prepare`
    and `adopt` do, `EditError` if the design has changed since.
    """
    last = in_designs([design.pk]).get(design.pk)
    if last is None:
        raise ParcelError(gettext_noop("Diese Datei gehört nicht zu der Leistung, die Sie übernommen haben."))
    now = newest(design)
    if seen is not None and now.number != seen:
        raise _changed_meanwhile()
    prepared = prepare(last, files_of(design, now.number), data, choices, lanes)
    parcel = prepared.parcel
    confirm(parcel, changed=confirm_key)
    if prepared.merged.conflicts:
        return Updated(design, prepared.merged.conflicts)
    words = Words(
        gettext_noop("Aktualisiert auf Version %(version)s von %(town)s"),
        {"town": parcel.town_name, "version": str(parcel.version)},
    )
    edit = ChangeFiles.between(prepared.ours, prepared.merged.files, words)
    outcome = change(design, edit, base_revision=now.number, by=by, reason=reason)
    if not isinstance(outcome, Changed) or outcome.others:
        raise _changed_meanwhile()
    note(design, parcel, outcome.revision.number)
    used(parcel)
    detail = {"origin": parcel.town, "key": parcel.key, "version": parcel.version, "reason": reason}
    audit.write("service.updated", "design", design.pk, actor=by, detail=detail)
    return Updated(design, ())


def _changed_meanwhile() -> EditError:
    return EditError(gettext_noop("Der Entwurf wurde eben geändert. Versuchen Sie es noch einmal."))


def _made_ours(files: Files, ours: Files, lanes: Mapping[str, str]) -> Files:
    """A state of the origin with the town's key and offices: they are the town's whatever the origin says."""
    in_charge, known = office_of(ours), {**lanes, **lanes_of(ours)}
    files = SetServiceValue("office", in_charge).apply(with_key(files, key_of(ours)))
    for lane in lanes_of(files):
        files = SetServiceValue(f"lanes.{lane}", known.get(lane, in_charge)).apply(files)
    return files
