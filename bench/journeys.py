"""What a visitor of the benchmark does: a whole journey, timed page by page."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from bench.client import Browser, UnexpectedAnswerError

Receipt = tuple[str, str]  # reference, access code
Journey = Callable[[Browser, int], Receipt]

MAXIMUM_PAGES = 60


def html_values(answers: Any, name: str = "") -> dict[str, str | list[str]]:
    """Answers as a person would enter them: control name → typed text.

    Dates are typed as such in three boxes, a multiple choice is a list, yes and no are the codes of their buttons.
    """
    values: dict[str, str | list[str]] = {}
    if isinstance(answers, Mapping):
        for key, value in answers.items():
            values |= html_values(value, f"{name}.{key}" if name else key)
    elif isinstance(answers, list):
        if answers and isinstance(answers[0], Mapping):
            for index, value in enumerate(answers):
                values |= html_values(value, f"{name}.{index}")
        else:
            # One question with several boxes to tick, or the same question again for every entry.
            values[name] = [str(value) for value in answers]
            for index, value in enumerate(answers):
                values |= html_values(value, f"{name}.{index}")
    elif isinstance(answers, bool):
        values[name] = "true" if answers else "false"
    else:
        text = str(answers)
        values[name] = text
        year, *rest = text.split("-")
        if len(rest) == 2 and len(year) == 4 and text.replace("-", "").isdigit():
            values |= {f"{name}.jahr": year, f"{name}.monat": rest[0], f"{name}.tag": rest[1]}
    return values


def through_pages(key: str, answers: Callable[[int], Mapping[str, Any]]) -> Journey:
    """The journey through the HTML pages: start, every page, review, confirmation, receipt."""

    def journey(browser: Browser, number: int) -> Receipt:
        browser.new_visitor()
        typed = html_values(answers(number))
        page = browser.get("open", f"/leistungen/{key}/antrag/")
        page = browser.submit("start", page, {})
        for _ in range(MAXIMUM_PAGES):
            if page.path.startswith("/vorgang/"):
                return page.path.split("/")[2], ""
            names = page.names()
            known = {name: value for name, value in typed.items() if name in names}
            if "bestaetigt" in names:
                known["bestaetigt"] = "1"
            label = "submit" if "bestaetigt" in names else "page"
            before = page.path
            page = browser.submit(label, page, known)
            if page.path == before and 'id="fehler"' in page.text:
                raise UnexpectedAnswerError(f"the page {page.path} was not accepted: {sorted(names)}")
        raise UnexpectedAnswerError(f"no receipt after {MAXIMUM_PAGES} pages, last {page.path}")

    return journey


def through_api(key: str, answers: Callable[[int], Mapping[str, Any]]) -> Journey:
    """One POST to the API."""

    def journey(browser: Browser, number: int) -> Receipt:
        body = json.dumps({"answers": answers(number)}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        page = browser.request("submit", "POST", f"/api/v1/services/{key}/applications", body, headers)
        receipt = json.loads(page.text)
        return receipt["reference"], receipt["access_code"]

    return journey


def trivial(browser: Browser, number: int) -> Receipt:
    """The cheapest page there is: what the server itself costs."""
    browser.get("page", "/healthz")
    return "", ""
