"""What belongs to no end: the front page, the language, what a problem means, the health of the hub."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request

from hub.kernel.errors import NotFoundError, UnavailableError
from hub.trust.backlog import oldest_if_known
from hub.trust.issuing.queries import open_counts
from hub.trust.statuses.publication import StatusExpiredError, soonest_expiry
from hub.web import context, i18n
from hub.web.context import services
from hub.web.guards import operations, public
from hub.web.limits import Rate
from hub.web.links import local_path
from hub.web.problems import sentence_for

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> str:
    return render_template("home.html")


@blueprint.post("/language/<code>")
@public(rate=Rate.PAGE)
def choose_language(code: str) -> Response:
    if code not in context.LANGUAGES:
        raise NotFoundError
    response = redirect(local_path(request.form.get("next"), default="/"), 303)
    secure = services().settings.is_https
    response.set_cookie(
        context.LANGUAGE_COOKIE, code, max_age=i18n.YEAR_SECONDS, samesite="Lax", secure=secure, httponly=True
    )
    return response  # type: ignore[return-value]  # werkzeug's base class


@blueprint.get("/problems/<reason>")
@public
def problem_page(reason: str) -> str:
    sentence = sentence_for(reason)
    if sentence is None:
        raise NotFoundError
    return render_template("problem_kind.html", reason=reason, sentence=sentence)


@blueprint.get("/healthz")
@public(rate=Rate.NONE)
def alive() -> Response:
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public(rate=Rate.NONE)
def ready() -> Response:
    """Answer 200 where the database answers and is at the right revision, and there are keys to verify with.

    A hub whose database may not be written still verifies: it is ready, and says so with the reason. So is one whose
    status lists have expired, since nothing was signed for a day or the clock ran ahead.
    Raises: UnavailableError; what the driver raises becomes the same 503.
    """
    if not services().is_migrated() or not len(services().issuer.key_set):
        raise UnavailableError
    reason = services().db.read_only
    if reason is not None:
        return jsonify(status="read-only", message=reason.as_json())
    expiry = soonest_expiry(services().db)
    if expiry is not None and expiry <= context.now():
        late = StatusExpiredError().message
        return jsonify(status="ready", warning=late.as_json())
    return jsonify(status="ready")


@blueprint.get("/whoami")
@public(rate=Rate.PAGE)
def whoami() -> Response:
    """Whom the hub takes the asker for; `hub doctor --url` finds out by it what the proxies in front do."""
    return jsonify(address=request.remote_addr, scheme=request.scheme, host=request.host)


@blueprint.get("/metrics")
@operations
def metrics() -> Response:
    services().metrics.waiting(open_counts(services().db))
    services().metrics.oldest(oldest_if_known(services().db, now=context.now()))
    return Response(services().metrics.text(), mimetype="text/plain")
