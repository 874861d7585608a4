"""The hub as issuer: which key signs what, and which keys are believed."""

from keys import KeyRing, KeySet, Purpose, PurposeSigner


class Issuer:
    """The opened key ring as the use cases see it: a signer per purpose, never a private key.

    Signers are looked up at each use, so that a rotation of the ring is followed at once.
    """

    def __init__(self, key_ring: KeyRing) -> None:
        self._ring = key_ring

    @property
    def plate_signer(self) -> PurposeSigner:
        """Raises: NoActiveKeyError."""
        return self._ring.signer(Purpose.CODE_PLATE)

    @property
    def dynamic_signer(self) -> PurposeSigner:
        """Raises: NoActiveKeyError."""
        return self._ring.signer(Purpose.CODE_DYNAMIC)

    @property
    def key_set(self) -> KeySet:
        """Every public key with its state and window; what a verifier is given."""
        return self._ring.verification_keys()
