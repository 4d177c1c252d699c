"""`rathaus service`: check, publish and list service packages."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `service` and its sub-commands."""
    service = commands.add_parser("service", help="check, publish and list service packages")
    actions = service.add_subparsers(required=True, metavar="ACTION")

    check = actions.add_parser("check", help="validate packages and run their examples")
    check.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    check.add_argument("--json", action="store_true", help="report as JSON")
    check.set_defaults(run=run_check)

    publish = actions.add_parser("publish", help="publish a new immutable version in a town")
    publish.add_argument("folder", type=Path, metavar="DIR")
    publish.add_argument("--town", required=True, metavar="SLUG")
    publish.add_argument("--json", action="store_true", help="report as JSON")
    publish.set_defaults(run=run_publish)

    listing = actions.add_parser("list", help="what is published where")
    listing.add_argument("--json", action="store_true", help="report as JSON")
    listing.set_defaults(run=run_list)


def run_check(arguments: argparse.Namespace) -> int:
    """Name every fault of every package with file, line, rule and remedy; exit code 1 if there is one."""
    from rathaus.processes.publishing import check_service

    report = {str(folder): check_service(folder) for folder in arguments.folders}
    if arguments.json:
        print(
            json.dumps({name: [asdict(problem) for problem in problems] for name, problems in report.items()})
        )
    else:
        for name, problems in report.items():
            print(f"{name}: {'ok' if not problems else f'{len(problems)} problem(s)'}")
            for problem in problems:
                print(f"  {problem}")
    return 1 if any(report.values()) else 0


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
