"""Private keys inside a PKCS#11 token (`pkcs11:`): made there, used there, never outside.

Objects carry the kid as label and id. The token is the hub's own: a key of another label in it is left alone, one
called `new` is what a crash left and is destroyed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.types import Session

from keys.errors import AlgorithmNotSupportedError, KeyFileDamagedError
from keys.file_source import low_s
from keys.jwk import PublicKey, public_jwk
from keys.model import KID_PATTERN, Algorithm
from keys.pkcs11_device import TokenDevice, open_device
from keys.pkcs11_uri import read_address
from keys.policy import KidRule

SEAL_LABEL = "ring-seal"
NEW_LABEL = "new"
SEAL_BITS = 256
ED25519_BYTES = 32
NEVER_OUTSIDE = MappingProxyType({Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False})
SIGNS = MechanismFlag.SIGN | MechanismFlag.VERIFY


@dataclass(frozen=True, slots=True)
class TokenAlgorithm:
    """How a token makes and uses keys of one algorithm; `prepare` is what is signed for a message."""

    key_type: KeyType
    parameters: bytes  # CKA_EC_PARAMS: the DER of the curve's object identifier
    generation: Mechanism
    signing: Mechanism
    prepare: Callable[[bytes], bytes]
    finish: Callable[[bytes], bytes]
    load: Callable[[bytes], PublicKey]


def _load_p256(point: bytes) -> PublicKey:
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _unwrapped(point, 65))


def _load_ed25519(point: bytes) -> PublicKey:
    return Ed25519PublicKey.from_public_bytes(_unwrapped(point, ED25519_BYTES))


def _unwrapped(point: bytes, length: int) -> bytes:
    """CKA_EC_POINT is a DER string around the point; some modules give the bare point."""
    return point[-length:] if len(point) in {length, length + 2, length + 3} else point


TOKEN_ALGORITHMS: Mapping[Algorithm, TokenAlgorithm] = MappingProxyType(
    {
        Algorithm.ES256: TokenAlgorithm(
            KeyType.EC,
            bytes.fromhex("06082a8648ce3d030107"),  # 1.2.840.10045.3.1.7
            Mechanism.EC_KEY_PAIR_GEN,
            Mechanism.ECDSA,  # over our own hash: every token has it
            lambda message: sha256(message).digest(),
            low_s,
            _load_p256,
        ),
        Algorithm.EDDSA: TokenAlgorithm(
            KeyType.EC_EDWARDS,
            bytes.fromhex("06032b6570"),  # 1.3.101.112
            Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
            Mechanism.EDDSA,
            lambda message: message,
            lambda signature: signature,
            _load_ed25519,
        ),
    }
)
_BY_TYPE = {row.key_type: algorithm for algorithm, row in TOKEN_ALGORITHMS.items()}


class Pkcs11Signer:
    """One private key of a token."""

    __slots__ = ("_device", "_row", "algorithm", "kid", "public_key")

    def __init__(self, kid: str, algorithm: Algorithm, public_key: PublicKey, device: TokenDevice) -> None:
        self.kid = kid
        self.algorithm = algorithm
        self.public_key = public_key
        self._device = device
        self._row = TOKEN_ALGORITHMS[algorithm]

    def sign(self, message: bytes) -> bytes:
        """64 bytes: r and s for ES256 (s in the lower half), the RFC 8032 signature for EdDSA.

        Raises: SignerAwayError, KeyFileMissingError.
        """
        raw = self._device.sign(self.kid, self._row.prepare(message), self._row.signing)
        return self._row.finish(raw)


class Pkcs11KeySource:
    """The keys of one token."""

    can_be_away = True

    def __init__(self, device: TokenDevice) -> None:
        self._device = device

    @classmethod
    def create(cls, rest: str, pin: str) -> "Pkcs11KeySource":
        """Open the token and make the secret that seals the ring, unless it is there.

        Raises: SourceUriError, SignerAwayError, WrongPassphraseError, AlgorithmNotSupportedError.
        """
        source = cls.open(rest, pin)
        source._device.run(_ensure_seal)  # noqa: SLF001  # our own
        return source

    @classmethod
    def open(cls, rest: str, pin: str) -> "Pkcs11KeySource":
        """Return the token of an address; whether it is there shows at the first use.

        Raises: SourceUriError.
        """
        return cls(open_device(read_address(rest), pin))

    def kids(self) -> tuple[str, ...]:
        """Return the keys in the token, in lexical order."""

        def work(session: Session) -> list[str]:
            found = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
            return [str(key[Attribute.LABEL]) for key in found]

        return tuple(
            sorted(kid for kid in self._device.run(work) if KID_PATTERN.match(kid) and kid != NEW_LABEL)
        )

    def generate(self, rule: KidRule, algorithm: Algorithm) -> Pkcs11Signer:
        """Make a key inside the token; it is never outside, and cannot be taken out.

        Raises: AlgorithmNotSupportedError (the token lacks it, or its keys could be taken out), SignerAwayError,
        WrongPassphraseError.
        """
        row = TOKEN_ALGORITHMS.get(algorithm)
        if row is None:
            raise AlgorithmNotSupportedError(
                f"PKCS#11 tokens have no {algorithm}; use a file: or sdf: source"
            )
        kid, public = self._device.run(lambda session: _generate(session, rule, row, algorithm))
        return Pkcs11Signer(kid, algorithm, public, self._device)

    def signer(self, kid: str) -> Pkcs11Signer:
        """Raises: KeyFileMissingError, KeyFileDamagedError, SignerAwayError, WrongPassphraseError."""
        algorithm, point = self._device.run(lambda session: _public_half(session, kid))
        try:
            public = TOKEN_ALGORITHMS[algorithm].load(point)
        except ValueError as error:
            raise KeyFileDamagedError(f"the token's public key {kid} is not a point of its curve") from error
        return Pkcs11Signer(kid, algorithm, public, self._device)

    def seal(self, message: bytes) -> bytes:
        """HMAC-SHA256 under a secret of the token, over the digest of the message (tokens are slow readers)."""
        return self._device.sign(SEAL_LABEL, sha256(message).digest(), Mechanism.SHA256_HMAC)


def _ensure_seal(session: Session) -> None:
    _require(session, Mechanism.GENERIC_SECRET_KEY_GEN, Mechanism.SHA256_HMAC)
    wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: SEAL_LABEL}
    if not list(session.get_objects(wanted)):
        session.generate_key(
            KeyType.GENERIC_SECRET,
            SEAL_BITS,
            label=SEAL_LABEL,
            id=SEAL_LABEL.encode("ascii"),
            store=True,
            capabilities=SIGNS,
            mechanism=Mechanism.GENERIC_SECRET_KEY_GEN,
            template=dict(NEVER_OUTSIDE),
        )


def _generate(
    session: Session, rule: KidRule, row: TokenAlgorithm, algorithm: Algorithm
) -> tuple[str, PublicKey]:
    _require(session, row.generation, row.signing)
    _destroy(session, NEW_LABEL)
    domain = session.create_domain_parameters(row.key_type, {Attribute.EC_PARAMS: row.parameters}, local=True)
    public, private = domain.generate_keypair(
        mechanism=row.generation,
        label=NEW_LABEL,
        id=NEW_LABEL.encode("ascii"),
        store=True,
        capabilities=SIGNS,
        private_template=dict(NEVER_OUTSIDE),
    )
    if private[Attribute.EXTRACTABLE] or not private[Attribute.SENSITIVE]:
        _destroy(session, NEW_LABEL)
        raise AlgorithmNotSupportedError(
            f"the token's {algorithm} keys could be taken out of it; nothing is kept"
        )
    loaded = row.load(public[Attribute.EC_POINT])
    kid = rule(public_jwk(loaded))
    _destroy(session, kid)  # left by a run that ended before the ring recorded it, and never published
    for half in (public, private):
        half[Attribute.ID] = kid.encode("ascii")
        half[Attribute.LABEL] = kid
    return kid, loaded


def _public_half(session: Session, kid: str) -> tuple[Algorithm, bytes]:
    session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=kid)  # NoSuchKey when it is not there
    public = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=kid)
    algorithm = _BY_TYPE.get(public.key_type)
    if algorithm is None:
        raise KeyFileDamagedError(f"the token's key {kid} is of a kind this software does not use")
    return algorithm, bytes(public[Attribute.EC_POINT])


def _destroy(session: Session, label: str) -> None:
    for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY):
        for leftover in list(session.get_objects({Attribute.CLASS: kind, Attribute.LABEL: label})):
            leftover.destroy()


def _require(session: Session, *mechanisms: Mechanism) -> None:
    lacking = set(mechanisms) - session.token.slot.get_mechanisms()
    if lacking:
        names = ", ".join(sorted(each.name for each in lacking))
        raise AlgorithmNotSupportedError(f"the token lacks {names}; no other algorithm takes its place")
