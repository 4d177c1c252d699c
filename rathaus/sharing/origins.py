"""Which state of an origin is in a design or a version: the base that its updates are merged from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from rathaus.design.models import Publication, Revision
from rathaus.sharing.models import Adoption

Place = tuple[int, int]  # primary key of a design, number of a revision
_CONTENT = ("revision__package", "revision__edit")


def in_designs(designs: Collection[int]) -> dict[int, Adoption]:
    """The state that is in each design (primary keys) now, without its package; designs that hold none are left out."""
    rows, undone = _known(designs)
    return {row.design_id: row for row in _in_force(rows, undone)}


def in_versions(versions: Iterable[int]) -> dict[int, Adoption]:
    """The state that is in each version (primary keys), without its package; versions that hold none are left out.

    A version that goes back to an older one holds what that held.
    """
    source: dict[int, Revision] = {}
    asked = {version: version for version in versions}
    while asked:
        found = Publication.objects.filter(version__in=set(asked.values()))
        rows = {row.version_id: row for row in found.select_related("revision").defer(*_CONTENT)}
        looked_at, asked = asked, {}
        for version, place in looked_at.items():
            row = rows.get(place)
            if row is not None and row.revision is not None:
                source[version] = row.revision
            elif row is not None and row.restores_id is not None:
                asked[version] = row.restores_id
    known, undone = _known({revision.design_id for revision in source.values()})
    return {
        version: row
        for version, revision in source.items()
        for row in _in_force(
            [row for row in known if row.design_id == revision.design_id], undone, revision.number
        )
    }


def _known(designs: Collection[int]) -> tuple[list[Adoption], dict[Place, int]]:
    """Every state that ever was in the designs, the oldest first, and which revisions took which back."""
    if not designs:
        return [], {}
    rows = Adoption.objects.filter(design__in=designs).defer("package").select_related("design")
    undone = Revision.objects.filter(design__in=designs, undoes__isnull=False)
    return list(rows.order_by("revision", "pk")), {
        (design, number): undoes
        for design, number, undoes in undone.values_list("design_id", "number", "undoes")
    }


def _in_force(
    rows: Iterable[Adoption], undone: dict[Place, int], up_to: int | None = None
) -> Iterator[Adoption]:
    """The states whose revision nobody took back, as of a revision; the one that is in the design comes last."""
    gone: set[Place] = set()
    for (design, number), undoes in sorted(undone.items(), reverse=True):
        if (up_to is None or number <= up_to) and (design, number) not in gone:
            gone.add((design, undoes))
    for row in rows:
        if (up_to is None or row.revision <= up_to) and (row.design_id, row.revision) not in gone:
            yield row
