"""Acceptance: the one transaction after which an application cannot be lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rathaus.applications.attachments import file_answer, move_to_application
from rathaus.applications.codes import access_codes, code_hash, new_reference
from rathaus.applications.models import Application, Attachment, Draft
from rathaus.applications.sent import access_code_of, body_hash
from rathaus.cases.answers import values_at
from rathaus.cases.deadlines import deadlines_from
from rathaus.cases.models import Actor, Case, Event
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import package_of
from rathaus.delivery.service import promise_each
from rathaus.forms.problems import Problem
from rathaus.towns.context import current_town
from rathaus.towns.models import Office
from rathaus.towns.service import rule_context

# Two requests with one key at the same moment, or a reference that is taken: rare, and over after one more try.
_TRIES = 5


class IdempotencyClashError(Exception):
    """The key was used before, for another application."""


class DraftChangedError(Exception):
    """The draft was changed (in another tab) after it was reviewed: it has to be reviewed again (§ 9a Abs. 2 OZG)."""
