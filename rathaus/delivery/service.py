"""The door of delivery: promise work, do work, find work that was lost."""

from rathaus.delivery.mail import promise_mail
from rathaus.delivery.promises import promise, promise_each
from rathaus.delivery.queue import Backlog, backlog, describe_error, failing
from rathaus.delivery.registry import (
    Backoff,
    HandOverError,
    UnknownKindError,
    chore,
    handler,
    should_exist,
)
from rathaus.delivery.sweeper import do_chore, prune_done, sweep, sweep_town
from rathaus.delivery.worker import Worker

__all__ = [
    "Backlog",
    "Backoff",
    "HandOverError",
    "UnknownKindError",
    "Worker",
    "backlog",
    "chore",
    "describe_error",
    "do_chore",
    "failing",
    "handler",
    "promise",
    "promise_each",
    "promise_mail",
    "prune_done",
    "should_exist",
    "sweep",
    "sweep_town",
]
