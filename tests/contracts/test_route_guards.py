"""Default deny: every route names its guard and its rate class, and a route without one stops the start."""

from collections.abc import Iterator

import pytest
from flask import Flask

from hub.app import create_app
from hub.config import Settings
from hub.web.guards import GuardKind, RouteGuard, UnguardedRouteError, check_all, guard_of
from hub.web.limits import PER_MINUTE, Rate
from tests.support.applications import stop

OPEN = (  # the paths anyone may enter; another one is a decision, so it is written down here
    "/",
    "/static/",
    "/public/static/",
    "/enterprise/static/",
    "/enforcement/static/",
    "/government/static/",
    "/language/",
    "/problems/",
    "/healthz",
    "/readyz",
    "/whoami",  # the asker's own address, scheme and host as the hub sees them
    "/access/login",
    "/access/enrol/",
    "/access/link/",
    "/c/",
    "/p/",
    "/public/",
    "/docs",
    "/openapi.json",
    "/.well-known/",
    "/log/",
    "/status/",
    "/vct/",
    "/api/v1/",
)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    stop(app)


def guards(app: Flask) -> list[tuple[str, str, RouteGuard]]:
    return [
        (rule.rule, method, guard_of(app, rule.endpoint, method))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    ]


def is_written_down(path: str) -> bool:
    return any(path == known or (known != "/" and path.startswith(known)) for known in OPEN)


def test_every_rule_and_method_names_a_guard(app: Flask) -> None:
    assert len(guards(app)) > 20


def test_every_guard_has_a_rate_class(app: Flask) -> None:
    for path, method, guard in guards(app):
        rate = guard.rate_for(method)
        exempt = "/static/" in path or path in {"/healthz", "/readyz", "/metrics"}
        assert rate in PER_MINUTE or (rate is Rate.NONE and exempt), path


def test_only_the_paths_written_down_here_are_open(app: Flask) -> None:
    opened = {path for path, _, guard in guards(app) if guard.kind is GuardKind.PUBLIC}

    assert {path for path in opened if not is_written_down(path)} == set()


def test_a_route_without_a_guard_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "nobody checked")

    with pytest.raises(UnguardedRouteError, match="forgotten"):
        check_all(app)
