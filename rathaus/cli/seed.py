"""Demo towns with the shipped services and invented staff, made on the first start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rathaus.config.environment import PROJECT_ROOT

if TYPE_CHECKING:
    from rathaus.catalogue.package import Package

# Invented people; the passwords are shown on the console and only ever made in demo mode.
DEMO_PASSWORD = "rathaus-demo-2026"  # noqa: S105 - public on purpose
_STAFF = (
    # first name, last name, role
    ("Paula", "Beispiel", "case_worker"),
    ("Timo", "Mustermann", "case_worker"),
    ("Lena", "Vorlage", "team_lead"),
    ("Dora", "Entwurf", "designer"),
    ("Admin", "Demo", "administrator"),
)


def seed_demo() -> None:
    """Towns, offices, settings, published services and accounts; what is there already stays as it is.

    An interrupted start leaves nothing half made: each part is one transaction.
    """
    from django.db import transaction

    from rathaus.towns.context import acting_for
    from rathaus.towns.demo import seed_towns

    with transaction.atomic():
        towns = seed_towns()
    checked: dict[str, Package] = {}
    for town in towns:
        with acting_for(town):
            _seed_services(checked)
            with transaction.atomic():
                _seed_staff(town.slug)
    with acting_for(towns[0]), transaction.atomic():
        _seed_offers()


def _seed_services(checked: dict[str, Package]) -> None:
    """Publish what is not live; `checked` holds, by content hash, what was checked for another town just now."""
    from rathaus.catalogue.packing import content_hash, read_folder
    from rathaus.catalogue.service import live_version_of, package_of, publish

    for folder in sorted((PROJECT_ROOT / "services").iterdir()):
        content = content_hash(read_folder(folder))
        if live_version_of(content) is not None:
            continue
        if content in checked:
            publish(checked[content])
        else:
            # Imported only when needed: checking loads the engines of processes, letters and seals.
            from rathaus.processes.publishing import publish_service

            checked[content] = package_of(publish_service(folder))


def _seed_offers() -> None:
    """The first town lets the others adopt what it had shipped; once, so that withdrawing it lasts."""
    from rathaus.audit import service as audit
    from rathaus.sharing.service import offer

    if not audit.entries(action="service.offered").exists():
        offer("gewerbeanmeldung", by=None)


def _seed_staff(town: str) -> None:
    from rathaus.people.models import Role, User
    from rathaus.people.service import add_person
    from rathaus.towns.models import Office

    if User.objects.exists():
        return
    offices = list(Office.objects.order_by("key"))
    for first_name, last_name, role in _STAFF:
        add_person(
            _email(first_name, town),
            first_name=first_name,
            last_name=last_name,
            password=DEMO_PASSWORD,
            roles=[(office, Role(role)) for office in offices],
        )


def _email(first_name: str, slug: str) -> str:
    return f"{first_name.lower()}@{slug}.example"


def demo_logins() -> list[str]:
    """Lines for the console: who can sign in to the workplace of the default town."""
    lines = ["Demo logins for /amt/ (password " + DEMO_PASSWORD + "):"]
    lines += [f"  {_email(first_name, 'hannover'):<28} {role}" for first_name, _, role in _STAFF]
    lines.append("A second town answers under http://ahrensfurt.localhost (same port, …@ahrensfurt.example).")
    return lines
