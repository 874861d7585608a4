"""A credit code that fails its check, put on the list of exceptions by two officials."""

from datetime import datetime
from uuid import UUID

from hub.access.proposals.rules import Decision, ProposalView
from hub.access.proposals.service import decide
from hub.feeds.exceptions import KINDS, ask_exception
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.registry.exceptions.queries import ExceptionView, exceptions_page
from tests.support.proposals import official
from tests.support.remits import serve_on_record

OLD = "913308021472053117"  # right in form; neither its own check nor the organisation code's holds
WHY, PROOF = "1995年发放的代码，终身有效", "登记档案 1995-0417 号"
MING, YU = official("李明"), official("陈予")
_BY_CODE = {kind.code: kind for kind in KINDS}


def approve(db: Database, proposal_id: UUID, *, now: datetime, by: Actor = YU) -> ProposalView:
    serve_on_record(by, db=db, now=now)
    return decide(proposal_id, decision=Decision.APPROVE, words="", kinds=_BY_CODE, by=by, now=now, db=db)


def newest(db: Database, *, is_ended: bool = False) -> ExceptionView | None:
    with db.read() as session:
        return next(iter(exceptions_page(session, is_ended=is_ended).rows), None)


def an_exception(*, now: datetime, db: Database) -> ExceptionView:
    """The newest on the list, put there when there is none."""
    if newest(db) is None:
        approve(db, ask_exception(OLD, reason=WHY, source=PROOF, by=MING, now=now, db=db), now=now)
    found = newest(db)
    assert found is not None
    return found
