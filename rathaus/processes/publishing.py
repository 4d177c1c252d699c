"""Checking a package as a whole and publishing it: what a service designer runs, and what refuses a broken package."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package, PackageError, Problem, inspect_package
from rathaus.catalogue.packing import Files, PackingError, content_hash, read_folder
from rathaus.catalogue.rules import check_rules
from rathaus.catalogue.service import live_version_of, publish
from rathaus.letters.service import check_letters
from rathaus.letters.typesetting import LetterError
from rathaus.processes.checks import check_process, unknown_offices
from rathaus.processes.examples import check_examples
from rathaus.said import said
from rathaus.towns.models import Office


def check_files(files: Files) -> tuple[Package | None, list[Problem]]:
    """Everything wrong with a package: its files, its form, its process, its decisions, its letters, its examples."""
    package, problems = inspect_package(files)
    if package is None:
        return None, problems
    in_process = check_process(package)
    problems = [*problems, *in_process, *map(_in_letter, check_letters(package)), *check_rules(package)]
    # A process that cannot run has no examples to run.
    if not in_process:
        problems += check_examples(package)
    return package, problems


def _in_letter(error: LetterError) -> Problem:
    remedy = "Mend the template; docs/letters.md says what it may use."
    return Problem(
        f"letters/{error.template}",
        "letter",
        "letter",
        said("%(why)s.", why=error.message),
        remedy,
        "error",
        error.line or 0,
    )


def check_service(folder: Path) -> list[Problem]:
    """Everything wrong with the package in a folder, in the order of its files."""
    try:
        files = read_folder(folder)
    except PackingError as error:
        return [
            Problem(
                str(folder),
                "package",
                "package-folder",
                said("%(error)s.", error=error),
                "Name the folder of a package.",
            )
        ]
    _, problems = check_files(files)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def publish_service(folder: Path, *, live_from: datetime | None = None) -> ServiceVersion:
    """Publish the package in a folder in the active town; raises `PackageError` with everything that is wrong.

    Publishing what is already live changes nothing and returns the live version.
    """
    files = read_folder(folder)
    already = live_version_of(content_hash(files))
    if already is not None:
        return already
    package, problems = check_files(files)
    if package is not None:
        problems += unknown_offices(package, set(Office.objects.values_list("key", flat=True)))
    faults = [problem for problem in problems if problem.level != "warning"]
    if package is None or faults:
        raise PackageError(faults)
    return publish(package, live_from=live_from)
