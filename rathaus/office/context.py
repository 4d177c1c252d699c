"""What the workplace's layout needs on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest

from rathaus.design.service import may_design
from rathaus.people.middleware import WORKPLACE
from rathaus.people.models import Role, User
from rathaus.people.service import has_role, offices_of


@dataclass(frozen=True, slots=True)
class Workplace:
    """Who is signed in and which ways are open to them."""

    person: User | None

    @property
    def works_on_cases(self) -> bool:
        return self.person is not None and bool(offices_of(self.person))

    @property
    def administrates(self) -> bool:
        return self.person is not None and has_role(self.person, Role.ADMINISTRATOR)

    @property
    def designs(self) -> bool:
        return self.person is not None and may_design(self.person)


def workplace(request: HttpRequest) -> dict[str, Any]:
    """Context processor; elsewhere than in the workplace it adds nothing and asks nothing."""
    if not request.path.startswith(WORKPLACE):
        return {}
    user = getattr(request, "user", None)
    return {
        "workplace": Workplace(user if isinstance(user, User) else None),
        "messages": get_messages(request),
    }
