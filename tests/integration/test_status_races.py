"""Writers that meet over status entries, in both orders on both databases: a revocation is never lost."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.trust.statuses.rules import Cause
from hub.trust.statuses.service import (
    allocate,
)
from signing.status import Status
from tests.support.statuses import (
    CREDENTIAL,
    LICENSE,
    OTHER,
    PLATE,
    USCC,
    act,
    all_entries,
    become,
    entry_of,
    give,
    meet,
    say,
    say_in,
    turn,
)


@pytest.mark.parametrize("order", ["revoked first", "resumed first"])
def test_a_revocation_wins_over_a_resumption_at_the_same_moment(
    any_db: Database, now: datetime, order: str
) -> None:
    give(any_db, PLATE, "A", now=now)
    say(any_db, Cause.OWN, Status.SUSPENDED, now=now)
    writers = [
        lambda session: say_in(session, Cause.OWN, Status.REVOKED, now=now),
        lambda session: say_in(session, Cause.OWN, Status.VALID, now=now),
    ]

    meet(any_db, *(writers if order == "revoked first" else reversed(writers)))

    assert entry_of(any_db, USCC, PLATE, "A").value == Status.REVOKED


@pytest.mark.parametrize("order", ["license first", "credential first"])
def test_no_credential_slips_past_the_revocation_of_its_license(
    any_db: Database, now: datetime, order: str
) -> None:
    """Each reads before the other writes: the one that comes later must see what the earlier one did."""
    give(any_db, PLATE, "first", now=now)

    def issue(session: Session) -> None:
        act(session, USCC, now)
        allocate(session, uscc=USCC, kind=CREDENTIAL, subject="A", parent=LICENSE, now=now)

    def revoke(session: Session) -> None:
        become(session, Status.REVOKED, now=now)

    meet(any_db, *((revoke, issue) if order == "license first" else (issue, revoke)))

    assert entry_of(any_db, USCC, CREDENTIAL, "A").value == Status.REVOKED


@pytest.mark.parametrize("order", ["enterprise first", "plate first"])
def test_no_plate_slips_past_the_end_of_its_enterprise(any_db: Database, now: datetime, order: str) -> None:
    give(any_db, PLATE, "first", now=now, uscc=OTHER)

    def issue(session: Session) -> None:
        act(session, USCC, now)
        allocate(session, uscc=USCC, kind=PLATE, subject="A", now=now)

    def end(session: Session) -> None:
        turn(session, Status.REVOKED, now=now)

    meet(any_db, *((end, issue) if order == "enterprise first" else (issue, end)))

    assert entry_of(any_db, USCC, PLATE, "A").value == Status.REVOKED


def test_the_very_first_two_entries_made_at_once_share_one_list(any_db: Database, now: datetime) -> None:
    def issue(subject: str) -> Callable[[Session], object]:
        def work(session: Session) -> None:
            act(session, USCC, now)
            allocate(session, uscc=USCC, kind=PLATE, subject=subject, now=now)

        return work

    meet(any_db, issue("A"), issue("B"))

    assert {entry.list for entry in all_entries(any_db)} == {1}
    assert len({entry.idx for entry in all_entries(any_db)}) == 2
