"""A ring that was stopped or silenced verifies as before and signs nothing; the ring it came from goes on."""

import pytest

from keys import KeyRing
from keys.errors import NoActiveKeyError, RingOlderError, SignerAwayError
from keys.messages import Message
from keys.model import Algorithm, Purpose


def test_a_stopped_ring_signs_for_nobody_and_says_why(ring: KeyRing) -> None:
    stopped = ring.stopped("another ring lies there")

    assert (stopped.is_stopped, stopped.is_checked) == (True, False)
    for purpose in Purpose:
        with pytest.raises(RingOlderError, match="another ring lies there"):
            stopped.signer(purpose)
    assert stopped.jwks() == ring.jwks()
    assert stopped.infos == ring.infos


def test_a_silenced_ring_raises_what_it_was_given_and_stays_checked(ring: KeyRing) -> None:
    silenced = ring.silenced(SignerAwayError("the token is out"))

    assert (silenced.is_stopped, silenced.is_checked) == (True, True)
    with pytest.raises(SignerAwayError, match="the token is out"):
        silenced.signer(Purpose.CREDENTIAL)


def test_the_ring_that_was_copied_goes_on_signing(ring: KeyRing) -> None:
    ring.stopped("another")
    ring.silenced(SignerAwayError("out"))

    assert (ring.is_stopped, ring.is_checked) == (False, True)
    assert ring.signer(Purpose.CREDENTIAL).sign(b"message")


def test_a_purpose_is_signed_by_no_other_algorithm_than_the_one_named(ring: KeyRing) -> None:
    with pytest.raises(NoActiveKeyError, match="hub keys generate credential --at-once"):
        ring.signer(Purpose.CREDENTIAL, Algorithm.SM2)


def test_a_ring_read_again_knows_the_same_keys(ring: KeyRing) -> None:
    assert ring.read_again().infos == ring.infos


@pytest.mark.parametrize(("zh", "en"), [("", "said"), ("说了", ""), ("", "")])
def test_a_message_is_empty_in_neither_language(zh: str, en: str) -> None:
    with pytest.raises(ValueError, match="both languages"):
        Message(zh, en)
