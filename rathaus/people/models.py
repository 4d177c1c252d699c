"""People who work in the town hall, and the offices and roles they work in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from rathaus.towns.models import Office
from rathaus.towns.owned import TownManager, TownOwned


class StaffManager(TownManager["User"], UserManager["User"]):
    """Finds users of the active town only: a session of one town is anonymous in every other."""


class User(AbstractUser, TownOwned):
    """Somebody who signs in. Belongs to one town; a person working for two towns has two accounts."""

    objects: ClassVar[StaffManager] = StaffManager()  # type: ignore[assignment]
    across_towns: ClassVar[models.Manager[User]] = models.Manager()

    class Meta(AbstractUser.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Role(models.TextChoices):
    """What a person may do in an office."""

    CASE_WORKER = "case_worker", "Sachbearbeitung"
    TEAM_LEAD = "team_lead", "Teamleitung"
    DESIGNER = "designer", "Leistungsgestaltung"
    CONTROLLER = "controller", "Controlling"
    ADMINISTRATOR = "administrator", "Verwaltung der Installation"


class Membership(TownOwned):
    """A person's role in an office."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["user", "office", "role"], name="role_once_per_office")]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
