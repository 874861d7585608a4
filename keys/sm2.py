"""SM2 signatures with SM3 (GB/T 32918.2-2016, GB/T 32905-2016; GM/T 0009-2012 for the id): 64 raw bytes, r then s.

Points and ranges are checked here, before OpenSSL sees anything; OpenSSL computes. A public key can be held, written
and compared without OpenSSL, so that a hub without it still reads a key set that has SM2 keys in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from keys import libcrypto
from keys.errors import Sm2UnavailableError
from keys.libcrypto import Libcrypto, LibcryptoError, NativeKey
from keys.messages import Message, StatedError, sentences

DISTINGUISHING_ID = (
    b"1234567812345678"  # GM/T 0009-2012 clause 10: where nothing else was agreed; never empty
)
SCALAR_BYTES = 32
SIGNATURE_BYTES = 64
KEYS_LOADED = 256  # a few keys a year and purpose; a loaded key is some 2 KB

# The recommended curve, GB/T 32918.5-2017 clause 2
FIELD = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123

# GB/T 32918.5-2017 annex A.2, the same as GM/T 0003.5-2012 annex A: "message digest" signed under the id above
VECTOR_POINT = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
VECTOR_MESSAGE = b"message digest"
VECTOR_SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


class Sm2Reason(StrEnum):
    """Why an SM2 key or signature was refused. A code never changes its meaning."""

    SM2_KEY_LENGTH = "SM2_KEY_LENGTH"
    SM2_KEY_RANGE = "SM2_KEY_RANGE"
    SM2_KEY_CURVE = "SM2_KEY_CURVE"
    SM2_LENGTH = "SM2_LENGTH"
    SM2_RANGE = "SM2_RANGE"
    SM2_SUM = "SM2_SUM"
    SM2_SIGNATURE = "SM2_SIGNATURE"


class Sm2KeyError(StatedError, ValueError):
    """Coordinates that are no public key. Only its leaves are raised."""


class Sm2KeyLengthError(Sm2KeyError):
    reason = Sm2Reason.SM2_KEY_LENGTH
    zh = "SM2公钥不是两个32字节的坐标。"
    en = "An SM2 public key is two coordinates of 32 bytes."


class Sm2KeyRangeError(Sm2KeyError):
    reason = Sm2Reason.SM2_KEY_RANGE
    zh = "SM2公钥坐标超出范围。"
    en = "A coordinate of the SM2 key is not below the field's prime."


class Sm2KeyCurveError(Sm2KeyError):
    reason = Sm2Reason.SM2_KEY_CURVE
    zh = "SM2公钥不在曲线上。"
    en = "The SM2 key is not a point of the SM2 curve."


SM2_SENTENCES: Mapping[str, Message] = MappingProxyType(
    {
        **sentences(Sm2KeyError),
        Sm2Reason.SM2_LENGTH: Message("SM2签名不是64字节。", "An SM2 signature is 64 bytes: r, then s."),
        Sm2Reason.SM2_RANGE: Message(
            "SM2签名的r或s超出范围。", "r or s of the SM2 signature is not from 1 to n - 1."
        ),
        Sm2Reason.SM2_SUM: Message("SM2签名的r与s之和为零。", "r + s of the SM2 signature is zero modulo n."),
        Sm2Reason.SM2_SIGNATURE: Message("SM2签名不符。", "The SM2 signature is wrong."),
    }
)


@dataclass(frozen=True, slots=True)
class Sm2PublicKey:
    """A point of the SM2 curve. The point at infinity has no coordinates and cannot be written.

    Raises: Sm2KeyError for a coordinate out of range or a point off the curve.
    """

    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.x < FIELD and 0 <= self.y < FIELD):
            raise Sm2KeyRangeError
        if (self.y * self.y - (self.x * self.x + A) * self.x - B) % FIELD != 0:
            raise Sm2KeyCurveError

    @classmethod
    def from_bytes(cls, coordinates: bytes) -> "Sm2PublicKey":
        """Return the key of x and y, 32 bytes each.

        Raises: Sm2KeyError.
        """
        if len(coordinates) != 2 * SCALAR_BYTES:
            raise Sm2KeyLengthError
        return cls(
            int.from_bytes(coordinates[:SCALAR_BYTES], "big"),
            int.from_bytes(coordinates[SCALAR_BYTES:], "big"),
        )

    def to_bytes(self) -> bytes:
        """X and y, 32 bytes each."""
        return self.x.to_bytes(SCALAR_BYTES, "big") + self.y.to_bytes(SCALAR_BYTES, "big")

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether this key made the 64 raw bytes over the message.

        Raises: Sm2UnavailableError.
        """
        return self.refusal(signature, message) is None

    def refusal(self, signature: bytes, message: bytes) -> Sm2Reason | None:
        """Return what speaks against a signature, in the order of docs/profiles/sm2.md; None: it is good.

        Raises: Sm2UnavailableError.
        """
        if len(signature) != SIGNATURE_BYTES:
            return Sm2Reason.SM2_LENGTH
        r = int.from_bytes(signature[:SCALAR_BYTES], "big")
        s = int.from_bytes(signature[SCALAR_BYTES:], "big")
        if not (0 < r < ORDER and 0 < s < ORDER):
            return Sm2Reason.SM2_RANGE
        if (r + s) % ORDER == 0:
            return Sm2Reason.SM2_SUM
        is_good = engine().verify(
            _loaded(self), message, encode_dss_signature(r, s), distinguishing_id=DISTINGUISHING_ID
        )
        return None if is_good else Sm2Reason.SM2_SIGNATURE


class Sm2PrivateKey:
    """A key pair that stays inside this object; `private_bytes` is for the encrypted envelope of a key file."""

    __slots__ = ("_native", "public_key")

    def __init__(self, native: NativeKey, public_key: Sm2PublicKey) -> None:
        self._native = native
        self.public_key = public_key

    @classmethod
    def generate(cls) -> "Sm2PrivateKey":
        """Raises: Sm2UnavailableError."""
        native = engine().generate()
        return cls(native, Sm2PublicKey.from_bytes(engine().point_of(native)[1:]))

    @classmethod
    def from_private_bytes(cls, secret: bytes) -> "Sm2PrivateKey":
        """Return the key of a scalar and its point, as `private_bytes` gave them.

        Raises: ValueError when they do not belong together, Sm2UnavailableError.
        """
        scalar, point = secret[:SCALAR_BYTES], secret[SCALAR_BYTES:]
        public = Sm2PublicKey.from_bytes(point)
        if not 0 < int.from_bytes(scalar, "big") < ORDER - 1:
            raise ValueError("an SM2 scalar is from 1 to n - 2")
        try:
            return cls(engine().private_key(scalar, _uncompressed(public)), public)
        except LibcryptoError as error:
            raise ValueError("the scalar and the point of an SM2 key do not belong together") from error

    def private_bytes(self) -> bytes:
        """Return the scalar, then the point: 96 bytes."""
        return engine().scalar_of(self._native) + self.public_key.to_bytes()

    def sign(self, message: bytes) -> bytes:
        """64 bytes, r then s."""
        return _sign(engine(), self._native, message)


def engine() -> Libcrypto:
    """Return the system's libcrypto once it has proven itself on the standard's own example.

    Raises: Sm2UnavailableError, and the same again without another search: a machine gets its SM2 with a restart.
    """
    found = searched()
    if isinstance(found, str):
        raise Sm2UnavailableError(found)
    return found


@cache
def searched() -> Libcrypto | str:
    """Return the proven libcrypto, or why there is none; looked for once (twice where two threads begin together)."""
    try:
        found = libcrypto.load()
        _prove(found)
    except LibcryptoError as error:
        return f"{libcrypto.load().version} does not do SM2: {error}"
    except Sm2UnavailableError as error:
        return str(error)
    return found


def _prove(library: Libcrypto) -> None:
    """The start-up test: the standard's signature is believed, altered ones are not, and what we sign is."""
    public = Sm2PublicKey.from_bytes(VECTOR_POINT)
    key = library.public_key(_uncompressed(public))
    fresh = library.generate()

    def believes(key: NativeKey, signature: bytes, message: bytes, name: bytes = DISTINGUISHING_ID) -> bool:
        r, s = (int.from_bytes(half, "big") for half in (signature[:SCALAR_BYTES], signature[SCALAR_BYTES:]))
        return library.verify(key, message, encode_dss_signature(r, s), distinguishing_id=name)

    altered = VECTOR_SIGNATURE[:-1] + bytes([VECTOR_SIGNATURE[-1] ^ 1])
    is_right = (
        believes(key, VECTOR_SIGNATURE, VECTOR_MESSAGE)
        and not believes(key, altered, VECTOR_MESSAGE)
        and not believes(key, VECTOR_SIGNATURE, VECTOR_MESSAGE + b".")
        and not believes(key, VECTOR_SIGNATURE, VECTOR_MESSAGE, b"8765432187654321")
        and believes(fresh, _sign(library, fresh, VECTOR_MESSAGE), VECTOR_MESSAGE)
    )
    if not is_right:
        raise Sm2UnavailableError(f"{library.version} fails the test of GB/T 32918.5")


def _sign(library: Libcrypto, key: NativeKey, message: bytes) -> bytes:
    """Sign, and take OpenSSL's DER apart strictly."""
    der = library.sign(key, message, distinguishing_id=DISTINGUISHING_ID)
    r, s = decode_dss_signature(der)
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise LibcryptoError("a signature out of range")
    return r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big")


@lru_cache(maxsize=KEYS_LOADED)
def _loaded(public: Sm2PublicKey) -> NativeKey:
    return engine().public_key(_uncompressed(public))


def _uncompressed(public: Sm2PublicKey) -> bytes:
    return b"\x04" + public.to_bytes()
