"""Who may be the second person: within the own remit, and with a passkey used a moment ago."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hub.access.errors import StepUpNeededError
from hub.access.proposals import service
from hub.access.proposals.rules import Decision
from hub.access.remits import NoRemitError, RemitDistrictError, RemitInput
from hub.access.rules import FRESH
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from tests.support.plates import USCC, add_enterprise
from tests.support.proposals import Deed, official
from tests.support.remits import serve

MING, YU = official("李明"), official("陈予")


@pytest.fixture
def deed() -> Deed:
    return Deed()


def decide(asked: UUID, deed: Deed, *, by: Actor, now: datetime, db: Database) -> None:
    kinds = {deed.kind.code: deed.kind}
    service.decide(asked, decision=Decision.APPROVE, words="", kinds=kinds, by=by, now=now, db=db)


def test_who_has_no_remit_or_one_of_another_district_does_not_decide(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    add_enterprise(any_db)
    with any_db.write() as session:
        told = {"subject": "7", "data": {}, "reason": "为测试", "uscc": USCC}
        asked = service.propose(session, deed.kind, by=MING, now=now, **told)

    with pytest.raises(NoRemitError):
        decide(asked, deed, by=YU, now=now, db=any_db)
    serve(YU, db=any_db, given=RemitInput(district="330881"))
    with pytest.raises(RemitDistrictError):
        decide(asked, deed, by=YU, now=now, db=any_db)
    assert deed.done == []
    serve(YU, db=any_db, given=RemitInput(district="330802"))
    decide(asked, deed, by=YU, now=now, db=any_db)

    assert deed.done == ["7"]


def test_a_decision_asks_for_a_passkey_used_within_the_last_minutes(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    serve(YU, db=any_db)
    asked = deed.ask(by=MING, now=now, db=any_db)
    for proved_at in (None, now - FRESH):
        with pytest.raises(StepUpNeededError):
            decide(asked, deed, by=replace(YU, proved_at=proved_at), now=now, db=any_db)
    assert deed.done == []

    decide(asked, deed, by=replace(YU, proved_at=now - FRESH + timedelta(seconds=1)), now=now, db=any_db)
    assert deed.done == ["1"]


def test_who_came_by_a_link_of_the_demonstration_has_no_passkey_to_show(
    any_db: Database, deed: Deed, now: datetime
) -> None:
    serve(YU, db=any_db)
    asked = deed.ask(by=MING, now=now, db=any_db)

    decide(asked, deed, by=replace(YU, passkey=None, proved_at=None), now=now, db=any_db)

    assert deed.done == ["1"]
