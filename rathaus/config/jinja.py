"""The template environment of every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from rathaus.config.filters import FILTERS
from rathaus.towns.models import Town


@cache
def _fixed_address(name: str) -> str:
    return reverse(name)


def _url(name: str, args: Sequence[Any] | None = None) -> str:
    """`reverse` for templates. Header and footer name 20 addresses without arguments, which never change."""
    return reverse(name, args=args) if args else _fixed_address(name)


def _kept(town: Town, name: str, caller: Callable[[], str]) -> str:
    """What the block between `{% call kept(town, "…") %}` and `{% endcall %}` draws, drawn once for a town's row.

    For blocks that show nothing but the town and texts in the active language: half of a small page. Rows of towns are
    read anew every few seconds (`towns.service`), and what was drawn for the former row goes with it.
    """
    drawn: dict[tuple[str, str | None], str] = town.__dict__.setdefault("drawn", {})
    key = name, translation.get_language()
    if key not in drawn:
        drawn[key] = caller()
    return drawn[key]


@lru_cache(maxsize=4096)
def _plain(language: str | None, text: str) -> Markup:
    """A text without variables in a language. A page shows a hundred, always the same."""
    return Markup(translation.gettext(text)) % {}  # noqa: S704 - texts come from templates and catalogues


def _gettext(text: str, **variables: Any) -> Markup:
    """`_("…")` of templates; variables are escaped."""
    if not variables:
        return _plain(translation.get_language(), text)
    return Markup(translation.gettext(text)) % variables  # noqa: S704


def environment(**options: Any) -> Environment:
    """Jinja2 with our globals; an undefined name in a template is an error, never an empty string."""
    env = Environment(  # noqa: S701 - Django's backend passes autoescape=True in the options
        **{**options, "undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"]}
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(
        static=cache(static),
        url=_url,
        _=_gettext,
        kept=_kept,
        get_language=translation.get_language,
        demo=settings.DEMO,
    )
    env.filters.update(FILTERS)
    return env
