"""Credentials on the real databases: one for each license and wallet, whatever happens at once."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from hub.config import Settings
from hub.credentials.maker import CredentialMaker, CredentialOffice
from hub.credentials.models import Credential, HolderChallenge
from hub.credentials.queries import CredentialView, holder_keys
from hub.credentials.rules import (
    MAX_HOLDER_KEYS,
    HolderKeyHeldError,
    HolderKeyRemovedError,
    HolderKeysFullError,
    expiry,
    is_due,
)
from hub.credentials.service import CredentialRequest, take_credential
from hub.credentials.verification import CredentialVerification, PresentedCredential
from hub.credentials.wallets import forget_expired, new_challenge, register_key, remove_key, vouch_for_key
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.licenses.models import License
from hub.trust.issuing import IssueDelayedError, resume
from hub.trust.record.database import open_database
from hub.trust.statuses.models import StatusEntry
from keys.errors import NoActiveKeyError
from signing.sdjwt import HolderKey, SoftwareWallet, sign_proof
from signing.status import Status
from tests.support.issued_credentials import standing
from tests.support.issuing import Watch, acts
from tests.support.plates import (
    NOW,
    OPERATOR,
    OTHER_USCC,
    OWNER,
    USCC,
    add_enterprise,
    add_license,
    issuer_of,
)
from tests.support.reference import TABLES
from tests.support.threads import at_once
from tests.support.wallets import ed25519_wallet, wallet

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def office(settings: Settings) -> CredentialOffice:
    return CredentialOffice(issuer_of(settings), settings.base_url, TABLES, ZONE)


def take(
    db: Database, office: CredentialOffice, subject: object, *, holder: str | None = None, now: datetime = NOW
) -> CredentialView:
    return take_credential(CredentialRequest(str(subject), holder), office=office, by=OWNER, now=now, db=db)


def vouched(key: HolderKey, db: Database) -> None:
    with db.write() as session:
        vouch_for_key(session, USCC, key, by=OPERATOR, now=NOW)


def food_of(db: Database) -> UUID:
    add_enterprise(db)
    return add_license(db)


def test_twenty_at_once_get_one_credential(any_db: Database, office: CredentialOffice) -> None:
    food = food_of(any_db)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: take(any_db, office, food), range(20)))

    assert len({each.text for each in made}) == 1
    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(Credential)) == 1
        assert session.scalar(select(func.count()).select_from(StatusEntry)) == 1
    assert acts(any_db).count("credential.issued") == 1


def test_a_changed_license_ends_the_old_credential_where_the_new_one_is_made(
    any_db: Database, office: CredentialOffice
) -> None:
    food = food_of(any_db)
    first = take(any_db, office, food)
    with any_db.write() as session:
        session.execute(update(License).values(version=2, number="JY9"))

    second = take(any_db, office, food)

    with any_db.read() as session:
        old = session.get_one(Credential, (USCC, first.id))
        assert (old.ended_at, old.end_reason) == (NOW, "replaced")
        assert session.get_one(StatusEntry, (USCC, "credential", str(first.id))).value == 1
        assert [each.id for each in standing(session, USCC, str(food))] == [second.id]
    assert acts(any_db)[-2:] == ["credential.ended", "credential.issued"]


def test_a_new_version_with_the_same_face_keeps_the_credential(
    db: Database, office: CredentialOffice
) -> None:
    food = food_of(db)
    first = take(db, office, food)
    with db.write() as session:
        session.execute(update(License).values(version=2, quality=["NUMBER_FORM"]))

    assert take(db, office, food).id == first.id


def test_a_crash_between_intent_and_signing_is_made_good_by_the_worker(
    any_db: Database, office: CredentialOffice, settings: Settings
) -> None:
    food = food_of(any_db)

    def away() -> None:
        raise NoActiveKeyError("the device is away")

    broken = CredentialOffice(Watch(settings, before=away), office.base_url, TABLES, ZONE)
    with pytest.raises(IssueDelayedError):
        take(any_db, broken, food)
    done = resume(any_db, [CredentialMaker(office)], now=NOW + timedelta(minutes=1))

    assert (done.done, done.waiting) == (1, 0)
    with any_db.read() as session:
        made = standing(session, USCC, str(food))
    assert len(made) == 1
    assert take(any_db, office, food, now=NOW + timedelta(minutes=2)).text == made[0].text


def test_a_removed_wallet_revokes_what_was_bound_to_it(any_db: Database, office: CredentialOffice) -> None:
    food = food_of(any_db)
    one, two = wallet().key, ed25519_wallet().key
    for key in (one, two):
        vouched(key, any_db)
        vouched(key, any_db)  # a second time changes nothing
    bound = take(any_db, office, food, holder=one.thumbprint)
    other = take(any_db, office, food, holder=two.thumbprint)

    remove_key(USCC, one.thumbprint, by=OPERATOR, now=NOW, db=any_db)

    with any_db.read() as session:
        assert [each.id for each in standing(session, USCC, str(food))] == [other.id]
        assert session.get_one(StatusEntry, (USCC, "credential", str(bound.id))).value == 1
    with pytest.raises(NotFoundError):
        remove_key(USCC, one.thumbprint, by=OPERATOR, now=NOW, db=any_db)


def test_a_credential_that_is_made_while_its_wallet_is_removed_does_not_outlive_it(
    any_db: Database, office: CredentialOffice, settings: Settings
) -> None:
    food, key = food_of(any_db), wallet().key
    vouched(key, any_db)
    with ThreadPoolExecutor(1) as pool:
        removals: list[Future[None]] = []

        def remove_meanwhile() -> None:
            if not removals:
                removals.append(
                    pool.submit(remove_key, USCC, key.thumbprint, by=OPERATOR, now=NOW, db=any_db)
                )
                wait(removals, 0.5)  # it has looked, and waits for this transaction

        watched = CredentialOffice(Watch(settings, before=remove_meanwhile), office.base_url, TABLES, ZONE)
        with suppress(HolderKeyRemovedError):
            take(any_db, watched, food, holder=key.thumbprint)
        removals[0].result(60)

    with any_db.read() as session:
        assert standing(session, USCC, str(food)) == ()
        assert set(session.scalars(select(StatusEntry.value))) <= {int(Status.REVOKED)}


def test_of_many_wallets_registered_at_once_none_exceeds_the_limit_and_one_key_counts_once(
    any_db: Database,
) -> None:
    add_enterprise(any_db)
    keys = [ed25519_wallet().key for _ in range(MAX_HOLDER_KEYS - 1)]
    for key in keys[1:]:
        vouched(key, any_db)

    def register(holder: SoftwareWallet) -> str:
        made = new_challenge(USCC, audience="https://hub.example", by=OPERATOR, now=NOW, db=any_db)
        proof = sign_proof(audience=made.audience, nonce=made.nonce, signer=holder, now=NOW)
        return register_key(
            proof, uscc=USCC, label="", audience=made.audience, by=OPERATOR, now=NOW, db=any_db
        )

    same, others = wallet(), [wallet() for _ in range(4)]
    wanted = [same, same, same, *others]
    results = at_once(len(wanted), lambda number: register(wanted[number]))

    with any_db.read() as session:
        held = [key.thumbprint for key in holder_keys(session, USCC)]
    assert len(held) == len(set(held)) == MAX_HOLDER_KEYS
    assert all(isinstance(each, str | HolderKeyHeldError | HolderKeysFullError) for each in results), results


def test_a_nonce_nobody_answers_is_forgotten(any_db: Database) -> None:
    add_enterprise(any_db)
    made = new_challenge(USCC, audience="https://hub.example", by=OPERATOR, now=NOW, db=any_db)

    forget_expired(any_db, now=made.expires_at - timedelta(seconds=1))
    with any_db.read() as session:
        assert session.get(HolderChallenge, (USCC, made.nonce)) is not None
    forget_expired(any_db, now=made.expires_at)
    with any_db.read() as session:
        assert session.get(HolderChallenge, (USCC, made.nonce)) is None


def test_ten_wallets_are_enough(db: Database) -> None:
    add_enterprise(db)
    for _ in range(10):
        vouched(wallet().key, db)

    with pytest.raises(HolderKeysFullError):
        vouched(wallet().key, db)


def test_only_those_who_keep_the_license_take_its_credential(db: Database, office: CredentialOffice) -> None:
    food = food_of(db)
    cases = ((Role.OWNER, OTHER_USCC, NotFoundError), (Role.AGENT, USCC, NotAllowedError))
    for role, uscc, refusal in cases:
        actor = Actor(UUID(int=1), "某人", role, uscc=uscc)
        with pytest.raises(refusal):
            take_credential(CredentialRequest(str(food)), office=office, by=actor, now=NOW, db=db)
    for wrong in ("", "x", str(food).upper(), f"{{{food}}}", food.hex, OTHER_USCC):
        with pytest.raises(NotFoundError):
            take(db, office, wrong)


def test_in_its_last_month_a_credential_is_replaced_by_one_that_lives_longer(
    db: Database, office: CredentialOffice
) -> None:
    food = food_of(db)
    first = take(db, office, food)

    same = take(db, office, food, now=first.expires_at - timedelta(days=31))
    later = take(db, office, food, now=first.expires_at - timedelta(days=29))

    assert same.id == first.id
    assert later.id != first.id
    assert later.expires_at > first.expires_at


@pytest.mark.parametrize(
    ("valid_to", "expected"),
    [
        (None, datetime(2027, 11, 21, 8, tzinfo=UTC)),
        (date.max, datetime(2027, 11, 21, 8, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 16, tzinfo=UTC)),
        (date(2026, 11, 21), datetime(2026, 11, 21, 16, tzinfo=UTC)),
        (date(2099, 1, 1), datetime(2027, 11, 21, 8, tzinfo=UTC)),
    ],
)
def test_a_credential_ends_with_the_last_day_of_its_license(
    valid_to: date | None, expected: datetime
) -> None:
    assert expiry(NOW, valid_to, ZONE) == expected


def test_one_that_cannot_live_longer_is_not_replaced() -> None:
    end = NOW + timedelta(days=3)

    assert not is_due(end, could_last_until=end, now=NOW)
    assert is_due(end, could_last_until=end + timedelta(days=9), now=NOW)
    assert is_due(end, could_last_until=end, now=end)


def test_records_that_are_away_are_not_a_refusal(
    db: Database, office: CredentialOffice, settings: Settings
) -> None:
    text = take(db, office, food_of(db)).text
    nowhere = open_database("sqlite:////nowhere/at/all.sqlite3")
    service = CredentialVerification(
        nowhere, issuer=office.issuer, base_url=office.base_url, today=settings.today, tables=TABLES
    )

    verdicts = service.verify_many([PresentedCredential(text), PresentedCredential("nonsense")], now=NOW)

    assert [each.reasons for each in verdicts] == [("RECORDS_AWAY",), ("CREDENTIAL_FORM",)]
    assert [each.outcome.value for each in verdicts] == ["unknown", "refused"]
