"""Making an example of a trial: its answers, and what came of them, as the service's test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify

from rathaus.catalogue.package import Package
from rathaus.design.service import Trial
from rathaus.designer.outcomes import send
from rathaus.editing import Files
from rathaus.editing.examples import example_text, next_number
from rathaus.processes.examples import expectation
from rathaus.towns.demo import example_context

_NAME_LENGTH = 60


def file_name(files: Files, title: str) -> str:
    """The name (without folder and ending) of a new example."""
    words = slugify(title)[:_NAME_LENGTH].strip("-") or "beispiel"
    return f"{next_number(files):02d}-{words}"


def example_of(package: Package, trial: Trial, context: Mapping[str, Any], *, title: str) -> str:
    """The trial as an example that expects what comes of it now.

    An example runs in the same invented town wherever it is checked. Where this town's facts lead elsewhere, those
    that differ are written down with it.
    """
    today = context["today"]
    done = send(package, trial.answers, context, trial.language)
    expected = expectation(package, done)
    usual = example_context(today, {})
    town, settings = None, None
    if expectation(package, send(package, trial.answers, usual, trial.language)) != expected:
        town, settings = _otherwise(package, context["town"], usual["town"])
    return example_text(
        title=title,
        language=trial.language,
        today=today.isoformat(),
        # What no page asks for any more is no part of an application; of a faulty one everything is.
        answers=trial.answers if done.judged.problems else done.judged.answers,
        expect=expected,
        town=town,
        town_settings=settings,
    )


def _otherwise(
    package: Package, town: Mapping[str, Any], usual: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The town's facts and the settings the package names, as far as they are not the usual ones."""
    facts = {key: value for key, value in town.items() if key != "settings" and usual.get(key) != value}
    source = b"\n".join(package.files.values())
    settings = {
        key: value
        for key, value in town["settings"].items()
        if usual["settings"].get(key) != value and key.encode() in source
    }
    return facts, settings
