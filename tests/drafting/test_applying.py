"""Every real schema, published as drafted: a generated applicant fills and submits it through the pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from rathaus.applications.limits import limiter
from rathaus.applications.models import Application
from rathaus.catalogue.package import load_package
from rathaus.catalogue.service import publish
from rathaus.drafting import NoAnswersError, draft_from_document, generate_answers
from rathaus.editing import confirm_understood
from rathaus.standards.xdatenfelder.reader import read_schema
from rathaus.standards.xdatenfelder.writer import write_schema
from rathaus.towns.models import Town
from tests.drafting.applicant import GeneratedApplicant
from tests.drafting.mutation import mutated
from tests.drafting.schemata import TODAY, VERSION_2, VERSION_3, imported
from tests.standards.shared_data import needs_shared_data

pytestmark = [pytest.mark.django_db, needs_shared_data]


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    limiter.forget()
    yield
    limiter.forget()


@pytest.mark.parametrize("path", [*VERSION_2, *VERSION_3], ids=lambda path: path.name.partition(".")[0])
def test_a_generated_applicant_applies_through_the_pages(
    path: Path, town: Town, client_of: Callable[[Town], Client]
) -> None:
    package = load_package(imported(path).files)
    publish(package)
    for seed, optional in ((1, 0.0), (2, 0.6)):
        answers = generate_answers(package.form, seed, today=TODAY, optional=optional)
        applicant = GeneratedApplicant(client_of(town), package.key, package.tree, answers)
        reference = applicant.apply()
        application = Application.objects.get(reference=reference)
        assert set(application.answers) == set(answers)


@pytest.mark.parametrize("seed", range(200, 212))
def test_a_generated_applicant_gets_through_a_schema_that_nobody_wrote_carefully(
    seed: int, town: Town, client_of: Callable[[Town], Client]
) -> None:
    chance = random.Random(seed)
    schema = mutated(
        read_schema(chance.choice(VERSION_3).read_bytes()), chance, chance.choice([0.02, 0.1, 0.2])
    )
    draft = draft_from_document(write_schema(schema), today=TODAY)
    package = load_package(confirm_understood(draft.files).files)
    publish(package)
    try:
        answers = generate_answers(package.form, seed, today=TODAY)
    except NoAnswersError:
        return  # such as a choice of three among two: said at the import
    reference = GeneratedApplicant(client_of(town), package.key, package.tree, answers).apply()
    assert set(Application.objects.get(reference=reference).answers) == set(answers)
