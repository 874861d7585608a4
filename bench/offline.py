"""P1: verifying a code with `signing` alone, against the bare signature check of `cryptography`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bench.measure import Figure, speed_ratio
from keys import KeyRing, Purpose, ScryptCost
from signing import Verifier, new_plate_id, sign_plate
from signing.qr import plate_symbol

COUNT = 2_000
ORIGIN = "https://hub.quzhou.example"
USCC = "91330802MA2TEXT162"


def figures() -> Iterator[Figure]:
    now = datetime.now(UTC)
    with TemporaryDirectory() as folder:
        ring = KeyRing.create(Path(folder) / "keys", "benchmark passphrase", now=now, cost=ScryptCost(n=2))
        signer = ring.signer(Purpose.CODE_PLATE)
        texts = [
            sign_plate(uscc=USCC, plate_id=new_plate_id(), origin=ORIGIN, signer=signer) for _ in range(COUNT)
        ]
        verifier = Verifier(ring.verification_keys(), origins=[ORIGIN])
        yield Figure("P1", "verify a code offline / raw ES256 verify", _ratio(verifier, texts, now), "≥ 0.75")
        symbol = plate_symbol(texts[0])
        yield Figure(
            "QR", "plate at level H", symbol.version, "10", unit="version", note=f"{len(texts[0])} characters"
        )


def _ratio(verifier: Verifier, texts: list[str], now: datetime) -> float:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    message = b"x" * 180
    signature = key.sign(message, ec.ECDSA(hashes.SHA256()))

    def raw() -> None:
        for _ in range(COUNT):
            public.verify(signature, message, ec.ECDSA(hashes.SHA256()))

    def ours() -> None:
        for text in texts:
            verifier.verify_code(text, now=now)

    return speed_ratio(ours, raw)
