"""Signing in by e-mail and password, to the town whose host was asked for."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from rathaus.people.models import User


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Knows the active town's people only.

    allauth's own way also looks at its table of e-mail addresses, which belong to no town; that table stays empty.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        email, password = credentials.get("email"), credentials.get("password")
        if not email or not password:
            return None
        user = User.objects.filter(email=email.strip().lower()).first()
        checked: User | None = self._check_password(user, password)
        return checked
