"""The table of algorithms: each row verifies what its keys sign, and takes no other key."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from keys import Algorithm, PublicKey, Purpose
from keys.jwk import P256_ORDER
from keys.sm2 import Sm2PrivateKey
from signing.algorithms import ALGORITHMS
from tests.support.forger import Workshop

PURPOSES = {Algorithm.ES256: Purpose.STATUS, Algorithm.EDDSA: Purpose.LOG}


@dataclass(frozen=True)
class Pair:
    """A key pair of one algorithm at work."""

    public_key: PublicKey
    sign: Callable[[bytes], bytes]


def pair(workshop: Workshop, algorithm: Algorithm) -> Pair:
    if algorithm is Algorithm.SM2:
        private = Sm2PrivateKey.generate()
        return Pair(private.public_key, private.sign)
    signer = workshop.signer(PURPOSES[algorithm])
    return Pair(signer.public_key, signer.sign)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_row_verifies_what_its_key_signed_and_nothing_else(
    workshop: Workshop, algorithm: Algorithm
) -> None:
    signer = pair(workshop, algorithm)
    verify = ALGORITHMS[algorithm].bind(signer.public_key)
    signature = signer.sign(b"message")

    assert verify(b"message", signature)
    assert not verify(b"other", signature)
    assert not verify(b"message", signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not verify(b"message", bytes(64))
    assert not verify(b"message", b"\xff" * 64)
    assert not ALGORITHMS[algorithm].is_twin(signature)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_row_takes_no_key_of_another_kind(workshop: Workshop, algorithm: Algorithm) -> None:
    for other in set(Algorithm) - {algorithm}:
        with pytest.raises(TypeError, match="needs"):
            ALGORITHMS[algorithm].bind(pair(workshop, other).public_key)


def test_the_twin_of_an_es256_signature_is_recognised(workshop: Workshop) -> None:
    signature = workshop.signer(Purpose.STATUS).sign(b"message")
    high = P256_ORDER - int.from_bytes(signature[32:], "big")

    assert ALGORITHMS[Algorithm.ES256].is_twin(signature[:32] + high.to_bytes(32, "big"))
