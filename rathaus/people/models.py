"""People who work in the town hall, and the offices and roles they work in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q

from rathaus.towns.context import current_town
from rathaus.towns.models import Office
from rathaus.towns.owned import TownManager, TownOwned


class StaffManager(TownManager["User"], UserManager["User"]):
    """Finds users of the active town only: a session of one town is anonymous in every other."""

    # Migrations look at all towns' rows at once.
    use_in_migrations = False


class Role(models.TextChoices):
    """What a person may do in an office."""

    CASE_WORKER = "case_worker", "Sachbearbeitung"
    TEAM_LEAD = "team_lead", "Teamleitung"
    DESIGNER = "designer", "Leistungsgestaltung"
    CONTROLLER = "controller", "Controlling"
    ADMINISTRATOR = "administrator", "Verwaltung der Installation"


class User(AbstractUser, TownOwned):
    """Somebody who signs in by e-mail. Belongs to one town; a person working for two towns has two accounts.

    Django wants one name that is unique in the whole installation. Nobody types or sees it: it is made of the
    town and the e-mail address, so that the same address may sign in to two towns with two passwords.
    """

    username = models.CharField(max_length=320, unique=True, editable=False)
    email = models.EmailField(blank=True)
    # Pairs (office id, role) once `service.roles_of` has read them.
    known_roles: frozenset[tuple[int, Role]] | None = None

    objects: ClassVar[StaffManager] = StaffManager()
    across_towns: ClassVar[models.Manager[User]] = models.Manager()

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["town", "email"], condition=~Q(email=""), name="email_once_per_town"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        if self.email:
            self.username = f"{self.town.slug if self.town_id else current_town().slug}/{self.email}"
        super().save(*args, **kwargs)


class Membership(TownOwned):
    """A person's role in an office."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["user", "office", "role"], name="role_once_per_office")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
