"""A visitor: one browser context with what went wrong in it written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, ViewportSize

from hub.kernel.actor import Role
from tests.support.servers import Server, browser_program

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PHONE: ViewportSize = {"width": 375, "height": 812}
SMALL_PHONE: ViewportSize = {"width": 320, "height": 568}  # WCAG 1.4.10: the narrowest that must do
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
LANGS = {"zh": "zh-CN", "en": "en"}  # the lang attribute
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
_NOT_A_FAULT = (
    "Failed to load resource: the server responded with a status of"  # the page asked for is not there
)
_FIND = """async ([rules]) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map(v => v.id + ": " + v.help + " | " +
    v.nodes.map(n => n.target.join(" ") + " {" + (n.any[0] || n.all[0] || n.none[0] || {}).message + "}").join(" ; "));
}"""


def launch(playwright: Playwright, *flags: str) -> Browser:
    return playwright.chromium.launch(executable_path=browser_program(), headless=True, args=[*FLAGS, *flags])


@dataclass
class Visitor:
    """Opens pages of one hub; `faults` are console errors, refused scripts and uncaught exceptions."""

    server: Server
    context: BrowserContext
    faults: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)  # the first page seen under each title

    def open(self, path: str, *, status: int = 200) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        answer = page.goto(f"{self.server.url}{path}" if path.startswith("/") else path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return page

    def login(self, role: Role, *, uscc: str | None = None, name: str = "测试员") -> None:
        self.hold(self.server.session(role, uscc=uscc, name=name))

    def hold(self, token: str) -> None:
        """Come with this session's cookie."""
        self.context.add_cookies([{"name": self.server.cookie, "value": token, "url": self.server.url}])

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_NOT_A_FAULT):
            self.faults.append(f"{message.location.get('url')}: {message.text}")


@contextmanager
def visitor(
    browser: Browser,
    server: Server,
    *,
    role: Role | None = None,
    uscc: str | None = None,
    language: str = "zh",
    viewport: ViewportSize = DESKTOP,
    **options: Any,
) -> Iterator[Visitor]:
    context = browser.new_context(
        locale=LOCALES[language], viewport=viewport, timezone_id="Asia/Shanghai", **options
    )
    context.set_default_timeout(15_000)
    found = Visitor(server, context)
    if role is not None:
        found.login(role, uscc=uscc)
    try:
        yield found
    finally:
        context.close()


def accessibility_faults(page: Page, *rules: str) -> list[str]:
    """What axe finds on the page as it stands: by default WCAG 2.2 AA and best practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    page.evaluate(
        "document.getAnimations().forEach(each => each.finish())"
    )  # colours half-way are nobody's choice
    found: list[str] = page.evaluate(_FIND, [list(rules or RULES)])
    return found
