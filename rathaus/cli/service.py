"""`rathaus service`: import, check, publish and list service packages."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rathaus.cli.sharing import add_actions as add_sharing


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `service` and its sub-commands."""
    service = commands.add_parser("service", help="import, check, publish and list service packages")
    actions = service.add_subparsers(required=True, metavar="ACTION")

    check = actions.add_parser("check", help="validate packages and run their examples")
    check.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    check.add_argument("--strict", action="store_true", help="warnings count as faults")
    check.add_argument("--json", action="store_true", help="report as JSON")
    check.set_defaults(run=run_check)

    import_ = actions.add_parser("import", help="draft a package from an XDatenfelder file of FIM")
    import_.add_argument("file", type=Path, metavar="FILE")
    import_.add_argument("--into", required=True, type=Path, metavar="DIR", help="a new or empty folder")
    import_.add_argument("--code-lists", type=Path, metavar="DIR", help="folder of genericode files")
    import_.add_argument("--texts", type=Path, metavar="FILE", help="XZuFi file that describes the service")
    import_.add_argument(
        "--translation",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="the schema's texts in other languages (message uebersetzung.0106); may be repeated",
    )
    import_.add_argument(
        "--rules",
        type=Path,
        metavar="FILE",
        help="FITKO's translations of the schema's rules (JSON Lines or JSON)",
    )
    import_.add_argument(
        "--leave-rules-open",
        action="store_true",
        help="apply none of the schema's rules, not even those that are understood for certain",
    )
    import_.add_argument(
        "--xsd", type=Path, metavar="DIR", help="folder of the standard's XSDs; validate as well"
    )
    import_.add_argument("--key", default="", help="key of the service (default: made from its title)")
    import_.add_argument("--office", default="", help="key of the office in charge (default: buergerservice)")
    import_.add_argument("--json", action="store_true", help="report as JSON")
    import_.set_defaults(run=run_import)

    publish = actions.add_parser("publish", help="publish a new immutable version in a town")
    publish.add_argument("folder", type=Path, metavar="DIR")
    publish.add_argument("--town", required=True, metavar="SLUG")
    publish.add_argument("--json", action="store_true", help="report as JSON")
    publish.set_defaults(run=run_publish)

    add_sharing(actions)

    listing = actions.add_parser("list", help="what is published where")
    listing.add_argument("--json", action="store_true", help="report as JSON")
    listing.set_defaults(run=run_list)


def run_check(arguments: argparse.Namespace) -> int:
    """Name every fault of every package with file, line, rule and remedy.

    Exit code 1 if there is one; warnings are named too, and are faults with `--strict`.
    """
    from rathaus.processes.publishing import check_service

    report = {str(folder): check_service(folder) for folder in arguments.folders}
    if arguments.json:
        print(
            json.dumps({name: [asdict(problem) for problem in problems] for name, problems in report.items()})
        )
    else:
        for name, problems in report.items():
            warnings = sum(problem.level == "warning" for problem in problems)
            faults = len(problems) - warnings
            counts = [f"{faults} problem(s)"] * bool(faults) + [f"{warnings} warning(s)"] * bool(warnings)
            print(f"{name}: {', '.join(counts if faults else ['ok', *counts])}")
            for problem in problems:
                print(f"  {'warning: ' if problem.level == 'warning' else ''}{problem}")
    wrong = [
        problem
        for problems in report.values()
        for problem in problems
        if arguments.strict or problem.level != "warning"
    ]
    return 1 if wrong else 0


def run_import(arguments: argparse.Namespace) -> int:
    """Draft a package and say what is left to people; exit code 1 if nothing can be made of the file."""
    from rathaus.cli.importing import ImportRefusedError, import_service

    try:
        draft = import_service(
            arguments.file,
            arguments.into,
            code_lists=arguments.code_lists,
            texts=arguments.texts,
            translations=arguments.translation,
            rules=arguments.rules,
            confirm_rules=not arguments.leave_rules_open,
            xsd=arguments.xsd,
            key=arguments.key,
            office=arguments.office,
        )
    except ImportRefusedError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.json:
        print(
            json.dumps(
                {
                    "key": draft.key,
                    "folder": str(arguments.into),
                    "pages": draft.pages,
                    "questions": draft.questions,
                    "findings": [asdict(finding) | {"message": str(finding)} for finding in draft.findings],
                    "quality": [
                        asdict(finding) | {"grade": finding.grade, "message": finding.message}
                        for finding in draft.quality
                    ],
                    "applied_rules": [asdict(rule) for rule in draft.applied_rules],
                    "open_rules": [asdict(rule) for rule in draft.open_rules],
                    "missing_code_lists": [asdict(missing) for missing in draft.missing_code_lists],
                },
                ensure_ascii=False,
            )
        )
        return 0
    print(
        f"{arguments.into}: service {draft.key!r}, {draft.pages} page(s), {draft.questions} question(s), "
        f"{len(draft.rules)} rule(s) of which {len(draft.applied_rules)} have effect and "
        f"{len(draft.open_rules)} are open, "
        f"{len(draft.missing_code_lists)} code list(s) missing"
    )
    for finding in draft.findings:
        print(f"  {finding}")
    for broken in draft.quality:
        print(f"  {broken.place}: {broken.message} (Zeile {broken.line}) [FIM {broken.code}]")
    return 0


def run_publish(arguments: argparse.Namespace) -> int:
    """Publish, or name the faults and exit 1."""
    from rathaus.catalogue.package import PackageError
    from rathaus.catalogue.packing import PackingError
    from rathaus.processes.publishing import publish_service
    from rathaus.towns.models import Town
    from rathaus.towns.service import acting_for_slug

    try:
        with acting_for_slug(arguments.town):
            version = publish_service(arguments.folder)
    except Town.DoesNotExist:
        print(f"There is no town {arguments.town!r}.", file=sys.stderr)
        return 1
    except PackingError as error:
        print(error, file=sys.stderr)
        return 1
    except PackageError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"Not published: {len(error.problems)} problem(s).", file=sys.stderr)
        return 1
    if arguments.json:
        print(
            json.dumps({"key": version.key, "number": version.number, "content_hash": version.content_hash})
        )
    else:
        print(f"{version.key} version {version.number} is live in {arguments.town}.")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Every published version of every town."""
    from rathaus.catalogue.models import ServiceVersion

    rows = [
        {
            "town": version.town.slug,
            "key": version.key,
            "number": version.number,
            "title": version.title["de"],
            "live_from": version.live_from.isoformat(),
            "content_hash": version.content_hash,
        }
        for version in ServiceVersion.across_towns.defer("package")
        .select_related("town")
        .order_by("town__slug", "key", "number")
    ]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False))
    for row in rows if not arguments.json else ():
        print(f"{row['town']:<16} {row['key']:<24} v{row['number']:<4} {row['title']}")
    return 0
