"""What others do already is found by answers, however it is written."""

from __future__ import annotations

import pytest

from rathaus.freetext import Coverage, Effect
from tests.freetext.test_contradictions import TREE

KNOWN = [
    ("require", "rasse", 'art == "a"'),
    ("show", "rasse", 'art == "a"'),
    ("valid", "", "neu || alt"),
]


def covers(kind: str, target: str, condition: str) -> bool:
    coverage = Coverage(TREE)
    for one in KNOWN:
        coverage.add(*one)
    return coverage.covers(Effect(kind, target, condition, ""))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "target", "condition"),
    [
        ("require", "rasse", 'art == "a"'),
        ("require", "rasse", '!(art != "a")'),
        ("require", "rasse", 'art == "a" && neu'),
        ("forbid", "rasse", 'art != "a"'),
        ("forbid", "rasse", '!(art == "a") && neu'),
        ("valid", "", "!(!neu && !alt)"),
        ("require", "name", "neu"),  # the schema demands it always
    ],
)
def test_what_happens_anyway_is_covered(kind: str, target: str, condition: str) -> None:
    assert covers(kind, target, condition)


@pytest.mark.parametrize(
    ("kind", "target", "condition"),
    [
        ("require", "rasse", 'art == "b"'),
        ("require", "rasse", 'art == "a" || neu'),
        ("forbid", "rasse", "neu"),
        ("forbid", "name", "neu"),
        ("valid", "", "neu"),
        ("require", "unbekannt", "neu"),
        ("require", "rasse", "no condition"),
    ],
)
def test_what_does_more_is_not_covered(kind: str, target: str, condition: str) -> None:
    assert not covers(kind, target, condition)
