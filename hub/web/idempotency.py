"""A request sent twice has one effect: `Idempotency-Key` on API operations, a hidden token in forms that issue.

An answer to a request that had its effect is kept for a day and given again. A refusal has no effect and is not
kept: sent again, the request is judged anew. A second request while the first is worked on gets 409 and
`Retry-After`; the same key with another body gets 422.
"""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import ParamSpec

from flask import Response, g, make_response, request
from markupsafe import Markup

from hub.kernel.idempotency import service
from hub.kernel.idempotency.rules import HEADER, KEPT_HEADERS, MAX_BODY_BYTES, Claim, KeptAnswer, checked_key
from hub.kernel.ids import new_token
from hub.web.context import login, now, services

P = ParamSpec("P")

FIELD = "_once"
REPLAYED = "Idempotency-Replayed"
SERVER_ERROR = 500
MAX_REQUEST_BYTES = 64 * 1024  # operations with a key take small bodies, which are compared

_FORM_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}\Z")  # what new_token makes has 43


def idempotent(view: Callable[P, Response]) -> Callable[P, Response]:
    """Under the guard of an API operation with an effect. Raises: KeyShapeError, KeyReusedError, InProgressError."""

    @wraps(view)
    def once(*args: P.args, **kwargs: P.kwargs) -> Response:
        given = request.headers.get(HEADER)
        if given is None:
            return view(*args, **kwargs)
        key = checked_key(given)
        request.max_content_length = MAX_REQUEST_BYTES
        g.idempotency = _digest(_scope(), key)
        found = service.claim(services().db, scope=_scope(), key=key, request_hash=_request_hash(), now=now())
        if isinstance(found, KeptAnswer):
            return _again(found)
        return _worked_on(found, lambda: view(*args, **kwargs))

    return once


def token() -> str | None:
    """Return what marks this request, for use cases that find their own work again; None when the caller gave no key."""
    found: str | None = g.get("idempotency")
    return found


def form_token() -> str | None:
    """Return the same for a form: bound to who sends it and where, so that nobody can use another's."""
    given = request.form.get(FIELD, "")
    return _digest(_scope(), given) if _FORM_TOKEN.match(given) else None


def once_field() -> Markup:
    """Return a hidden field for forms that issue, written beside `csrf_field` in them: a double click is one request."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, new_token())


def _worked_on(claim: Claim, work: Callable[[], Response]) -> Response:
    """Whatever ends the work without an answer that is kept gives the claim back."""
    is_kept = False
    try:
        response = make_response(work())
        if response.status_code < SERVER_ERROR and len(response.get_data()) <= MAX_BODY_BYTES:
            service.keep(services().db, claim, _answer(response))
            is_kept = True
        return response
    finally:
        if not is_kept:
            service.release(services().db, claim)


def _answer(response: Response) -> KeptAnswer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return KeptAnswer(response.status_code, headers, response.get_data())


def _again(answer: KeptAnswer) -> Response:
    response = Response(answer.body, status=answer.status)
    response.headers.update(answer.headers)
    response.headers[REPLAYED] = "true"
    return response


def _scope() -> str:
    """Who asks (the person; without a login the address) and of what."""
    present = login()
    who = (
        f"person {present.actor.person_id} {present.actor.role}"
        if present
        else f"address {request.remote_addr}"
    )
    return _digest(who, request.method, request.path)


def _request_hash() -> str:
    return sha256(request.query_string + b"\0" + request.get_data()).hexdigest()


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
