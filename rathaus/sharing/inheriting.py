"""A design begun with a published service keeps the origin of what was published: it can be updated as well."""

from __future__ import annotations

from django.utils import timezone

from rathaus.design.models import Design, Publication
from rathaus.sharing.models import Adoption


def inherit(design: Design, **_: object) -> None:
    """Take along the state of the origin that is in the version the design begins with."""
    base = _origin_of(design.base_id)
    if base is None:
        return
    Adoption.objects.create(
        key=design.key,
        design=design,
        origin=base.origin,
        origin_name=base.origin_name,
        fingerprint=base.fingerprint,
        origin_key=base.origin_key,
        origin_version=base.origin_version,
        package=base.package,
        at=timezone.now(),
    )


def _origin_of(version: int | None) -> Adoption | None:
    while version is not None:
        publication = Publication.objects.filter(version=version).select_related("revision").first()
        if publication is None:
            return None
        if publication.revision is not None:
            known = Adoption.objects.filter(design=publication.revision.design_id, at__lte=publication.at)
            found: Adoption | None = known.order_by("-at", "-pk").first()
            return found
        version = publication.restores_id  # rolled back: what was published then counts
    return None
