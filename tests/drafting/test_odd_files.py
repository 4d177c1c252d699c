"""Odd files as they come from real editors: imported and filled in through the pages, or refused in plain words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from rathaus.applications.limits import limiter
from rathaus.applications.models import Application
from rathaus.catalogue.service import publish
from rathaus.designer.german import SENTENCES
from rathaus.drafting import (
    CodeListStore,
    DraftedPackage,
    DraftError,
    NoAnswersError,
    draft_from_document,
    generate_answers,
)
from rathaus.editing import confirm_understood
from rathaus.processes.publishing import check_files
from rathaus.said import Said
from rathaus.standards.xdatenfelder.reader import XdfError
from rathaus.towns.models import Town
from tests.drafting.applicant import GeneratedApplicant
from tests.drafting.oddities import OddFile, odd_file
from tests.drafting.schemata import TODAY

pytestmark = pytest.mark.django_db
# `script/fuzz --odd` asks for more of them.
_FIRST, _COUNT = map(int, os.environ.get("ODD_FILES", "0:14").split(":"))


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    limiter.forget()
    yield
    limiter.forget()


def drafted(odd: OddFile) -> DraftedPackage | None:
    """The draft of a file; None if it was refused with a sentence that people understand."""
    lists = CodeListStore()
    for name, content in odd.code_lists.items():
        lists.add(f"{name}.xml", content)
    try:
        draft = draft_from_document(odd.content, today=TODAY, code_lists=lists)
    except XdfError as error:
        said = error.message
        assert (said.template if isinstance(said, Said) else said) in SENTENCES
        return None
    except DraftError:
        return None
    return draft.decided(confirm_understood(draft.files).files)


@pytest.mark.parametrize("number", range(_FIRST, _FIRST + _COUNT))
def test_an_odd_file_is_imported_and_filled_in_or_refused(
    number: int, town: Town, client_of: Callable[[Town], Client]
) -> None:
    draft = drafted(odd_file(number))
    if draft is None:
        return
    package, problems = check_files(draft.files)
    assert package is not None, problems
    assert [str(problem) for problem in problems if problem.level != "warning"] == []
    publish(package)
    try:
        answers = generate_answers(package.form, number, today=TODAY)
    except NoAnswersError:
        assert any(finding.code == "example.none" for finding in draft.findings)
        return
    reference = GeneratedApplicant(client_of(town), package.key, package.tree, answers).apply()
    assert set(Application.objects.get(reference=reference).answers) == set(answers)


def test_most_odd_files_are_imported() -> None:
    made = [drafted(odd_file(number)) for number in range(12)]
    assert sum(draft is not None for draft in made) > 6


def test_a_file_is_made_from_its_number_alone() -> None:
    assert odd_file(7).content == odd_file(7).content
