"""Profiles of algorithms: what they need of the machine, and what is said of an old library."""

import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.trust.keys import profiles
from hub.trust.keys.profiles import SAFE_LIBSSL, needs_sm2, require_profile, sm2_library, version_order
from keys import Sm2UnavailableError

VERSIONS = [  # from the oldest to the newest, as Debian orders them
    "2.9.9",
    "3.0.0~~",
    "3.0.0~alpha1-1",
    "3.0.0~beta1-1",
    "3.0.0",
    "3.0.0-1",
    "3.0.9-1",
    "3.0.19-1~deb12u2",
    "3.0.22-1~deb12u1",
    "3.0.22-1~deb12u2",
    "3.0.22-1~deb12u10",
    "3.0.22-1",
    "3.0.22-1+b1",
    "3.0.22-1.1",
    "3.5.4-1~deb13u1",
    "1:0.1",
]


def test_debian_versions_are_ordered_as_debian_orders_them() -> None:
    for older, newer in itertools.pairwise(VERSIONS):
        assert version_order(older) < version_order(newer), (older, newer)


@pytest.mark.parametrize(("older", "newer"), list(itertools.pairwise(VERSIONS)))
def test_dpkg_agrees(older: str, newer: str) -> None:
    assert subprocess.run(["dpkg", "--compare-versions", older, "lt", newer], check=False).returncode == 0


@pytest.mark.parametrize(
    ("status", "package", "is_outdated"),
    [
        (
            "Package: libssl3\nStatus: install ok installed\nVersion: 3.0.19-1~deb12u2\n",
            "3.0.19-1~deb12u2",
            True,
        ),
        (f"Package: libssl3\nStatus: install ok installed\nVersion: {SAFE_LIBSSL}\n", SAFE_LIBSSL, False),
        ("Package: libssl3\nStatus: deinstall ok config-files\nVersion: 3.0.1-1\n", None, False),
        ("Package: libssl3-dev\nStatus: install ok installed\nVersion: 3.0.1-1\n", None, False),
        ("", None, False),
    ],
)
def test_the_package_is_read_from_the_list_of_installed_ones(
    tmp_path: Path, status: str, package: str | None, *, is_outdated: bool
) -> None:
    path = tmp_path / "status"
    path.write_text(f"Package: adduser\nStatus: install ok installed\nVersion: 3.134\n\n{status}\n")

    library = sm2_library(path)

    assert library.version.startswith("OpenSSL 3")
    assert (library.package, library.is_outdated) == (package, is_outdated)


def test_a_system_without_dpkg_says_nothing_of_packages(tmp_path: Path) -> None:
    assert sm2_library(tmp_path / "absent").package is None


@pytest.mark.parametrize(("profile", "needs"), [("international", False), ("national", True), ("dual", True)])
def test_only_the_profiles_with_sm2_are_refused_without_it(
    monkeypatch: pytest.MonkeyPatch, profile: str, *, needs: bool
) -> None:
    """Forged, since every machine of ours has a libcrypto."""

    def missing() -> Callable[..., object]:
        raise Sm2UnavailableError("no libcrypto was found")

    monkeypatch.setattr(profiles, "engine", missing)

    assert needs_sm2(profile) is needs
    if needs:
        with pytest.raises(Sm2UnavailableError, match=f"HUB_PROFILE={profile} needs SM2"):
            require_profile(profile)
    else:
        require_profile(profile)
