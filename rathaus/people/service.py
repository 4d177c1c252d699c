"""The door of people: what somebody may see and do, and who belongs to which office.

Rights come from roles in offices, nothing else: Django's groups, permissions and `is_superuser` are not used.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Protocol

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.people.models import Membership, Role, User
from rathaus.towns.context import current_town
from rathaus.towns.models import Office
from rathaus.towns.service import settings_on

MFA_REQUIRED_SETTING = "people.mfa_required"

# Who works on cases. Administrators, designers and controllers do not read applications.
CASE_ROLES = frozenset({Role.CASE_WORKER, Role.TEAM_LEAD})

Person = User | AbstractBaseUser | AnonymousUser


class OfficeOwned(Protocol):
    """Something that an office of a town works on: a case."""

    @property
    def town_id(self) -> int | None: ...
    @property
    def office_id(self) -> int: ...


class LastAdministratorError(Exception):
    """The act would leave the town without anybody who may manage people."""


def roles_of(user: Person) -> frozenset[tuple[int, Role]]:
    """The person's roles as pairs (office id, role); empty for anonymous and deactivated people.

    Read once per loaded user, so that a page asks the database one time.
    """
    if not isinstance(user, User) or not user.is_active or user.town_id != current_town().pk:
        return frozenset()
    if user.known_roles is None:
        rows = Membership.objects.filter(user=user).values_list("office_id", "role")
        user.known_roles = frozenset((office, Role(role)) for office, role in rows)
    return user.known_roles


def offices_of(user: Person, roles: Iterable[Role] = CASE_ROLES) -> frozenset[int]:
    """Ids of the offices in which the person holds one of `roles` (default: works on cases)."""
    wanted = frozenset(roles)
    return frozenset(office for office, role in roles_of(user) if role in wanted)


def has_role(user: Person, role: Role) -> bool:
    """Whether the person holds the role in any office."""
    return any(held == role for _, held in roles_of(user))


def may_see(user: Person, case: OfficeOwned, also: Iterable[int | None] = ()) -> bool:
    """Whether the person may open the case: it lies with one of their offices.

    `also` names further offices that have a step in it (ids).
    """
    return _works_for(user, case, {case.office_id, *also})


def may_decide(user: Person, case: OfficeOwned, step_office: int | None = None) -> bool:
    """Whether the person may act on the case, or on the step of it that lies with `step_office`."""
    return _works_for(user, case, {step_office or case.office_id})


def may_assign(user: Person, case: OfficeOwned) -> bool:
    """Whether the person may give the case to somebody else: team leads of its office."""
    return case.town_id == current_town().pk and case.office_id in offices_of(user, {Role.TEAM_LEAD})


def _works_for(user: Person, case: OfficeOwned, offices: set[int | None]) -> bool:
    return case.town_id == current_town().pk and not offices.isdisjoint(offices_of(user))


def colleagues(office_id: int) -> QuerySet[User]:
    """Everybody who may work on the office's cases, by name."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__office_id=office_id,
            memberships__role__in=CASE_ROLES,
        )
        .distinct()
        .order_by("last_name", "first_name", "pk")
    )


def everybody() -> QuerySet[User]:
    """All people of the town with their memberships and offices, by name."""
    memberships = Membership.objects.select_related("office").order_by("office__short_name", "role")
    return User.objects.order_by("-is_active", "last_name", "first_name", "pk").prefetch_related(
        Prefetch("memberships", memberships)
    )


def mfa_required() -> bool:
    """Whether the town demands a second factor of its staff (dated setting `people.mfa_required`)."""
    return bool(settings_on(timezone.localdate()).get(MFA_REQUIRED_SETTING, False))


@transaction.atomic
def add_person(
    email: str,
    *,
    first_name: str = "",
    last_name: str = "",
    password: str | None = None,
    roles: Iterable[tuple[Office, Role]] = (),
    by: User | None = None,
) -> User:
    """Add somebody to the town. Without a password they choose one by "forgotten password" on the sign-in page.

    Raises `IntegrityError` if the address already has an account in this town.
    """
    person = User(email=email, first_name=first_name, last_name=last_name)
    person.set_password(password)  # None: no password works
    person.save()
    Membership.objects.bulk_create(
        Membership(user=person, office=office, role=role) for office, role in roles
    )
    audit.write("person.added", "person", person.pk, actor=by)
    return person


@transaction.atomic
def set_roles(person: User, roles: Iterable[tuple[int, Role]], *, by: User) -> None:
    """Replace the person's roles by pairs (office id, role); raises `LastAdministratorError`."""
    wanted = frozenset(roles)
    held = roles_of(person)
    Membership.objects.filter(user=person).delete()
    Membership.objects.bulk_create(
        Membership(user=person, office_id=office, role=role) for office, role in sorted(wanted)
    )
    person.known_roles = None
    _keep_an_administrator()
    if wanted != held:
        detail = {
            "added": sorted(f"{role} {office}" for office, role in wanted - held),
            "removed": sorted(f"{role} {office}" for office, role in held - wanted),
        }
        audit.write("person.roles_changed", "person", person.pk, actor=by, detail=detail)


@transaction.atomic
def set_active(person: User, active: bool, *, by: User) -> None:
    """Let somebody in or keep them out; open sessions end at once. Raises `LastAdministratorError`."""
    User.objects.filter(pk=person.pk).update(is_active=active)
    person.is_active = active
    _keep_an_administrator()
    audit.write("person.activated" if active else "person.deactivated", "person", person.pk, actor=by)


def _keep_an_administrator() -> None:
    if not Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
        raise LastAdministratorError


View = Callable[..., HttpResponseBase]


def role_required(*roles: Role) -> Callable[[View], View]:
    """Decorate a view: who is not signed in is sent to the sign-in page, who holds none of `roles` gets 403."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if roles and not any(has_role(request.user, role) for role in roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


staff_required = role_required()
administrator_required = role_required(Role.ADMINISTRATOR)
# Acts that somebody at an unlocked screen must not do: asks for the password or the second factor again.
sensitive: Callable[[View], View] = reauthentication_required
