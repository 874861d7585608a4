"""Reading a bundle: from a file or its content, believed by its root key or refused. Nothing here reads a clock."""

from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from keys import KeySet, MalformedKeySetError
from keys.jwk import SHAPES, encode, thumbprint
from signing.bundle import errors
from signing.bundle.contents import MAX_LIFETIME, MAX_VERSION, PROFILE, Bundle
from signing.bundle.district import District
from signing.bundle.plates import MAX_SHARD_BYTES, PlateTable, ShardSource
from signing.jws import MAX_BUNDLE_CHARS, MAX_SECONDS
from signing.log import Checkpoint, LogError, open_checkpoint
from signing.status import StatusError, VerifiedStatusList, verify_status_list
from signing.strict_json import NotCanonicalError, decode_base64url, read_object
from signing.token_errors import TokenError
from signing.verified_token import TokenKind, VerifiedToken
from signing.verifier import Verifier

SHARDS_CHARS = 512 * 1024  # six shards that travel in the document itself
MAX_FILE_BYTES = MAX_BUNDLE_CHARS + SHARDS_CHARS + 4 * 1024  # the token, shards and one public key
BUNDLE_FILE, SHARDS_FOLDER = "bundle.json", "shards"  # what a folder has that is carried along
END_OF_TIME = datetime.fromtimestamp(MAX_SECONDS, UTC)  # when every root has begun

Root = str | Mapping[str, object]
"""What is pinned: the thumbprint of the root key, or the key itself as a JWK."""


def load_bundle(
    path: str | Path, root: Root | None = None, *, at_least: int = 0, now: datetime | None = None
) -> Bundle:
    """Return the bundle in a file, or in a folder with its shards, believed.

    `root` None trusts the key that came with the file: right for the first one, got from the hub itself over https;
    keep `bundle.root` and pin it from then on, or anybody's bundle will do. `at_least` is the highest version seen
    before. `now` checks at once whether it may be used now; verdicts check it anyway.

    Raises: OSError, BundleError leaves, TokenError leaves (TOKEN_SIGNATURE: altered).
    """
    place = Path(path)
    is_folder = place.is_dir()
    with (place / BUNDLE_FILE if is_folder else place).open("rb") as file:
        raw = file.read(MAX_FILE_BYTES + 1)
    if len(raw) > MAX_FILE_BYTES:
        raise errors.BundleFormError
    try:
        document = read_object(raw.removeprefix(BOM_UTF8))  # an editor's mark, no part of the document
    except NotCanonicalError as error:
        raise errors.BundleFormError from error
    shards = shards_in(place / SHARDS_FOLDER) if is_folder else None
    return read_bundle(document, root, at_least=at_least, now=now, shards=shards)


def shards_in(folder: Path) -> ShardSource:
    """Return the shards of a folder, each in a file that is named by its digest. What is too long is handed over as it is."""

    def read(digest: str) -> bytes | None:
        try:
            with (folder / digest).open("rb") as file:
                return file.read(MAX_SHARD_BYTES + 1)
        except FileNotFoundError:
            return None

    return read


def read_bundle(
    document: Mapping[str, object],
    root: Root | None = None,
    *,
    at_least: int = 0,
    now: datetime | None = None,
    shards: ShardSource | None = None,
) -> Bundle:
    """Return the bundle of a document as `GET /api/v1/bundle` answers it. The steps are those of docs/profiles/bundle.md.

    `shards` brings the shards of its table of plates where the document has none; a plate whose shard is not at hand
    is of unknown status.

    Raises: as `load_bundle`, but OSError.
    """
    token, offered = document.get("bundle"), document.get("root")  # step 1
    if not isinstance(token, str) or not isinstance(offered, Mapping):
        raise errors.BundleFormError
    roots, print_ = _root(offered, root)  # steps 2, 3
    believed = Verifier(roots).verify_token(token, kind=TokenKind.BUNDLE, now=_own_time(token))  # step 4
    bundle = _read(believed, print_, at_least=at_least, source=_source(document, shards))  # steps 5-12
    if now is not None:
        bundle.require_current(now)
    return bundle


def _root(offered: Mapping[str, object], pinned: Root | None) -> tuple[KeySet, str]:
    """The root key as a key set of one, and its thumbprint."""
    try:
        roots = KeySet.from_jwks({"keys": [offered]})
    except MalformedKeySetError as error:
        raise errors.BundleRootFormError from error
    (key,) = roots
    print_ = encode(thumbprint(key.info.public_jwk))
    if pinned is not None and print_ != (pinned if isinstance(pinned, str) else _thumbprint(pinned)):
        raise errors.BundleRootError
    return roots, print_


def _thumbprint(jwk: Mapping[str, object]) -> str:
    """Of a pinned key, which a caller wrote. Raises: BundleRootFormError."""
    for shape in SHAPES.values():
        names = (*shape.fixed, *shape.coordinates)
        members = {name: value for name in names if isinstance(value := jwk.get(name), str)}
        if members.items() >= shape.fixed.items() and len(members) == len(names):
            return encode(thumbprint(members))
    raise errors.BundleRootFormError


def _own_time(token: str) -> datetime:
    """The time that an unverified token says it was made at: a bundle is believed as of then."""
    try:
        claims = read_object(decode_base64url(token.split(".")[1])) if token.count(".") else {}
    except NotCanonicalError:
        return END_OF_TIME  # the verifier refuses it with its reason
    issued = claims.get("iat")
    if type(issued) is not int or not 0 <= issued <= MAX_SECONDS:
        return END_OF_TIME
    return datetime.fromtimestamp(issued, UTC)


def _source(
    document: Mapping[str, object], outside: ShardSource | None
) -> Callable[[tuple[str, ...]], ShardSource]:
    """Where the shards of these names come from: the document's own ones stand in their order.

    Raises: BundleFormError; what is made raises BundleShardError for another number of shards.
    """
    texts = document.get("shards")
    if texts is None:
        return lambda _names: outside or (lambda _digest: None)
    if not isinstance(texts, list):
        raise errors.BundleFormError
    try:
        contents = [decode_base64url(text if isinstance(text, str) else "") for text in texts]
    except NotCanonicalError as error:
        raise errors.BundleFormError from error

    def own(names: tuple[str, ...]) -> ShardSource:
        if len(names) != len(contents):
            raise errors.BundleShardError
        return dict(zip(names, contents, strict=True)).get

    return own


def _read(
    believed: VerifiedToken, print_: str, *, at_least: int, source: Callable[[tuple[str, ...]], ShardSource]
) -> Bundle:
    claims = believed.claims
    if type(claims.get("profile")) is not int or claims["profile"] != PROFILE:  # step 5
        raise errors.BundleProfileError
    issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))  # step 6
    version, issuer = claims.get("version"), claims.get("iss")
    if not isinstance(issuer, str) or type(version) is not int or not 0 < version <= MAX_VERSION:
        raise errors.BundleClaimError
    if not issued < expires <= issued + MAX_LIFETIME:
        raise errors.BundleClaimError
    if version < at_least:  # step 7
        raise errors.BundleRolledBackError
    keys = _keys(claims)  # step 8
    statuses = _statuses(claims, keys, issued)  # step 9
    plates = PlateTable.read(claims.get("plates"), lambda _digest: None)  # step 10
    return Bundle(
        issuer=issuer,
        version=version,
        issued_at=issued,
        expires_at=expires,
        root=print_,
        keys=keys,
        revoked=_revoked(claims),
        statuses=statuses,
        plates=replace(plates, source=source(plates.shard_names())),
        checkpoint=_checkpoint(claims, keys, issued),  # step 11
        district=District.read(claims["district"]) if "district" in claims else None,  # step 12
    )


def _keys(claims: Mapping[str, object]) -> KeySet:
    try:
        return KeySet.from_jwks({"keys": claims.get("keys")})
    except MalformedKeySetError as error:
        raise errors.BundleKeysError from error


def _revoked(claims: Mapping[str, object]) -> Mapping[str, datetime]:
    listed = claims.get("revoked")
    if not isinstance(listed, list):
        raise errors.BundleKeysError
    found: dict[str, datetime] = {}
    for entry in listed:
        match entry:
            case {"kid": str(kid), "revoked_at": seconds}:
                found[kid] = _moment(seconds)
            case _:
                raise errors.BundleKeysError
    return found


def _statuses(
    claims: Mapping[str, object], keys: KeySet, issued: datetime
) -> Mapping[str, VerifiedStatusList]:
    """Lists by their own address, each believed as of the bundle's time."""
    tokens, verifier = claims.get("statuses"), Verifier(keys)
    if not isinstance(tokens, list):
        raise errors.BundleStatusError
    found: dict[str, VerifiedStatusList] = {}
    for token in tokens:
        try:
            held = verify_status_list(token, uri=_subject(token), verifier=verifier, now=issued)
        except (StatusError, TokenError) as error:
            raise errors.BundleStatusError from error
        if held.uri in found:
            raise errors.BundleStatusError
        found[held.uri] = held
    return found


def _subject(token: object) -> str:
    """The address that an unverified list names as its own; there is no other to compare it with here."""
    try:
        subject = read_object(decode_base64url(str(token).split(".")[1])).get("sub")
    except (NotCanonicalError, IndexError):
        return ""
    return subject if isinstance(subject, str) else ""


def _checkpoint(claims: Mapping[str, object], keys: KeySet, issued: datetime) -> Checkpoint | None:
    if "log" not in claims:
        return None
    match claims["log"]:
        case {"origin": str(origin), "checkpoint": str(note)}:
            try:
                return open_checkpoint(note, keys=keys, origin=origin, now=issued)
            except LogError as error:
                raise errors.BundleCheckpointError from error
    raise errors.BundleCheckpointError


def _moment(value: object) -> datetime:
    if type(value) is not int or not 0 <= value <= MAX_SECONDS:
        raise errors.BundleClaimError
    return datetime.fromtimestamp(value, UTC)
