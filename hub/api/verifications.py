"""Verification for third parties: a code or a credential in, a verdict out. A wrong one is an answer, never an error."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from hub.api.batches import read_batch
from hub.api.body import BATCH, SMALL, read_json, text_answer
from hub.api.operations import answers, as_json, operation, takes_json
from hub.codes.rules import Viewer
from hub.credentials.verification import PresentedCredential
from hub.kernel.verdicts import Verdict
from hub.trust.keys.algorithms import accepted
from hub.trust.receipts import judge_receipt
from hub.web.budgets import Budget
from hub.web.context import now, services
from hub.web.guards import cookieless, may_cost, public
from hub.web.limits import Rate
from keys import Algorithm
from schemas.verification import VerdictBatchSchema, VerificationBatchSchema, VerificationRequestSchema
from schemas.verification import VerdictSchema as VerdictShape

blueprint = Blueprint(
    "verifications", __name__, url_prefix="/api/v1", description="验真 · What a code is worth now."
)


Item = Mapping[str, Any]
Policy = frozenset[Algorithm] | None

_REQUEST = VerificationRequestSchema()  # made once: a shape copies its fields at every making
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
    summary="核验一个码或凭证 · Verify a code or a credential",
    description=(
        "Checks the signature and the live records. `valid`: genuine and in order; `attention`: genuine, but read "
        "the reasons; `refused`: not of this hub or no longer in use, with nothing said of any enterprise; "
        "`unknown`: cannot be checked now. Never cached, never stale. Of a credential no more is told than its "
        "holder disclosed."
    ),
    requestBody=takes_json(VerificationRequestSchema),
    responses=answers("The verdict.", as_json(VerdictShape), *_BODY_PROBLEMS),
)
@cookieless
@public(rate=Rate.VERIFICATION)
def verify() -> Response:
    wanted = _REQUEST.load(read_json(SMALL))
    (verdict,) = _verdicts([wanted], algorithms=_required(wanted))
    return text_answer(verdict.as_text())


@operation(
    blueprint,
    "POST",
    "/verifications/batch",
    operationId="verifyBatch",
    summary="批量核验 · Verify up to 1 000 codes and credentials",
    description="One verdict for each item, in the order asked; a wrong code among them does not refuse the rest.",
    requestBody=takes_json(VerificationBatchSchema),
    responses=answers("The verdicts.", as_json(VerdictBatchSchema), *_BODY_PROBLEMS),
)
@may_cost(Budget(body=BATCH, is_heavy=True))
@cookieless
@public(rate=Rate.VERIFICATION)
def verify_batch() -> Response:
    items, wanted = read_batch(read_json(BATCH, most=None))
    verdicts = _verdicts(items, algorithms=_required(wanted))
    return text_answer(f'{{"items":[{",".join(verdict.as_text() for verdict in verdicts)}]}}')


def _verdicts(items: Sequence[Item], *, algorithms: Policy) -> list[Verdict]:
    """Verdicts in the order of the items; those of one kind are verified together. Each is counted."""
    found: list[Verdict | None] = [None] * len(items)
    for name, verify_all in _VERIFIERS.items():
        places = [place for place, item in enumerate(items) if name in item]
        if places:
            verdicts = verify_all([items[place] for place in places], algorithms)
            for place, verdict in zip(places, verdicts, strict=True):
                services().metrics.verdict(verdict.outcome, verdict.kind or "none")
                found[place] = verdict
    return [verdict for verdict in found if verdict is not None]


def _codes(items: Sequence[Item], algorithms: Policy) -> Sequence[Verdict]:
    verification = services().verification
    if len(items) == 1:  # alone it is answered from what is remembered of plates
        code = items[0]["code"]
        return [verification.verify(code, now=now(), by=Viewer.PLATFORM, algorithms=algorithms)]
    codes = [item["code"] for item in items]
    return verification.verify_many(codes, now=now(), by=Viewer.PLATFORM, algorithms=algorithms)


def _credentials(items: Sequence[Item], algorithms: Policy) -> Sequence[Verdict]:
    presented = [
        PresentedCredential(item["credential"], item.get("audience"), item.get("nonce"), algorithms)
        for item in items
    ]
    return services().credentials.verify_many(presented, now=now())


def _receipts(items: Sequence[Item], algorithms: Policy) -> Sequence[Verdict]:
    known = services()
    policy = accepted(algorithms, policy=known.settings.algorithms)
    return [
        judge_receipt(
            item["receipt"],
            issuer=known.issuer,
            base_url=known.settings.base_url,
            now=now(),
            db=known.db,
            algorithms=policy,
        )
        for item in items
    ]


_VERIFIERS: Mapping[str, Callable[[Sequence[Item], Policy], Sequence[Verdict]]] = {
    "code": _codes,
    "credential": _credentials,
    "receipt": _receipts,
}


def _required(wanted: Item) -> Policy:
    """The caller's policy of algorithms; None when it names none."""
    named = wanted.get("algorithms")
    return None if named is None else frozenset(Algorithm(name) for name in named)
