"""Answers of authenticators that are wrong in one place: keys, attestations, ids, flags."""

import struct
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

import cbor2

from tests.support.authenticator import Authenticator, Lie

_TRUTH = Lie()

P256_X, P256_Y = b"\x01" * 32, b"\x02" * 32  # no point of the curve
N_1, N_512 = b"\x01", b"\xc5" + bytes(62) + b"\x01"
KEYS: Mapping[str, object] = {  # what stands where a COSE key should
    "point at zero": {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)},
    "point off the curve": {1: 2, 3: -7, -1: 1, -2: P256_X, -3: P256_Y},
    "coordinates too short": {1: 2, 3: -7, -1: 1, -2: b"\x01", -3: b"\x02"},
    "coordinates beyond the field": {1: 2, 3: -7, -1: 1, -2: b"\xff" * 32, -3: b"\xff" * 32},
    "coordinates that are numbers": {1: 2, 3: -7, -1: 1, -2: 1, -3: 2},
    "no y": {1: 2, 3: -7, -1: 1, -2: P256_X},
    "no x": {1: 2, 3: -7, -1: 1, -3: P256_Y},
    "no curve": {1: 2, 3: -7, -2: P256_X, -3: P256_Y},
    "another curve": {1: 2, 3: -7, -1: 2, -2: P256_X, -3: P256_Y},
    "no type": {3: -7, -1: 1, -2: P256_X, -3: P256_Y},
    "no algorithm": {1: 2, -1: 1, -2: P256_X, -3: P256_Y},
    "an algorithm of another type": {1: 1, 3: -7, -1: 6, -2: bytes(32)},
    "an algorithm not asked for": {1: 2, 3: -47, -1: 8, -2: P256_X, -3: P256_Y},
    "a type that is text": {1: "EC2", 3: -7, -1: 1, -2: P256_X, -3: P256_Y},
    "a type that is true": {1: True, 3: -8, -1: 6, -2: bytes(32)},
    "an algorithm that is a list": {1: 2, 3: [-7], -1: 1, -2: P256_X, -3: P256_Y},
    "RSA of one": {1: 3, 3: -257, -1: N_1, -2: b"\x01\x00\x01"},
    "RSA of 512 bits": {1: 3, 3: -257, -1: N_512, -2: b"\x01\x00\x01"},
    "RSA, even": {1: 3, 3: -257, -1: b"\xc4" + bytes(255), -2: b"\x01\x00\x01"},
    "RSA of 100 000 bits": {1: 3, 3: -257, -1: b"\xc5" * 9_000, -2: b"\x01\x00\x01"},
    "RSA without exponent": {1: 3, 3: -257, -1: b"\xc5" * 256},
    "RSA with exponent one": {1: 3, 3: -257, -1: b"\xc5" * 256, -2: b"\x01"},
    "RSA with an even exponent": {1: 3, 3: -257, -1: b"\xc5" * 256, -2: b"\x01\x00\x04"},
    "RSA with a long exponent": {1: 3, 3: -257, -1: b"\xc5" * 256, -2: b"\xc5" * 200},
    "Ed25519 of one byte": {1: 1, 3: -8, -1: 6, -2: b"\x01"},
    "Ed25519 of 33 bytes": {1: 1, 3: -8, -1: 6, -2: b"\x09" * 33},
    "Ed25519, identity": {1: 1, 3: -8, -1: 6, -2: b"\x01" + bytes(31)},
    "Ed25519, small order": {1: 1, 3: -8, -1: 6, -2: bytes(32)},
    "a list": [1, 2, 3],
    "a number": 7,
    "nothing": None,
    "text": "key",
    "an empty map": {},
    "a deep list": "deep",
}
STATEMENTS: Mapping[str, tuple[str, object]] = {  # attestations that nobody asked for
    "packed, certificate that is none": ("packed", {"alg": -7, "sig": b"x", "x5c": [b"no DER"]}),
    "packed, of itself": ("packed", {"alg": -7, "sig": b"x"}),
    "packed, empty": ("packed", {}),
    "tpm, odd": (
        "tpm",
        {"ver": "2.0", "alg": -65535, "x5c": [b""], "certInfo": b"", "pubArea": b"", "sig": b""},
    ),
    "u2f": ("fido-u2f", {"sig": b"", "x5c": [b"1"]}),
    "android": ("android-key", {"alg": -7, "sig": b"", "x5c": [b"1"]}),
    "safetynet": ("android-safetynet", {"ver": "1", "response": b"e30.e30.x"}),
    "apple": ("apple", {"x5c": [b"1", b"2"]}),
    "unheard of": ("acme-2031", {"x": 1}),
    "none, but something in it": ("none", {"sig": b"x"}),
    "a statement that is a list": ("packed", [1]),
    "a form that is a number": (7, {}),  # type: ignore[dict-item]  # as somebody may send it
}


@dataclass
class Odd(Authenticator):
    """Registers with another key, attestation or flags than it should."""

    cose: bytes | None = None
    form: object = "none"
    statement: object = None
    flags: int = 0

    def register_oddly(self, options: dict[str, object]) -> dict[str, object]:
        answer = self.register(options)
        party = options["rp"]
        assert isinstance(party, dict)
        response = dict(answer["response"])  # type: ignore[call-overload]  # our own authenticator's
        data = self._flagged(self._data(party["id"], _TRUTH, attested=True))
        statement = {} if self.statement is None else self.statement
        whole = cbor2.dumps({"fmt": self.form, "attStmt": statement, "authData": data})
        response["attestationObject"] = urlsafe_b64encode(whole).rstrip(b"=").decode()
        return {**answer, "response": response}

    def _flagged(self, data: bytes) -> bytes:
        return data[:32] + bytes([data[32] | self.flags]) + data[33:]

    def _credential(self) -> bytes:
        if self.cose is None:
            return super()._credential()
        return bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + self.cose


def encoded(key: object) -> bytes:
    """The key as CBOR; "deep" is a list in lists, deeper than a reader goes."""
    return b"\x81" * 5_000 + b"\x00" if key == "deep" else cbor2.dumps(key)
