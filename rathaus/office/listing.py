"""The worklist's state: what the address asks for, the counters, one page of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from rathaus.cases.models import Case, Step
from rathaus.cases.service import Filters, worklist
from rathaus.catalogue.service import live_services
from rathaus.office import wording
from rathaus.office.wording import Sign
from rathaus.people.models import User
from rathaus.people.service import offices_of
from rathaus.towns.models import Office

ROWS_ON_A_PAGE = 25

# Key of a tab in the address → the filter it sets.
VIEWS: Mapping[str, Filters] = {
    "alle": Filters(),
    "meine": Filters(mine=True),
    "frei": Filters(unassigned=True),
    "ueberfaellig": Filters(overdue=True),
    "wartet": Filters(waiting=True),
    "fehler": Filters(failed=True),
    "erledigt": Filters(closed=True),
}
SORTS: Mapping[str, tuple[str, ...]] = {
    "frist": (),  # the worklist's own order
    "eingang": ("application__received_at",),
    "neueste": ("-application__received_at",),
    "person": ("applicant",),
    "leistung": ("application__service__key",),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see, as the address says it; nonsense counts as nothing."""

    view: str = "alle"
    service: str = ""
    office: int | None = None
    query: str = ""
    sort: str = "frist"

    @classmethod
    def of(cls, given: QueryDict) -> Wish:
        view, sort, office = given.get("ansicht", ""), given.get("sortierung", ""), given.get("stelle", "")
        return cls(
            view=view if view in VIEWS else "alle",
            service=given.get("leistung", ""),
            office=int(office) if office.isdecimal() and len(office) < 18 else None,
            query=given.get("suche", "").strip()[:100],
            sort=sort if sort in SORTS else "frist",
        )

    @property
    def filters(self) -> Filters:
        return replace(VIEWS[self.view], service=self.service, office=self.office, query=self.query)

    @property
    def narrowed(self) -> bool:
        """Whether something beside the tab narrows the list."""
        return bool(self.service or self.office or self.query)

    def address(self, **changes: str | int) -> str:
        """The query of the address that shows this wish with changes."""
        values = {
            "ansicht": self.view,
            "leistung": self.service,
            "stelle": self.office or "",
            "suche": self.query,
            "sortierung": self.sort,
            **changes,
        }
        usual = {"ansicht": "alle", "sortierung": "frist", "seite": 1}
        kept = {key: value for key, value in values.items() if value and value != usual.get(key)}
        return "?" + urlencode(kept)


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the list, with how many cases it holds."""

    key: str
    label: str
    count: int
    look: str = ""  # `danger` where a number above zero deserves attention


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list."""

    case: Case
    title: str
    due: Sign | None
    acts_next: Sign
    status: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything the worklist page shows."""

    wish: Wish
    tabs: tuple[Tab, ...]
    rows: tuple[Row, ...]
    page: Page[Any]
    offices: tuple[Office, ...]
    services: tuple[tuple[str, str], ...]


def cases_of(user: User, filters: Filters) -> QuerySet[Case]:
    """The cases `user` may work on: roles that do not work on cases open none."""
    return worklist(user, filters).filter(office__in=offices_of(user))


def listing(user: User, wish: Wish, page: str) -> Listing:
    """The page of the worklist; the number of queries does not depend on the number of cases."""
    today = timezone.localdate()
    cases = cases_of(user, wish.filters).annotate(
        failed=Exists(Step.objects.filter(case=OuterRef("pk"), ended_at=None).exclude(error=""))
    )
    if order := SORTS[wish.sort]:
        cases = cases.order_by(*order, F("due_on").asc(nulls_last=True), "pk")
    shown = Paginator(cases, ROWS_ON_A_PAGE).get_page(page)
    offices = tuple(Office.objects.filter(pk__in=offices_of(user)).order_by("short_name"))
    services = tuple((summary.key, wording.named(summary.title)) for summary in live_services())
    return Listing(
        wish, tuple(_tabs(user)), tuple(_row(case, user, today) for case in shown), shown, offices, services
    )


def _tabs(user: User) -> list[Tab]:
    labels = {
        "alle": _("Alle offenen"),
        "meine": _("Meine"),
        "frei": _("Ohne Bearbeitung"),
        "ueberfaellig": _("Überfällig"),
        "wartet": _("Wartet auf Antragstellende"),
        "fehler": _("Fehler"),
        "erledigt": _("Abgeschlossen"),
    }
    alarming = {"ueberfaellig", "fehler"}
    return [
        Tab(
            key,
            labels[key],
            count := cases_of(user, filters).count(),
            "danger" if count and key in alarming else "",
        )
        for key, filters in VIEWS.items()
    ]


def _row(case: Case, user: User, today: date) -> Row:
    mine = case.assigned_to_id == user.pk
    return Row(
        case,
        wording.named(case.application.service.title),
        wording.due_sign(case, today),
        wording.acts_next_sign(case, mine=mine, failed=getattr(case, "failed", False)),
        wording.status_text(case.status),
    )
