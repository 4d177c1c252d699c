"""What a process loads before it begins, so that the first visitor does not wait for it."""

from __future__ import annotations

import gc
import logging
from typing import cast

logger = logging.getLogger("rathaus.start")

# Objects made before the collector looks at the young ones. A page makes some thousand and leaves few circles behind:
# at Python's 700 a twentieth of all time went into looking.
_YOUNG_OBJECTS = 10_000
# Templates of pages that anybody may open; the workplace compiles its own as they are used.
_PUBLIC_TEMPLATES = ("base.html", "errors/", "form/", "portal/")


def preload(*, views: bool) -> None:
    """Compile the live packages of every town and, with `views`, the portal's templates; import every view.

    A process that shows no pages holds 15 MB less without them. Without a database the process begins all the same: it
    answers with 503 until the database is there.
    """
    from django.db import Error, connection
    from django.urls import get_resolver

    from rathaus.catalogue.service import live_services
    from rathaus.towns.context import acting_for
    from rathaus.towns.service import all_towns, town_for_host

    if views:
        # Also fills the table that `reverse` uses.
        get_resolver().reverse_dict  # noqa: B018 - computed at first use
        _compile_templates()
    try:
        town_for_host("localhost")  # so that an outage right after the start finds the towns' look
        for town in all_towns():
            with acting_for(town):
                live_services()
    except Error as error:
        logger.warning("preload.database_away", extra={"error": type(error).__name__})
    finally:
        connection.close()
    # What is loaded now stays: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)


def _compile_templates() -> None:
    """Compile what the portal shows: a fifth of a second, which the first visitors of each process would wait for."""
    from django.template import engines
    from django.template.backends.jinja2 import Jinja2

    templates = cast(Jinja2, engines["jinja2"]).env
    for name in templates.list_templates(filter_func=lambda name: name.startswith(_PUBLIC_TEMPLATES)):
        templates.get_template(name)
