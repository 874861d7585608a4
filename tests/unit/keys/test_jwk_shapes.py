"""Public keys as JWKs: the published examples, and each member that makes one no key."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from keys import Algorithm
from keys.errors import MalformedKeySetError
from keys.jwk import encode, load_public, public_jwk, thumbprint
from keys.sm2 import Sm2PrivateKey

ED25519 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}  # RFC 8037, A.2
P256 = {  # RFC 7515, A.3.1
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
SM2 = public_jwk(Sm2PrivateKey.generate().public_key)
KEYS = ((Algorithm.ES256, P256), (Algorithm.EDDSA, ED25519), (Algorithm.SM2, SM2))


@pytest.mark.parametrize(("algorithm", "jwk"), KEYS)
def test_a_key_is_written_as_it_was_read(algorithm: Algorithm, jwk: dict[str, str]) -> None:
    assert public_jwk(load_public(algorithm, jwk)) == jwk
    assert public_jwk(load_public(algorithm, {**jwk, "use": "sig", "kid": "P1"})) == jwk


@pytest.mark.parametrize(("algorithm", "jwk"), KEYS)
@pytest.mark.parametrize("name", ["kty", "crv", "x"])
@pytest.mark.parametrize("value", [None, "", 1, "照", "other"], ids=ascii)
def test_a_key_with_another_member_is_none(
    algorithm: Algorithm, jwk: dict[str, str], name: str, value: object
) -> None:
    with pytest.raises(MalformedKeySetError):
        load_public(algorithm, {**jwk, name: value})


@pytest.mark.parametrize(("algorithm", "jwk"), KEYS)
def test_a_key_of_one_algorithm_is_none_of_another(algorithm: Algorithm, jwk: dict[str, str]) -> None:
    for other in set(Algorithm) - {algorithm}:
        with pytest.raises(MalformedKeySetError, match=f"not a key for {other}"):
            load_public(other, jwk)


@pytest.mark.parametrize(("algorithm", "jwk"), KEYS)
@pytest.mark.parametrize("size", [31, 33])
def test_a_coordinate_has_32_bytes(algorithm: Algorithm, jwk: dict[str, str], size: int) -> None:
    with pytest.raises(MalformedKeySetError, match="32 bytes"):
        load_public(algorithm, {**jwk, "x": encode(bytes(size))})


@pytest.mark.parametrize("jwk", [P256, SM2], ids=["P-256", "SM2"])
def test_a_point_off_the_curve_is_no_key(jwk: dict[str, str]) -> None:
    algorithm = Algorithm.ES256 if jwk is P256 else Algorithm.SM2
    with pytest.raises(MalformedKeySetError, match="not a point"):
        load_public(algorithm, {**jwk, "x": jwk["y"], "y": jwk["x"]})


def test_the_thumbprint_is_the_one_of_the_standards_example() -> None:
    """RFC 8037, A.3."""
    assert encode(thumbprint(ED25519)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert thumbprint(dict(reversed(ED25519.items()))) == thumbprint(ED25519)


def test_an_ed25519_key_is_read_as_its_bytes() -> None:
    key = load_public(Algorithm.EDDSA, ED25519)

    assert isinstance(key, Ed25519PublicKey)
    assert encode(key.public_bytes_raw()) == ED25519["x"]
