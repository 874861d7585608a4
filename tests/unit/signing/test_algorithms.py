"""The table of algorithms: each row verifies what its keys sign, and takes no other key."""

import pytest

from keys import Algorithm, Purpose
from keys.jwk import P256_ORDER
from signing.algorithms import ALGORITHMS
from tests.support.forger import Workshop

PURPOSES = {Algorithm.ES256: Purpose.STATUS, Algorithm.EDDSA: Purpose.LOG}


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_row_verifies_what_its_key_signed_and_nothing_else(
    workshop: Workshop, algorithm: Algorithm
) -> None:
    signer = workshop.signer(PURPOSES[algorithm])
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
    other = next(purpose for kind, purpose in PURPOSES.items() if kind is not algorithm)

    with pytest.raises(TypeError, match="needs"):
        ALGORITHMS[algorithm].bind(workshop.signer(other).public_key)


def test_the_twin_of_an_es256_signature_is_recognised(workshop: Workshop) -> None:
    signature = workshop.signer(Purpose.STATUS).sign(b"message")
    high = P256_ORDER - int.from_bytes(signature[32:], "big")

    assert ALGORITHMS[Algorithm.ES256].is_twin(signature[:32] + high.to_bytes(32, "big"))
