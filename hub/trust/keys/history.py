"""The signed history of the hub's keys, as it is published: every key in every state, and what was done with them."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.trust.keys.issuer import Issuer
from keys import KeyRing, Purpose, SignerAwayError, history_claims
from keys.history import HISTORY_LIFE
from signing import TokenKind, sign_token

FRESH = timedelta(
    seconds=300
)  # for so long a token is handed out again: the ring's changes make a new one anyway


@dataclass(frozen=True, slots=True)
class _Signed:
    ring: KeyRing
    at: datetime
    token: str


class KeyHistory:
    """Made once per process; safe to share among threads."""

    def __init__(self, issuer: Issuer, *, base_url: str) -> None:
        self._issuer = issuer
        self._base_url = base_url
        self._lock = threading.Lock()
        self._kept: _Signed | None = None

    def token(self, now: datetime) -> str:
        """Return the `key-history+jwt` of the ring as it is; signed anew when it changed or has become old.

        While the signer is away, the last one is handed out as long as it is true and lives.

        Raises: SignerAwayError, NoActiveKeyError.
        """
        with self._lock:
            ring, kept = self._issuer.key_ring, self._kept
            if kept is not None and kept.ring is ring and kept.at <= now < kept.at + FRESH:
                return kept.token
            try:
                token = self._sign(ring, now)
            except SignerAwayError:
                if kept is None or kept.ring.book != ring.book or now >= kept.at + HISTORY_LIFE:
                    raise
                return kept.token
            self._kept = _Signed(ring, now, token)
            return token

    def _sign(self, ring: KeyRing, now: datetime) -> str:
        claims = history_claims(ring.book, issuer=self._base_url, now=now)
        return sign_token(claims, kind=TokenKind.KEY_HISTORY, signer=ring.signer(Purpose.BUNDLE))
