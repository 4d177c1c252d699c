"""Applying with the keyboard alone: Tab, arrow keys, Space, Return and typing."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser.journey import Answers, PageSeen, answer_of

_FOCUSED = """() => {
  const it = document.activeElement;
  return {
    kind: it.type || it.localName, name: it.name || "", value: it.value || "", id: it.id, checked: !!it.checked,
    text: (it.textContent || "").trim(),
    main: it.matches("#antrag .actions .kern-btn--primary"), inside: !!it.closest("#antrag"),
  };
}"""
_MOST_STOPS = 120


def focused(page: Page) -> dict[str, Any]:
    """What has the focus."""
    found: dict[str, Any] = page.evaluate(_FOCUSED)
    return found


def press_on(page: Page, what: str, *, submit: bool = True) -> None:
    """Tab to the control with this id or text; press Return on it and wait for the next page."""
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["id"] == what or here["text"].startswith(what):
            if submit:
                with page.expect_navigation():
                    page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {what!r} on {page.url}")


def by_keyboard(
    page: Page, answers: Answers, before: PageSeen = lambda page: None, *, most: int = 60
) -> None:
    """Fill in pages until the review; `before` is shown each page first."""
    for _ in range(most):
        if page.url.partition("?")[0].endswith("/pruefen/"):
            return
        before(page)
        _one_page(page, answers)
    raise AssertionError(f"no review after {most} pages, last: {page.url}")


def _one_page(page: Page, answers: Answers) -> None:
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["main"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if here["inside"]:
            _answer(page, here, answer_of(answers, here["name"]))
    raise AssertionError(f"the keyboard does not reach the main button of {page.url}")


def _answer(page: Page, here: dict[str, Any], value: Any) -> None:
    if value is None:
        return
    wanted = value if isinstance(value, list) else [value]
    texts = [("true" if item else "false") if isinstance(item, bool) else str(item) for item in wanted]
    if here["kind"] == "checkbox":
        if (here["value"] in texts) != here["checked"]:
            page.keyboard.press("Space")
    elif here["kind"] == "radio":
        _choose_radio(page, texts[0])
    elif here["kind"] == "select-one":
        for _ in range(400):
            if focused(page)["value"] == texts[0]:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"{here['name']} offers no {texts[0]}")
    elif here["kind"] != "file":
        page.keyboard.press("Control+a")
        page.keyboard.type(texts[0])


def _choose_radio(page: Page, wanted: str) -> None:
    for _ in range(60):
        if focused(page)["value"] == wanted:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys do not reach the choice {wanted!r}")
