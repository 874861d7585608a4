"""What can be said without a network, and how sure it is: good and fresh, good and so many hours old, not genuine.

Never plainly "valid": what happened since the bundle was made is not known here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from keys.messages import Message
from signing.bundle.district import CarriedEnterprise
from signing.errors import SigningError
from signing.log.receipt import VerifiedReceipt
from signing.sdjwt import HolderProof, VerifiedCredential
from signing.status import KEEP_SECONDS, Status
from signing.verified_token import DynamicClaims, PlateClaims, VerifiedCode

FRESH_FOR = timedelta(seconds=KEEP_SECONDS)  # as long as one may keep a status list when online
HOUR = timedelta(hours=1)

Believed = VerifiedCode | VerifiedCredential | VerifiedReceipt
Known = tuple[Status, datetime] | None
"""A status and as of when; None: the bundle has none."""


class BundleView(Protocol):
    """What a verdict asks of a bundle, which makes verdicts and so cannot be named here."""

    @property
    def issued_at(self) -> datetime: ...
    def require_current(self, now: datetime) -> None: ...
    def plate_status(self, plate_id: str, r: bytes, *, now: datetime | None = None) -> Known: ...
    def list_status(self, uri: str, index: int, *, now: datetime | None = None) -> Known: ...
    def enterprise(self, uscc: str) -> CarriedEnterprise | None: ...


class OfflineState(StrEnum):
    """The three things that an offline verdict can be. AGED: the status is not fresh, or not known at all."""

    FRESH = "fresh"
    AGED = "aged"
    NOT_GENUINE = "not-genuine"


class OfflineReason(StrEnum):
    """What a verdict from a bundle says besides the reason of a refusal."""

    OFFLINE_FRESH = "OFFLINE_FRESH"
    OFFLINE_AGED = "OFFLINE_AGED"
    OFFLINE_REVOKED = "OFFLINE_REVOKED"
    OFFLINE_SUSPENDED = "OFFLINE_SUSPENDED"
    OFFLINE_CHANGED = "OFFLINE_CHANGED"
    OFFLINE_STATUS_UNKNOWN = "OFFLINE_STATUS_UNKNOWN"
    HOLDER_NOT_PROVEN = "HOLDER_NOT_PROVEN"
    HOLDER_NOT_ASKED = "HOLDER_NOT_ASKED"


OFFLINE_SENTENCES: Mapping[OfflineReason, Message] = MappingProxyType(
    {
        OfflineReason.OFFLINE_FRESH: Message(
            "签名属实，状态是刚刚更新的。", "The signature is good and the status fresh."
        ),
        OfflineReason.OFFLINE_AGED: Message(
            "签名属实，状态不是最新的，请联网核对。",
            "The signature is good; the status is not fresh: check online.",
        ),
        OfflineReason.OFFLINE_REVOKED: Message(
            "离线包签发时已被撤销。", "It was revoked when the bundle was made."
        ),
        OfflineReason.OFFLINE_SUSPENDED: Message(
            "离线包签发时已被暂停。", "It was suspended when the bundle was made."
        ),
        OfflineReason.OFFLINE_CHANGED: Message(
            "离线包签发时已有变更，请联网核对。", "It had changed when the bundle was made: check online."
        ),
        OfflineReason.OFFLINE_STATUS_UNKNOWN: Message(
            "签名属实，离线包中没有它的状态，请联网核对。",
            "The signature is good; the bundle does not have its status: check online.",
        ),
        OfflineReason.HOLDER_NOT_PROVEN: Message(
            "未证明出示人就是持有人。", "Nobody has proven that who presents it is its holder."
        ),
        OfflineReason.HOLDER_NOT_ASKED: Message(
            "持有人签了名，但未核对是向谁出示的，可能是为别的验证方出示的。",
            "The holder signed, but for whom was not checked: it may have been presented to another verifier.",
        ),
    }
)


_SAID_OF_STATUS: Mapping[Status, OfflineReason] = MappingProxyType(
    {
        Status.REVOKED: OfflineReason.OFFLINE_REVOKED,
        Status.SUSPENDED: OfflineReason.OFFLINE_SUSPENDED,
        Status.CHANGED: OfflineReason.OFFLINE_CHANGED,
    }
)
_SAID_OF_HOLDER: Mapping[HolderProof, OfflineReason] = MappingProxyType(
    {
        HolderProof.NOT_PROVEN: OfflineReason.HOLDER_NOT_PROVEN,
        HolderProof.NOT_ASKED: OfflineReason.HOLDER_NOT_ASKED,
    }
)


@dataclass(frozen=True, slots=True)
class OfflineVerdict:
    """`reasons` are codes, the gravest first. `status` was true at `as_of`; both None: unknown.

    `believed` is what the signature vouches for, None when it is not genuine; `enterprise` what an officer's bundle
    says of it, as of the same moment.
    """

    state: OfflineState
    kind: str | None
    reasons: tuple[str, ...]
    sentences: tuple[Message, ...]
    status: Status | None
    as_of: datetime | None
    checked_at: datetime
    believed: Believed | None = None
    enterprise: CarriedEnterprise | None = None

    @property
    def is_genuine(self) -> bool:
        """Whether the signature is good. It does not say that the thing is in force."""
        return self.state is not OfflineState.NOT_GENUINE

    @property
    def needs_attention(self) -> bool:
        """Genuine, but revoked, suspended or changed, of a status that is old or unknown, or its holder not proven."""
        is_plain = self.state is OfflineState.FRESH and self.status is Status.VALID
        return self.is_genuine and not (is_plain and _said_of_holder(self.believed) is None)

    @property
    def age(self) -> timedelta | None:
        """How old the status is."""
        return None if self.as_of is None else max(self.checked_at - self.as_of, timedelta())

    @property
    def uscc(self) -> str | None:
        """The credit code that a genuine code names."""
        return self.believed.uscc if isinstance(self.believed, VerifiedCode) else None

    @property
    def message(self) -> Message:
        """All of it for a reader."""
        return Message(
            "".join(each.zh for each in self.sentences), " ".join(each.en for each in self.sentences)
        )

    def as_json(self) -> dict[str, object]:
        """For scripts; names follow those of the hub's verdicts where they mean the same."""
        return {
            "state": self.state.value,
            "genuine": self.is_genuine,
            "attention": self.needs_attention,
            "kind": self.kind,
            "reasons": list(self.reasons),
            "message": self.message.as_json(),
            "status": None if self.status is None else self.status.name.lower(),
            "status_as_of": None if self.as_of is None else _written(self.as_of),
            "checked_at": _written(self.checked_at),
            "uscc": self.uscc,
            "enterprise": None if self.enterprise is None else _shown(self.enterprise),
        }


def judge(
    believe: Callable[[], Believed], *, bundle: BundleView, now: datetime, kind: str | None = None
) -> OfflineVerdict:
    """Return the verdict about what `believe` believes by the bundle's keys; its refusal is the verdict "not genuine".

    Raises: BundleNotYetError, BundleExpiredError, BundleShardError, BundlePlatesError: then nothing can be told.
    """
    bundle.require_current(now)
    try:
        believed = believe()
    except SigningError as refusal:
        return _not_genuine(refusal, kind=kind, now=now)
    known = _known(believed, bundle, now)
    status, as_of = (None, None) if known is None else known
    state = OfflineState.FRESH if as_of is not None and now - as_of <= FRESH_FOR else OfflineState.AGED
    codes = _codes(state, status, _said_of_holder(believed))
    enterprise = bundle.enterprise(believed.uscc) if isinstance(believed, VerifiedCode) else None
    return OfflineVerdict(
        state=state,
        kind=believed.kind.value if isinstance(believed, VerifiedCode) else kind,
        reasons=tuple(code.value for code in codes),
        sentences=tuple(_sentence(code, as_of, now) for code in codes),
        status=status,
        as_of=as_of,
        checked_at=now,
        believed=believed,
        enterprise=enterprise,
    )


def _known(believed: Believed, bundle: BundleView, now: datetime) -> Known:
    match believed:
        case VerifiedCode(claims=PlateClaims(plate_id=plate_id), r=r):
            return bundle.plate_status(plate_id, r, now=now)
        case VerifiedCode(claims=DynamicClaims()):
            return None  # whether it was used, and how its holder stands, only the hub knows
        case VerifiedCredential(status=reference):
            if reference is None:
                return None
            return bundle.list_status(reference.uri, reference.index, now=now)
        case _:  # a receipt tells of the past, which does not change; its keys are as of the bundle
            return Status.VALID, bundle.issued_at


def _said_of_holder(believed: Believed | None) -> OfflineReason | None:
    """None where there is nothing to warn of: bound to nobody, or signed by the holder for this verifier."""
    return _SAID_OF_HOLDER.get(believed.holder_proof) if isinstance(believed, VerifiedCredential) else None


def _codes(
    state: OfflineState, status: Status | None, holder: OfflineReason | None
) -> tuple[OfflineReason, ...]:
    said = None if status is None else _SAID_OF_STATUS.get(status)
    if status is None:
        age = OfflineReason.OFFLINE_STATUS_UNKNOWN
    else:
        age = OfflineReason.OFFLINE_FRESH if state is OfflineState.FRESH else OfflineReason.OFFLINE_AGED
    return tuple(code for code in (said, holder, age) if code is not None)


def _sentence(code: OfflineReason, as_of: datetime | None, now: datetime) -> Message:
    if code is not OfflineReason.OFFLINE_AGED or as_of is None:
        return OFFLINE_SENTENCES[code]
    hours = max(1, round((now - as_of) / HOUR))
    unit = "hour" if hours == 1 else "hours"
    return Message(
        f"签名属实，状态是约{hours}小时前的，请联网核对。",
        f"The signature is good and the status about {hours} {unit} old: check online.",
    )


def _not_genuine(refusal: SigningError, *, kind: str | None, now: datetime) -> OfflineVerdict:
    return OfflineVerdict(
        state=OfflineState.NOT_GENUINE,
        kind=kind,
        reasons=(str(refusal.reason),),
        sentences=(refusal.message,),
        status=None,
        as_of=None,
        checked_at=now,
    )


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _shown(enterprise: CarriedEnterprise) -> dict[str, object]:
    return {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "status": enterprise.status,
        "premises": [{"id": each.id, "address": each.address} for each in enterprise.premises],
        "licenses": [
            {
                "type": each.type,
                "number": each.number,
                "valid_to": each.valid_to or None,
                "colour": each.colour,
                "reason": each.reason,
            }
            for each in enterprise.licenses
        ],
    }
