"""A service that begins with nothing: it asks who applies, and everything else is drafted neutrally around that."""

from __future__ import annotations

from datetime import date

from rathaus.drafting.draft import DraftedPackage, draft_package
from rathaus.drafting.own import own_id
from rathaus.drafting.service import OFFICE
from rathaus.standards.xdatenfelder.model import (
    Constraints,
    DataType,
    Field,
    FieldKind,
    Group,
    Placement,
    Schema,
)
from rathaus.standards.xdatenfelder.writer import write_schema

# Name, whether it must be answered, longest answer. The names are those the letters find an addressee by.
_CONTACT = (
    ("Vornamen", True, 80),
    ("Familienname", True, 80),
    ("E-Mail", False, 254),  # RFC 5321, 4.5.3.1: a path has 256 characters, two of them brackets
    ("Telefon", False, 30),
)


def draft_empty(title: str, *, today: date, key: str = "", office: str = OFFICE) -> DraftedPackage:
    """The package of a new service: a schema of its own with the contact of whoever applies, on one page."""
    schema = Schema(
        id=own_id("S", title),
        version="1.0.0",
        name=title.strip(),
        label=title.strip(),
        children=(Placement(_contact(), 1, 1),),
    )
    source = write_schema(schema, created_at=f"{today.isoformat()}T00:00:00Z")
    return draft_package(schema, source, today=today, key=key, office=office)


def _contact() -> Group:
    return Group(
        id=own_id("G", "Kontakt"),
        version="1.0.0",
        name="Kontakt",
        label="Kontakt",
        children=tuple(
            Placement(
                Field(
                    id=own_id("F", f"Kontakt.{name}"),
                    version="1.0.0",
                    name=name,
                    label=name,
                    kind=FieldKind.INPUT,
                    datatype=DataType.TEXT,
                    constraints=Constraints(min_length=1, max_length=longest),
                ),
                int(needed),
                1,
            )
            for name, needed, longest in _CONTACT
        ),
    )
