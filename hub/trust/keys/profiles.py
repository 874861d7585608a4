"""Which profile of algorithms this machine can keep: the national ones need an SM2 that has proven itself."""

import re
from dataclasses import dataclass
from pathlib import Path

from keys import Algorithm, Sm2UnavailableError
from keys.policy import profile_algorithms
from keys.sm2 import engine

SAFE_LIBSSL = "3.0.22-1~deb12u2"  # SM2 signing in constant time: CVE-2026-77696, CVE-2026-54872
PACKAGES = Path("/var/lib/dpkg/status")
PACKAGE = "libssl3"

_Runs = tuple[tuple[tuple[int, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Sm2Library:
    """The library that computes SM2: what it calls itself, and the Debian package it is from, where there is one."""

    version: str
    package: str | None

    @property
    def is_outdated(self) -> bool:
        """Whether a Debian package older than the one with both repairs is installed."""
        return self.package is not None and version_order(self.package) < version_order(SAFE_LIBSSL)


def require_profile(profile: str) -> None:
    """Stop the start of a hub whose profile this machine cannot keep; every other profile goes on without SM2.

    Raises: Sm2UnavailableError.
    """
    if not needs_sm2(profile):
        return
    try:
        engine()
    except Sm2UnavailableError as error:
        raise Sm2UnavailableError(
            f"HUB_PROFILE={profile} needs SM2: {error}. Install OpenSSL 3 or use HUB_PROFILE=international"
        ) from error


def needs_sm2(profile: str) -> bool:
    """Return whether anything is signed with SM2 under a profile."""
    return any(Algorithm.SM2 in algorithms for algorithms in profile_algorithms(profile).values())


def sm2_library(packages: Path = PACKAGES) -> Sm2Library:
    """Return the library that computes SM2 on this machine.

    Raises: Sm2UnavailableError.
    """
    return Sm2Library(engine().version, _installed(packages))


def _installed(packages: Path) -> str | None:
    """The version of the package in dpkg's list; None on a system without one."""
    try:
        listed = packages.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    for paragraph in listed.split("\n\n"):
        members = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line)
        if members.get("Package") == PACKAGE and members.get("Status", "").endswith(" installed"):
            return members.get("Version")
    return None


def version_order(version: str) -> tuple[int, _Runs, _Runs]:
    """Return a key that orders Debian versions (Debian policy 5.6.12): epoch, upstream version, revision; `~` is first."""
    epoch, colon, rest = version.rpartition(":")
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
    return int(epoch) if colon else 0, _runs(upstream), _runs(revision)


def _runs(text: str) -> _Runs:
    """Words and numbers in turn; every word ends with a 0, which stands between `~` and the letters."""
    return tuple(
        ((*(_rank(character) for character in word), 0), int(number or 0))
        for word, number in re.findall(r"(\D*)(\d*)", text)
    )


def _rank(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256
