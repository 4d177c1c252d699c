"""Demo towns with the shipped services and invented staff, made on the first start."""

from __future__ import annotations

from rathaus.config.environment import PROJECT_ROOT

# Invented people; the passwords are shown on the console and only ever made in demo mode.
DEMO_PASSWORD = "rathaus-demo-2026"  # noqa: S105 - public on purpose
_STAFF = (
    # first name, last name, role
    ("Paula", "Beispiel", "case_worker"),
    ("Timo", "Mustermann", "case_worker"),
    ("Lena", "Vorlage", "team_lead"),
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
    for town in towns:
        with acting_for(town):
            _seed_services()
            with transaction.atomic():
                _seed_staff(town.slug)


def _seed_services() -> None:
    from rathaus.catalogue.packing import content_hash, read_folder
    from rathaus.catalogue.service import live_version_of

    for folder in sorted((PROJECT_ROOT / "services").iterdir()):
        if live_version_of(content_hash(read_folder(folder))) is None:
            # Imported only when needed: checking loads the engines of processes, letters and seals.
            from rathaus.processes.publishing import publish_service

            publish_service(folder)


def _seed_staff(town: str) -> None:
    from rathaus.people.models import Role, User
    from rathaus.people.service import add_person
    from rathaus.towns.models import Office

    if User.objects.exists():
        return
    office = Office.objects.get(key="gewerbe")
    for first_name, last_name, role in _STAFF:
        add_person(
            _email(first_name, town),
            first_name=first_name,
            last_name=last_name,
            password=DEMO_PASSWORD,
            roles=[(office, Role(role))],
        )


def _email(first_name: str, slug: str) -> str:
    return f"{first_name.lower()}@{slug}.example"


def demo_logins() -> list[str]:
    """Lines for the console: who can sign in to the workplace of the default town."""
    lines = ["Demo logins for /amt/ (password " + DEMO_PASSWORD + "):"]
    lines += [f"  {_email(first_name, 'hannover'):<28} {role}" for first_name, _, role in _STAFF]
    lines.append("A second town answers under http://ahrensfurt.localhost (same port, …@ahrensfurt.example).")
    return lines
