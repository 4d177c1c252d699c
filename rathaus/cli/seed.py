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
    """Towns, offices, settings, published services and accounts; what is there already stays as it is."""
    from rathaus.people.models import Role, User
    from rathaus.people.service import add_person
    from rathaus.processes.publishing import publish_service
    from rathaus.towns.context import acting_for
    from rathaus.towns.demo import seed_towns
    from rathaus.towns.models import Office

    for town in seed_towns():
        with acting_for(town):
            for folder in sorted((PROJECT_ROOT / "services").iterdir()):
                publish_service(folder)
            office = Office.objects.get(key="gewerbe")
            if User.objects.exists():
                continue
            for first_name, last_name, role in _STAFF:
                add_person(
                    _email(first_name, town.slug),
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
