"""Verdicts from an offline bundle: no database, no keys, no settings, no network."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hub.cli.verdict_codes import exit_code_of
from hub.kernel.outcomes import Outcome
from keys.jwk import encode, thumbprint
from keys.model import Algorithm, Purpose
from signing.bundle import Bundle, BundleReason, load_bundle
from signing.bundle.errors import BundleRolledBackError, BundleRootError
from signing.offline import OfflineState, OfflineVerdict, OfflineVerifier

PUBLIC = ""  # where a county has its division code
MEMORY_MODE = 0o600
_ADVICE: Mapping[BundleReason, str] = {
    BundleReason.BUNDLE_ROOT: "if the hub announced a new root key, name it with --root. 如根公钥确已更换，请用 --root 指明。",
}


@dataclass(frozen=True, slots=True)
class VerificationDemands:
    """What is required besides a good signature: its algorithm, and for whom a holder signed (both or neither)."""

    algorithms: frozenset[Algorithm] | None = None
    audience: str | None = None
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class BelievedVersions:
    """What this machine last believed of an issuer: the highest version, of the public bundle and of each county's; the roots."""

    versions: Mapping[str, int]
    roots: frozenset[str]


class BelievedFile:
    """A small file: whoever was believed once is held to it. A lost or damaged file is as none: nothing was believed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, issuer: str) -> BelievedVersions | None:
        match self._read().get(issuer):
            case {"version": int(version), "roots": list(roots), **others}:
                counties = others.get("counties")
                told = counties.items() if isinstance(counties, dict) else ()
                known = {str(region): each for region, each in told if type(each) is int}
                return BelievedVersions({**known, PUBLIC: version}, frozenset(str(root) for root in roots))
        return None

    def keep(self, bundle: Bundle) -> None:
        """Raises: OSError."""
        before = self.recall(bundle.issuer)
        versions = {PUBLIC: 0, **(before.versions if before else {}), _of(bundle): bundle.version}
        counties = {region: version for region, version in versions.items() if region != PUBLIC}
        told = {"version": versions[PUBLIC], "counties": counties, "roots": sorted(_roots(bundle))}
        known = {**self._read(), bundle.issuer: told}
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._path.with_name(f".{self._path.name}.new")
        beside.touch(mode=MEMORY_MODE)
        beside.write_text(json.dumps(known), encoding="utf-8")
        beside.replace(self._path)

    def _read(self) -> dict[str, object]:
        try:
            known = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def open_bundle(path: Path, *, root: str | None, memory: BelievedFile, now: datetime) -> Bundle:
    """Return the bundle in a file, held to what was believed before. Without `root` the first one is trusted.

    Raises: OSError, BundleError and TokenError leaves.
    """
    bundle = load_bundle(path, root, now=now)
    before = memory.recall(bundle.issuer)
    if before is not None:
        if root is None and bundle.root not in before.roots:
            raise BundleRootError(f"{BundleRootError().message.en} {_ADVICE[BundleReason.BUNDLE_ROOT]}")
        if bundle.version < before.versions.get(_of(bundle), 0):
            raise BundleRolledBackError
    if (
        before is None
        or bundle.version > before.versions.get(_of(bundle), 0)
        or bundle.root not in before.roots
    ):
        memory.keep(bundle)
    return bundle


def _of(bundle: Bundle) -> str:
    """The public bundle and each county's have versions of their own (docs/profiles/bundle.md)."""
    return PUBLIC if bundle.district is None else bundle.district.region


def judge(
    texts: Sequence[str], bundle: Bundle, demands: VerificationDemands, *, now: datetime
) -> list[OfflineVerdict]:
    """Verdicts in the order of the texts."""
    verifier = OfflineVerifier(bundle, algorithms=demands.algorithms)
    asked = {"audience": demands.audience, "nonce": demands.nonce}
    return [verifier.verify(text, now=now, **asked) for text in texts]


def exit_code(verdicts: Sequence[OfflineVerdict]) -> int:
    """Of several, the gravest."""
    return exit_code_of(_outcome(verdict) for verdict in verdicts)


def terminal_text(verdict: OfflineVerdict) -> str:
    """For a person at a terminal."""
    state = verdict.state.value.upper()
    lines = [f"{state}  {verdict.message.zh}  {verdict.message.en}"]
    if verdict.state is not OfflineState.NOT_GENUINE:
        lines.append(f"  {verdict.kind}  {verdict.uscc or ''}".rstrip())
    if verdict.enterprise is not None:
        lines.append(f"  {verdict.enterprise.name}  {verdict.enterprise.status}")
        lines += [f"  {each.address}" for each in verdict.enterprise.premises]
        lines += [
            f"  {each.type}  {each.number}  {each.valid_to or '长期'}  {each.colour}  {each.reason}"
            for each in verdict.enterprise.licenses
        ]
    return "\n".join(lines)


def _outcome(verdict: OfflineVerdict) -> Outcome:
    if not verdict.is_genuine:
        return Outcome.REFUSED
    return Outcome.ATTENTION if verdict.needs_attention else Outcome.VALID


def _roots(bundle: Bundle) -> set[str]:
    """The root itself and its announced successors."""
    keys = (key for key in bundle.keys if key.info.purpose is Purpose.BUNDLE)
    return {bundle.root, *(encode(thumbprint(key.info.public_jwk)) for key in keys)}
