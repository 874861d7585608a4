"""Whatever becomes of enterprises and licenses, in whatever order: every entry says what a plain account of it says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.trust.statuses.models import StatusChange, StatusEntry, StatusStanding
from hub.trust.statuses.rules import Cause, SubjectKind
from hub.trust.statuses.service import (
    Allocation,
    LicenseChange,
    allocate_many,
    enterprise_changed,
    license_changed,
    set_cause,
)
from signing.status import Status
from tests.support.rounds import examples
from tests.support.statuses import CREDENTIAL, LICENSE, PLATE, SECOND_LICENSE, act

USCCS = ("91330802MA2TEXT162", "91330802MA2TEXT263")
LICENSES = (LICENSE, SECOND_LICENSE)
WORST_FIRST = (Status.REVOKED, Status.SUSPENDED, Status.CHANGED, Status.VALID)
Row = dict[Cause, Status]


@dataclass
class Account:
    """What was said, kept as one would by hand: rows by (USCC, kind, subject), and how all stand that may be issued on."""

    rows: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    parents: dict[tuple[str, str, str], UUID | None] = field(default_factory=dict)
    stands: dict[tuple[str, UUID | None], Status] = field(default_factory=dict)

    def issue(self, wanted: Iterable[Allocation]) -> None:
        for each in wanted:
            key, parent = (each.uscc, each.kind.value, each.subject), each.parent
            stands = self.stands.get((each.uscc, parent), Status.VALID)
            self.parents[key] = parent
            self.rows[key] = {
                Cause.OWN: each.own,
                Cause.CONTENT: Status.VALID,
                Cause.ENTERPRISE: self.stands.get((each.uscc, None), Status.VALID),
                Cause.LICENSE: stands if parent else Status.VALID,
            }

    def say(self, key: tuple[str, str, str], cause: Cause, value: Status) -> None:
        final = {Cause.CONTENT: Status.CHANGED, Cause.ENTERPRISE: None}.get(cause, Status.REVOKED)
        if self.rows[key][cause] is not final:
            self.rows[key][cause] = value

    def licenses(self, changes: Iterable[LicenseChange]) -> None:
        for change in changes:
            self.stands[change.uscc, change.license_id] = change.value
            below = [
                key
                for key, parent in self.parents.items()
                if (key[0], parent) == (change.uscc, change.license_id)
            ]
            for key in below:
                self.say(key, Cause.LICENSE, change.value)
                if change.is_rewritten:
                    self.say(key, Cause.CONTENT, Status.CHANGED)

    def enterprises(self, told: Iterable[tuple[str, Status, bool]]) -> None:
        for uscc, value, is_rewritten in told:
            self.stands[uscc, None] = value
            for key in [each for each in self.rows if each[0] == uscc]:
                self.say(key, Cause.ENTERPRISE, value)
                if is_rewritten and self.parents[key] is None and key[1] == CREDENTIAL.value:
                    self.say(key, Cause.CONTENT, Status.CHANGED)

    def told(self) -> dict[tuple[str, str, str], Status]:
        return {
            key: next(value for value in WORST_FIRST if value in row.values())
            for key, row in self.rows.items()
        }


values = st.sampled_from(list(Status))
spots = st.tuples(
    st.sampled_from((PLATE, CREDENTIAL)), st.sampled_from(USCCS), st.sampled_from((None, *LICENSES))
)
turns = st.one_of(
    st.tuples(st.just("issue"), st.lists(st.tuples(spots, values), min_size=1, max_size=3)),
    st.tuples(
        st.just("licenses"),
        st.lists(
            st.tuples(st.sampled_from(USCCS), st.sampled_from(LICENSES), values, st.booleans()),
            min_size=1,
            max_size=4,
            unique_by=lambda each: each[:2],
        ),
    ),
    st.tuples(
        st.just("enterprises"),
        st.lists(
            st.tuples(st.sampled_from(USCCS), values, st.booleans()),
            min_size=1,
            unique_by=lambda each: each[0],
        ),
    ),
    st.tuples(st.just("cause"), st.tuples(st.integers(0, 9), st.sampled_from(list(Cause)), values)),
)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(turns, min_size=2, max_size=10))
def test_every_entry_says_what_a_plain_account_says(
    any_db: Database, now: datetime, story: list[tuple[str, object]]
) -> None:
    account, names = Account(), count()
    with any_db.write() as session:
        for model in (StatusEntry, StatusStanding, StatusChange):
            session.execute(delete(model))
    for what, told in story:
        before = account.told()
        with any_db.write() as session:
            for uscc in USCCS:
                act(session, uscc, now)
            session.execute(delete(StatusChange))
            _play(session, account, what, told, names, now)
        _compare(any_db, account, before)


def _play(
    session: Session, account: Account, what: str, told: object, names: "count[int]", now: datetime
) -> None:
    assert isinstance(told, list | tuple)
    match what:
        case "issue":
            wanted = [
                Allocation(uscc, kind, f"S{next(names)}", None if kind is PLATE else parent, own)
                for (kind, uscc, parent), own in told
            ]
            account.issue(wanted)
            allocate_many(session, wanted, now=now)
        case "licenses":
            changes = [LicenseChange(*each) for each in told]
            account.licenses(changes)
            license_changed(session, iter(changes), now=now)
        case "enterprises":
            account.enterprises(told)
            rewritten = {uscc for uscc, _, is_rewritten in told if is_rewritten}
            states = {uscc: value for uscc, value, _ in told}
            enterprise_changed(session, states, rewritten=rewritten, now=now)
        case "cause" if account.rows:
            number, cause, value = told
            uscc, kind, subject = sorted(account.rows)[number % len(account.rows)]
            account.say((uscc, kind, subject), cause, value)
            told_of = SubjectKind(kind)
            set_cause(session, uscc=uscc, kind=told_of, subject=subject, cause=cause, value=value, now=now)


def _compare(db: Database, account: Account, before: dict[tuple[str, str, str], Status]) -> None:
    columns = (StatusStanding.uscc, StatusStanding.subject, StatusStanding.value)
    with db.read() as session:
        rows, values = {}, {}
        for entry in session.scalars(select(StatusEntry)):
            key = (entry.uscc, entry.kind, entry.subject)
            rows[key] = {cause: Status(getattr(entry, cause.value)) for cause in Cause}
            values[key] = Status(entry.value)
        kept = {
            (uscc, UUID(subject) if subject else None): Status(value)
            for uscc, subject, value in session.execute(select(*columns))
        }
        noted = session.scalar(select(func.count()).select_from(StatusChange))
    assert (rows, values) == (account.rows, account.told())
    if _spoken(before) != _spoken(values):
        assert noted  # a list that says something else is published again
    elif before == values:
        assert not noted  # and no other
    for place in {*kept, *account.stands}:
        assert kept.get(place, Status.VALID) is account.stands.get(place, Status.VALID)


def _spoken(values: dict[tuple[str, str, str], Status]) -> dict[tuple[str, str, str], Status]:
    """What a list says that differs from its beginning, where all is valid."""
    return {key: value for key, value in values.items() if value is not Status.VALID}
