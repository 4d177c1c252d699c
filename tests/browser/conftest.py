"""A real Chromium against a running server, with the shipped service live in Hannover.

Pictures: with `PICTURES` set to a folder, journeys leave pictures of their pages there (see `script/pictures`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from django.db import connection, connections
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright
from pytest_django.fixtures import Settings

from rathaus.applications.limits import limiter

PROJECT_ROOT = Path(__file__).resolve().parents[2]
AXE = PROJECT_ROOT / "frontend/node_modules/axe-core/axe.min.js"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Playwright drives the browser from an event loop in the tests' own thread, where the tests also use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
# WCAG 1.4.10: content reflows at 320 CSS pixels.
NARROWEST: ViewportSize = {"width": 320, "height": 640}

MakePage = Callable[..., Page]

_WITHOUT_SCRIPTS: WeakSet[Page] = WeakSet()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *("--no-sandbox", "--disable-background-networking"),
                *("--disable-component-update", "--disable-sync"),
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _own_place(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.SEAL_P12 = settings.SEAL_P12_PASSPHRASE = ""
    limiter.forget()
    yield
    limiter.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Server and tests run in several threads, which one SQLite database in memory does not bear: use a file."""
    if connection.vendor == "sqlite":
        test_settings: dict[str, Any] = connections.databases["default"].setdefault("TEST", {})
        test_settings["NAME"] = str(tmp_path_factory.mktemp("browser") / "rathaus.sqlite3")


@pytest.fixture
def new_page(chromium: Browser, live_server: Any) -> Iterator[MakePage]:
    """Makes pages, each in a browser of its own; messages about broken pages fail the test."""
    contexts = []
    broken: list[str] = []

    def make(viewport: ViewportSize = WIDE, *, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport=viewport, java_script_enabled=javascript, locale="de-DE"
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if not javascript:
            _WITHOUT_SCRIPTS.add(page)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if _is_broken(said.text) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert broken == []


def _is_broken(text: str) -> bool:
    """Whether the browser reports a policy it had to enforce, or a part of the page that is missing."""
    return "Content Security Policy" in text or ("404" in text and "favicon" not in text)


def violations(page: Page) -> list[str]:
    """What axe finds on the page."""
    assert page not in _WITHOUT_SCRIPTS, "axe waits for its timers, which never run without scripts"
    if not AXE.exists():
        pytest.skip("axe-core is missing; run script/setup")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url}: {violation['id']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def take_picture(page: Page, name: str) -> None:
    """Keep a picture of what is in the window, if pictures are wanted."""
    folder = os.environ.get("PICTURES")
    if folder:
        width = (page.viewport_size or WIDE)["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}.png")


def areas_of_design(page: Page) -> Locator:
    """The ways between the parts of a design; on narrow screens they are unfolded first."""
    fold = page.get_by_text("Teile des Entwurfs", exact=True)
    if fold.is_visible():
        fold.click()
    return page.get_by_role("navigation", name="Teile des Entwurfs").get_by_role("link")
