"""How many SQL statements a page turn and a submission may cost.

A page turn is the POST of a page and the GET it leads to. BEGIN, COMMIT and SAVEPOINT are not counted: they are no
round of the database's work, and the two databases spell them differently. What a process remembers for a while
(towns, settings, live services, compiled packages) is warm, as it is for all but the first visitor.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.client import Page
from bench.journeys import MAXIMUM_PAGES, html_values
from rathaus.catalogue.models import ServiceVersion
from tests.operations.answers import green_application, plain_application

PAGE_TURN = 4
SUBMISSION = 20
_NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class CountingBrowser:
    """Posts forms, follows redirects, and counts the statements of each exchange."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, path: str) -> Page:
        response = self._client.get(path)
        while response.status_code == 302:  # a fresh draft leads to its first page
            path = response.headers["Location"]
            response = self._client.get(path)
        assert response.status_code == 200, (path, response.content.decode())
        return Page(path, 200, response.content.decode())

    def submit(self, page: Page, values: Mapping[str, str | list[str]]) -> tuple[Page, int]:
        """Send the page's form with `values`; the page it leads to and what both cost."""
        address, preset = page.form()
        fields: dict[str, Any] = {name: value for name, value in preset if name not in values}
        with CaptureQueriesContext(connection) as captured:
            response = self._client.post(address, {**fields, **values})
            assert response.status_code == 302, (address, response.content.decode())
            following = self.get(response.headers["Location"])
        statements = [query["sql"] for query in captured if not query["sql"].startswith(_NOT_COUNTED)]
        return following, len(statements)


def applied(client: Client, key: str, answers: Mapping[str, Any]) -> tuple[list[int], int]:
    """Fill in and send an application; the cost of every page turn, and of sending (with the receipt)."""
    browser = CountingBrowser(client)
    typed = html_values(answers)
    page, _ = browser.submit(browser.get(f"/leistungen/{key}/antrag/"), {})
    turns: list[int] = []
    for _ in range(MAXIMUM_PAGES):
        names = page.names()
        known = {name: value for name, value in typed.items() if name in names}
        if "bestaetigt" in names:
            page, cost = browser.submit(page, {"bestaetigt": "1"})
            assert page.path.startswith("/vorgang/")
            return turns, cost
        page, cost = browser.submit(page, known)
        turns.append(cost)
    raise AssertionError(f"no review after {MAXIMUM_PAGES} pages, last {page.path}")


def _report(counts: Mapping[str, int]) -> None:
    """Add the counts to the file that `QUERY_REPORT` names (the benchmark prints them)."""
    if name := os.environ.get("QUERY_REPORT"):
        file = Path(name)
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps({**known, **counts}))


@pytest.mark.parametrize(
    ("service", "key", "application", "pages"),
    [
        ("plain", "plain", plain_application, 2),
        ("published", "gewerbeanmeldung", green_application, 15),
    ],
)
def test_a_page_turn_and_a_submission_cost_few_statements(
    request: pytest.FixtureRequest,
    visitor: Client,
    service: str,
    key: str,
    application: Callable[[int], Mapping[str, Any]],
    pages: int,
) -> None:
    version: ServiceVersion = request.getfixturevalue(service)
    assert version.key == key
    applied(visitor, key, application(1))
    turns, submission = applied(visitor, key, application(2))
    assert len(turns) >= pages
    _report({f"{key}: page turn, most": max(turns), f"{key}: submission": submission})
    assert max(turns) <= PAGE_TURN
    assert submission <= SUBMISSION
