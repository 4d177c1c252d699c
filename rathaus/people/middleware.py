"""The workplace is for staff: every address under it asks for sign-in unless it is part of signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.people.service import mfa_required

WORKPLACE = "/amt/"

# What people need who are not signed in yet.
SIGN_IN_ROUTES = frozenset(
    {
        "account_login",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)
# What people need to set up a second factor, or to leave.
SECOND_FACTOR_ROUTES = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    }
)
_MFA_KNOWN = "second_factor_set_up"


class SignInMiddleware:
    """Session, person and messages of a request, in the workplace only.

    The portal knows nobody and keeps no session, so that it neither has them nor pays for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.elsewhere = get_response
        self.workplace: Callable[[HttpRequest], Any] = SessionMiddleware(
            AuthenticationMiddleware(MessageMiddleware(get_response))
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(WORKPLACE):
            return self.elsewhere(request)
        answer: HttpResponseBase = self.workplace(request)
        return answer


class StaffOnlyMiddleware:
    """Refuses by default: a new page of the workplace is closed without anybody thinking of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Send people to the sign-in page, or to setting up the second factor that their town demands."""
        if not request.path.startswith(WORKPLACE) or request.resolver_match is None:
            return None
        route = request.resolver_match.view_name
        if route in SIGN_IN_ROUTES:
            return None
        if not request.user.is_authenticated:
            if route == "account_logout":
                return None  # also cancels a sign-in that waits for its second factor
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if route not in SECOND_FACTOR_ROUTES and mfa_required() and not self._has_second_factor(request):
            messages.warning(
                request, _("Richten Sie einen zweiten Faktor ein. Danach können Sie weiterarbeiten.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        return None

    @staticmethod
    def _has_second_factor(request: HttpRequest) -> bool:
        """Asked of the database until it is there, then remembered for the session."""
        if request.session.get(_MFA_KNOWN):
            return True
        if is_mfa_enabled(request.user):
            request.session[_MFA_KNOWN] = True
            return True
        return False
