"""The service that says what a credential is worth now: signature, then live records, then judgement. Never stale."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from hub.credentials.basis import Basis, basis_of
from hub.credentials.models import Credential, CredentialIndex
from hub.credentials.verdicts import CredentialFacts, CredentialVerdict, credential_members, judge
from hub.kernel.database import Database
from hub.licenses.colours import facts
from hub.licenses.colours.rules import ColourVerdict, business_license_colour, permit_colour
from hub.licenses.models import License
from hub.licenses.reference.rules import Reference, ReferenceTables
from hub.licenses.rules import LicenseState
from hub.registry import queries as registry
from hub.registry.models import Enterprise
from hub.registry.queries import EnterpriseView
from hub.trust import clock
from hub.trust.keys.algorithms import accepted
from hub.trust.keys.issuer import Issuer
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.service import SubjectKind
from keys import Algorithm
from signing import SigningError, trimmed
from signing.sdjwt import UnaskedProof, VerifiedCredential, unverified_face, verify_credential
from signing.status import Status


@dataclass(frozen=True, slots=True)
class PresentedCredential:
    """A text, and for whom the holder must have signed it (both or neither)."""

    text: object
    audience: str | None = None
    nonce: str | None = None
    algorithms: frozenset[Algorithm] | None = (
        None  # what this caller accepts of the issuer's signature; None: what the hub accepts
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The live records behind a credential that the hub issued."""

    row: Credential
    enterprise: EnterpriseView
    license: License | None
    basis: Basis
    status: Status


class CredentialVerification:
    """Made once per process; safe to share among threads."""

    def __init__(
        self,
        db: Database,
        *,
        issuer: Issuer,
        base_url: str,
        today: Callable[[datetime], date],
        tables: ReferenceTables,
        algorithms: frozenset[Algorithm] | None = None,
    ) -> None:
        """`algorithms` is the hub's policy: a caller may ask for less, never for more. None: all that the keys have."""
        self._db = db
        self._issuer = issuer
        self._base_url = base_url
        self._today = today
        self._tables = tables
        self._algorithms = algorithms

    def verify(self, presented: PresentedCredential, *, now: datetime) -> CredentialVerdict:
        """Judge what a credential or presentation is worth at `now`; every wrong text is a verdict, never an error."""
        return self.verify_many([presented], now=now)[0]

    def verify_many(self, wanted: Iterable[PresentedCredential], *, now: datetime) -> list[CredentialVerdict]:
        """Return verdicts of many, in their order, from one view of the records."""
        if clock.is_behind(self._db, self._issuer.key_set, now=now):
            return [judge(CredentialFacts(is_clock_right=False), now=now) for _ in wanted]
        believed = [self._believe(each, now=now) for each in wanted]
        try:
            with self._db.read() as session:
                return [
                    each if isinstance(each, CredentialVerdict) else self._conclude(session, each, now=now)
                    for each in believed
                ]
        except (OperationalError, InterfaceError, PoolTimeoutError):
            away = judge(CredentialFacts(is_reachable=False), now=now)
            return [each if isinstance(each, CredentialVerdict) else away for each in believed]

    def _believe(
        self, presented: PresentedCredential, *, now: datetime
    ) -> VerifiedCredential | CredentialVerdict:
        try:
            return verify_credential(
                trimmed(presented.text) if isinstance(presented.text, str) else presented.text,
                keys=self._issuer.key_set,
                now=now,
                issuer=self._base_url,
                audience=presented.audience,
                nonce=presented.nonce,
                unasked=UnaskedProof.REPORT,
                algorithms=accepted(presented.algorithms, policy=self._algorithms),
            )
        except SigningError as error:
            return judge(CredentialFacts.rejected(error), now=now)

    def _conclude(
        self, session: Session, credential: VerifiedCredential, *, now: datetime
    ) -> CredentialVerdict:
        on = self._today(now)
        reference = self._tables.on(on)
        found = _find(session, credential, reference)
        if found is None:
            return judge(CredentialFacts(), now=now)
        business = _business_colour(found.enterprise, on)
        permit = _permit_colour(found, reference, on)
        verdict = judge(
            CredentialFacts(
                status=_status(found),
                is_ended=found.row.ended_at is not None,
                business=business,
                license=permit,
                holder=credential.holder_proof,
            ),
            now=now,
        )
        if not verdict.genuine:
            return verdict
        return replace(
            verdict,
            credential=credential_members(credential),
            enterprise=_enterprise(credential, found.enterprise, business),
            licenses=_licenses(credential, permit),
        )


def _find(session: Session, credential: VerifiedCredential, reference: Reference) -> _Found | None:
    """The records, when they are of this very credential: same id, same content, whatever form its signature has."""
    number = _id(credential.claims.get("jti"))
    index = None if number is None else session.get(CredentialIndex, number)
    if index is None:
        return None
    row = session.get(Credential, (index.uscc, number))
    entry = session.get(StatusEntry, (index.uscc, SubjectKind.CREDENTIAL.value, str(number)))
    if row is None or entry is None or session.get(Enterprise, index.uscc) is None:
        return None
    if row.text.partition("~")[0].rpartition(".")[0] != credential.token.rpartition(".")[0]:
        return None
    license_row = None if row.license_id is None else session.get(License, (row.uscc, row.license_id))
    if row.license_id is not None and license_row is None:
        return None
    view = registry.enterprise(session, row.uscc)
    basis = basis_of(session, row.uscc, row.subject, reference)
    return _Found(row, view, license_row, basis, Status(entry.value))


def _status(found: _Found) -> Status:
    """The entry's value; a record whose face differs from the credential's says so even before the entry does."""
    if found.status is Status.VALID and unverified_face(found.row.text) != found.basis.face:
        return Status.CHANGED
    return found.status


def _business_colour(view: EnterpriseView, on: date) -> ColourVerdict:
    return business_license_colour(
        facts.business_facts(
            state=view.state,
            term_to=view.term_to,
            established_on=view.established_on,
            overlays=view.overlay_kinds,
            reports=view.reports,
        ),
        on,
    )


def _permit_colour(found: _Found, reference: Reference, on: date) -> ColourVerdict | None:
    row = found.license
    if row is None:
        return None
    judged = facts.permit_facts(
        type_code=row.type_code,
        state=LicenseState(row.state),
        entity_state=found.enterprise.state,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        reference=reference,
        inspection_due=row.inspection_due,
    )
    return permit_colour(judged, on)


def _enterprise(
    credential: VerifiedCredential, view: EnterpriseView, business: ColourVerdict
) -> Mapping[str, object] | None:
    """Only where the holder disclosed whose license it is."""
    if not {"uscc"} <= credential.disclosed or not {"name", "holder_name"} & credential.disclosed:
        return None
    return {
        "uscc": view.uscc,
        "name": view.name,
        "status": view.state.value,
        "colour": business.colour.value,
    }


def _licenses(
    credential: VerifiedCredential, permit: ColourVerdict | None
) -> tuple[Mapping[str, object], ...]:
    """Only where the holder disclosed which license it is."""
    if permit is None or not {"license_type", "number", "valid_to"} <= credential.disclosed:
        return ()
    claims = credential.claims
    return (
        {
            "type": claims["license_type"],
            "number": claims["number"],
            "valid_to": claims["valid_to"],
            "colour": permit.colour.value,
            "reason": permit.reason,
        },
    )


def _id(value: object) -> UUID | None:
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
