"""`rathaus translations`: collects the German texts of the interface and checks and compiles their translations.

German is the source language: the texts in code and templates are what people read. `locale/<language>` holds the
translations; the compiled files are made by `script/setup` and not committed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT_ROOT / "rathaus"
LOCALE = PROJECT_ROOT / "locale"
LANGUAGES = ("en",)

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"silent": "false", "newstyle_gettext": "true"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "gettext_lazy": None}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `translations`."""
    parser = commands.add_parser(
        "translations", help="collect, check and compile the interface's translations"
    )
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument(
        "--collect", action="store_true", help="bring locale/ in step with code and templates"
    )
    action.add_argument(
        "--check", action="store_true", help="name texts that are not collected or not translated"
    )
    action.add_argument("--compile", action="store_true", help="write the files the running program reads")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Collect, check or compile; exit code 1 if a check found something."""
    if arguments.collect:
        return collect()
    if arguments.compile:
        return compile_all()
    return check()


def _file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _extract() -> Catalog:
    catalog = Catalog(project="Rathaus", charset="utf-8")
    found = extract_from_dir(SOURCE, _METHODS, _OPTIONS, keywords=_KEYWORDS)
    for filename, line, message, comments, context in found:
        catalog.add(message, None, [(f"rathaus/{filename}", line)], auto_comments=comments, context=context)
    return catalog


def _read(language: str) -> Catalog:
    if not _file(language).exists():
        return Catalog(locale=language, project="Rathaus", charset="utf-8")
    with _file(language).open("rb") as source:
        return read_po(source, locale=language)


def _entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def collect() -> int:
    """Add new texts to every language, drop those no longer used."""
    template = _extract()
    for language in LANGUAGES:
        catalog = _read(language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        _file(language).parent.mkdir(parents=True, exist_ok=True)
        with _file(language).open("wb") as target:
            # No line numbers: they would change the file with every unrelated edit.
            write_po(target, catalog, sort_output=True, omit_header=False, include_lineno=False, width=110)
    return 0


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def check() -> int:
    """Every text is collected and translated, and every placeholder survived the translation."""
    wanted = {_key(message): message for message in _entries(_extract())}
    problems: list[str] = []
    for language in LANGUAGES:
        known = {_key(message): message for message in _entries(_read(language))}
        for key, message in wanted.items():
            translation = known.get(key)
            if translation is None:
                problems.append(f"{language}: not collected: {key[1]!r} (rathaus translations --collect)")
            elif not translation.string or not all(
                [translation.string] if isinstance(translation.string, str) else translation.string
            ):
                place = message.locations[0][0] if message.locations else ""
                problems.append(f"{language}: not translated: {key[1]!r} ({place})")
            else:
                problems += [f"{language}: {key[1]!r}: {error}" for error in translation.check()]
        problems += [f"{language}: no longer used: {key[1]!r}" for key in known.keys() - wanted.keys()]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def compile_all() -> int:
    """Write `django.mo` beside each `django.po` that is newer."""
    for language in LANGUAGES:
        source, target = _file(language), _file(language).with_suffix(".mo")
        if source.exists() and not (target.exists() and target.stat().st_mtime > source.stat().st_mtime):
            with target.open("wb") as out:
                write_mo(out, _read(language))
    return 0
