"""Filling in an application in a real browser as people do, from answers such as those of a package's examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playwright.sync_api import Locator, Page

Answers = Mapping[str, Any]
PageSeen = Callable[[Page], None]


def answer_of(answers: Answers, name: str) -> Any:
    """The answer of a control name (`inhaber.geburtsdatum.tag`, `vertreter.0.name`), None if there is none."""
    value: Any = answers
    for step in name.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif (
            isinstance(value, str)
            and step in ("tag", "monat", "jahr")
            and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        ):
            year, month, day = value.split("-")
            value = {"tag": day, "monat": month, "jahr": year}[step]
        else:
            return None
    return value


def controls(page: Page) -> Iterator[Locator]:
    """The visible controls of the application's questions, in order."""
    yield from page.locator(
        "#antrag input:not([type=hidden]):not([type=file]), #antrag select, #antrag textarea"
    ).all()


def fill_in(page: Page, answers: Answers) -> None:
    """Answer every question of the page that has an answer."""
    for control in controls(page):
        name = control.get_attribute("name") or ""
        value = answer_of(answers, name)
        if value is None:
            continue
        kind = control.get_attribute("type") or control.evaluate("element => element.localName")
        if kind in ("radio", "checkbox"):
            wanted = value if isinstance(value, list) else [value]
            chosen = {
                ("true" if item else "false") if isinstance(item, bool) else str(item) for item in wanted
            }
            if control.get_attribute("value") in chosen:
                control.check()
        elif kind == "select":
            control.select_option(str(value))
        else:
            control.fill(str(value))


def go_on(page: Page) -> None:
    """Press the page's main button."""
    page.locator("#antrag .actions .kern-btn--primary").last.click()


def fill_in_all(page: Page, answers: Answers, seen: PageSeen = lambda page: None, *, most: int = 60) -> None:
    """From the first page of an application to its review; `seen` is shown every page before and after filling."""
    for _ in range(most):
        if page.url.partition("?")[0].endswith("/pruefen/"):
            return
        seen(page)
        add = page.locator("#antrag > .entry-add button, #antrag .actions button[name=add]")
        wanted = answer_of(answers, add.get_attribute("value") or "") if add.count() == 1 else None
        if wanted and page.locator(".entries > li").count() < len(wanted):
            add.click()
            continue
        fill_in(page, answers)
        go_on(page)
    raise AssertionError(f"no review after {most} pages, last: {page.url}")
