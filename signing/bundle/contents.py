"""The bundle: keys, status, the table of plates and the log's checkpoint as they were at one moment, under one signature.

`sign_bundle` writes it, `signing.bundle.loading` reads it; docs/profiles/bundle.md has the numbered steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from keys import KeySet, PurposeSigner
from signing.bundle.district import CarriedEnterprise, District
from signing.bundle.errors import BundleExpiredError, BundleNotYetError
from signing.bundle.plates import PlateTable, whole_table
from signing.bundle.verdicts import Known, OfflineVerdict, judge
from signing.jws import SKEW, sign_token
from signing.log import Checkpoint
from signing.status import Status, VerifiedStatusList
from signing.strict_json import encode_base64url
from signing.verified_token import TokenKind, VerifiedCode

LIFETIME = timedelta(hours=24)  # nobody works offline longer than a day without being told
MAX_LIFETIME = timedelta(days=7)  # what a reader accepts: a longer one would outlive the news of a leaked key
PROFILE = 2  # docs/profiles/bundle.md; a reader reads one profile and refuses the others by name
MAX_VERSION = 2**53 - 1  # what every JSON reader holds exactly

_MEANINGS = {status.value: status for status in Status}
_GRAVITY = (Status.REVOKED, Status.SUSPENDED, Status.CHANGED, Status.VALID)  # the worst first


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a bundle. `revoked`: compromised keys with the second at which they stopped being believed.

    `statuses` are status list tokens; `checkpoint` is a signed note of the log called `log_origin`.
    """

    issuer: str
    version: int
    keys: KeySet
    revoked: Mapping[str, datetime] = field(default_factory=dict)
    statuses: tuple[str, ...] = ()
    plates: PlateTable = field(default_factory=lambda: whole_table((), ()))
    log_origin: str | None = None
    checkpoint: str | None = None
    district: District | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was believed. `root` is the thumbprint to pin: RFC 7638, SHA-256, base64url.

    It is believed as of its own time; `require_current` says whether it may be used now.
    """

    issuer: str
    version: int
    issued_at: datetime
    expires_at: datetime
    root: str
    keys: KeySet
    revoked: Mapping[str, datetime]
    statuses: Mapping[str, VerifiedStatusList]
    plates: PlateTable
    checkpoint: Checkpoint | None
    district: District | None

    def require_current(self, now: datetime) -> None:
        """Raises: BundleNotYetError, BundleExpiredError."""
        if self.issued_at > now + SKEW:
            raise BundleNotYetError
        if self.expires_at <= now:
            raise BundleExpiredError

    def plate_status(self, plate_id: str, r: bytes, *, now: datetime | None = None) -> Known:
        """Return what the lists say of a plate and as of when; None when it is in no table (it may be newer) or its shard is missing.

        `r`: the first half of its code's signature. `now` as in `list_status`. Of rows with one name the worst
        counts; what is not known is worse than valid. Raises: BundleShardError, BundlePlatesError.
        """
        rows = self.plates.entries(plate_id, r)
        found = [self.list_status(uri, index, now=now) for uri, index in rows]
        known = [each for each in found if each is not None]
        worst = min(known, key=lambda each: _GRAVITY.index(each[0]), default=None)
        if worst is None or (worst[0] is Status.VALID and len(known) < len(found)):
            return None
        return worst

    def list_status(self, uri: str, index: int, *, now: datetime | None = None) -> Known:
        """Return what a list says of an entry and as of when; None when the bundle has no such list or entry.

        At `now` (None: when the bundle was made) a list that has ended calls nothing valid any more; that something
        was revoked, suspended or changed stays worth telling.
        """
        held = self.statuses.get(uri)
        if held is None or not 0 <= index < len(held.entries):
            return None
        status = _status(held, index)
        has_ended = held.expires_at <= (now or self.issued_at)
        return None if has_ended and status is Status.VALID else (status, held.issued_at)

    def judge_code(self, believe: Callable[[], VerifiedCode], *, now: datetime) -> OfflineVerdict:
        """Return what this bundle makes of a code that `believe` believes by its keys."""
        return judge(believe, bundle=self, now=now)

    def enterprise(self, uscc: str) -> CarriedEnterprise | None:
        """Return what an officer took along about an enterprise."""
        return None if self.district is None else self.district.enterprises.get(uscc)


def sign_bundle(
    contents: Contents,
    *,
    signer: PurposeSigner,
    now: datetime,
    lifetime: timedelta = LIFETIME,
    shards: Sequence[bytes] = (),
) -> dict[str, object]:
    """Return the document to publish or to write to a file: `{"bundle": token, "root": public key}`.

    `shards`: those that travel in the document itself, in order; all of them or none.

    Raises: WrongSignerError, TokenTooLongError (take a smaller district), KeysError when the key is away.
    """
    issued = int(now.timestamp())
    claims: dict[str, object] = {
        "iss": contents.issuer,
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "profile": PROFILE,
        "version": contents.version,
        "keys": contents.keys.jwks()["keys"],
        "revoked": [
            {"kid": kid, "revoked_at": int(moment.timestamp())}
            for kid, moment in sorted(contents.revoked.items())
        ],
        "statuses": list(contents.statuses),
        "plates": contents.plates.written(),
    }
    if contents.log_origin is not None and contents.checkpoint is not None:
        claims["log"] = {"origin": contents.log_origin, "checkpoint": contents.checkpoint}
    if contents.district is not None:
        claims["district"] = contents.district.written()
    document: dict[str, object] = {
        "bundle": sign_token(claims, kind=TokenKind.BUNDLE, signer=signer),
        "root": signer.info.jwk(),
    }
    return {**document, "shards": [encode_base64url(each) for each in shards]} if shards else document


def _status(held: VerifiedStatusList, index: int) -> Status:
    """What an entry means; a value that is not ours is one to ask about."""
    value = held.status(index)
    return _MEANINGS.get(value, Status.CHANGED)
