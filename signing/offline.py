"""Verifying without a network, by an offline bundle: codes, credentials, receipts (docs/offline.md).

verifier = OfflineVerifier(load_bundle("bundle.json", root=PINNED))
verdict = verifier.verify(text, now=datetime.now(UTC))
"""

from collections.abc import Iterable
from datetime import datetime

from keys import Algorithm
from signing.bundle import Bundle
from signing.bundle.verdicts import FRESH_FOR, OfflineState, OfflineVerdict, judge
from signing.log.receipt import verify_receipt
from signing.scanned_text import Form, ScanReader, form_of
from signing.sdjwt import UnaskedProof, verify_credential
from signing.verifier import Verifier

__all__ = ["FRESH_FOR", "OfflineState", "OfflineVerdict", "OfflineVerifier"]


class OfflineVerifier:
    """Verdicts from one bundle. Make one per bundle and keep it.

    `algorithms`: what is signed with a key of another algorithm is refused; None: every one of the bundle's keys.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        origins: Iterable[str] = (),
        algorithms: frozenset[Algorithm] | None = None,
    ) -> None:
        self._bundle = bundle
        self._algorithms = algorithms
        addresses = tuple(origins)
        self._codes = Verifier(bundle, origins=addresses, algorithms=algorithms)
        self._scanned = ScanReader((bundle.issuer, *addresses))

    def verify(
        self, text: str, *, now: datetime, audience: str | None = None, nonce: str | None = None
    ) -> OfflineVerdict:
        """Of whatever was scanned, pasted or received, without what stood around it; what it is, its form tells.

        `audience` and `nonce` (both or neither): for whom the holder of a credential must have signed.
        Raises: BundleNotYetError, BundleExpiredError; ValueError for one of the two alone.
        """
        read = self._scanned.read(text)
        match form_of(read):
            case Form.CREDENTIAL:
                return self.verify_credential(read, now=now, audience=audience, nonce=nonce)
            case Form.RECEIPT:
                return self.verify_receipt(read, now=now)
            case Form.CODE:
                return self.verify_code(read, now=now)

    def verify_code(self, text: object, *, now: datetime) -> OfflineVerdict:
        """Of a plate or a dynamic code. Raises: as `verify`."""
        return self._codes.verify_code(text, now=now)

    def verify_credential(
        self, text: object, *, now: datetime, audience: str | None = None, nonce: str | None = None
    ) -> OfflineVerdict:
        """Of a license credential or its presentation. Raises: as `verify`; ValueError for an audience without a nonce."""
        bundle = self._bundle
        return judge(
            lambda: verify_credential(
                text,
                keys=bundle.keys,
                now=now,
                issuer=bundle.issuer,
                audience=audience,
                nonce=nonce,
                unasked=UnaskedProof.REPORT,
                algorithms=self._algorithms,
            ),
            bundle=bundle,
            now=now,
            kind="credential",
        )

    def verify_receipt(self, token: object, *, now: datetime) -> OfflineVerdict:
        """Of a receipt from the public log. Raises: as `verify`."""
        bundle = self._bundle
        return judge(
            lambda: verify_receipt(
                token, keys=bundle.keys, now=now, issuer=bundle.issuer, algorithms=self._algorithms
            ),
            bundle=bundle,
            now=now,
            kind="receipt",
        )
