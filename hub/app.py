"""The web application: the one place that knows every part."""

import logging
from collections.abc import Callable
from functools import partial
from multiprocessing.util import Finalize
from typing import Any

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.middleware.proxy_fix import ProxyFix

from hub import config, schema
from hub.access.matrix import MATRIX, Matrix
from hub.access.rules import ROLE_NAMES
from hub.api import document as api_document
from hub.api.fast_path import VerificationFastPath
from hub.codes.dynamic import forgotten_until
from hub.codes.verification.scans import ScanRecorder
from hub.codes.verification.service import Verification
from hub.config import Settings
from hub.credentials.verification import CredentialVerification
from hub.credit.queries import PublicPenalties
from hub.demo import separation
from hub.documents.service import print_shop
from hub.ends.enforcement.routes import blueprint as enforcement
from hub.ends.enterprise.routes import blueprint as enterprise
from hub.ends.government.routes import blueprint as government
from hub.ends.public.fast_path import PageFastPath
from hub.ends.public.routes import blueprint as public
from hub.kernel.database import Database, again_on_conflict, safe_method
from hub.kernel.sandbox import Sandbox
from hub.kernel.tenants import confined
from hub.licenses.reference.loader import shipped_reference
from hub.licenses.reference.rules import ReferenceTables
from hub.licenses.reference.stored_tables import StoredReferenceTables
from hub.trust import personal_fields
from hub.trust.bundles.cache import BundleCache
from hub.trust.clock import ClockWatch
from hub.trust.keys.history import KeyHistory
from hub.trust.keys.issuer import FollowingIssuer, following_issuer
from hub.trust.keys.management import require_newest
from hub.trust.keys.profiles import require_profile
from hub.trust.log.counts import EntryCounts
from hub.trust.record import guard
from hub.trust.record.database import open_database
from hub.trust.witnesses import read_only
from hub.web import (
    assets,
    compression,
    context,
    csrf,
    guards,
    headers,
    i18n,
    idempotency,
    notices,
    problems,
    request_log,
    safe_streams,
)
from hub.web.access_routes import blueprint as access
from hub.web.askers import PlainForwarding
from hub.web.budgets import FORM_BYTES, MAX_BODY_BYTES, MAX_PAIRS, RouteCosts
from hub.web.context import Services
from hub.web.home import blueprint as home
from hub.web.hosts import Hosts
from hub.web.limits import Limiter
from hub.web.metrics import Metrics
from hub.web.navigation import return_path
from hub.web.verifier import blueprint as verifier
from keys import KeysError, SharedStretching

_log = logging.getLogger("hub.web")
AWAY = (OperationalError, PoolTimeoutError)  # the database does not answer

_BLUEPRINTS: tuple[Blueprint, ...] = (  # one row per part; order does not matter
    home,
    access,
    public,
    enterprise,
    enforcement,
    government,
    verifier,
)


class Application(Flask):
    """Flask, with a request run again when the database says that its transaction only collided with another.

    `costs` tells the server in front what a request may cost (`hub.server.bounds.Costs`).
    """

    costs: RouteCosts

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: no view or hook of ours is a coroutine; asking each of them costs a sixth of a small request."""
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        with confined(guards.tenant()):
            return again_on_conflict(super().dispatch_request)

    def wsgi_app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer one request; of those that another site can send by a link, none may write (ADR 0027)."""
        method = environ["REQUEST_METHOD"]
        if method not in guards.SAFE:
            return super().wsgi_app(environ, start_response)
        with safe_method(method):
            return super().wsgi_app(environ, start_response)


def routes() -> Application:
    """Return every route with its guard, of no hub yet: nothing is opened, so that processes forked after this share it.

    Raises: UnguardedRouteError when a route names no guard.
    """
    app = Application("hub.web", static_folder="static", template_folder="templates")
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=MAX_PAIRS,
        PROPAGATE_EXCEPTIONS=False,  # an unforeseen error says nothing to the caller, in tests as well
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    api_document.install(app)
    guards.check_all(app)
    app.costs = RouteCosts(app, partial(guards.budget_of, app))
    return app


def create_app(
    settings: Settings,
    *,
    matrix: Matrix = MATRIX,
    tables: ReferenceTables | None = None,
    app: Application | None = None,
    handed_on: SharedStretching | None = None,
) -> Flask:
    """Return the application for one hub: database and keys are opened here, once. `matrix`: what each audience is told.

    `tables`: by which licenses are judged; None: the database's, which begin with those that ship.
    `app`: its routes, where they were made before (`routes`). `handed_on`: what opens the keys without stretching their
    passphrase again, among processes forked from one.
    Raises: KeysError when the key ring cannot be opened, UnguardedRouteError when a route names no guard.
    """
    app = routes() if app is None else app
    services = _services(settings, matrix, tables, handed_on)
    app.extensions[context.EXTENSION] = services
    _install_web(app, services)
    app.wsgi_app = VerificationFastPath(app.wsgi_app, services)  # type: ignore[method-assign]  # as below
    app.wsgi_app = PageFastPath(app.wsgi_app, services, faults=(KeysError, *AWAY))  # type: ignore[method-assign]  # as below
    layers = headers.HeaderSealing(Hosts(app.wsgi_app, settings.base_url))
    app.wsgi_app = layers  # type: ignore[method-assign]  # Flask's documented way to add middleware
    if settings.proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
        app.wsgi_app = PlainForwarding(fixed)  # type: ignore[method-assign]  # as above
    services.metrics.watch_ring(lambda: services.issuer.is_ring_checked)
    services.metrics.started(config.now().timestamp())
    return app


def _services(
    settings: Settings, matrix: Matrix, tables: ReferenceTables | None, handed_on: SharedStretching | None
) -> Services:
    require_profile(settings.profile)
    issuer = following_issuer(settings, handed_on)
    db = _database(settings, issuer)
    tables = tables or StoredReferenceTables(db, shipped_reference())
    newest = schema.head()
    return Services(
        settings=settings,
        matrix=matrix,
        tables=tables,
        db=db,
        issuer=issuer,
        key_history=KeyHistory(issuer, base_url=settings.base_url),
        verification=Verification(
            db,
            issuer=issuer,
            origins=[settings.base_url],
            today=settings.today,
            scans=_scans(db, settings),
            matrix=matrix,
            tables=tables,
            algorithms=settings.algorithms,
        ),
        credentials=_credentials(settings, tables, db, issuer),
        bundles=BundleCache(db, issuer=issuer, base_url=settings.base_url, log_origin=settings.log_origin),
        public_penalties=PublicPenalties(db),
        limiter=Limiter(factor=settings.rate_factor, redis_url=settings.redis_url),
        metrics=Metrics(),
        log_tally=EntryCounts(db),
        print_shop=print_shop(settings, tables),
        sandbox=Sandbox(),
        is_migrated=lambda: schema.current(db) == newest,
    )


def _scans(db: Database, settings: Settings) -> ScanRecorder:
    scans = ScanRecorder(db, day_of=settings.today)
    Finalize(None, scans.close, exitpriority=0)  # the last second of public counts; also in a server's worker
    return scans


def _credentials(
    settings: Settings, tables: ReferenceTables, db: Database, issuer: FollowingIssuer
) -> CredentialVerification:
    return CredentialVerification(
        db,
        issuer=issuer,
        base_url=settings.base_url,
        today=settings.today,
        tables=tables,
        algorithms=settings.algorithms,
    )


def _database(settings: Settings, issuer: FollowingIssuer) -> Database:
    """The database with everything that may stop it from being written to.

    Raises: RingOlderError, DemoDatabaseError, DemoKeysError, RealKeysError, RealDataError.
    """
    db = open_database(settings.database_url)
    personal_fields.attach(db, lambda: issuer.key_ring)
    _require_newest_ring(db, issuer)
    read_only.watch(db, settings.home)
    db.clock = ClockWatch(db, settings.home, now=config.now, bounds=(forgotten_until,))
    guard.install(db)
    _require_apart(db, issuer, demo=settings.demo)
    return db


def _require_newest_ring(db: Database, issuer: FollowingIssuer) -> None:
    """An older copy of the ring stops the start; a database that is away does not, since nothing is issued without it.

    Raises: RingOlderError.
    """
    try:
        require_newest(db, issuer.look)
    except DBAPIError as error:
        _log.warning("the key ring was not compared with the record of acts: %s", type(error).__name__)


def _require_apart(db: Database, issuer: FollowingIssuer, *, demo: bool) -> None:
    """A demonstration's database or keys never serve a real hub, nor real ones a demonstration.

    While the database is away nobody is served anything that is in it; it is asked at the next start.
    Raises: DemoDatabaseError, DemoKeysError, RealKeysError, RealDataError.
    """
    db.is_demonstration = demo
    try:
        separation.require_together(db, demo=demo, has_demo_keys=issuer.key_ring.is_demonstration)
    except DBAPIError as error:
        _log.warning("setting, database and keys were not compared: %s", type(error).__name__)


def _install_web(app: Flask, services: Services) -> None:
    """Hooks in the order in which they must run (after_request hooks run in reverse)."""
    app.after_request(compression.shrink)
    request_log.configure(services.settings.request_log)
    request_log.install(app)
    app.after_request(headers.seal)
    app.after_request(notices.carry)
    safe_streams.install(app)
    assets.install(app)
    i18n.install(app, services.settings)
    problems.install(app, away=AWAY)
    app.before_request(guards.enforce(app))
    app.jinja_env.globals |= {
        "csrf_field": csrf.field,
        "csrf_token": csrf.token,
        "once_field": idempotency.once_field,
        "take_notice": notices.take,
        "ALERTS": notices.ALERTS,
        "return_path": return_path,
        "role_names": ROLE_NAMES,
        "demo": services.settings.demo,
        "base_url": services.settings.base_url,
    }
    app.context_processor(_context)


def _context() -> dict[str, object]:
    tongue = i18n.TONGUES[context.language()]
    return {
        "login": context.login(),
        "actor": context.actor(),
        "tongue": tongue,
        "other_tongue": i18n.TONGUES[tongue.other],
        "now": context.now(),
        "today": context.today(),
        "read_only": context.services().db.read_only,
    }
