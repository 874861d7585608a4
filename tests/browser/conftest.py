"""One hub and one browser for the whole folder; they go before the worker turns to other tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from hub.kernel.actor import Role
from tests.browser.samples import Samples, load_a_file, samples_of
from tests.browser.visiting import DESKTOP, Visitor, launch, visitor
from tests.support.servers import Server, running_hub

ENTERPRISES = 40  # every colour and state, and a start of a few seconds
PATIENCE = 15_000  # milliseconds until a test gives up waiting: a busy machine is no fault of the page
DYNAMIC_SECONDS = 10  # the shortest life there is, so that a renewal can be waited for


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("browser") / "var"
    with running_hub(
        home, enterprises=ENTERPRISES, extra={"HUB_DYNAMIC_SECONDS": str(DYNAMIC_SECONDS)}
    ) as found:
        yield found


@pytest.fixture(scope="package")
def samples(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Samples:
    load_a_file(server, tmp_path_factory.mktemp("feeds"))
    return samples_of(server)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    found = launch(playwright)
    yield found
    found.close()


@pytest.fixture(scope="package")
def regulars(server: Server, chromium: Browser) -> Iterator[Callable[[Role | None, str], Visitor]]:
    """The visitor of a role and a language, always the same one: logged in once, with a warm cache."""
    known: dict[tuple[Role | None, str], Visitor] = {}
    with ExitStack() as stack:

        def of(role: Role | None, language: str) -> Visitor:
            key = (role, language)
            if key not in known:
                known[key] = stack.enter_context(visitor(chromium, server, role=role, language=language))
            return known[key]

        yield of


@pytest.fixture
def guest(server: Server, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """A new visitor with an empty browser profile; closed with the test."""
    with ExitStack() as stack:
        yield lambda **wishes: stack.enter_context(
            visitor(chromium, server, **{"viewport": DESKTOP, **wishes})
        )
