"""`rathaus demo`: fills the demo town with plausible cases, accepted like real ones."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rathaus.catalogue.package import Example, Package

# Invented people: every combination may exist somewhere, none is meant.
_FIRST_NAMES = (
    "Amira Aylin Ben Carla Cem Clara David Elif Emil Fatma Finn Greta Hannah Henry Ida Jakub Jana Jonas "
    "Karim Lea Leon Lina Luca Mads Maja Mehmet Mia Milan Mila Nele Noah Oskar Paula Piotr Rosa Samir Zoé"
)
_LAST_NAMES = (
    "Ahrens Bauer Behrens Brandt Çelik Dietrich Engel Fischer Gärtner Günther Hartmann Heuer Jansen Kaya "
    "Keller Kowalski Krüger Lange Lindner Meyer Möller Nowak Oltmanns Öztürk Peters Quandt Richter Schäfer "
    "Schröder Seidel Thiele Ünal Vogel Wagner Weiß Winkler Yıldız Ziegler"
)
_STREETS = (
    "Am Listholze",
    "Badenstedter Straße",
    "Engelbosteler Damm",
    "Fössestraße",
    "Göttinger Chaussee",
    "Hildesheimer Straße",
    "Kötnerholzweg",
    "Lister Meile",
    "Marienstraße",
    "Podbielskistraße",
    "Sallstraße",
    "Vahrenwalder Straße",
)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `demo`."""
    parser = commands.add_parser("demo", help="fill the demo town with plausible cases")
    parser.add_argument("--applications", type=_count, required=True, metavar="N", help="how many")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same cases (default 1)")
    parser.add_argument("--town", metavar="SLUG", help="the town (default: the demo town)")
    parser.add_argument(
        "--service", metavar="KEY", help="only this service (default: all that are published)"
    )
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError("must be a number from 1 to 1000000")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Accept the applications. Repeating the command with the same seed on the same day adds nothing."""
    from django.utils import timezone

    from rathaus.applications.service import body_hash
    from rathaus.cases.intake import accept
    from rathaus.catalogue.service import live, live_services
    from rathaus.towns.context import acting_for
    from rathaus.towns.models import Town

    towns = (
        Town.objects.filter(slug=arguments.town) if arguments.town else Town.objects.filter(is_default=True)
    )
    town = towns.first()
    if town is None:
        wanted = f"town {arguments.town!r}" if arguments.town else "demo town"
        raise SystemExit(f"rathaus demo: there is no {wanted}; start script/server once")
    with acting_for(town):
        keys = [arguments.service] if arguments.service else [service.key for service in live_services()]
        versions = [version for key in keys if (version := live(key)) is not None]
        if not versions:
            raise SystemExit(f"rathaus demo: {town.name} has published no such service")
        today = timezone.localdate()
        created = 0
        for version, answers, number in _applications(
            versions, arguments.applications, arguments.seed, today
        ):
            created += accept(
                version=version,
                answers=answers,
                language="de",
                channel="portal",
                idempotency_key=f"demo:{today}:{arguments.seed}:{number}",
                body_hash=body_hash(version.key, answers),
                identification={"method": "none", "level": "none"},
            ).created
        print(f"{created} applications accepted in {town.name}")
    return 0


def _applications(
    versions: list[Any], count: int, seed: int, today: date
) -> Iterator[tuple[Any, dict[str, Any], int]]:
    """Version, answers and number of each application, in an order that depends on the seed only."""
    from rathaus.catalogue.service import package_of

    chance = random.Random(seed)  # noqa: S311 - invents people, protects nothing
    templates = [
        (version, example) for version in versions for example in _usable_examples(package_of(version))
    ]
    if not templates:
        raise SystemExit("rathaus demo: the published services bring no example that needs no file")
    for number in range(count):
        version, example = chance.choice(templates)
        yield version, _varied(example, chance, today), number


def _usable_examples(package: Package) -> list[Example]:
    """Valid examples without files: those of the demo would be empty."""
    files = [node.address for node in package.tree.root.fields() if node.is_file]
    return [
        example
        for example in package.examples
        if example.data["expect"]["valid"] and not any(_has(example.data["answers"], path) for path in files)
    ]


def _has(answers: Any, path: str) -> bool:
    from rathaus.cases.answers import values_at

    return bool(values_at(answers, path))


def _varied(example: Example, chance: random.Random, today: date) -> dict[str, Any]:
    """The example's answers with other people, other streets, and days moved as if it were written today."""
    written = date.fromisoformat(example.data["today"])
    return _Variation(chance, written, today - written).of(example.data["answers"])


class _Variation:
    """One way to change an example, consistent within one person."""

    def __init__(self, chance: random.Random, written: date, moved: timedelta) -> None:
        self._chance = chance
        self._written = written
        self._moved = moved

    def of(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The changed answers of one group."""
        invented = {
            "vornamen": self._chance.choice(_FIRST_NAMES.split()),
            "familienname": self._chance.choice(_LAST_NAMES.split()),
            "jahr": self._chance.randint(1960, 2004),
            "strasse": self._chance.choice(_STREETS),
            "hausnummer": str(self._chance.randint(1, 180)),
        }
        return {key: invented.get(key) or self._value(value) for key, value in answers.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self.of(value)
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return self._day(value) if isinstance(value, str) else value

    def _day(self, text: str) -> str:
        """A day near the one the example was written on moves with it; a birthday does not."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        near = abs(day - self._written) < timedelta(days=3 * 365)
        return (day + self._moved).isoformat() if near else text
