"""Which RSA keys of authenticators are taken: such as a real device makes, and no weaker ones."""

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from hub.access.cose import check_key
from hub.access.errors import PasskeyUnfitError

MODULUS = generate_private_key(65537, 2048).public_key().public_numbers().n


def rsa(*, algorithm: int = -257, modulus: int = MODULUS, exponent: int = 65537) -> bytes:
    length = (modulus.bit_length() + 7) // 8
    return cbor2.dumps({1: 3, 3: algorithm, -1: modulus.to_bytes(length), -2: exponent.to_bytes(5)})


@pytest.mark.parametrize("exponent", [3, 65537, 65541, 2**32 - 1])
def test_a_key_as_devices_make_it_is_taken(exponent: int) -> None:
    check_key(rsa(exponent=exponent))


@pytest.mark.parametrize("exponent", [0, 1, 2, 65536, 65540, 2**32, 2**32 + 1])
def test_an_exponent_that_no_device_has_is_refused(exponent: int) -> None:
    with pytest.raises(PasskeyUnfitError):
        check_key(rsa(exponent=exponent))


@pytest.mark.parametrize("algorithm", [-256, -258, -259, -37, -7])
def test_another_algorithm_with_an_rsa_key_is_refused(algorithm: int) -> None:
    with pytest.raises(PasskeyUnfitError):
        check_key(rsa(algorithm=algorithm))


@pytest.mark.parametrize(
    "modulus", [1, MODULUS - 1, MODULUS >> 1 | 1, MODULUS << 2049 | 1], ids=["one", "even", "short", "long"]
)
def test_a_modulus_that_is_even_too_short_or_too_long_is_refused(modulus: int) -> None:
    with pytest.raises(PasskeyUnfitError):
        check_key(rsa(modulus=modulus))
