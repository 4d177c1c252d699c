"""How much CPU time a page of a large form may cost the server, through the whole stack: cookies, draft, rules, saving.

CPU time of this process, the least of several requests: what other processes do on the machine does not count. The
benchmark `script/bench-forms` prints what is measured here.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from rathaus.applications.models import Draft
from rathaus.catalogue.package import inspect_package, load_package
from rathaus.catalogue.service import publish
from rathaus.towns.models import Town
from tests.forms.large_forms import large_answers, large_package, naive_package, typed_page
from tests.portal.conftest import Applicant
from tests.standards.shared_data import real_files

PAGE_IS_SAVED = 10.0
"""Milliseconds; the peer needs 80 for the check of the rules alone."""
PAGE_IS_SHOWN = 30.0
SIZES = (100, 200, 500, 1000)


def least_milliseconds(work: Callable[[], object], runs: int = 15) -> float:
    work()
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000


def report(**figures: float) -> None:
    """Add figures to the file that `SPEED_REPORT` names (the benchmark prints them)."""
    if name := os.environ.get("SPEED_REPORT"):
        file = Path(name)
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(
            json.dumps({**known, **{label: round(number, 2) for label, number in figures.items()}})
        )


def page_milliseconds(visitor: Client, rules: int) -> tuple[float, float]:
    """CPU time to take and save a page in the middle of a filled form with so many rules, and to show it."""
    package = load_package(large_package(rules=rules))
    publish(package)
    applicant = Applicant(visitor, "large")
    Draft.objects.update(answers=large_answers(), visited=[f"seite-{page}" for page in range(1, 11)])
    address, body = f"{applicant.base}seite-5/", urlencode(typed_page(5))

    def save() -> None:
        response = visitor.post(address, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 302, response.content.decode()
        assert response.headers["Location"].startswith(f"{applicant.base}seite-6/")

    def show() -> None:
        assert visitor.get(address).status_code == 200

    return least_milliseconds(save), least_milliseconds(show)


def test_a_page_of_a_large_form_is_checked_and_saved_in_milliseconds_and_grows_at_most_linearly(
    visitor: Client, town: Town
) -> None:
    saved, shown = {}, {}
    for rules in SIZES:
        saved[rules], shown[rules] = page_milliseconds(visitor, rules)
    report(
        **{f"page saved, {rules} rules": number for rules, number in saved.items()},
        **{f"page shown, {rules} rules": number for rules, number in shown.items()},
    )
    assert saved[100] < PAGE_IS_SAVED
    # At most linear, from any size to any other; the fixed part of a request makes it less.
    for fewer, more in ((100, 200), (200, 500), (500, 1000), (100, 1000)):
        assert saved[more] < 1.1 * saved[fewer] * more / fewer


@pytest.mark.parametrize(("pages", "rules"), [(10, 100), (10, 1000), (60, 1000)])
def test_a_large_package_is_checked_and_compiled_within_a_second(pages: int, rules: int) -> None:
    files = large_package(pages, rules)

    def compile_it() -> None:
        package, problems = inspect_package(files)
        assert package is not None
        assert problems == []

    spent = least_milliseconds(compile_it, runs=2)
    report(**{f"package compiled, {pages * 20} fields, {rules} rules": spent})
    assert spent < 1000


@pytest.mark.parametrize(
    "file", real_files("xdatenfelder/3.0.0/*.xml"), ids=lambda file: file.name.partition(".")[0]
)
def test_every_page_of_a_real_form_is_shown_in_milliseconds(visitor: Client, town: Town, file: Path) -> None:
    package = load_package(naive_package(file.read_bytes()))
    publish(package)
    applicant = Applicant(visitor, "large")
    journey = package.form.evaluate({}, town={}, today=timezone.localdate())
    assert len(journey.pages) > 1

    def show(page: str) -> None:
        response = visitor.get(f"{applicant.base}{page}/")
        assert response.status_code == 200, response.headers

    slowest = max(least_milliseconds(lambda key=page.key: show(key), runs=3) for page in journey.pages)  # type: ignore[misc]
    report(**{f"slowest page shown, {file.name.partition('.')[0]}": slowest})
    assert slowest < PAGE_IS_SHOWN
