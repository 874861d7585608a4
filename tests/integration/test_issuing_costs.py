"""What one issue costs the database, on both: statements, whatever the enterprise holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import event

from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.credentials.maker import CredentialOffice
from hub.credentials.service import CredentialRequest, take_credential
from hub.kernel.database import Database
from tests.support.plates import (
    NOW,
    OWNER,
    add_enterprise,
    add_license,
    add_premises,
    issuer_of,
    lay_plate,
    press_of,
    replace_plate,
)
from tests.support.reference import TABLES

A_CREDENTIAL = (
    24  # four that look for one that stands, six that record what is to be made, fourteen that make it
)
A_PLATE = 21  # five that record what is to be made, sixteen that make it
LEASED = 4  # the fourth plate of a process leases indices for itself and the three that follow


@contextmanager
def sent(db: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, those that begin a transaction left out; many rows in one are one."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def warm(any_db: Database, settings: Settings) -> Database:
    """A hub that has made some plates."""
    add_enterprise(any_db)
    for number in range(LEASED):
        lay(any_db, settings, add_premises(any_db, name=f"店{number}"))
    return any_db


def lay(db: Database, settings: Settings, premises_id: UUID) -> PlateView:
    return lay_plate(premises_id, press=press_of(settings), now=NOW, db=db)


def test_a_plate_costs_twenty_one_statements(warm: Database, settings: Settings) -> None:
    for number in range(3):
        premises_id = add_premises(warm, name=f"新店{number}")
        with sent(warm) as seen:
            lay(warm, settings, premises_id)

        of_the_builder = 1  # `lay_plate` asks whose place it is
        assert len(seen) <= A_PLATE + of_the_builder


def test_what_is_touched_once_is_not_asked_for_again(warm: Database, settings: Settings) -> None:
    premises_id = add_premises(warm, name="新店")

    with sent(warm) as seen:
        lay(warm, settings, premises_id)

    def naming(verb: str, table: str) -> int:
        return sum(each.startswith(verb) and table in each for each in seen)

    assert naming("UPDATE", "codes_plate") == 0  # it is stored as it was signed
    assert naming("UPDATE", "trust_intent") == 1
    assert naming("INSERT", "kernel_count_change") == 1
    assert naming("SELECT trust_open_intent", "") == 0  # read along with the place


def test_a_plate_that_replaces_another_costs_few_more(warm: Database, settings: Settings) -> None:
    old = lay(warm, settings, add_premises(warm, name="旧店"))

    with sent(warm) as seen:
        replace_plate(old.plate_id, reason=PlateEnd.DAMAGED, press=press_of(settings), now=NOW, db=warm)

    assert len(seen) <= A_PLATE + 13  # the old one is ended: its row, status, act, and what is asked of it


def test_a_credential_costs_twenty_four_statements(warm: Database, settings: Settings) -> None:
    subject = str(add_license(warm))
    office = CredentialOffice(issuer_of(settings), settings.base_url, TABLES, settings.timezone)

    with sent(warm) as seen:
        take_credential(CredentialRequest(subject), office=office, by=OWNER, now=NOW, db=warm)

    assert len(seen) <= A_CREDENTIAL
