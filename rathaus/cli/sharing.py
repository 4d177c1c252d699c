"""`rathaus service pack | inspect | adopt`: services that go from town to town as one signed file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

_SHOWN = 4000  # characters of one side of a conflict; it may be a whole file


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the sub-commands below `service`."""
    packing = actions.add_parser("pack", help="write the live version of a service to one signed file")
    packing.add_argument("key", metavar="KEY")
    packing.add_argument("--town", required=True, metavar="SLUG")
    packing.add_argument("--out", required=True, type=Path, metavar="FILE")
    packing.set_defaults(run=run_pack)

    inspecting = actions.add_parser("inspect", help="verify a shared file and say what it holds")
    inspecting.add_argument("file", type=Path, metavar="FILE")
    inspecting.set_defaults(run=run_inspect)

    adopting = actions.add_parser("adopt", help="begin a design with a service another town shared")
    adopting.add_argument("file", type=Path, metavar="FILE")
    adopting.add_argument("--town", required=True, metavar="SLUG")
    adopting.add_argument("--by", required=True, metavar="EMAIL", help="designer who adopts it")
    adopting.add_argument("--reason", required=True, metavar="TEXT")
    adopting.add_argument(
        "--office",
        action="append",
        default=[],
        metavar="THEIRS=OURS",
        help="keys of offices; may be repeated",
    )
    adopting.add_argument("--confirm-key", action="store_true", help="the origin's new key was checked")
    adopting.set_defaults(run=run_adopt)

    updating = actions.add_parser("update", help="merge a newer version of the origin into a design")
    updating.add_argument("file", type=Path, metavar="FILE")
    updating.add_argument("--town", required=True, metavar="SLUG")
    updating.add_argument("--design", required=True, type=int, metavar="NUMBER")
    updating.add_argument("--by", required=True, metavar="EMAIL", help="designer who merges it")
    updating.add_argument("--reason", required=True, metavar="TEXT")
    updating.add_argument("--ours", action="append", default=[], metavar="PLACE", help="keep our side there")
    updating.add_argument("--theirs", action="append", default=[], metavar="PLACE", help="take theirs there")
    updating.add_argument("--confirm-key", action="store_true", help="the origin's new key was checked")
    updating.set_defaults(run=run_update)


def run_pack(arguments: argparse.Namespace) -> int:
    """Write the file; exit code 1 if the town does not offer the service."""
    from rathaus.catalogue.service import live
    from rathaus.sharing.service import pack
    from rathaus.towns.models import Town
    from rathaus.towns.service import acting_for_slug

    try:
        with acting_for_slug(arguments.town):
            version = live(arguments.key)
            if version is None:
                return _refused(f"{arguments.town} does not offer {arguments.key!r}.")
            arguments.out.write_bytes(pack(version))
    except Town.DoesNotExist:
        return _refused(f"There is no town {arguments.town!r}.")
    except OSError as error:
        return _refused(f"{arguments.out} cannot be written: {error.strerror}.")
    print(f"{arguments.out}: {version.key} version {version.number} of {arguments.town}")
    return 0


def run_inspect(arguments: argparse.Namespace) -> int:
    """Say what the file holds and who signed it; exit code 1 if it is not what its signer signed."""
    from rathaus.sharing.service import ParcelError, inspect, offices_in

    try:
        parcel = inspect(arguments.file.read_bytes())
    except OSError as error:
        return _refused(f"{arguments.file} cannot be read: {error.strerror}.")
    except ParcelError as error:
        return _refused(str(error))
    print(f"{parcel.key} version {parcel.version} of {parcel.town_name} ({parcel.date}, {parcel.licence})")
    print(f"signed by {parcel.signer}, fingerprint {parcel.fingerprint}")
    print(f"offices: {', '.join(offices_in(parcel.files))}")
    return 0


def run_adopt(arguments: argparse.Namespace) -> int:
    """Begin the design; exit code 1 if the file, the person or an office does not fit."""
    from rathaus.design.service import may_design
    from rathaus.editing import EditError
    from rathaus.people.models import User
    from rathaus.sharing.service import adopt
    from rathaus.towns.models import Town
    from rathaus.towns.service import acting_for_slug

    try:
        with acting_for_slug(arguments.town):
            person = User.objects.filter(email=arguments.by.lower()).first()
            if person is None or not may_design(person):
                return _refused(f"{arguments.by} is no designer of {arguments.town}.")
            design = adopt(
                arguments.file.read_bytes(),
                _pairs(arguments.office),
                by=person,
                reason=arguments.reason,
                confirm_key=arguments.confirm_key,
            )
    except Town.DoesNotExist:
        return _refused(f"There is no town {arguments.town!r}.")
    except OSError as error:
        return _refused(f"{arguments.file} cannot be read: {error.strerror}.")
    except EditError as error:
        return _refused(str(error))
    print(f"{design.key}: design {design.pk} in {arguments.town}")
    return 0


def run_update(arguments: argparse.Namespace) -> int:
    """Merge, or name every conflict with its place and exit 1."""
    from rathaus.design.service import design_with, may_design
    from rathaus.editing import EditError
    from rathaus.people.models import User
    from rathaus.sharing.service import Side, update
    from rathaus.towns.models import Town
    from rathaus.towns.service import acting_for_slug

    choices: dict[str, Side] = dict.fromkeys(arguments.ours, "ours")
    choices |= dict.fromkeys(arguments.theirs, "theirs")
    try:
        with acting_for_slug(arguments.town):
            person = User.objects.filter(email=arguments.by.lower()).first()
            design = design_with(arguments.design)
            if person is None or not may_design(person):
                return _refused(f"{arguments.by} is no designer of {arguments.town}.")
            if design is None:
                return _refused(f"{arguments.town} has no design {arguments.design}.")
            data = arguments.file.read_bytes()
            updated = update(
                design,
                data,
                by=person,
                reason=arguments.reason,
                choices=choices,
                confirm_key=arguments.confirm_key,
            )
    except Town.DoesNotExist:
        return _refused(f"There is no town {arguments.town!r}.")
    except OSError as error:
        return _refused(f"{arguments.file} cannot be read: {error.strerror}.")
    except EditError as error:
        return _refused(str(error))
    for conflict in updated.conflicts:
        print(f"{conflict.place}\n  ours:   {conflict.ours[:_SHOWN]}\n  theirs: {conflict.theirs[:_SHOWN]}")
    if updated.conflicts:
        return _refused("Nothing was changed. Choose with --ours PLACE or --theirs PLACE.")
    print(f"{design.key}: design {design.pk} is up to date")
    return 0


def _pairs(given: Sequence[str]) -> dict[str, str]:
    return {theirs: ours for theirs, _, ours in (pair.partition("=") for pair in given)}


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
