"""A credit code that fails its check and is valid for life: taken once two officials put it on the list, until it ends."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.access.proposals.errors import ProposalPendingError, SecondPersonError
from hub.access.proposals.rules import ProposalView
from hub.codes.codable import CodeNotPossibleError
from hub.codes.dynamic import new_dynamic
from hub.codes.plates.rollout import issue_area
from hub.codes.plates.service import issue_plate
from hub.config import Settings
from hub.feeds.batches import Loading
from hub.feeds.exceptions import ask_end, ask_exception
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError, NotAllowedError
from hub.kernel.identifiers import IdentifierError
from hub.registry.exceptions.queries import ExceptionView, codes_on_list, known_code
from hub.registry.exceptions.rules import ExceptionEndedError, ExceptionExistsError
from hub.registry.models import Enterprise
from hub.registry.search import search
from hub.trust.log.findings import AuditReason
from tests.support import exceptions as support
from tests.support.bad_batches import MARKET, food, food_row, market
from tests.support.exceptions import MING, OLD, PROOF, WHY, YU
from tests.support.loading import NOW, load, refused, write
from tests.support.plates import OPERATOR, add_enterprise, add_premises, press_of
from tests.support.proposals import official
from tests.support.tampering import LATER, audited_wholly, behind_its_back, extend
from tests.support.threads import at_once


def ask(db: Database, code: str = OLD, *, reason: str = WHY, source: str = PROOF, by: Actor = MING) -> UUID:
    return ask_exception(code, reason=reason, source=source, by=by, now=NOW, db=db)


def approve(db: Database, proposal_id: UUID, *, by: Actor = YU) -> ProposalView:
    return support.approve(db, proposal_id, by=by, now=NOW)


def listed(db: Database, *, is_ended: bool = False) -> ExceptionView:
    found = support.newest(db, is_ended=is_ended)
    assert found is not None
    return found


def end(db: Database) -> None:
    approve(db, ask_end(listed(db).id, reason="换发新代码", by=MING, now=NOW, db=db))


def enterprise_row(code: str = OLD, name: str = "衢州老字号商店") -> list[str]:
    row = list(MARKET[0])
    row[0], row[1] = code, name
    return row


def deliver(db: Database, folder: Path, name: str, content: bytes) -> Loading:
    return load(db, write(folder, name, content))


def stored(db: Database, code: str = OLD) -> tuple[str, list[str]]:
    """Name and marks of the enterprise."""
    with db.read() as session:
        row = session.get_one(Enterprise, code)
        return row.name, list(row.quality)


def test_a_row_is_refused_before_taken_with_a_mark_after_and_refused_again_when_the_exception_has_ended(
    any_db: Database, tmp_path: Path
) -> None:
    before = deliver(any_db, tmp_path, "1.csv", market([enterprise_row(name="甲")]))
    assert [row.reason for row in refused(any_db, before)] == ["USCC_CHECK"]

    approve(any_db, ask(any_db))
    after = deliver(any_db, tmp_path, "2.csv", market([enterprise_row()]))
    licensed = [*food_row(0)]
    licensed[3] = OLD
    permit = deliver(any_db, tmp_path, "3.csv", food([licensed]))
    assert (after.accepted, permit.accepted) == (1, 1)
    _, marks = stored(any_db)
    assert "USCC_EXCEPTION" in marks
    assert not {"USCC_KIND", "USCC_ORG_CHECK"} & set(marks)

    end(any_db)
    later = deliver(any_db, tmp_path, "4.csv", market([enterprise_row(name="乙")]))
    assert [row.reason for row in refused(any_db, later)] == ["USCC_CHECK"]
    assert stored(any_db)[0] == "衢州老字号商店"


def test_only_the_very_code_is_taken(any_db: Database, tmp_path: Path) -> None:
    approve(any_db, ask(any_db, f" {OLD[:6]} {OLD[6:]} ".lower()))
    other = OLD[:-1] + "8"

    loading = deliver(any_db, tmp_path, "1.csv", market([enterprise_row(other), enterprise_row()]))

    assert [row.value for row in refused(any_db, loading)] == [other]
    assert loading.accepted == 1


@pytest.mark.parametrize(
    ("code", "reason", "source", "refusal"),
    [
        ("", WHY, PROOF, "EXCEPTION_FORM"),
        (OLD[:-1], WHY, PROOF, "EXCEPTION_FORM"),
        (OLD + "1", WHY, PROOF, "EXCEPTION_FORM"),
        ("O" + OLD[1:], WHY, PROOF, "EXCEPTION_FORM"),
        ("91AB0802" + OLD[8:], WHY, PROOF, "EXCEPTION_FORM"),
        ("91330802MA2TEXT162", WHY, PROOF, "EXCEPTION_NOT_NEEDED"),
        (OLD, "", PROOF, "EXCEPTION_REASON"),
        (OLD, "字" * 201, PROOF, "EXCEPTION_REASON"),
        (OLD, "\u202e", PROOF, "EXCEPTION_REASON"),
        (OLD, WHY, " ", "EXCEPTION_SOURCE"),
        (OLD, WHY, "号" * 201, "EXCEPTION_SOURCE"),
    ],
)
def test_what_cannot_stand_on_the_list_is_not_asked_for(
    db: Database, code: str, reason: str, source: str, refusal: str
) -> None:
    with pytest.raises(InvalidInputError) as refused_with:
        ask(db, code, reason=reason, source=source)

    assert refused_with.value.reason == refusal


def test_a_code_that_stands_or_is_asked_for_already_is_not_asked_for_again(any_db: Database) -> None:
    first = ask(any_db)
    with pytest.raises(ProposalPendingError):
        ask(any_db)
    approve(any_db, first)

    with pytest.raises(ExceptionExistsError):
        ask(any_db)
    end(any_db)
    with pytest.raises(ExceptionEndedError):
        ask_end(listed(any_db, is_ended=True).id, reason="再终止", by=MING, now=NOW, db=any_db)
    approve(any_db, ask(any_db))  # anew, as another dated row


def test_who_asked_does_not_decide_and_only_officials_ask(any_db: Database) -> None:
    asked = ask(any_db)

    with pytest.raises(SecondPersonError):
        approve(any_db, asked, by=MING)
    for role in (Role.OFFICER, Role.AUDITOR):
        with pytest.raises(NotAllowedError):
            ask(any_db, by=official("别人", role=role))
    with any_db.read() as session:
        assert codes_on_list(session) == frozenset()


def test_the_database_itself_takes_no_exception_of_one_person(any_db: Database) -> None:
    approve(any_db, ask(any_db))

    with pytest.raises(IntegrityError), any_db.write() as session:
        session.execute(text("UPDATE registry_uscc_exception SET decided_by = asked_by"))


def test_of_two_who_decide_at_once_one_succeeds(any_db: Database) -> None:
    asked = ask(any_db)

    second = (YU, official("王五"))

    outcomes = at_once(2, lambda number: approve(any_db, asked, by=second[number]))

    assert sorted(type(one).__name__ for one in outcomes) == ["ProposalClosedError", "ProposalView"]
    assert listed(any_db).code == OLD


def test_typed_codes_are_known_from_the_list_and_from_what_is_stored(
    any_db: Database, tmp_path: Path
) -> None:
    with pytest.raises(IdentifierError):
        known_code(OLD, db=any_db)
    approve(any_db, ask(any_db))
    assert known_code(OLD.lower() + "\u202e\ufe0f", db=any_db) == OLD
    deliver(any_db, tmp_path, "1.csv", market([enterprise_row()]))
    end(any_db)

    assert known_code(OLD, db=any_db) == OLD
    with any_db.read() as session:
        assert search(session, OLD, limit=5) == [OLD]
        assert search(session, OLD[-6:], limit=5) == [OLD]
        assert search(session, OLD[-6:-3] + "\ufe0f" + OLD[-3:], limit=5) == [OLD]


def test_no_plate_and_no_shown_code_for_a_credit_code_that_no_verifier_takes(
    any_db: Database, settings: Settings
) -> None:
    add_enterprise(any_db, uscc=OLD)
    approve(any_db, ask(any_db))
    old, other = add_premises(any_db, uscc=OLD), add_premises(any_db, uscc=add_enterprise(any_db))
    press = press_of(settings)
    owner = Actor(UUID(int=9), "领照人", Role.OWNER, uscc=OLD)

    with pytest.raises(CodeNotPossibleError):
        issue_plate(old, press=press, by=owner, now=NOW, db=any_db)
    with pytest.raises(CodeNotPossibleError):
        new_dynamic(OLD, press=press, seconds=60, by=owner, now=NOW)
    made = [
        plate.premises_id
        for chunk in issue_area("南湖商圈", press=press, by=OPERATOR, now=NOW, db=any_db)
        for plate in chunk
    ]
    assert made == [other]


def test_the_log_names_an_exception_that_was_added_or_changed_behind_the_hubs_back(
    any_db: Database, settings: Settings
) -> None:
    approve(any_db, ask(any_db))
    extend(any_db, settings, now=LATER)
    assert audited_wholly(any_db, settings).findings == ()

    behind_its_back(
        any_db,
        "UPDATE registry_uscc_exception SET source = 'none'",
        "INSERT INTO registry_uscc_exception (id, code, check_holds, reason, source, asked_by, decided_by, added_at) "
        "SELECT '00000000000000000000000000000005', '913308021472053118', check_holds, reason, source, asked_by, decided_by, added_at "
        "FROM registry_uscc_exception",
    )

    found = {(one.reason, one.table) for one in audited_wholly(any_db, settings).findings}
    assert found == {
        (AuditReason.ROW_EDITED, "registry_uscc_exception"),
        (AuditReason.ROW_ADDED, "registry_uscc_exception"),
    }
