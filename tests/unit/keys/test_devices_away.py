"""Devices that are away, libraries that say odd things, and what is asked of them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from keys import KeyRing
from keys.errors import SignerAwayError
from keys.pkcs11_device import Module
from keys.pkcs11_uri import TokenAddress
from keys.ring import WaitingSigner, _signers
from tests.unit.keys.test_faulty_devices import library


class Away:
    """A key source whose device is not there."""

    def __getattr__(self, name: str) -> object:
        raise SignerAwayError(name)


def test_keys_of_a_device_that_is_away_wait_for_it(ring: KeyRing) -> None:
    waiting = _signers(ring.infos, Away())  # type: ignore[arg-type]  # a source that is not there

    assert {info.kid for info, _ in waiting} == {info.kid for info in ring.infos}
    for info, signer in waiting:
        assert isinstance(signer, WaitingSigner)
        assert (signer.kid, signer.algorithm) == (info.kid, info.algorithm)
        with pytest.raises(SignerAwayError):
            signer.sign(b"message")


def test_an_error_text_that_is_not_ascii_is_still_reported() -> None:
    made = library()
    text_of = {"ERR_error_string_n": lambda _code, text, _size: setattr(text, "value", b"odd \xff")}
    vars(made._c).update(text_of)

    assert made._drain() == "odd \ufffd"


@pytest.mark.parametrize(
    ("serial", "asked"), [(None, None), ("0f1", b"0f1"), ("0f\u00e91", b"0f?1")], ids=ascii
)
def test_a_token_is_asked_for_by_the_bytes_of_its_serial(serial: str | None, asked: bytes | None) -> None:
    module = Module.__new__(Module)
    module._library = SimpleNamespace(initialized=True, get_token=lambda **wanted: wanted)
    found: Any = module.find(TokenAddress(Path("/m.so"), "hub", serial, None))

    assert found == {"token_label": "hub", "token_serial": asked}
