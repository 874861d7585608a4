"""Signing through each source of keys, and SM2 through libcrypto, against the bare calls beneath them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bench.measure import Figure, speed_ratio
from keys import KeyRing, Purpose, ScryptCost
from keys.policy import profile_algorithms
from signing import Verifier, new_plate_id, sign_plate
from tests.support.softhsm import PIN, soft_token

COUNT = 500
ORIGIN = "https://hub.quzhou.example"
USCC = "91330802MA2TEXT162"
PASSPHRASE = "benchmark passphrase"  # noqa: S105  # of a ring that is deleted at the end
CHEAP = ScryptCost(n=2)
MESSAGE = b"x" * 180


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        files, national = _ring(place / "files", "international"), _ring(place / "national", "national")
        yield Figure("SIGN", "plate through file: / raw ES256 sign", speed_ratio(_plates(files), _raw), "")
        yield Figure(
            "SIGN", "plate through SoftHSM / raw ES256 sign", _through_token(place), "", note="one session"
        )
        yield Figure(
            "SM2", "plate signed with SM2 / raw ES256 sign", speed_ratio(_plates(national), _raw), ""
        )
        yield Figure(
            "SM2", "plate verified with SM2 / raw SM2 verify", speed_ratio(*_verifying(national)), ""
        )


def _ring(folder: Path, profile: str) -> KeyRing:
    now = datetime.now(UTC)
    return KeyRing.create(folder, PASSPHRASE, now=now, cost=CHEAP, algorithms=profile_algorithms(profile))


def _plates(ring: KeyRing) -> Callable[[], None]:
    signer = ring.signer(Purpose.CODE_PLATE)
    plate_id = new_plate_id()

    def work() -> None:
        for _ in range(COUNT):
            sign_plate(uscc=USCC, plate_id=plate_id, origin=ORIGIN, signer=signer)

    return work


_KEY = ec.generate_private_key(ec.SECP256R1())


def _raw() -> None:
    for _ in range(COUNT):
        _KEY.sign(MESSAGE, ec.ECDSA(hashes.SHA256()))


def _verifying(ring: KeyRing) -> tuple[Callable[[], None], Callable[[], None]]:
    signer = ring.signer(Purpose.CODE_PLATE)
    text = sign_plate(uscc=USCC, plate_id=new_plate_id(), origin=ORIGIN, signer=signer)
    verifier = Verifier(ring.verification_keys(), origins=[ORIGIN])
    now = datetime.now(UTC)
    public, signature = signer.public_key, signer.sign(MESSAGE)

    def ours() -> None:
        for _ in range(COUNT):
            verifier.verify_code(text, now=now)

    def raw() -> None:
        for _ in range(COUNT):
            if not public.verify(signature, MESSAGE):  # type: ignore[call-arg,union-attr,arg-type,func-returns-value]  # an SM2 key by the profile
                raise AssertionError

    return ours, raw


def _through_token(place: Path) -> float:
    """In a process of its own: a PKCS#11 module reads its settings once."""
    token = soft_token(place / "token")
    done = subprocess.run(
        [sys.executable, "-m", "bench.signers", str(place / "ring"), token.uri],
        env={**os.environ, **token.environ},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def _in_token(folder: str, uri: str) -> float:
    ring = KeyRing.create(Path(folder), PIN, now=datetime.now(UTC), source=uri, cost=CHEAP)
    return speed_ratio(_plates(ring), _raw)


if __name__ == "__main__":
    print(_in_token(*sys.argv[1:]))
