"""A design begun with a published service keeps the origin of what was published: it can be updated as well."""

from __future__ import annotations

from django.utils import timezone

from rathaus.design.models import Design
from rathaus.sharing.models import Adoption
from rathaus.sharing.origins import in_versions


def inherit(design: Design, **_: object) -> None:
    """Take along the state of the origin that is in the version the design begins with."""
    if design.base_id is None:
        return
    base = in_versions([design.base_id]).get(design.base_id)
    if base is None:
        return
    Adoption.objects.create(
        key=design.key,
        design=design,
        revision=1,
        origin=base.origin,
        origin_name=base.origin_name,
        fingerprint=base.fingerprint,
        origin_key=base.origin_key,
        origin_version=base.origin_version,
        package=base.package,
        at=timezone.now(),
    )
