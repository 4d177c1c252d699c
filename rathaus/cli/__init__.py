"""The operators' command `rathaus`.

Every module of this package with a function `add_parser(commands)` adds one sub-command (or a few that belong
together) and names the function that runs it: `parser.set_defaults(run=…)`. That function gets the parsed arguments,
finds Django set up, and returns the exit code; `SystemExit("one clear sentence")` ends with code 1.
Modules import what is heavy inside that function, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any


def parser() -> argparse.ArgumentParser:
    """The parser with every sub-command."""
    made = argparse.ArgumentParser(
        prog="rathaus", description="The digital town hall: commands for operators."
    )
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in pkgutil.iter_modules(__path__):
        if module.name != "__main__":
            add_parser: Any = getattr(import_module(f"{__name__}.{module.name}"), "add_parser", None)
            if add_parser:
                add_parser(commands)
    return made


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parsed = parser().parse_args(arguments)

    import django

    from rathaus.config.environment import BadEnvironmentError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings")
    try:
        django.setup()
    except BadEnvironmentError as error:
        raise SystemExit(f"rathaus: {error}") from error

    from django.db import InterfaceError, OperationalError

    try:
        code: int = parsed.run(parsed)
    except BadEnvironmentError as error:
        raise SystemExit(f"rathaus: {error}") from error
    except (OperationalError, InterfaceError) as error:
        # The driver's message may take several lines; the first says what is wrong.
        raise SystemExit(f"rathaus: the database cannot be used: {str(error).splitlines()[0]}") from error
    except BrokenPipeError:
        # The reader (`rathaus … | head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def main() -> None:
    """Entry point of `.venv/bin/rathaus`."""
    sys.exit(run())
