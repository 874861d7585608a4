"""The one service that says what a code is worth now: signature, then records, then judgement. Never stale."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.matrix import Matrix
from hub.access.rules import Action, may
from hub.codes.dynamic import use_dynamic
from hub.codes.rules import CodeFacts, Viewer
from hub.codes.verification.judging import CodeJudge
from hub.codes.verification.lookup import Lookup, LookupRow, RecordsAwayError
from hub.codes.verification.scans import ScanRecorder, SeenCode, write_seen
from hub.codes.verification.verdicts import CodeVerdict, answer, answer_genuine
from hub.codes.verification.visibility import AUDIENCES
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.verdicts import Statement
from hub.kernel.visible_characters import without_unseen
from hub.licenses.reference.rules import ReferenceTables
from hub.trust.clock import is_behind
from hub.trust.keys.algorithms import accepted
from hub.trust.keys.issuer import Issuer
from keys import Algorithm, KeySet
from signing import (
    CodeError,
    CodeKind,
    DynamicClaims,
    PlateClaims,
    PlateIdError,
    ScanReader,
    VerifiedCode,
    Verifier,
    normalise_plate_id,
    trimmed,
)

PLATES_REMEMBERED = 4_096  # about 4 MB of texts and claims in each worker process

Looker = Actor | Viewer
"""Who asks: a logged-in person, or one of the nameless kinds."""

_VIEWERS: Mapping[Role, Viewer] = {
    Role.OWNER: Viewer.ENTERPRISE,
    Role.MANAGER: Viewer.ENTERPRISE,
    Role.AGENT: Viewer.ENTERPRISE,
    Role.OFFICER: Viewer.OFFICER,
    Role.OFFICIAL: Viewer.OFFICIAL,
    Role.AUDITOR: Viewer.PUBLIC,  # an auditor reads records; a code tells him what it tells anyone
}


def viewer_of(by: Looker) -> Viewer:
    return by if isinstance(by, Viewer) else _VIEWERS[by.role]


class Verification:
    """Made once per process; safe to share among threads. `scans` None: nobody's looks are counted (a shell's).

    `matrix`: what each audience is told. `tables`: by which licenses are judged.
    `algorithms` is the hub's policy: a code signed with another algorithm is
    refused with a reason of its own. A caller may ask for less, never for more. None: every algorithm that the keys have.
    """

    def __init__(  # noqa: PLR0913  # made once, of everything that a verdict rests on
        self,
        db: Database,
        *,
        issuer: Issuer,
        origins: Iterable[str],
        today: Callable[[datetime], date],
        scans: ScanRecorder | None,
        matrix: Matrix,
        tables: ReferenceTables,
        algorithms: frozenset[Algorithm] | None = None,
    ) -> None:
        self._db = db
        self._issuer = issuer
        self._origins = tuple(origins)
        self.scanned = ScanReader(self._origins)
        self._today = today
        self._scans = scans
        self._lookup = Lookup(db)
        self._judge = CodeJudge(self._lookup, tables, matrix)
        self._algorithms = algorithms
        self._believed = {algorithms: PlateVerifier(issuer.key_set, self._origins, algorithms)}

    def close(self) -> None:
        """Write the scans that wait; at the end of the process."""
        if self._scans is not None:
            self._scans.close()

    def verify(
        self,
        text: object,
        *,
        now: datetime,
        by: Looker = Viewer.PUBLIC,
        algorithms: frozenset[Algorithm] | None = None,
    ) -> CodeVerdict:
        """Return what the scanned text is worth at `now`; every wrong text is a verdict, never an error.

        What scanners and apps put around a code is taken off first (docs/profiles/code.md, section 10).

        In the hands of an officer or official a dynamic code is used up by this, and the scan is on record before
        the answer. `algorithms`: what this caller requires of the signature; None: what the hub requires.
        """
        if self._is_behind(now):
            return answer(CodeFacts(is_clock_right=False), now=now)
        try:
            code = self._believe(text, now=now, algorithms=algorithms)
            found = self._find(code)
        except CodeError as error:
            return self._tell(answer(CodeFacts.rejected(error), now=now), by)
        except RecordsAwayError:
            return self._tell(answer(CodeFacts(is_reachable=False), now=now), by)
        return self._conclude(code.claims, found, now=now, by=by)

    def verify_many(
        self,
        texts: Sequence[object],
        *,
        now: datetime,
        by: Viewer,
        algorithms: frozenset[Algorithm] | None = None,
    ) -> list[CodeVerdict]:
        """Verdicts of many texts, in their order, with a number of statements that follows chunks, not codes."""
        if self._is_behind(now):
            return [answer(CodeFacts(is_clock_right=False), now=now) for _ in texts]
        checked = [self._check(text, now=now, algorithms=algorithms) for text in texts]
        codes = [each for each in checked if isinstance(each, VerifiedCode)]
        try:
            found = self._lookup.many([each.claims for each in codes])
        except RecordsAwayError:
            away = answer(CodeFacts(is_reachable=False), now=now)
            return [self._tell(each if isinstance(each, CodeVerdict) else away, by) for each in checked]
        return [
            self._tell(each, by)
            if isinstance(each, CodeVerdict)
            else self._conclude(each.claims, found.get(each.claims), now=now, by=by)
            for each in checked
        ]

    def verify_typed(self, typed: str, *, now: datetime, by: Actor) -> CodeVerdict:
        """Return what the plate with a typed number is worth; only for officers and officials, so that nobody can count.

        Raises: NotAllowedError.
        """
        require(by, Action.USE_CODE)
        if self._is_behind(now):
            return answer(CodeFacts(is_clock_right=False), now=now)
        try:
            claims = self._lookup.claims_of(normalise_plate_id(without_unseen(trimmed(typed))))
            found = None if claims is None else self._lookup.plate(claims.uscc, claims.plate_id)
        except PlateIdError as error:
            return self._tell(answer(CodeFacts(CodeKind.PLATE, rejection=Statement.of(error)), now=now), by)
        except RecordsAwayError:
            return self._tell(answer(CodeFacts(is_reachable=False), now=now), by)
        return self._conclude(claims, found, now=now, by=by)

    def _is_behind(self, now: datetime) -> bool:
        """Whether the clock was set back: nothing is told then, and nothing counted."""
        return is_behind(self._db, self._issuer.key_set, now=now)

    def _check(
        self, text: object, *, now: datetime, algorithms: frozenset[Algorithm] | None
    ) -> VerifiedCode | CodeVerdict:
        try:
            return self._believe(text, now=now, algorithms=algorithms)
        except CodeError as error:
            return answer(CodeFacts.rejected(error), now=now)

    def _find(self, code: VerifiedCode) -> LookupRow | None:
        match code.claims:
            case PlateClaims(uscc, plate_id):
                return self._lookup.plate(uscc, plate_id)
            case DynamicClaims(uscc):
                return self._lookup.enterprise(uscc)

    def _conclude(
        self,
        claims: PlateClaims | DynamicClaims | None,
        found: LookupRow | None,
        *,
        now: datetime,
        by: Looker,
    ) -> CodeVerdict:
        kind = CodeKind.DYNAMIC if isinstance(claims, DynamicClaims) else CodeKind.PLATE
        audience = AUDIENCES[viewer_of(by)]
        judged = (
            CodeFacts(kind) if found is None else self._judge.judge(found, kind, self._today(now), audience)
        )
        if isinstance(judged, CodeFacts):
            return self._tell(answer(judged, now=now), by)
        verdict = answer_genuine(judged, kind, now=now)
        if isinstance(by, Actor) and may(by, Action.USE_CODE):
            return self._serve(verdict, claims, now=now, by=by)
        return self._tell(verdict, by)

    def _serve(
        self, verdict: CodeVerdict, claims: PlateClaims | DynamicClaims | None, *, now: datetime, by: Actor
    ) -> CodeVerdict:
        """On record before the reply; a dynamic code is used up in the same transaction."""
        seen = _seen(verdict, by)

        def work(session: Session) -> bool:
            if isinstance(claims, DynamicClaims) and not use_dynamic(session, claims, by=by, now=now):
                return False
            write_seen(session, seen)
            return True

        try:
            is_first = self._db.run(work)
        except (OperationalError, InterfaceError, PoolTimeoutError):
            return self._tell(answer(CodeFacts(is_reachable=False), now=now), by)
        if not is_first:
            return self._tell(answer(CodeFacts(verdict.kind, is_used_up=True), now=now), by)
        if self._scans is not None:
            self._scans.count(seen)
        return verdict

    def _tell(self, verdict: CodeVerdict, by: Looker) -> CodeVerdict:
        if self._scans is not None:
            self._scans.add(_seen(verdict, by))
        return verdict

    def _believe(
        self, text: object, *, now: datetime, algorithms: frozenset[Algorithm] | None
    ) -> VerifiedCode:
        """Raises: CodeError leaves."""
        keys = self._issuer.key_set
        policy = accepted(
            algorithms, policy=self._algorithms
        )  # of three algorithms there are few sets to keep
        believed = self._believed.get(policy)
        if believed is None or believed.keys is not keys:
            believed = self._believed[policy] = PlateVerifier(keys, self._origins, policy)
        known = believed.plate(text)
        if known is not None:
            return known
        return believed.verify(self.scanned.read(text) if isinstance(text, str) else text, now=now)


class PlateVerifier:
    """A verifier of one key set that remembers which plates it believed.

    A plate's text has no time in it, and a key believed once is believed until the set changes; so the signature
    of a plate seen again need not be computed again. Only whole texts that passed are remembered.
    """

    def __init__(
        self, keys: KeySet, origins: Iterable[str], algorithms: frozenset[Algorithm] | None = None
    ) -> None:
        self.keys = keys
        self._verifier = Verifier(keys, origins=origins, algorithms=algorithms)
        self._plates: dict[object, VerifiedCode] = {}

    def plate(self, text: object) -> VerifiedCode | None:
        """Return the plate whose whole text this is, where it was believed before: reading it would give the same text."""
        return self._plates.get(text) if isinstance(text, str) else None

    def verify(self, text: object, *, now: datetime) -> VerifiedCode:
        """Raises: CodeError leaves."""
        known = self.plate(text)
        if known is not None:
            return known
        code = self._verifier.verify_code(text, now=now)
        if isinstance(code.claims, PlateClaims):
            if len(self._plates) >= PLATES_REMEMBERED:
                self._plates.clear()
            self._plates[text] = code
        return code


def _seen(verdict: CodeVerdict, by: Looker) -> SeenCode:
    return SeenCode(
        viewer=viewer_of(by),
        outcome=verdict.outcome,
        at=verdict.checked_at,
        uscc=None if verdict.enterprise is None else verdict.enterprise.uscc,
        plate_id=verdict.plate_id,
        person_id=by.person_id if isinstance(by, Actor) and not by.is_enterprise else None,
    )
