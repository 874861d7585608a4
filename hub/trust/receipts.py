"""Receipts of the public log: made for entries on record, and judged when somebody shows one.

A receipt proves by itself that the log had the entry. The hub adds what only it can say: whether the log as it stands
today still has it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.kernel import verdicts
from hub.kernel.database import Database
from hub.kernel.errors import ConflictError, NotFoundError
from hub.kernel.instants import instant
from hub.kernel.messages import Message
from hub.kernel.outcomes import Outcome
from hub.kernel.verdicts import Rule, RuleTable, Statement, Verdict, VerificationFacts
from hub.trust import clock
from hub.trust.keys.issuer import Issuer
from hub.trust.log import queries
from hub.trust.record.models import Event
from hub.trust.witnesses import tree
from keys import Algorithm, Purpose
from signing import SENTENCES, SigningError, trimmed
from signing.log import LOG_SENTENCES, LeafOpening, LoggedEntry, VerifiedReceipt, sign_receipt, verify_receipt
from signing.token_errors import TokenTooLongError

KIND = "receipt"


@dataclass(frozen=True, slots=True)
class ReceiptFacts(VerificationFacts):
    """What the log says of a receipt whose signature and proof are good.

    `has_root`: the log as it stands had the root that the receipt was proven against. `has_act`: its entry is of the
    act that the receipt names.
    """

    has_root: bool = False
    has_act: bool = False


TABLE: RuleTable[ReceiptFacts] = RuleTable(
    stops=(
        Rule(
            Outcome.ATTENTION,
            Statement(
                "RECEIPT_LOG_DIFFERS",
                Message(
                    "回执是真的，但今天的公开日志里没有这条记录：日志可能被改写，请保留回执。",
                    "The receipt is genuine, but today's log does not have this entry: history may have been rewritten. "
                    "Keep the receipt.",
                ),
            ),
            lambda f: not f.has_root,
        ),
        Rule(
            Outcome.ATTENTION,
            Statement(
                "RECEIPT_ACT_DIFFERS",
                Message(
                    "回执证明的日志条目不是回执所称的事项：回执密钥可能被盗用，请联系管理部门。",
                    "The entry that the receipt proves is not the act that it names: its key may have been misused. "
                    "Tell the hub's operator.",
                ),
            ),
            lambda f: not f.has_act,
        ),
    ),
    findings=(
        Rule(
            Outcome.VALID,
            Statement(
                "RECEIPT_IN_LOG",
                Message("记录在公开日志中，未被改动。", "The entry is in the public log, unchanged."),
            ),
            lambda _: True,
        ),
    ),
)

REASONS: Mapping[str, Message] = MappingProxyType(  # all that a verdict on a receipt can name
    {**TABLE.sentences(), **SENTENCES, **LOG_SENTENCES}
)


class NotSequencedError(ConflictError):
    """The entry is on record and gets its place within a second."""

    reason = "LOG_NOT_SEQUENCED"
    zh = "该记录正在写入公开日志，请稍后再试。"
    en = "The entry is being written to the public log; try again shortly."


@dataclass(frozen=True, slots=True)
class ReceiptReader:
    """For whom a receipt is made: its opening is for the enterprise that the act concerns, and for officials."""

    uscc: str | None = None  # None: an official, or the operator


@dataclass(frozen=True, slots=True)
class ReceiptVerdict(Verdict):
    """What a receipt is worth at `checked_at`; `entry` is what it proves, None when it proves nothing."""

    kind: str
    entry: VerifiedReceipt | None = None

    def shown(self) -> Mapping[str, object]:
        if self.entry is None:
            return {}
        entry: dict[str, object] = {
            "log": self.entry.origin,
            "index": self.entry.index,
            "size": self.entry.size,
            "kind": self.entry.kind,
            "at": instant(self.entry.at),
            "subject": None if self.entry.opening is None else self.entry.opening["subject"],
        }
        if self.entry.happened_at is not None:
            entry["happened_at"] = instant(self.entry.happened_at)
        return {"entry": entry}


def make_receipt(
    event_id: UUID,
    *,
    issuer: Issuer,
    base_url: str,
    now: datetime,
    db: Database,
    opened_for: ReceiptReader | None = None,
) -> str:
    """Make a receipt for an act on record; with its opening for those who may see it, where that fits into a token.

    Raises: NotFoundError, NotSequencedError, NoActiveKeyError, SignerAwayError.
    """
    with db.read() as session:
        event = session.scalars(select(Event).where(Event.id == event_id)).first()
        if event is None or event.batch_id is None:
            raise NotFoundError
        if opened_for is not None and opened_for.uscc not in (None, event.uscc):
            raise NotFoundError
        shown = None if opened_for is None else _shown(event)
    found = queries.proof_for(db, event_id)
    if found is None:
        raise NotSequencedError
    entry = LoggedEntry(*found)
    signer = issuer.signer(Purpose.RECEIPT)

    def signed(shown: LeafOpening | None) -> str:
        return sign_receipt(
            entry, receipt_id=str(event_id), issuer=base_url, now=now, signer=signer, opening=shown
        )

    try:
        return signed(shown)
    except TokenTooLongError:  # an act that touched hundreds of rows: the entry is proven all the same
        return signed(None)


def _shown(event: Event) -> LeafOpening | None:
    members = queries.opening_of(event)
    return None if members is None or event.salt is None else LeafOpening(members, event.salt)


def judge_receipt(
    text: object,
    *,
    issuer: Issuer,
    base_url: str,
    now: datetime,
    db: Database,
    algorithms: frozenset[Algorithm] | None = None,
) -> ReceiptVerdict:
    """Judge what somebody's receipt is worth: proven by itself, and held against the log as it stands.

    `algorithms`: what is required of the receipt's signature; None: nothing. A database that does not answer is no
    error: the verdict is unknown.
    """
    if clock.is_behind(db, issuer.key_set, now=now):
        return _verdict(ReceiptFacts(is_clock_right=False), now=now)
    try:
        shown = trimmed(text) if isinstance(text, str) else text
        entry = verify_receipt(shown, keys=issuer.key_set, now=now, issuer=base_url, algorithms=algorithms)
    except SigningError as error:
        return _verdict(ReceiptFacts.rejected(error), now=now)
    try:
        with db.read() as session:
            facts = ReceiptFacts(
                has_root=tree.root_at(session, entry.size) == entry.root,
                has_act=queries.place_of_act(session, entry.id) == entry.index,
            )
    except (OperationalError, InterfaceError, PoolTimeoutError):
        return _verdict(ReceiptFacts(is_reachable=False), now=now)
    return _verdict(facts, now=now, entry=entry)


def _verdict(facts: ReceiptFacts, *, now: datetime, entry: VerifiedReceipt | None = None) -> ReceiptVerdict:
    return ReceiptVerdict(verdicts.judge(TABLE, facts), KIND, now, entry)


@dataclass(frozen=True, slots=True)
class ActView:
    """An act on record and what is known of its entry; `proof` None: it waits, or is older than the log.

    `at`: when it was put on record; `happened_at`: when it was done, where it came late, else None.
    """

    id: UUID
    kind: str
    subject: str
    at: datetime
    happened_at: datetime | None
    proof: LoggedEntry | None


def acts_about(name: str, *, db: Database, limit: int = 50) -> tuple[ActView, ...]:
    """Return the acts that an id names, oldest first: an act's own id, or that of what was acted upon.

    Raises: NotFoundError.
    """
    wanted = Event.subject == name
    with suppress(ValueError):  # not an act's id: a plate's, say
        wanted = (Event.id == UUID(name)) | wanted
    columns = (Event.id, Event.kind, Event.subject, Event.at, Event.happened_at)
    with db.read() as session:
        rows = session.execute(select(*columns).where(wanted).order_by(Event.at, Event.id).limit(limit)).all()
    if not rows:
        raise NotFoundError
    proofs = {
        act: LoggedEntry(*proof) for act, proof in queries.proofs_for(db, [row.id for row in rows]).items()
    }
    return tuple(ActView(*row, proofs.get(row.id)) for row in rows)
