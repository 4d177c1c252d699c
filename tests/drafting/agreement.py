"""The JSON Schema of a form and the form engine, asked about the same random answers to every real schema.

`script/agree` asks about 1,000 answers a schema, the tests about a few. Both verdicts must be the same, except where
JSON Schema cannot say it: answers the engine takes in another spelling, and what is no telephone number, e-mail
address, IBAN or real day, a decimal number (written as text) beyond its limits, or a control character (`MEANING`).
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from rathaus.catalogue.package import load_package
from rathaus.drafting import generate_answers
from tests.drafting.schemata import TODAY, VERSION_2, VERSION_3, drafted

MEANING = frozenset(
    {
        "phone",
        "iban",
        "email",
        "date.unknown",
        "number.too_large",
        "number.too_small",
        "text.control",
        "text.latin",
    }
)
_WILD: list[Any] = [
    "", "x" * 3000, "1990-02-30", "2026-11-23", 5, -1, 10**30, 1.5, True, False, None, [], {}, "ja", "12345",
    "mira@example.org", "\u0000", "1.234,50", ["a", "a"], "2026-11-23T10:00", "10:00", "Ω",
]  # fmt: skip
_NOW: dict[str, Any] = {
    "town": {"slug": "probe", "name": "Probe", "postal_codes": []},
    "today": TODAY,
    "language": "de",
}
_BASES = 10


def _leaves(answers: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(answers, dict) and "sha256" not in answers:
        for key, value in answers.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(answers, list):
        for index, value in enumerate(answers):
            yield from _leaves(value, (*path, index))
    else:
        yield path


def _changed(answers: Any, chance: random.Random) -> Any:
    answers = copy.deepcopy(answers)
    for _ in range(chance.choice((0, 1, 1, 2))):
        places = list(_leaves(answers))
        if not places:
            break
        *way, last = chance.choice(places)
        holder = answers
        for key in way:
            holder = holder[key]
        kind = chance.randrange(4)
        if kind == 0 and isinstance(holder, dict):
            del holder[last]
        elif kind == 1:
            holder[last] = chance.choice(_WILD)
        elif kind == 2 and isinstance(holder, dict):
            holder["unbekannt"] = 1
        elif isinstance(holder[last], str):
            holder[last] += chance.choice(["x", "!", "0", " "])
    return answers


def verdicts(path: Path, count: int) -> Counter[str]:
    """How often both accept, both refuse, or only the engine says more; raises `AssertionError` where they disagree."""
    form = load_package(drafted(path).files).form
    validator = jsonschema_rs.Draft202012Validator(form.json_schema(), validate_formats=True)
    chance = random.Random(path.name)
    bases = [generate_answers(form, seed, today=TODAY, optional=chance.random()) for seed in range(_BASES)]
    found: Counter[str] = Counter()
    for number in range(count):
        answers = _changed(chance.choice(bases), chance)
        fits, accepted = validator.is_valid(answers), form.accept(answers, **_NOW)
        if fits == accepted.ok:
            found["both accept" if fits else "both refuse"] += 1
        elif accepted.ok:
            assert accepted.answers != answers, (path.name, number, list(validator.iter_errors(answers)))
            assert validator.is_valid(accepted.answers), (path.name, number)
            found["the engine takes another spelling"] += 1
        else:
            unexplained = [problem for problem in accepted.problems if problem.code not in MEANING]
            assert not unexplained, (path.name, number, unexplained)
            found["the engine knows the meaning"] += 1
    return found


def main() -> int:
    """Ask about every schema; exit code 1 and the answers where the verdicts differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="answers a schema (default 1,000)")
    count = parser.parse_args().count
    total: Counter[str] = Counter()
    for path in [*VERSION_2, *VERSION_3]:
        total += verdicts(path, count)
        print(f"{path.name}: {count} answers, no disagreement", flush=True)
    print(", ".join(f"{name}: {times}" for name, times in total.most_common()))
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main())
