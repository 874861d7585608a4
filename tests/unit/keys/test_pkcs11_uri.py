"""Addresses of tokens: what is read, and what is refused and why."""

from pathlib import Path

import pytest

from keys import SourceUriError, ring_place
from keys.pkcs11_uri import read_address

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.mark.parametrize(
    "rest",
    [
        f"token=hub?module-path={MODULE}",
        f"token=hub;module-path={MODULE}",
        f"token=%68ub?module-path={MODULE}",
    ],
)
def test_the_module_may_stand_in_either_part(rest: str) -> None:
    address = read_address(rest)

    assert (address.label, address.serial, address.module) == ("hub", None, MODULE)


def test_a_token_may_be_named_by_its_serial_and_the_ring_may_lie_elsewhere(tmp_path: Path) -> None:
    uri = f"pkcs11:serial=0f%201;token=a%3bb?module-path={MODULE}&ring-folder={tmp_path}"

    address = read_address(uri.removeprefix("pkcs11:"))
    place = ring_place(uri, home=Path("/srv/hub"))

    assert (address.label, address.serial) == ("a;b", "0f 1")
    assert (place.folder, place.source) == (tmp_path, uri)


def test_a_ring_without_a_folder_of_its_own_lies_in_the_hubs_home() -> None:
    place = ring_place(f"pkcs11:token=hub?module-path={MODULE}", home=Path("/srv/hub"))

    assert place.folder == Path("/srv/hub/keys")


def test_a_folder_of_files_is_its_own_place() -> None:
    place = ring_place("file:/srv/keys", home=Path("/srv/hub"))

    assert (place.folder, place.source) == (Path("/srv/keys"), "file:")


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("", "must name the token"),
        ("token=hub", "module"),
        (f"module-path={MODULE}", "must name the token"),
        ("token=hub?module-path=libsofthsm2.so", "absolute"),
        (f"token=hub?module-path={MODULE}&ring-folder=keys", "absolute"),
        (f"token=hub;token=other?module-path={MODULE}", "twice"),
        (f"token=hub;module-path={MODULE}?module-path={MODULE}", "twice"),
        (f"token=hub;object=P1?module-path={MODULE}", "object"),
        (f"token=hub?module-path={MODULE}&pin-value=1234", "PIN"),
        (f"token=hub;pin-source=/etc/pin?module-path={MODULE}", "PIN"),
        (f"token=?module-path={MODULE}", "empty"),
        (f"token?module-path={MODULE}", "empty"),
        (f"token=hub?module-path={MODULE}&", "unknown"),
    ],
)
def test_an_address_that_is_not_exact_is_refused(rest: str, said: str) -> None:
    with pytest.raises(SourceUriError, match=said):
        read_address(rest)
