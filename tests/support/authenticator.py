"""A software authenticator: makes and uses passkeys as a phone would ("none" attestation, ES256).

Knows WebAuthn Level 3 §6.1 (authenticator data) and §5.8.1 (client data), nothing of the hub, so that tests can
also make it lie: wrong origin, wrong challenge, an old counter, no user verification, somebody else's handle.
"""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # of base64url, by value
UP, UV, AT = 0x01, 0x04, 0x40  # user present, user verified, attested credential data


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Lie:
    """What to say falsely; None tells the truth."""

    origin: str | None = None
    rp_id: str | None = None
    challenge: str | None = None
    kind: str | None = None
    verified: bool = True
    count: int | None = None
    handle: bytes | None = None
    without_handle: bool = False
    more: Mapping[str, object] = field(default_factory=dict)  # members of the client data


@dataclass
class Authenticator:
    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    count: int = 0
    lasting: int = 0  # flags that it sets at every login, such as backup eligible (0x08) and backed up (0x10)

    def register(self, options: dict[str, object], lie: Lie = Lie()) -> dict[str, object]:
        user, party = options["user"], options["rp"]
        assert isinstance(user, dict)
        assert isinstance(party, dict)
        self.handle = unb64(user["id"])
        data = self._data(lie.rp_id or party["id"], lie, attested=True)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", str(options["challenge"]), lie)
        return self._answer({"clientDataJSON": b64(client), "attestationObject": b64(attestation)})

    def log_in(self, options: dict[str, object], lie: Lie = Lie()) -> dict[str, object]:
        self.count += 1
        data = self._data(lie.rp_id or str(options["rpId"]), lie, attested=False)
        client = self._client("webauthn.get", str(options["challenge"]), lie)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(signature),
            "userHandle": b64(lie.handle or self.handle),
        }
        if lie.without_handle:
            del response["userHandle"]
        return self._answer(response)

    def clone(self) -> "Authenticator":
        """The same key and credential in other hands, with its own counter."""
        return replace(self)

    def _answer(self, response: dict[str, str]) -> dict[str, object]:
        identifier = b64(self.credential_id)
        return {
            "id": identifier,
            "rawId": identifier,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }

    def _client(self, kind: str, challenge: str, lie: Lie) -> bytes:
        said = {
            "type": lie.kind or kind,
            "challenge": lie.challenge or challenge,
            "origin": lie.origin or self.origin,
            "crossOrigin": False,
            **lie.more,
        }
        return json.dumps(said).encode()

    def _data(self, rp_id: str, lie: Lie, *, attested: bool) -> bytes:
        flags = UP | (UV if lie.verified else 0) | (AT if attested else self.lasting)
        count = self.count if lie.count is None else lie.count
        head = hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, count)
        return head + (self._credential() if attested else b"")

    def _credential(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        length = struct.pack(">H", len(self.credential_id))
        return bytes(16) + length + self.credential_id + cbor2.dumps(public)
