"""How a credential is made: the pieces of the one transaction that checks, ends the old one, signs and stores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.config import Settings
from hub.credentials.basis import Basis, basis_of
from hub.credentials.models import Credential, CredentialIndex
from hub.credentials.models import WalletKey as HolderKeyRow
from hub.credentials.queries import CredentialView, credential_view
from hub.credentials.rules import (
    CredentialEnd,
    HolderKeyNeededError,
    HolderKeyRemovedError,
    expiry,
    is_due,
    require_in_force,
)
from hub.credentials.types import BUSINESS_LICENSE, vct_of
from hub.kernel.actor import Doer
from hub.kernel.ids import new_id
from hub.licenses.reference.rules import Reference, ReferenceTables
from hub.trust.issuing import Intent, Issued
from hub.trust.keys.algorithms import require_offered
from hub.trust.keys.issuer import Issuer
from hub.trust.record import events
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.service import Cause, SubjectKind, allocate, set_cause
from keys import Algorithm, Purpose, PurposeSigner
from signing.sdjwt import HolderKey, import_holder_key, issue_credential, unverified_face
from signing.status import Status


@dataclass(frozen=True, slots=True)
class CredentialOffice:
    """What issuing needs: the keys, the hub's address (the issuer's name), the kinds of license, legal time, whether it is a
    demonstration.
    """

    issuer: Issuer
    base_url: str
    tables: ReferenceTables
    zone: ZoneInfo
    demo: bool = False

    @classmethod
    def of(cls, issuer: Issuer, settings: Settings, tables: ReferenceTables) -> "CredentialOffice":
        return cls(issuer, settings.base_url, tables, settings.timezone, settings.demo)

    def today(self, now: datetime) -> date:
        """Return the legal day of a moment."""
        return now.astimezone(self.zone).date()

    def reference(self, now: datetime) -> Reference:
        """Return what is in force on the legal day of a moment."""
        return self.tables.on(self.today(now))

    def require(self, algorithm: str | None) -> None:
        """Require an algorithm. Raises: AlgorithmNotOfferedError when no active key for credentials has the algorithm asked for."""
        require_offered(self.issuer.key_set, Purpose.CREDENTIAL, _algorithm(algorithm))

    def signer(self, algorithm: str | None) -> PurposeSigner:
        """Return the signer of credentials. Raises: NoActiveKeyError, SignerAwayError."""
        return self.issuer.key_ring.signer(Purpose.CREDENTIAL, _algorithm(algorithm))


class CredentialMaker:
    """Makes the credential of one license (the intent's subject) for one holder.

    The standing one is handed out again while it says what the record says; else it is ended where the new one is
    signed.
    """

    kind = "credential"

    def __init__(self, office: CredentialOffice) -> None:
        self._office = office

    def make(self, session: Session, intent: Intent, *, now: datetime) -> Issued[CredentialView]:
        """Make the credential of an intent. Raises: NotFoundError, CredentialRefusedError leaves, KeysError."""
        basis = basis_of(session, intent.uscc, intent.subject, self._office.reference(now))
        require_in_force(basis.terms(self._office.today(now)))
        holder = _holder(session, intent, basis)
        algorithm = intent.request.get("algorithm")
        signer = self._office.signer(None if algorithm is None else str(algorithm))
        thumbprint = "" if holder is None else holder.thumbprint
        rows = standing_rows(session, basis, thumbprint, signer.algorithm)
        row = next((each for each in rows if is_current(session, each, basis, self._office, now=now)), None)
        if row is None:
            end_all(session, rows, CredentialEnd.REPLACED, by=intent.by, now=now)
            session.flush()  # the old one has left its place before the new one takes it
            row = _store(session, basis, holder, office=self._office, signer=signer, intent=intent, now=now)
        return Issued(credential_view(row), str(row.id))

    def load(self, session: Session, intent: Intent) -> CredentialView:
        return credential_view(session.get_one(Credential, (intent.uscc, UUID(str(intent.result)))))


def _algorithm(name: str | None) -> Algorithm | None:
    return None if name is None else Algorithm(name)


def asked(holder: Mapping[str, str] | None, algorithm: str | None) -> dict[str, object]:
    """Return the request of an intent: the holder's public key, and the algorithm where one was asked for."""
    return {"holder": None if holder is None else dict(holder), "algorithm": algorithm}


def standing_rows(session: Session, basis: Basis, holder: str, algorithm: str | None) -> list[Credential]:
    """Return the credentials of this license for this holder that were not ended, the newest first."""
    statement = select(Credential).where(
        Credential.uscc == basis.uscc,
        Credential.subject == basis.subject,
        Credential.holder == holder,
        Credential.ended_at.is_(None),
    )
    if algorithm is not None:
        statement = statement.where(Credential.algorithm == algorithm)
    return list(session.scalars(statement.order_by(Credential.issued_at.desc(), Credential.id)))


def is_current(
    session: Session, row: Credential, basis: Basis, office: CredentialOffice, *, now: datetime
) -> bool:
    """Return whether a credential in use still says what the record says, is in force and not about to end."""
    entry = session.get(StatusEntry, (row.uscc, SubjectKind.CREDENTIAL.value, str(row.id)))
    return (
        unverified_face(row.text) == basis.face
        and entry is not None
        and entry.value == Status.VALID
        and not is_due(row.expires_at, could_last_until=expiry(now, basis.valid_to, office.zone), now=now)
    )


def end_all(
    session: Session, rows: Iterable[Credential], reason: CredentialEnd, *, by: Doer | str, now: datetime
) -> None:
    """Take credentials out of use for good: on record, and on the status list from now on."""
    for row in rows:
        row.ended_at = now
        row.end_reason = CredentialEnd.EXPIRED if row.expires_at <= now else reason
        set_cause(
            session,
            uscc=row.uscc,
            kind=SubjectKind.CREDENTIAL,
            subject=str(row.id),
            cause=Cause.OWN,
            value=Status.REVOKED,
            now=now,
        )
        events.record(
            session,
            kind="credential.ended",
            uscc=row.uscc,
            subject=str(row.id),
            by=by,
            data={"license": row.subject, "reason": row.end_reason},
            now=now,
        )


def _holder(session: Session, intent: Intent, basis: Basis) -> HolderKey | None:
    """Raises: HolderKeyNeededError, HolderKeyRemovedError for a key removed since."""
    asked_for = intent.request.get("holder")
    if asked_for is None:
        if basis.type_code == BUSINESS_LICENSE:
            raise HolderKeyNeededError
        return None
    holder = import_holder_key(asked_for)
    row = session.get(HolderKeyRow, (basis.uscc, holder.thumbprint), with_for_update=True)
    if row is None or row.removed_at is not None:
        raise HolderKeyRemovedError
    return holder


def _store(  # what is said, for whom, by which key, at whose request, when: each by its name
    session: Session,
    basis: Basis,
    holder: HolderKey | None,
    *,
    office: CredentialOffice,
    signer: PurposeSigner,
    intent: Intent,
    now: datetime,
) -> Credential:
    """The row with its status, then signed; in the look-up and on record."""
    made_at = now.replace(microsecond=0)
    row = Credential(
        uscc=basis.uscc,
        id=new_id(now),
        subject=basis.subject,
        license_id=basis.license_id,
        type_code=basis.type_code,
        license_version=basis.version,
        holder="" if holder is None else holder.thumbprint,
        algorithm=signer.algorithm.value,
        kid=signer.kid,
        issued_at=made_at,
        expires_at=expiry(made_at, basis.valid_to, office.zone),
        by=intent.by,
    )
    kind, subject = SubjectKind.CREDENTIAL, str(row.id)
    status = allocate(session, uscc=row.uscc, kind=kind, subject=subject, parent=basis.license_id, now=now)
    row.status_uri, row.status_index = status.uri, status.idx
    row.text = issue_credential(_visible(row, basis, office), basis.face, signer=signer, holder=holder)
    session.add_all((row, CredentialIndex(credential_id=row.id, uscc=row.uscc)))
    _record(session, row, by=intent.by, now=now)
    return row


def _visible(row: Credential, basis: Basis, office: CredentialOffice) -> dict[str, object]:
    """The claims that are never hidden."""
    issued = int(row.issued_at.timestamp())
    return {
        "iss": office.base_url,
        "iat": issued,
        "nbf": issued,
        "exp": int(row.expires_at.timestamp()),
        "jti": str(row.id),
        "vct": vct_of(row.type_code, office.base_url),
        "status": {"status_list": {"idx": row.status_index, "uri": f"{office.base_url}{row.status_uri}"}},
        "source": basis.source.claim(demo=office.demo),
    }


def _record(session: Session, row: Credential, *, by: str, now: datetime) -> None:
    events.record(
        session,
        kind="credential.issued",
        uscc=row.uscc,
        subject=str(row.id),
        by=by,
        data={
            "license": row.subject,
            "type": row.type_code,
            "version": row.license_version,
            "holder": row.holder,
            "kid": row.kid,
            "status": f"{row.status_uri}#{row.status_index}",
        },
        now=now,
    )
