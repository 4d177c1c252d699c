"""Requests generated from the OpenAPI document: no server error, and no answer the document does not describe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from rathaus.api.openapi import document
from rathaus.applications.limits import limiter
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import package_of
from rathaus.config.wsgi import application
from rathaus.sharing.service import offer

EXAMPLES = 15
OPERATIONS = [
    (path, method)
    for path, operations in document([])["paths"].items()
    for method in operations
    if method in {"get", "post"}
]


@pytest.fixture
def api(plain: ServiceVersion, settings: Settings, tmp_path: Path) -> Iterator[Any]:
    settings.DATA_DIR = tmp_path
    limiter.forget()
    offer("plain", by=None)
    # As Django's own test client does: a request must not close the connection of the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    limiter.forget()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_fitting_requests_get_described_answers(api: Any, path: str, method: str) -> None:
    _try(api[path][method], GenerationMode.POSITIVE)


@pytest.mark.parametrize(("path", "method"), [one for one in OPERATIONS if "{" in one[0]])
def test_broken_requests_get_described_refusals(api: Any, path: str, method: str) -> None:
    _try(api[path][method], GenerationMode.NEGATIVE)


def test_answers_that_fit_the_services_schema_are_accepted_or_refused_with_reasons(
    api: Any, plain: ServiceVersion
) -> None:
    described = document(["plain"])
    answers = package_of(plain).form.json_schema()
    described["components"]["schemas"]["ApplicationRequest"]["properties"]["answers"] = answers
    narrow: Any = schemathesis.openapi.from_dict(described)
    narrow.app = application
    _try(narrow["/services/{key}/applications"]["post"], GenerationMode.POSITIVE)


def _try(operation: Any, mode: GenerationMode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def check(case: Any) -> None:
        limiter.forget()
        # Random answers fit the document and still no service: each has a JSON Schema of its own (`getSchema`).
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    check()


def test_every_address_and_every_status_the_api_knows_is_described(client: Client, api: Any) -> None:
    described = document(["plain"], ["plain"])
    assert set(described["paths"]) == {
        "/openapi.json",
        "/services",
        "/services/{key}",
        "/services/{key}/schema",
        "/services/{key}/applications",
        "/services/{key}/uploads",
        "/applications/{reference}",
        "/catalogue",
        "/catalogue/{key}",
    }
    assert client.get("/api/v1/openapi.json").json() == described
