"""Every refusal about keys has a reason of its own and is said in both languages; a missing driver is one of them."""

import re
import sys
from pathlib import Path

import pytest

from keys import KeyRing, KeysError, SourceNotSupportedError, UnknownProfileError, profile_algorithms
from keys.sm2 import VECTOR_POINT, Sm2KeyCurveError, Sm2KeyLengthError, Sm2KeyRangeError, Sm2PublicKey
from tests.unit.keys.conftest import MADE_AT, PASSPHRASE


def leaves(kind: type[KeysError] = KeysError) -> list[type[KeysError]]:
    children = kind.__subclasses__()
    return [leaf for child in children for leaf in leaves(child)] if children else [kind]


def test_every_refusal_has_its_own_reason_and_both_sentences() -> None:
    found = leaves()

    assert len(found) > 25
    assert len({leaf.reason for leaf in found}) == len(found)
    for leaf in found:
        assert re.fullmatch(r"KEYS_[A-Z0-9_]+", leaf.reason)
        assert re.search(r"[\u4e00-\u9fff]", leaf.zh)
        assert leaf.zh.endswith("。")
        assert leaf.en.endswith(".")
        assert leaf.__doc__


def test_a_token_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("keys.pkcs11_source", "keys.pkcs11_device"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(
        sys.modules, "pkcs11", None
    )  # as where the extra is not installed: it is here, for other tests

    with pytest.raises(SourceNotSupportedError, match=r"yizhao-hub\[pkcs11\]"):
        KeyRing.create(
            tmp_path / "keys", PASSPHRASE, now=MADE_AT, source="pkcs11:token=hub?module-path=/usr/lib/x.so"
        )


def test_an_unknown_profile_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownProfileError, match="'imperial'; known are international, national, dual"):
        profile_algorithms("imperial")


def test_coordinates_that_are_no_sm2_key_are_refused_each_for_its_own_reason() -> None:
    good = VECTOR_POINT[:32], VECTOR_POINT[32:]

    with pytest.raises(Sm2KeyLengthError):
        Sm2PublicKey.from_bytes(VECTOR_POINT[1:])
    with pytest.raises(Sm2KeyRangeError):
        Sm2PublicKey.from_bytes(b"\xff" * 32 + good[1])
    with pytest.raises(Sm2KeyCurveError):
        Sm2PublicKey.from_bytes(good[1] + good[0])
