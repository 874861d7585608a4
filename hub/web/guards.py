"""Who may enter a route: every URL rule names its guard, and one hook enforces it.

A guard is a mark on the view, not code around it, so that a test can read the guards of all routes and
`create_app` can refuse to start when one is missing.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypeVar, overload

from flask import Flask, Response, g, redirect, request, url_for

from hub.access.sessions import Login
from hub.config import LOOPBACK
from hub.kernel.actor import Role
from hub.kernel.errors import LoginRequiredError, NotFoundError
from hub.web import csrf, request_checks
from hub.web.askers import asker, plain
from hub.web.budgets import FORM_BYTES, MAX_PAIRS, PUBLIC_PAIRS, SMALL_BYTES, Budget
from hub.web.context import login, services
from hub.web.limits import Rate
from hub.web.negotiation import wants_page

View = TypeVar("View", bound=Callable[..., object])
COUNTED = (
    "hub.counted"  # in the environment of a request: a fast path in front has counted it against its rate
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
_MARK = "__hub_guard__"


class GuardKind(StrEnum):
    PUBLIC = "public"
    LOGGED_IN = "logged-in"
    ROLES = "roles"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True)
class RouteGuard:
    """What the hook enforces for one view (or one method of a class-based view)."""

    kind: GuardKind
    rate: Rate | None = None
    roles: frozenset[Role] = frozenset()
    cookieless: bool = False
    scans: bool = False
    cache_seconds: int = 0
    costs: Budget | None = None

    @property
    def budget(self) -> Budget:
        """What a request may cost before its caller is known."""
        if self.costs is not None:
            return self.costs
        is_known = self.kind in {GuardKind.LOGGED_IN, GuardKind.ROLES}
        return Budget(
            body=FORM_BYTES if is_known else SMALL_BYTES,
            pairs=MAX_PAIRS if is_known else PUBLIC_PAIRS,
            is_heavy=self.rate is Rate.EXPORT,
        )

    def rate_for(self, method: str) -> Rate:
        if self.rate is not None:
            return self.rate
        match self.kind:
            case GuardKind.PUBLIC:
                return Rate.PAGE if method in SAFE else Rate.FORM
            case GuardKind.LOGGED_IN | GuardKind.ROLES:
                return Rate.MEMBER
            case GuardKind.OPERATIONS:
                return Rate.NONE


STATIC = RouteGuard(
    GuardKind.PUBLIC, rate=Rate.NONE
)  # Flask makes these rules itself: there is no view to mark


class UnguardedRouteError(Exception):
    """A route names no guard; the start stops."""


class ViewDecorator(Protocol):
    """A decorator that gives back the very view."""

    def __call__(self, view: View, /) -> View: ...


@overload
def public(view: View, /) -> View: ...
@overload
def public(*, rate: Rate) -> ViewDecorator: ...
def public(view: View | None = None, *, rate: Rate | None = None) -> View | ViewDecorator:
    """Open to everyone, said on purpose. Used bare or as `@public(rate=…)`."""
    guard = RouteGuard(GuardKind.PUBLIC, rate=rate)
    return _mark(guard) if view is None else _marked(view, guard)


def logged_in(view: View) -> View:
    """Anyone with a session, in whatever role."""
    return _marked(view, RouteGuard(GuardKind.LOGGED_IN))


def roles(*allowed: Role, rate: Rate | None = None) -> ViewDecorator:
    """These roles only; to every other role the route does not exist."""
    if not allowed:
        raise ValueError("a role guard names at least one role")
    return _mark(RouteGuard(GuardKind.ROLES, rate=rate, roles=frozenset(allowed)))


def operations(view: View) -> View:
    """Loopback, or the bearer of the metrics token."""
    return _marked(view, RouteGuard(GuardKind.OPERATIONS))


def cookieless(view: View) -> View:
    """Under a guard: the session cookie is ignored, so a cross-site POST can do nothing in anyone's name."""
    return _marked(view, replace(_own_mark(view), cookieless=True))


def scan_page(view: View) -> View:
    """Under a guard: this page may compile WebAssembly, start a worker and ask for the camera."""
    return _marked(view, replace(_own_mark(view), scans=True))


def may_cost(budget: Budget) -> ViewDecorator:
    """Under a guard: this route's own budget in place of the guard's."""

    def mark(view: View, /) -> View:
        return _marked(view, replace(_own_mark(view), costs=budget))

    return mark


def cacheable(seconds: int) -> ViewDecorator:
    """Under a guard: a static trust resource that anyone may keep for `seconds`."""

    def mark(view: View, /) -> View:
        return _marked(view, replace(_own_mark(view), cache_seconds=seconds))

    return mark


def _mark(guard: RouteGuard) -> ViewDecorator:
    def mark(view: View, /) -> View:
        return _marked(view, guard)

    return mark


def _marked(view: View, guard: RouteGuard) -> View:
    setattr(view, _MARK, guard)
    return view


def _own_mark(view: object) -> RouteGuard:
    found = getattr(view, _MARK, None)
    if not isinstance(found, RouteGuard):
        raise UnguardedRouteError(f"{view!r}: the guard goes directly under this decorator")
    return found


def guard_of(app: Flask, endpoint: str, method: str) -> RouteGuard:
    """Return the guard of a view, or of the method of a class-based view. Raises: UnguardedRouteError."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return STATIC
    view = app.view_functions[endpoint]
    owner = getattr(view, "view_class", None)
    handler = getattr(owner, "get" if method in {"HEAD", "OPTIONS"} else method.lower(), None)
    for candidate in (handler, view, owner):
        found = getattr(candidate, _MARK, None)
        if isinstance(found, RouteGuard):
            return found
    raise UnguardedRouteError(f"{endpoint} {method}")


def check_all(app: Flask) -> None:
    """Every rule and method has a guard and a budget. Raises: UnguardedRouteError naming the first that has none."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            guard_of(app, rule.endpoint, method)


def budget_of(app: Flask, endpoint: str, method: str) -> Budget:
    """Return the budget of a route. Raises: UnguardedRouteError."""
    return guard_of(app, endpoint, method).budget


def enforce(app: Flask) -> Callable[[], Response | None]:
    """Return the before_request hook: rate, then who, then what was sent, then whether it comes from our own page."""
    guards: dict[tuple[str, str], RouteGuard] = {}

    def hook() -> Response | None:
        endpoint = request.endpoint
        if endpoint is None:  # no such path or method: counted, then answered by the routing error
            services().limiter.count(Rate.PAGE, asker(address()))
            return None
        key = (endpoint, request.method)
        guard = guards.get(key) or guards.setdefault(key, guard_of(app, *key))
        g.guard = guard
        g.ignore_cookie = guard.cookieless
        request_checks.refuse_nul_in_address(allowed=guard.rate is Rate.VERIFICATION)
        request.max_content_length = guard.budget.body
        refused = _enter(guard)
        if refused is None and request.method not in SAFE:
            request_checks.check_form(pairs=guard.budget.pairs)
            if not guard.cookieless:
                csrf.check(for_anyone=guard.kind is GuardKind.PUBLIC)
        return refused

    return hook


def charge(rate: Rate, weight: int) -> None:
    """Count what a request holds beyond its first item: a batch of a thousand counts a thousand."""
    services().limiter.charge(rate, asker(address()), weight)


def tenant() -> str | None:
    """Return the credit code to which this request is confined: that of an actor in an enterprise's role, else None.

    Only where the role decides what is shown: public pages and a person's own account reach beyond one enterprise.
    """
    guard: RouteGuard | None = g.get("guard")
    present = login() if guard is not None and guard.kind is GuardKind.ROLES else None
    return present.actor.uscc if present is not None and present.actor.is_enterprise else None


def address() -> str:
    """Return the caller's address as the server saw it (behind `HUB_PROXIES` trusted proxies, as they saw it)."""
    return request.remote_addr or "unknown"


def _enter(guard: RouteGuard) -> Response | None:
    rate = guard.rate_for(request.method)
    match guard.kind:
        case GuardKind.PUBLIC:
            if COUNTED not in request.environ:
                services().limiter.count(rate, asker(address()))
            g.ignore_cookie = guard.cookieless or _is_foreign_call()
        case GuardKind.OPERATIONS:
            _operations_only()
        case GuardKind.LOGGED_IN | GuardKind.ROLES:
            _refuse_foreign_call()
            present = login()
            if present is None:
                services().limiter.count(Rate.PAGE, asker(address()))
                return _to_login()
            services().limiter.count(rate, str(present.actor.person_id))
            _check_role(guard, present)
    return None


def _is_foreign_call() -> bool:
    """Whether another site made a browser ask the API: its answers are for programs, and nobody's session is used.

    Pages may be linked to from anywhere: opening one writes nothing.
    """
    return request.method in SAFE and request.path.startswith(API) and csrf.is_from_elsewhere()


def _refuse_foreign_call() -> None:
    """Raises: CrossSiteError."""
    if _is_foreign_call():
        raise csrf.CrossSiteError


def _check_role(guard: RouteGuard, present: Login) -> None:
    if guard.kind is GuardKind.ROLES and present.actor.role not in guard.roles:
        raise NotFoundError


def _to_login() -> Response | None:
    if request.method in SAFE and wants_page():
        target = request.full_path.rstrip("?")
        return redirect(url_for("access.login_page", next=target), 303)  # type: ignore[return-value]  # werkzeug's base class
    raise LoginRequiredError


def _operations_only() -> None:
    if plain(address()) in LOOPBACK and "X-Forwarded-For" not in request.headers:
        return
    wanted = services().settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise NotFoundError
