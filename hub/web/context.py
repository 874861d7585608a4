"""What a request knows: the services, its moment, who is logged in, the language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from flask import Response, current_app, g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from hub import config
from hub.access import sessions
from hub.access.matrix import AudienceColumn, Matrix
from hub.access.rules import SESSION_LIFE
from hub.access.sessions import Login, OpenedSession
from hub.access.visibility import audience_of
from hub.codes.verification.service import Verification
from hub.config import Settings
from hub.credentials.verification import CredentialVerification
from hub.credit.queries import PublicPenalties
from hub.documents.service import DocumentOffice
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import LoginRequiredError
from hub.kernel.sandbox import Sandbox
from hub.licenses.reference.rules import Reference, ReferenceTables
from hub.trust.bundles.cache import BundleCache
from hub.trust.keys.history import KeyHistory
from hub.trust.keys.issuer import Issuer
from hub.trust.log.counts import EntryCounts
from hub.web.limits import Limiter
from hub.web.metrics import Metrics

EXTENSION = "hub"
LANGUAGE_COOKIE = "lang"
LANGUAGES = ("zh", "en")
_UNREAD = object()


@dataclass(frozen=True, slots=True)
class Services:
    """What create_app built once; a view hands on what a use case needs."""

    settings: Settings
    matrix: Matrix  # who is told which category of data
    tables: ReferenceTables  # by which licenses are judged
    db: Database
    issuer: Issuer
    key_history: KeyHistory
    verification: Verification
    credentials: CredentialVerification
    bundles: BundleCache
    public_penalties: PublicPenalties
    limiter: Limiter
    metrics: Metrics
    log_tally: EntryCounts
    print_shop: DocumentOffice
    sandbox: Sandbox  # where other people's files are parsed
    is_migrated: Callable[[], bool]  # whether the database is at the revision this version needs


def services() -> Services:
    found: Services = current_app.extensions[EXTENSION]
    return found


def now() -> datetime:
    """Return the moment of this request (aware UTC): the clock is read once."""
    if "now" not in g:
        g.now = config.now()
    moment: datetime = g.now
    return moment


def today() -> date:
    """Return the legal date of this request."""
    return services().settings.today(now())


def reference() -> Reference:
    """Return the reference data in force on the legal date of this request."""
    return services().tables.on(today())


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host and to https; browsers refuse it on plain http."""
    return "__Host-hub" if settings.is_https else "hub_session"


def give_session(response: Response, opened: OpenedSession, settings: Settings) -> Response:
    """Set the cookie of a session just opened: host-bound, unreadable for scripts, renewed at every login."""
    response.set_cookie(
        cookie_name(settings),
        opened.token,
        max_age=int(SESSION_LIFE.total_seconds()),
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def take_session_back(response: Response, settings: Settings) -> Response:
    """Delete the session's cookie, with the attributes it was set with."""
    response.delete_cookie(
        cookie_name(settings), secure=settings.is_https, httponly=True, samesite="Lax", path="/"
    )
    return response


def login() -> Login | None:
    """Return the session of this request, read once and only when asked for."""
    found: Login | None = g.get("login", _UNREAD)
    if found is not _UNREAD:
        return found
    if "HTTP_COOKIE" not in request.environ or g.get("ignore_cookie", False):
        g.login = None
        return None
    token = request.cookies.get(cookie_name(services().settings))
    g.login = sessions.find(token, now=now(), db=services().db) if token else None
    present: Login | None = g.login
    return present


def actor() -> Actor | None:
    present = login()
    return present.actor if present else None


def require_login() -> Login:
    """Raises: LoginRequiredError."""
    present = login()
    if present is None:
        raise LoginRequiredError
    return present


def require_actor() -> Actor:
    """Raises: LoginRequiredError."""
    return require_login().actor


def clearance() -> AudienceColumn:
    """Return what is visible to the actor's audience. Raises: LoginRequiredError."""
    return services().matrix.clearance(audience_of(require_actor().role))


def language() -> str:
    """`zh` or `en`: as asked for (`?lang=`), as chosen before, as the browser prefers, else as the hub is set."""
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = g.language = _choose()
    return chosen


def _choose() -> str:
    asked = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked in LANGUAGES:
        return asked
    return preferred(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""), default=services().settings.locale)


@lru_cache(maxsize=256)
def preferred(header: str, *, default: str) -> str:
    """Return the language of ours that `Accept-Language` asks for, else the default."""
    if not header:
        return default
    asked = parse_accept_header(header, LanguageAccept)
    order = (default, *(code for code in LANGUAGES if code != default))
    return asked.best_match(order) or _by_prefix(asked, order) or default


def _by_prefix(asked: LanguageAccept, order: tuple[str, ...]) -> str | None:
    wanted = (tag.partition("-")[0].lower() for tag, _quality in asked)
    return next((tag for tag in wanted if tag in order), None)
