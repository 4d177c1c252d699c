"""`rathaus audit`: proves that nobody changed the audit log behind the application."""

from __future__ import annotations

import argparse
import json


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `audit`."""
    parser = commands.add_parser(
        "audit", help="check every town's audit log; note the printed heads elsewhere to notice a cut-off end"
    )
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print entries and head of every chain; exit code 1 if one is broken."""
    from rathaus.audit.service import verify_chain
    from rathaus.towns.context import acting_for
    from rathaus.towns.service import all_towns

    reports = {}
    for town in all_towns():
        with acting_for(town):
            reports[town.slug] = verify_chain()
    if arguments.json:
        found = {
            slug: {"entries": report.entries, "head": report.head, "broken_at": report.broken_at}
            for slug, report in reports.items()
        }
        print(json.dumps(found, indent=2))
    else:
        for slug, report in reports.items():
            state = "intact" if report.intact else f"BROKEN at entry {report.broken_at}"
            print(f"{slug}: {report.entries} entries, {state}, head {report.head or '(empty)'}")
    return 0 if all(report.intact for report in reports.values()) else 1
