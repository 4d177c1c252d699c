"""Applications for load and kill tests: the packages' own examples, varied so that no two are the same."""

from __future__ import annotations

import copy
import datetime
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = PROJECT_ROOT / "services/gewerbeanmeldung/examples"
PLAIN = PROJECT_ROOT / "tests/packages/plain/examples/01-ausgefuellt.toml"

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@cache
def _example(file: Path) -> dict[str, Any]:
    answers: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))["answers"]
    return answers


def _name(number: int) -> str:
    """An invented family name of its own for every number."""
    letters = ""
    while True:
        number, rest = divmod(number, len(_LETTERS))
        letters += _LETTERS[rest]
        if not number:
            return f"Probe{letters}"


def example_answers(name: str) -> dict[str, Any]:
    """The answers of an example of the Gewerbeanmeldung, with a business that begins next week."""
    answers = copy.deepcopy(_example(EXAMPLES / f"{name}.toml"))
    next_week = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=7)
    answers["taetigkeit"]["beginn"] = next_week.isoformat()
    return answers


def green_application(number: int) -> dict[str, Any]:
    """A GewA 1 that runs by itself to the Empfangsbescheinigung; `number` makes the holder unique."""
    answers = example_answers("01-einzelunternehmen-textilien")
    answers["inhaber"]["familienname"] = _name(number)
    return answers


def plain_application(number: int) -> dict[str, Any]:
    """An application for the plain test service."""
    return copy.deepcopy(_example(PLAIN))
