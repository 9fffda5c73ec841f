"""A real headless Chromium, one for all tests of a file, and a tab of its own for each test that keeps a journal."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.local_server import Server, local_server
from tests.support.requirements import require_or_skip

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE: Final = 10_000  # milliseconds until something that was expected on the page counts as missing
_NETWORK_NOTE: Final = "Failed to load resource"
"""What Chromium notes of every reply of 400 and above, also where the page expects it; those are in `Tab.refusals`."""


@dataclass(kw_only=True)  # without slots: playwright notes on an object which of its methods it calls
class Tab:
    """A page, and what happened in it."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])
    """Errors and warnings in the console, violations of the Content-Security-Policy among them, and uncaught exceptions."""
    refusals: list[str] = field(default_factory=list[str])
    """Replies of 400 and above, such as ``GET /auth/me 401``."""
    addresses: list[str] = field(default_factory=list[str])
    """Everything that was asked for."""

    def hear(self, message: ConsoleMessage) -> None:
        """Note what the console says."""
        if message.type in ("error", "warning") and not message.text.startswith(_NETWORK_NOTE):
            self.complaints.append(message.text)

    def see(self, response: Response) -> None:
        """Note a reply."""
        self.addresses.append(response.url)
        if response.status >= 400:
            path = response.url.removeprefix("http://").partition("/")[2]
            self.refusals.append(f"{response.request.method} /{path} {response.status}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Generator[Browser]:
    """Chromium; every context in it starts with an empty profile."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    require_or_skip(chromium, "no Chromium is installed")
    require_or_skip(find_spec("playwright"), "playwright is not installed")
    from playwright.sync_api import sync_playwright

    home = tmp_path_factory.mktemp("home")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS, env={"HOME": str(home)})
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser) -> Generator[Tab]:
    """A tab without any cookies."""
    context = browser.new_context(viewport={"width": 900, "height": 900})
    context.set_default_timeout(_PATIENCE)
    tab = Tab(page=context.new_page())
    tab.page.on("console", tab.hear)
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on("response", tab.see)
    yield tab
    context.close()


@pytest.fixture
def pool() -> Generator[Server]:
    """A user pool of the test's own."""
    with local_server() as running:
        yield running


@pytest.fixture
def screenshot(tab: Tab, tmp_path: Path) -> Path:
    """Where a picture of the page may be put."""
    return tmp_path / "page.png"
