"""Wallets with an SM2 key: believed, and on a machine that cannot compute SM2 refused with a reason, never an error."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from keys import libcrypto, public_jwk, sm2
from keys.sm2 import Sm2PrivateKey
from signing import SigningError
from signing.sdjwt import CredentialReason, HolderKey, import_holder_key, sign_proof, verify_proof
from signing.sdjwt.binding import HolderDemand, sign_binding, verify_binding
from tests.support.forger import NOW, ORIGIN

ASKED = HolderDemand("https://bank.example", "n-0S6_WzA2Mj")
PRESENTED = "a.b.c~"


@dataclass(frozen=True)
class Sm2Wallet:
    private: Sm2PrivateKey
    key: HolderKey

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@pytest.fixture
def holder() -> Sm2Wallet:
    private = Sm2PrivateKey.generate()
    return Sm2Wallet(private, import_holder_key(public_jwk(private.public_key)))


@pytest.fixture
def take_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[str]]]:
    """Takes OpenSSL away and tells what is looked for from then on. Forged, since every machine of ours has one."""
    names: list[str] = []

    def not_found(name: str) -> ctypes.CDLL:
        names.append(name)
        raise OSError(f"{name}: cannot open shared object file")

    def take() -> list[str]:
        forget()
        monkeypatch.setattr(ctypes, "CDLL", not_found)
        return names

    yield take
    forget()


def forget() -> None:
    sm2.searched.cache_clear()
    libcrypto.load.cache_clear()


def test_an_sm2_holders_signature_is_believed(holder: Sm2Wallet) -> None:
    token = sign_binding(PRESENTED, asked=ASKED, signer=holder, now=NOW)

    assert verify_binding(token, presented=PRESENTED, holder=holder.key, asked=ASKED, now=NOW).is_for_us
    assert verify_proof(
        sign_proof(audience=ORIGIN, nonce="n", signer=holder, now=NOW), audience=ORIGIN, now=NOW
    ) == (holder.key, "n")


def test_without_sm2_a_holders_signature_is_refused_with_its_reason(
    holder: Sm2Wallet, take_away: Callable[[], list[str]]
) -> None:
    token = sign_binding(PRESENTED, asked=ASKED, signer=holder, now=NOW)
    proof = sign_proof(audience=ORIGIN, nonce="n", signer=holder, now=NOW)
    take_away()

    with pytest.raises(SigningError) as presented:
        verify_binding(token, presented=PRESENTED, holder=holder.key, asked=ASKED, now=NOW)
    with pytest.raises(SigningError) as registered:
        verify_proof(proof, audience=ORIGIN, now=NOW)

    assert presented.value.reason is CredentialReason.BINDING_ALGORITHM_NOT_ACCEPTED
    assert registered.value.reason is CredentialReason.BINDING_ALGORITHM_NOT_ACCEPTED


def test_a_machine_without_sm2_is_searched_once(
    holder: Sm2Wallet, take_away: Callable[[], list[str]]
) -> None:
    token = sign_binding(PRESENTED, asked=ASKED, signer=holder, now=NOW)
    searched_for = take_away()
    found = []
    for _ in range(3):
        with pytest.raises(SigningError):
            verify_binding(token, presented=PRESENTED, holder=holder.key, asked=ASKED, now=NOW)
        found.append(len(searched_for))

    assert found[0] > 0
    assert found == [found[0]] * 3
