"""What only some may read is refused by the read itself, whichever door leads to it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from hub.access.look_history import own_visits
from hub.access.looks import LookNeededError, require_entry
from hub.access.matrix import MATRIX, Audience
from hub.codes.plates import pages as plates
from hub.codes.plates.areas import PlateFilter
from hub.credentials import pages as credentials
from hub.feeds import pages as feeds
from hub.feeds.exceptions import require_keeper
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.licenses import pages as licenses
from hub.licenses.metadata import pages as metadata
from hub.licenses.overview import EnterpriseFilter
from hub.steward import pages as steward
from hub.supervision import pages as supervision
from hub.trust.record.queries import EventFilter
from tests.support.reference import REFERENCE

Read = Callable[[Actor, Database], object]
USCC, OTHER = "91330802MA2TEST15X", "91330802MA2TEXT162"
NOW, TODAY = datetime(2026, 11, 21, 8, 0, tzinfo=UTC), date(2026, 11, 21)
ANY = UUID(int=7)
TOLD = MATRIX.clearance(Audience.GOVERNMENT)
OWN = MATRIX.clearance(Audience.ENTERPRISE)


def person(role: Role, uscc: str | None = None) -> Actor:
    return Actor(UUID(int=1), "某人", role, uscc=uscc, department=None if uscc else "示范局")


OFFICIALS: dict[str, Read] = {
    "batches": lambda by, db: feeds.batches(by=by, before=None, limit=5, db=db),
    "batch": lambda by, db: feeds.batch(ANY, by=by, after=None, limit=5, db=db),
    "refusals": lambda by, db: feeds.refusals_to_hand_back(ANY, by=by, db=db),
    "refused rows": lambda by, db: feeds.refused_rows(by=by, db=db),
    "exceptions": lambda by, db: feeds.exceptions(
        by=by, words="", is_ended=False, before=None, limit=5, db=db
    ),
    "exception": lambda by, db: feeds.exception(ANY, by=by, db=db),
    "list of exceptions": lambda by, db: feeds.exceptions_to_take_away(by=by, db=db),
    "form of an exception": lambda by, _db: require_keeper(by),
    "reports": lambda by, db: supervision.reports(
        by=by, clearance=TOLD, state=None, before=None, limit=5, db=db
    ),
    "report": lambda by, db: supervision.report(USCC, ANY, by=by, clearance=TOLD, db=db),
    "suspicions": lambda by, db: supervision.suspicions(
        by=by, clearance=TOLD, state=None, before=None, limit=5, db=db
    ),
    "suspicion": lambda by, db: supervision.suspicion(USCC, ANY, by=by, clearance=TOLD, db=db),
    "coverage": lambda by, db: plates.coverage(by=by, db=db),
    "area": lambda by, db: plates.area(
        "区", by=by, clearance=TOLD, show=PlateFilter.ALL, cursor=None, limit=5, db=db
    ),
    "print sheets": lambda by, db: plates.plates_to_print("区", by=by, clearance=TOLD, db=db),
    "plate": lambda by, db: plates.plate("X", by=by, clearance=TOLD, db=db),
    "scope": lambda by, db: licenses.scope_review(
        by=by,
        clearance=TOLD,
        wanted=licenses.UnmatchedFilter("", guessed=False),
        items=REFERENCE.items,
        cursor=None,
        limit=5,
        db=db,
    ),
    "table of the scope": lambda by, db: licenses.unmatched_to_take_away(items=REFERENCE.items, by=by, db=db),
    "work": lambda by, db: steward.waiting_counts(by=by, now=NOW, db=db),
}
AUDITORS: dict[str, Read] = {
    "acts": lambda by, db: steward.acts(EventFilter(), by=by, clearance=TOLD, cursor=None, limit=5, db=db),
    "looks of a day": lambda by, db: steward.looks_of(TODAY, by=by, clearance=TOLD, db=db),
}
SEARCHERS: dict[str, Read] = {
    "enterprises": lambda by, db: licenses.enterprises(
        EnterpriseFilter(), by=by, clearance=TOLD, cursor=None, limit=5, db=db
    ),
}
OWN_PEOPLE: dict[str, Read] = {
    "space": lambda by, db: licenses.own_space(
        USCC, by=by, clearance=OWN, on=TODAY, reference=REFERENCE, db=db
    ),
    "license": lambda by, db: licenses.own_license(
        USCC, ANY, by=by, clearance=OWN, on=TODAY, reference=REFERENCE, db=db
    ),
    "licenses": lambda by, db: licenses.own_licenses(USCC, by=by, on=TODAY, reference=REFERENCE, db=db),
    "changes": lambda by, db: licenses.own_changes(
        USCC, by=by, clearance=OWN, on=TODAY, reference=REFERENCE, db=db
    ),
    "plates": lambda by, db: plates.own_plates(USCC, by=by, db=db),
    "penalties": lambda by, db: steward.own_credit(USCC, by=by, clearance=OWN, on=TODAY, db=db),
    "entry": lambda by, db: require_entry(actor=by, uscc=USCC, now=NOW, db=db),
    "face": lambda by, db: licenses.enterprise_for(USCC, by=by, now=NOW, db=db),
    "list": lambda by, db: licenses.licenses_for(USCC, by=by, on=TODAY, reference=REFERENCE, now=NOW, db=db),
    "metadata": lambda by, db: metadata.enterprise_metadata_for(
        USCC, by=by, reference=REFERENCE, now=NOW, db=db
    ),
    "metadata of a license": lambda by, db: metadata.license_metadata_for(
        USCC, "x", by=by, reference=REFERENCE, now=NOW, db=db
    ),
}
KEEPERS: dict[str, Read] = {
    "who looked": lambda by, db: own_visits(USCC, by=by, clearance=OWN, before=None, db=db),
    "record": lambda by, db: steward.own_record(USCC, by=by, clearance=OWN, db=db),
    "wallet keys": lambda by, db: credentials.own_keys(USCC, by=by, db=db),
    "plate to print": lambda by, db: plates.own_plate_to_print("X", USCC, by=by, clearance=OWN, db=db),
}


def rows(*tables: dict[str, Read]) -> pytest.MarkDecorator:
    found = [pytest.param(read, id=name) for table in tables for name, read in table.items()]
    return pytest.mark.parametrize("read", found)


@rows(OFFICIALS, AUDITORS)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.OWNER])
def test_what_an_office_reads_is_refused_to_others(read: Read, role: Role, db: Database) -> None:
    reader = person(role, USCC if role is Role.OWNER else None)
    with pytest.raises(NotAllowedError):
        read(reader, db)


@rows(AUDITORS)
def test_the_record_of_acts_is_refused_to_officials(read: Read, db: Database) -> None:
    with pytest.raises(NotAllowedError):
        read(person(Role.OFFICIAL), db)


@rows(SEARCHERS)
def test_nobody_of_an_enterprise_searches_the_city(read: Read, db: Database) -> None:
    with pytest.raises(NotAllowedError):
        read(person(Role.OWNER, USCC), db)


@rows(OWN_PEOPLE, KEEPERS)
def test_the_very_existence_of_another_enterprise_is_a_secret_to_an_owner(read: Read, db: Database) -> None:
    with pytest.raises(NotFoundError):
        read(person(Role.OWNER, OTHER), db)


@rows(KEEPERS)
def test_an_agent_is_not_told_what_only_keepers_read(read: Read, db: Database) -> None:
    with pytest.raises(NotAllowedError):
        read(person(Role.AGENT, USCC), db)


@pytest.mark.parametrize("name", ["entry", "face", "list", "metadata", "metadata of a license"])
def test_an_officer_enters_under_a_look_alone(name: str, db: Database) -> None:
    with pytest.raises(LookNeededError):
        OWN_PEOPLE[name](person(Role.OFFICER), db)


def test_only_keepers_are_offered_what_only_they_may_do() -> None:
    owner, agent = person(Role.OWNER, USCC), person(Role.AGENT, USCC)

    assert [licenses.may_declare(USCC, by=one) for one in (owner, agent)] == [True, False]
    assert [credentials.may_take(USCC, by=one) for one in (owner, agent)] == [True, False]
    assert not licenses.may_declare(OTHER, by=owner)
