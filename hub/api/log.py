"""The public log as static resources (C2SP tlog-tiles), receipts, and the hub as a witness (C2SP tlog-witness)."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from hub.api.operations import BINARY, answers, operation
from hub.kernel.errors import NotFoundError
from hub.trust.log import queries
from hub.trust.receipts import make_receipt
from hub.trust.witnesses import cosigning
from hub.trust.witnesses.cosigning import OtherSize
from hub.trust.witnesses.queries import log_view
from hub.web.context import now, services
from hub.web.guards import cacheable, cookieless, public
from hub.web.headers import keep_for_ever
from hub.web.limits import Rate
from keys import Purpose
from signing.log import TILE_WIDTH, read_path
from signing.log.errors import WitnessRequestError
from signing.log.note import MAX_NOTE_BYTES
from signing.log.witness import SIZE_TYPE

CHECKPOINT_SECONDS = 1  # a new one is signed every second while there is work
TILE_SECONDS = 60  # a partial tile's address is final too, but a fuller one follows soon
KEY_SECONDS = 300
MAX_ORIGIN_CHARS = 255  # what a witnessed log's name can have
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"

blueprint = Blueprint("log", __name__, url_prefix="/log", description="公开日志 · The public log.")

_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_BYTES = {BYTES: BINARY}


@operation(
    blueprint,
    "GET",
    "/checkpoint",
    operationId="logCheckpoint",
    summary="最新检查点 · The newest checkpoint",
    description="A signed note (C2SP tlog-checkpoint): origin, size, root; signed by the log, cosigned by witnesses.",
    responses=answers("The checkpoint.", _TEXT, HTTPStatus.NOT_FOUND),
)
@cacheable(CHECKPOINT_SECONDS)
@public(rate=Rate.VERIFICATION)
def checkpoint() -> Response:
    found = log_view(services().db)
    if not found.note:
        raise NotFoundError
    return _validated(found.note.encode(), TEXT)


@operation(
    blueprint,
    "GET",
    "/tile/<level>/<path:number>",
    operationId="logTile",
    summary="日志分块 · A tile of hashes",
    description=(
        "Up to 256 hashes of 32 bytes (C2SP tlog-tiles). The number is written in groups of three digits, "
        "`x001/234`; `.p/W` after it asks for the first W hashes of a tile that is not full."
    ),
    responses=answers("The hashes.", _BYTES, HTTPStatus.NOT_FOUND),
)
@cacheable(TILE_SECONDS)
@public(rate=Rate.VERIFICATION)
def tile(level: str, number: str) -> Response:
    name = read_path(f"tile/{level}/{number}")
    if name.level is None:
        raise NotFoundError
    return _tile(queries.tile(services().db, name.level, name.number, name.width), name.width)


@operation(
    blueprint,
    "GET",
    "/tile/entries/<path:number>",
    operationId="logEntries",
    summary="日志条目 · A bundle of entries",
    description="Up to 256 entries, each after its length in two bytes (C2SP tlog-tiles); each is JSON (RFC 8785).",
    responses=answers("The entries.", _BYTES, HTTPStatus.NOT_FOUND),
)
@cacheable(TILE_SECONDS)
@public(rate=Rate.VERIFICATION)
def entries(number: str) -> Response:
    name = read_path(f"tile/entries/{number}")
    return _tile(queries.entries(services().db, name.number, name.width), name.width)


@operation(
    blueprint,
    "GET",
    "/receipts/<uuid:event_id>",
    operationId="logReceipt",
    summary="记录回执 · The receipt of an entry",
    description=(
        "A `receipt+jwt` that proves offline that an act on record is in the log. It does not open the entry: what "
        "it commits to is given to the enterprise concerned, in its own space."
    ),
    responses=answers(
        "The receipt.",
        {"application/jwt": {"schema": {"type": "string"}}},
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
    ),
)
@public(rate=Rate.VERIFICATION)
def receipt(event_id: UUID) -> Response:
    known = services()
    made = make_receipt(
        event_id, issuer=known.issuer, base_url=known.settings.base_url, now=now(), db=known.db
    )
    return Response(made, mimetype="application/jwt")


@operation(
    blueprint,
    "POST",
    "/witness/add-checkpoint",
    operationId="logWitness",
    summary="见证另一日志 · Cosign another log's checkpoint",
    description=(
        "C2SP tlog-witness. 200: the cosignature's line; 404: this hub does not witness that log; 403: not signed by "
        "its key; 409: the size this hub remembers; 422: the proof does not hold."
    ),
    requestBody={"required": True, "content": _TEXT},
    responses=answers(
        "The cosignature.",
        _TEXT,
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
@cookieless
@public(rate=Rate.VERIFICATION)
def add_checkpoint() -> Response:
    known = services()
    found = cosigning.add_checkpoint(
        _body(),
        signer=known.issuer.signer(Purpose.LOG),
        name=known.settings.log_origin,
        now=now(),
        db=known.db,
    )
    if isinstance(found, OtherSize):
        return Response(f"{found.size}\n", HTTPStatus.CONFLICT, content_type=SIZE_TYPE)
    return Response(found, content_type=TEXT)


@operation(
    blueprint,
    "GET",
    "/witness/seen",
    operationId="logWitnessSeen",
    summary="本系统最近见证的检查点 · The newest checkpoint this hub has cosigned for a log",
    description="The signed note with this hub's cosignature: proof for a log whose database has been set back.",
    parameters=[
        {"in": "query", "name": "origin", "required": True, "schema": {"type": "string", "maxLength": 255}}
    ],
    responses=answers("The checkpoint.", _TEXT, HTTPStatus.NOT_FOUND),
)
@public(rate=Rate.VERIFICATION)
def witness_seen() -> Response:
    found = cosigning.newest_note(request.args.get("origin", "")[:MAX_ORIGIN_CHARS], db=services().db)
    return Response(found, content_type=TEXT)


@operation(
    blueprint,
    "GET",
    "/witness/key",
    operationId="logWitnessKey",
    summary="见证公钥 · The key this hub cosigns with",
    description="One line, a vkey (C2SP signed-note); compare it with what the hub's operator tells you otherwise.",
    responses=answers("The key.", _TEXT),
)
@cacheable(KEY_SECONDS)
@public
def witness_key() -> Response:
    key = cosigning.own_key(services().issuer.signer(Purpose.LOG), name=services().settings.log_origin)
    return _validated(f"{key.vkey()}\n".encode(), TEXT)


def _tile(content: bytes | None, width: int) -> Response:
    if content is None:
        raise NotFoundError
    if width == TILE_WIDTH:
        keep_for_ever()
    return _validated(content, BYTES)


def _validated(content: bytes, kind: str) -> Response:
    response = Response(content, content_type=kind)
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's base class


def _body() -> str:
    """Raises: WitnessRequestError, RequestEntityTooLarge."""
    request.max_content_length = MAX_NOTE_BYTES
    try:
        return request.get_data(cache=False).decode()
    except UnicodeDecodeError as error:
        raise WitnessRequestError from error
