"""How allauth behaves in this house: staff only, nobody signs themselves up, everything per town."""

from __future__ import annotations

import base64
import functools
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.delivery.service import promise_mail
from rathaus.people.models import User
from rathaus.towns.context import current_town

# One working day: then sign in again.
SESSION_SECONDS = 10 * 60 * 60


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of the active town's staff."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "E-Mail-Adresse oder Passwort stimmen nicht. Prüfen Sie beides, auch Groß- und Kleinschreibung."
        ),
        "incorrect_password": gettext_lazy("Das Passwort stimmt nicht."),
        "incorrect_code": gettext_lazy(
            "Der Code stimmt nicht oder ist abgelaufen. Geben Sie den neuesten ein."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Zu viele Versuche. Warten Sie fünf Minuten und melden Sie sich dann an."
        ),
        "rate_limited": gettext_lazy("Zu viele Versuche. Warten Sie einen Augenblick."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session.set_expiry(SESSION_SECONDS)

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def format_email_subject(self, subject: str) -> str:
        return _("%(town)s: %(subject)s") % {"town": current_town().official_name, "subject": subject}

    def get_from_email(self) -> str:
        return settings.DEFAULT_FROM_EMAIL

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Promise the mail instead of sending it: the page answers as fast whether the address is known or not."""
        message: EmailMessage = self.render_mail(template_prefix, email, {"town": current_town(), **context})
        promise_mail(email, str(message.subject), str(message.body))


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: named after the town, their secrets encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"],
    }

    def _get_site_name(self) -> str:
        return f"{current_town().official_name} – Rathaus"

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


@functools.lru_cache(maxsize=1)
def _cipher() -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rathaus second factors").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
