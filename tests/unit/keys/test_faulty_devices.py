"""What a token or a library says that no real one of ours can be brought to say: made up here, refused there."""

from types import SimpleNamespace
from typing import Any

import pytest
from pkcs11 import Attribute, KeyType, Mechanism

from keys.errors import AlgorithmNotSupportedError, KeyFileDamagedError, RingDamagedError, Sm2UnavailableError
from keys.libcrypto import Libcrypto, LibcryptoError, load
from keys.model import Algorithm
from keys.pkcs11_source import TOKEN_ALGORITHMS, Pkcs11KeySource, _generate, _public_half, _require
from keys.ring_entries import act_of, info_of


def library(**functions: object) -> Libcrypto:
    """A libcrypto of which only these functions exist."""
    real = load()
    made = Libcrypto.__new__(Libcrypto)
    made._c = SimpleNamespace(  # type: ignore[assignment]  # a library that fails is not to be had otherwise
        OpenSSL_version=real._c.OpenSSL_version,
        ERR_get_error=lambda: 0,
        ERR_error_string_n=lambda *_: None,
        **functions,
    )
    return made


def test_a_library_without_the_functions_is_too_old() -> None:
    with pytest.raises(Sm2UnavailableError, match="too old"):
        Libcrypto(SimpleNamespace())  # type: ignore[arg-type]  # as above


def test_a_library_out_of_memory_is_told() -> None:
    with pytest.raises(LibcryptoError, match="EVP_MD_CTX_new"):
        library(EVP_MD_CTX_new=lambda: None)._digest_context()


def test_a_library_without_sm2_is_told() -> None:
    with pytest.raises(Sm2UnavailableError, match="offers no SM2"):
        library(EVP_PKEY_CTX_new_from_name=lambda *_: None).generate()


def test_a_library_that_makes_nothing_is_told() -> None:
    with pytest.raises(LibcryptoError, match="no key was made"):
        library()._own(SimpleNamespace(value=None))  # type: ignore[arg-type]  # a null pointer


class Key(dict[Attribute, Any]):
    key_type = KeyType.RSA


class Session(SimpleNamespace):
    """Says what it was told to say."""

    destroyed = 0

    def get_key(self, **_wanted: object) -> Key:
        return Key()

    def get_objects(self, _wanted: object) -> list[Any]:
        return [SimpleNamespace(destroy=self._gone)]

    def _gone(self) -> None:
        self.destroyed += 1

    def create_domain_parameters(self, *_: object, **__: object) -> "Session":
        return self

    def generate_keypair(self, **_: object) -> tuple[Key, Key]:
        return Key(), Key({Attribute.EXTRACTABLE: True, Attribute.SENSITIVE: True})


def test_a_key_of_another_kind_in_the_token_is_not_used() -> None:
    with pytest.raises(KeyFileDamagedError, match="of a kind"):
        _public_half(Session(), "P1")  # type: ignore[arg-type]  # a session that says so


def test_a_token_without_the_mechanism_is_refused() -> None:
    slot = SimpleNamespace(get_mechanisms=lambda: {Mechanism.ECDSA})

    with pytest.raises(AlgorithmNotSupportedError, match="EDDSA"):
        _require(Session(token=SimpleNamespace(slot=slot)), Mechanism.ECDSA, Mechanism.EDDSA)  # type: ignore[arg-type]  # as above


def test_a_token_whose_keys_can_be_taken_out_keeps_none() -> None:
    row = TOKEN_ALGORITHMS[Algorithm.ES256]
    mechanisms = {row.generation, row.signing}
    session = Session(token=SimpleNamespace(slot=SimpleNamespace(get_mechanisms=lambda: mechanisms)))

    with pytest.raises(AlgorithmNotSupportedError, match="taken out"):
        _generate(session, lambda _jwk: "P1", row, Algorithm.ES256)  # type: ignore[arg-type]  # as above
    assert session.destroyed > 0


def test_a_public_half_off_its_curve_is_refused() -> None:
    source = Pkcs11KeySource.__new__(Pkcs11KeySource)
    source._device = SimpleNamespace(run=lambda _work: (Algorithm.ES256, b"\x04" + bytes(64)))  # type: ignore[assignment]  # as above

    with pytest.raises(KeyFileDamagedError, match="not a point"):
        source.signer("P1")


@pytest.mark.parametrize("entry", [{}, {"at": "yesterday"}, {"at": None}])
def test_a_ring_entry_that_is_none_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(RingDamagedError):
        act_of(entry)
    with pytest.raises(RingDamagedError):
        info_of(entry)
