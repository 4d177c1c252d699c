"""Everything that was found about a design, by who acts on it: the designer before publishing, or FIM's editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.catalogue.package import Problem
from rathaus.design.service import Reported, reports_of
from rathaus.designer.checking import checked, quality_of
from rathaus.designer.finding import as_read, is_german
from rathaus.designer.german import SENTENCES
from rathaus.designer.opened import Opened
from rathaus.designer.wording import field_label, page_title
from rathaus.drafting import DraftFinding
from rathaus.drafting.own import is_own
from rathaus.editing import EditError
from rathaus.said import Said, in_words_of
from rathaus.standards.xdatenfelder.quality import QualityFinding

# Where a file of the package is mended: the beginning of its name, and the area of the designer. Some things of a
# question are mended elsewhere than at the question.
_AREAS = (
    ("service.toml", "details"),
    ("texts/form.", "pages"),
    ("texts/", "service_texts"),
    ("form.toml", "pages"),
    ("codelists/", "code_lists"),
    ("decisions/", "decisions"),
    ("rules.toml", "rules"),
    ("examples/", "examples"),
)
_BY_RULE = {"schema.codes": "code_lists", "rule-contradiction": "rules"}
GRADES = {
    "critical": gettext_lazy("kritisch"),
    "method": gettext_lazy("methodisch"),
    "warning": gettext_lazy("Warnung"),
    "hint": gettext_lazy("Hinweis"),
}
"""How grave FIM calls what its quality rules find."""
_OF_SCHEMA = "schema."
_CONTRADICTION = "rule-contradiction"
_NO_LABEL = "schema.label.empty"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to look at, in the language of the page.

    `places`: each as people call it, with the address where it can be mended (empty if nowhere here); `file`: in which
    it stands, one of the package or one that was brought in.
    """

    text: str
    remedy: str
    places: tuple[tuple[str, str], ...]
    code: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ForFim:
    """One thing for the editors of the schema. `line` is that of their file, 0 if only the draft is at hand.

    `mended`: the draft does not have it any more, because it was mended while reading.
    """

    grade: str
    code: str
    place: str
    line: int
    text: str
    places: int
    mended: bool
    address: str

    @property
    def grade_name(self) -> str:
        """How grave it is, in words."""
        return str(GRADES[self.grade])


@dataclass
class Report:
    """What was found about a design; each part is worked out when it is asked for."""

    opened: Opened

    @cached_property
    def hindering(self) -> list[Found]:
        """What keeps the design from being published."""
        return _joined(self._checked(one) for one in checked(self.opened) if one.level != "warning")

    @cached_property
    def contradictions(self) -> list[Found]:
        """Rules that contradict each other, with the answers that show it."""
        return [self._checked(one) for one in checked(self.opened) if one.rule == _CONTRADICTION]

    @cached_property
    def warnings(self) -> list[Found]:
        """What else the check doubts, and what the town's own fields break of FIM's rules."""
        doubted = (
            self._checked(one)
            for one in checked(self.opened)
            if one.level == "warning" and one.rule != _CONTRADICTION
        )
        own = (
            Found(one.translated(_), "", ((one.place, self._of_element(one.element)),), f"FIM {one.code}")
            for one in quality_of(self.opened)
            if is_own(one.element) and one.grade in ("critical", "method")
        )
        return _joined(chain(doubted, own))

    @cached_property
    def read(self) -> list[Found]:
        """What files that were brought in say and could not be used as it stands."""
        # Other characters and the name instead of an empty label cost the applicant nothing.
        return _joined(
            Found(_said(one), "", (self._named(one.place),), one.code, report.file, one.line)
            for report in self._reports
            for one in report.findings
            if one.severity != "hint" and one.code != _NO_LABEL
        )

    @property
    def doubtful(self) -> list[Found]:
        """What somebody should look at."""
        return [*self.contradictions, *self.warnings, *self.read]

    @cached_property
    def for_fim(self) -> list[ForFim]:
        """What the editors of the schema should know, the gravest first."""
        rows = [*self._quality, *self._mended]
        return sorted(rows, key=lambda row: (list(GRADES).index(row.grade), row.line))

    @cached_property
    def schema(self) -> Reported | None:
        """The FIM schema that was brought last; None if the design did not begin with one."""
        return next((one for one in reversed(self._reports) if one.quality is not None), None)

    @cached_property
    def _reports(self) -> Sequence[Reported]:
        return reports_of(self.opened.design)

    @property
    def _quality(self) -> Iterator[ForFim]:
        now = [one for one in quality_of(self.opened) if not is_own(one.element)]
        still = set(map(_identity, now))
        brought = (self.schema.quality if self.schema else None) or ()
        known = set(map(_identity, brought))
        for one in (*brought, *(one for one in now if _identity(one) not in known)):
            yield ForFim(
                one.grade,
                one.code,
                one.place,
                one.line if _identity(one) in known or not self.schema else 0,
                one.translated(_),
                one.places,
                _identity(one) not in still,
                self._of_element(one.element),
            )

    @property
    def _mended(self) -> Iterator[ForFim]:
        grades = {"error": "critical", "warning": "warning", "hint": "hint"}
        found: dict[tuple[str, str], ForFim] = {}
        for one in self.schema.findings if self.schema else ():
            if not one.code.startswith(_OF_SCHEMA):
                continue
            place, address = self._named(one.place)
            row = ForFim(grades[one.severity], "", place, one.line, _said(one), 1, True, address)
            known = found.setdefault((place, row.text), row)
            found[place, row.text] = replace(known, places=known.places + (known is not row))
        yield from found.values()

    def _checked(self, problem: Problem) -> Found:
        read = as_read(problem)
        place, address = self._place_of(problem)
        places = ((place or read.where, address),)
        return Found(read.message, read.remedy, places, problem.rule, problem.file, problem.line)

    def _place_of(self, problem: Problem) -> tuple[str, str]:
        design, opened = self.opened.design.pk, self.opened
        kind, _space, name = problem.where.partition(" ")
        try:
            if kind == "page" and opened.form.form.entry("page", name):
                return page_title(opened, name), reverse("designer:page", args=[design, name])
        except EditError:  # a form that cannot be read has no pages
            return "", ""
        place, address = self._named(name if kind == "field" else problem.where)
        if address:
            area = _BY_RULE.get(problem.rule)
            return place, reverse(f"designer:{area}", args=[design]) if area else address
        if kind == "check":
            return "", reverse("designer:conditions", args=[design])
        area = next((area for start, area in _AREAS if problem.file.startswith(start)), "")
        return "", reverse(f"designer:{area}", args=[design]) if area else ""

    def _named(self, place: str) -> tuple[str, str]:
        """A place of a finding as people call it, and the page of its question."""
        if place in self._nodes:
            return field_label(self.opened, place), self._question(place)
        return place, self._of_element(place.partition(" ")[0])

    def _of_element(self, element: str) -> str:
        address = self._elements.get(element)
        return self._question(address) if address else ""

    def _question(self, address: str) -> str:
        return reverse("designer:question", args=[self.opened.design.pk, address])

    @cached_property
    def _nodes(self) -> frozenset[str]:
        try:
            return frozenset(self.opened.form.tree.nodes)
        except EditError:
            return frozenset()

    @cached_property
    def _elements(self) -> dict[str, str]:
        """The first place of each element of the schema, by its id."""
        places: dict[str, str] = {}
        for address in self.opened.form.tree.nodes if self._nodes else ():
            places.setdefault(self.opened.form.tree.nodes[address].id, address)
        return places


def _joined(found: Iterable[Found]) -> list[Found]:
    """The same at several places is one thing, in the order of its first place."""
    known: dict[tuple[str, str, str], Found] = {}
    for one in found:
        key = one.text, one.remedy, one.file
        first = known.setdefault(key, one)
        places = dict.fromkeys((*first.places, *one.places))
        known[key] = replace(first, places=tuple(places))
    return list(known.values())


def _identity(finding: QualityFinding) -> tuple[str, ...]:
    return finding.code, finding.element, finding.version, *finding.values.values()


def _said(finding: DraftFinding) -> str:
    values = {
        name: in_words_of(SENTENCES, value) if is_german() and isinstance(value, Said) else value
        for name, value in finding.values.items()
    }
    return _(finding.text) % values if values else _(finding.text)
