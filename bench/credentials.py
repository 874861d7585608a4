"""Credentials: issuing and verifying with `signing`, against bare ECDSA and against the Python reference `sd-jwt`."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from bench.measure import Figure, speed_ratio
from keys import KeyRing, KeySet, Purpose, PurposeSigner, ScryptCost, public_jwk
from signing.sdjwt import SoftwareWallet, issue_credential, present, verify_credential

COUNT = 300
ORIGIN = "https://hub.quzhou.example"
AUDIENCE, NONCE = "https://bank.example", "n-0S6_WzA2Mj"
FACE: Mapping[str, object] = {
    "license_type": "食品经营许可证",
    "number": "JY13308020000011",
    "holder_name": "示范面馆",
    "uscc": "91330802MA2TEXT162",
    "authority": "示范市市场监督管理局",
    "issued_on": "2024-01-01",
    "valid_from": "2024-01-01",
    "valid_to": "2028-12-31",
    "address": "示范市中心路1号",
}


def figures() -> Iterator[Figure]:
    now = datetime.now(UTC)
    with TemporaryDirectory() as folder:
        made_at = now - timedelta(minutes=1)
        ring = KeyRing.create(
            Path(folder) / "keys", "benchmark passphrase", now=made_at, cost=ScryptCost(n=2)
        )
    signer, keys = ring.signer(Purpose.CREDENTIAL), ring.verification_keys()
    private = ec.generate_private_key(ec.SECP256R1())
    wallet = SoftwareWallet.of(private)
    claims = _claims(now)

    def issue() -> str:
        return issue_credential(claims, FACE, signer=signer, holder=wallet.key)

    text = issue()
    shown = present(text, ["number", "valid_to"], audience=AUDIENCE, nonce=NONCE, signer=wallet, now=now)
    raw_sign, raw_verify = _raw(private)
    size = f"{len(text)} characters"
    yield _figure("C1", "issue a credential / raw ES256 sign", issue, raw_sign, note=size)
    yield _figure("C2", "issue a credential / reference sd-jwt", issue, _reference_issue(private, claims))
    believe = _verify(text, keys, now)
    yield _figure("C3", "verify a credential / raw ES256 verify", believe, raw_verify)
    yield _figure("C4", "verify a credential / reference sd-jwt", believe, _reference_verify(text, signer))
    both = _verify(shown, keys, now, audience=AUDIENCE, nonce=NONCE)
    reference = _reference_verify(shown, signer, AUDIENCE, NONCE)
    yield _figure("C5", "verify a presentation / reference sd-jwt", both, reference)


def _figure(
    name: str, what: str, ours: Callable[[], object], yardstick: Callable[[], object], *, note: str = ""
) -> Figure:
    def many(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            for _ in range(COUNT):
                work()

        return run

    return Figure(name, what, speed_ratio(many(ours), many(yardstick)), "", note=note)


def _claims(now: datetime) -> dict[str, object]:
    moment = int(now.timestamp())
    return {
        "iss": ORIGIN,
        "iat": moment,
        "exp": moment + 86_400,
        "jti": "0192f4aa-0000-7000-8000-000000000001",
        "vct": f"{ORIGIN}/vct/food-operation",
        "status": {"status_list": {"idx": 7, "uri": f"{ORIGIN}/status/1"}},
    }


def _raw(private: ec.EllipticCurvePrivateKey) -> tuple[Callable[[], object], Callable[[], object]]:
    public, message, scheme = private.public_key(), b"x" * 900, ec.ECDSA(hashes.SHA256())
    signature = private.sign(message, scheme)
    return lambda: private.sign(message, scheme), lambda: public.verify(signature, message, scheme)


def _verify(
    text: str, keys: KeySet, now: datetime, *, audience: str | None = None, nonce: str | None = None
) -> Callable[[], object]:
    return lambda: verify_credential(text, keys=keys, now=now, issuer=ORIGIN, audience=audience, nonce=nonce)


def _reference_issue(
    private: ec.EllipticCurvePrivateKey, claims: Mapping[str, object]
) -> Callable[[], object]:
    key = JWK.from_pyca(private)
    hidden = {SDObj(name): value for name, value in FACE.items()}
    return lambda: SDJWTIssuer({**claims, **hidden}, key, key).sd_jwt_issuance


def _reference_verify(
    text: str, signer: PurposeSigner, audience: str | None = None, nonce: str | None = None
) -> Callable[[], object]:
    key = JWK.from_json(json.dumps(public_jwk(signer.public_key)))
    return lambda: SDJWTVerifier(text, lambda *_who: key, audience, nonce).get_verified_payload()


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name:4} {figure.what:44} {figure.value:8.2f} {figure.note}")
