"""Writes what happens to accounts to the audit log: signing in and out, passwords, second factors."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from rathaus.audit import service as audit
from rathaus.people.models import User
from rathaus.towns.context import current_town_or_none


@receiver(user_logged_in)
def _signed_in(user: User, **_: Any) -> None:
    audit.write("person.signed_in", "person", user.pk, actor=user)


@receiver(user_logged_out)
def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None and user.pk:
        audit.write("person.signed_out", "person", user.pk, actor=user)


@receiver(user_login_failed)
def _sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    """Only for accounts that exist: what somebody else typed is none of our business."""
    if current_town_or_none() is None:
        return
    user = User.objects.filter(email=str(credentials.get("email") or "").strip().lower()).exclude(email="")
    if (person := user.first()) is not None:
        audit.write("person.sign_in_failed", "person", person.pk)


@receiver(password_changed)
@receiver(password_reset)
def _password_changed(user: User, **_: Any) -> None:
    audit.write("person.password_changed", "person", user.pk, actor=user)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def _second_factor_changed(user: User, authenticator: Any, signal: Any, **_: Any) -> None:
    removed = signal is authenticator_removed
    audit.write(
        "person.second_factor_removed" if removed else "person.second_factor_added",
        "person",
        user.pk,
        actor=user,
        detail={"type": str(authenticator.type)},
    )
