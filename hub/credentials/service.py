"""Take the credential of a license: the standing one, or a new one through the issue pipeline."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.proposals.errors import SecondPersonNeededError
from hub.access.rules import Action
from hub.credentials.basis import basis_of, uscc_of
from hub.credentials.maker import CredentialMaker, CredentialOffice, asked, is_current, standing_rows
from hub.credentials.models import WalletKey as HolderKeyRow
from hub.credentials.queries import CredentialView, HolderKeyView, credential_view, holder_keys
from hub.credentials.rules import (
    HolderKeyNeededError,
    HolderKeyRemovedError,
    HolderKeyUnknownError,
    require_in_force,
)
from hub.credentials.types import BUSINESS_LICENSE
from hub.kernel.actor import Actor, Doer
from hub.kernel.database import Database
from hub.trust.issuing import IssueTerms, issue


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """Which license (its id, or the USCC for the business license), and how.

    `holder`: the thumbprint of a registered wallet; None: the one registered last, if any. `algorithm` None: the
    profile's first.
    """

    subject: str
    holder: str | None = None
    algorithm: str | None = None


def take_credential(
    wish: CredentialRequest,
    *,
    office: CredentialOffice,
    by: Doer,
    now: datetime,
    db: Database,
    token: str | None = None,
) -> CredentialView:
    """Take the credential of a license for one holder; asked for again while nothing changed, the same one.

    Raises: NotFoundError, NotAllowedError, SecondPersonNeededError for the operator where a new one would be made
    (`hub.credentials.proposals`), HolderKeyUnknownError, CredentialRefusedError leaves,
    AlgorithmNotOfferedError before anything is on record, IssueDelayedError.
    """
    uscc, key, standing = _look(wish, office=office, by=by, now=now, db=db)
    if standing is not None:
        return standing
    if not isinstance(by, Actor):
        raise SecondPersonNeededError
    office.require(wish.algorithm)
    return issue(
        db,
        maker=CredentialMaker(office),
        uscc=uscc,
        subject=wish.subject,
        request=asked(None if key is None else key.jwk, wish.algorithm),
        by=by,
        now=now,
        terms=IssueTerms(
            allow=lambda _session: require(by, Action.TAKE_CREDENTIALS, uscc),
            check=lambda session: _require_in_force(session, uscc, wish, office, now=now),
            token=token,
        ),
    )


def standing_credential(
    wish: CredentialRequest, *, office: CredentialOffice, by: Doer, now: datetime, db: Database
) -> CredentialView | None:
    """Return the credential that can be handed out again, None where a new one has to be made.

    Raises: NotFoundError, NotAllowedError, HolderKeyUnknownError, CredentialRefusedError leaves.
    """
    return _look(wish, office=office, by=by, now=now, db=db)[2]


def _look(
    wish: CredentialRequest, *, office: CredentialOffice, by: Doer, now: datetime, db: Database
) -> tuple[str, HolderKeyView | None, CredentialView | None]:
    """Whose license it is, for which wallet, and the credential that can be handed out again."""
    with db.read() as session:
        uscc = uscc_of(session, wish.subject)
        require(by, Action.TAKE_CREDENTIALS, uscc)
        key = _holder(session, uscc, wish)
        return uscc, key, _standing(session, uscc, wish, key, office, now=now)


def _standing(  # the places where it is looked for
    session: Session,
    uscc: str,
    wish: CredentialRequest,
    key: HolderKeyView | None,
    office: CredentialOffice,
    *,
    now: datetime,
) -> CredentialView | None:
    basis = basis_of(session, uscc, wish.subject, office.reference(now))
    require_in_force(basis.terms(office.today(now)))
    if key is None and basis.type_code == BUSINESS_LICENSE:
        raise HolderKeyNeededError
    rows = standing_rows(session, basis, "" if key is None else key.thumbprint, wish.algorithm)
    current = (row for row in rows if is_current(session, row, basis, office, now=now))
    row = next(current, None)
    return None if row is None else credential_view(row)


def _require_in_force(
    session: Session, uscc: str, wish: CredentialRequest, office: CredentialOffice, *, now: datetime
) -> None:
    basis = basis_of(session, uscc, wish.subject, office.reference(now))
    require_in_force(basis.terms(office.today(now)))


def _holder(session: Session, uscc: str, wish: CredentialRequest) -> HolderKeyView | None:
    """Raises: HolderKeyUnknownError, HolderKeyRemovedError."""
    keys = holder_keys(session, uscc)
    if wish.holder is None:
        return keys[0] if keys else None
    found = next((key for key in keys if key.thumbprint == wish.holder), None)
    if found is None:
        if session.get(HolderKeyRow, (uscc, wish.holder)) is not None:
            raise HolderKeyRemovedError
        raise HolderKeyUnknownError
    return found
