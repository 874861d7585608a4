"""Of which licenses a credential is issued, how long it lives, and when it is handed out again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hub.kernel.errors import ConflictError, InvalidInputError
from hub.licenses.rules import EFFECTIVE, LicenseState
from hub.registry.rules import EntityState

MAX_LIFE = timedelta(
    days=365
)  # a wallet that never comes back is believed for a year at most, like an annual report
RENEW_WITHIN = timedelta(days=30)  # in its last month a credential is replaced where the new one lives longer
CHALLENGE_LIFE = timedelta(minutes=10)  # to copy a nonce into a wallet and the proof back
MAX_HOLDER_KEYS = 10  # an owner and five managers, some with a second device
_ONE_DAY = timedelta(days=1)


class CredentialEnd(StrEnum):
    """Why a credential was ended by the hub itself; what becomes of its license is told by its status."""

    REPLACED = "replaced"
    EXPIRED = "expired"
    KEY_REMOVED = "key-removed"


class CredentialRefusedError(ConflictError):
    """No credential can be issued of this license as it stands. Only its leaves are raised."""


class LicenseEndedError(CredentialRefusedError):
    reason = "CREDENTIAL_LICENSE_ENDED"
    zh = "该证照已吊销、撤销、注销或被替换，不能签发电子凭证。"
    en = "The license was revoked, annulled, closed or replaced; no credential is issued of it."


class LicenseSuspendedError(CredentialRefusedError):
    reason = "CREDENTIAL_LICENSE_SUSPENDED"
    zh = "该证照被暂扣，发还后方可签发电子凭证。"
    en = "The license is suspended; a credential can be issued once it is restored."


class LicenseExpiredError(CredentialRefusedError):
    reason = "CREDENTIAL_LICENSE_EXPIRED"
    zh = "该证照的有效期已过，不能签发电子凭证。"
    en = "The license's term is over; no credential is issued of it."


class LicenseNotYetError(CredentialRefusedError):
    reason = "CREDENTIAL_LICENSE_NOT_YET"
    zh = "该证照尚未生效，生效之日起可签发电子凭证。"
    en = "The license is not in force yet; a credential can be issued from its first day."


class EnterpriseNotInForceError(CredentialRefusedError):
    reason = "CREDENTIAL_ENTERPRISE"
    zh = "该经营主体的登记状态不允许签发电子凭证。"
    en = "The enterprise's registration does not allow credentials to be issued."


class HolderKeyNeededError(CredentialRefusedError):
    reason = "CREDENTIAL_HOLDER_NEEDED"
    zh = "电子营业执照须绑定钱包密钥，请先登记钱包密钥。"
    en = "The electronic business license is bound to a wallet; register its key first."


class HolderKeyRemovedError(CredentialRefusedError):
    reason = "HOLDER_KEY_REMOVED"
    zh = "该钱包密钥已被移除，不能再用。"
    en = "This wallet's key was removed and is not used again."


class HolderKeyHeldError(ConflictError):
    reason = "HOLDER_KEY_HELD"
    zh = "该钱包密钥已经登记。"
    en = "This wallet's key is registered already."


class HolderKeysFullError(ConflictError):
    reason = "HOLDER_KEYS_FULL"
    zh = "钱包密钥最多登记10个，请先移除不用的。"
    en = "Ten wallets at most; remove one that is not used."


class HolderChallengeError(InvalidInputError):
    """The nonce in a proof is not one of ours that is still open for this enterprise."""

    reason = "HOLDER_CHALLENGE"
    field = "proof"
    zh = "随机数已过期或已用过，请重新获取。"
    en = "The nonce has expired or was used; fetch a new one."


class HolderKeyUnknownError(InvalidInputError):
    reason = "HOLDER_KEY_UNKNOWN"
    field = "holder"
    zh = "没有登记过这个钱包密钥。"
    en = "No such wallet's key is registered."


@dataclass(frozen=True, slots=True)
class LicenseTerms:
    """What the records say of a license on the day of issue. `valid_to` None: no end (长期)."""

    entity: EntityState
    state: LicenseState
    valid_from: date | None
    valid_to: date | None
    on: date


ENTITY_STATES = frozenset(
    {EntityState.ACTIVE, EntityState.DORMANT, EntityState.LIQUIDATING}
)  # they exist lawfully

_REFUSALS: tuple[
    tuple[Callable[[LicenseTerms], bool], type[CredentialRefusedError]], ...
] = (  # first match wins
    (lambda terms: terms.entity not in ENTITY_STATES, EnterpriseNotInForceError),
    (lambda terms: terms.state is LicenseState.SUSPENDED, LicenseSuspendedError),
    (lambda terms: terms.state is LicenseState.EXPIRED, LicenseExpiredError),
    (lambda terms: terms.state not in EFFECTIVE, LicenseEndedError),
    (lambda terms: terms.valid_to is not None and terms.valid_to < terms.on, LicenseExpiredError),
    (lambda terms: terms.valid_from is not None and terms.valid_from > terms.on, LicenseNotYetError),
)


def require_in_force(terms: LicenseTerms) -> None:
    """Require a license that is in force. Raises: CredentialRefusedError leaves."""
    for applies, refusal in _REFUSALS:
        if applies(terms):
            raise refusal


def expiry(issued_at: datetime, valid_to: date | None, zone: ZoneInfo) -> datetime:
    """Return when a credential ends: with the last day of its license, and within a year of its issue."""
    latest = issued_at + MAX_LIFE
    # The day after the last date that Python has would overflow below.
    if valid_to is None or valid_to == date.max:
        return latest
    return min(latest, datetime.combine(valid_to + _ONE_DAY, time.min, zone).astimezone(issued_at.tzinfo))


def is_due(expires_at: datetime, *, could_last_until: datetime, now: datetime) -> bool:
    """Return whether a credential in use is near its end and a new one would live longer."""
    return now >= expires_at or (
        expires_at - now < RENEW_WITHIN and could_last_until - expires_at >= _ONE_DAY
    )
