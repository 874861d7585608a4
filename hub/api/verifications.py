"""Verification for third parties: a code in, a verdict out. A wrong code is an answer, never an error."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from hub.api.body import BATCH, SMALL, read_json, text_answer
from hub.api.operations import answers, as_json, operation, takes_json
from hub.codes.rules import Viewer
from hub.codes.verdicts import Verdict
from hub.web.current import now, services
from hub.web.guards import cookieless, public
from hub.web.limits import Rate
from keys import Algorithm
from schemas.verification import Verdict as VerdictShape
from schemas.verification import VerdictBatch, VerificationBatch, VerificationRequest

blueprint = Blueprint(
    "verifications", __name__, url_prefix="/api/v1", description="验真 · What a code is worth now."
)

_REQUEST = VerificationRequest()  # made once: a shape copies its fields at every making
_BATCH = VerificationBatch()
_BODY_PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)


@operation(
    blueprint,
    "POST",
    "/verifications",
    operationId="verify",
    summary="核验一个码 · Verify a code",
    description=(
        "Checks the signature and the live records. `valid`: genuine and in order; `attention`: genuine, but read "
        "the reasons; `refused`: not of this hub or no longer in use, with nothing said of any enterprise; "
        "`unknown`: cannot be checked now. Never cached, never stale."
    ),
    requestBody=takes_json(VerificationRequest),
    responses=answers("The verdict.", as_json(VerdictShape), *_BODY_PROBLEMS),
)
@cookieless
@public(rate=Rate.VERIFICATION)
def verify() -> Response:
    wanted = _REQUEST.load(read_json(SMALL))
    verdict = services().verification.verify(
        wanted["code"], now=now(), by=Viewer.PLATFORM, algorithms=_required(wanted)
    )
    _count(verdict)
    return text_answer(verdict.as_text())


@operation(
    blueprint,
    "POST",
    "/verifications/batch",
    operationId="verifyBatch",
    summary="批量核验 · Verify up to 1 000 codes",
    description="One verdict for each item, in the order asked; a wrong code among them does not refuse the rest.",
    requestBody=takes_json(VerificationBatch),
    responses=answers("The verdicts.", as_json(VerdictBatch), *_BODY_PROBLEMS),
)
@cookieless
@public(rate=Rate.VERIFICATION)
def verify_batch() -> Response:
    wanted = _BATCH.load(read_json(BATCH))
    codes = [item["code"] for item in wanted["items"]]
    verdicts = services().verification.verify_many(
        codes, now=now(), by=Viewer.PLATFORM, algorithms=_required(wanted)
    )
    for verdict in verdicts:
        _count(verdict)
    return text_answer(f'{{"items":[{",".join(verdict.as_text() for verdict in verdicts)}]}}')


def _required(wanted: Mapping[str, Any]) -> frozenset[Algorithm] | None:
    """The caller's policy of algorithms; None when it names none."""
    named = wanted.get("algorithms")
    return None if named is None else frozenset(Algorithm(name) for name in named)


def _count(verdict: Verdict) -> None:
    services().metrics.verdict(verdict.outcome, verdict.kind or "none")
