"""The table of plates in shards: it decides for whoever holds a plate, and tells nothing to anybody else."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from hub.trust.bundles.padding import MEAN_ROWS, SHARD_ROWS, bits_for, bounds, shard
from keys.jwk import P256_ORDER
from signing import Verifier, load_bundle
from signing.base32 import decode_signature, encode_signature
from signing.bundle import BundleError, BundleReason, plate_mask, plate_row, read_bundle
from signing.bundle.loading import BUNDLE_FILE, SHARDS_FOLDER
from signing.bundle.plates import MAX_SHARD_BYTES, ROW_BYTES, shard_of
from signing.offline import OfflineState, OfflineVerifier
from signing.status import Status
from tests.support.bundles import (
    SALT,
    bundle_of,
    index_of,
    plate_ids,
    plate_of,
    proofs_of,
    r_of,
    rows_of,
    shards_of,
)
from tests.support.forged_shards import judged_shards
from tests.support.forger import NOW, ORIGIN, Workshop


def folder_of(
    path: Path, document: Mapping[str, object], shards: Sequence[bytes], names: Sequence[str]
) -> Path:
    """A folder with these shards under these names."""
    (path / SHARDS_FOLDER).mkdir(parents=True)
    (path / BUNDLE_FILE).write_text(json.dumps(document), encoding="utf-8")
    for name, content in zip(names, shards, strict=True):
        (path / SHARDS_FOLDER / name).write_bytes(content)
    return path


def said(verifier: OfflineVerifier, text: str) -> str:
    try:
        reasons = verifier.verify(text, now=NOW).reasons
    except BundleError as refusal:
        return str(refusal.reason)
    return "" if reasons == ("OFFLINE_FRESH",) else reasons[0]


def test_shards_that_are_not_the_ones_named_are_refused_wherever_they_come_from(
    workshop: Workshop, tmp_path: Path
) -> None:
    text = proofs_of(workshop).plates[Status.VALID]
    for number, (name, changed, shards, reason) in enumerate(judged_shards(workshop)):
        bare = bundle_of(workshop, shards=(), **changed)
        names = read_bundle(bare).plates.shard_names()
        inside = (
            {**bare, "shards": bundle_of(workshop, shards=shards, **changed)["shards"]}
            if all(shards)
            else None
        )
        folder = folder_of(tmp_path / str(number), bare, shards, names)

        told = [said(OfflineVerifier(load_bundle(folder)), text)]
        told += [said(OfflineVerifier(read_bundle(inside)), text)] if inside else []
        told += [
            said(OfflineVerifier(read_bundle(bare, shards=dict(zip(names, shards, strict=True)).get)), text)
        ]

        assert set(told) == {reason}, name


def test_a_plate_whose_shard_is_missing_is_of_unknown_status_and_others_are_decided(
    workshop: Workshop,
) -> None:
    bare, shards, plates = bundle_of(workshop, shards=()), shards_of(workshop), proofs_of(workshop).plates
    names = read_bundle(bare).plates.shard_names()
    without = [
        OfflineVerifier(read_bundle(bare, shards={names[side]: shards[side]}.get)) for side in range(2)
    ]

    for status, text in plates.items():
        own = shard_of(plate_mask(plate_ids()[status], r_of(text)), 1)
        known, unknown = without[own].verify(text, now=NOW), without[1 - own].verify(text, now=NOW)
        assert (known.state, known.status) == (OfflineState.FRESH, status)
        assert (unknown.state, unknown.reasons) == (OfflineState.AGED, ("OFFLINE_STATUS_UNKNOWN",))
    assert said(OfflineVerifier(read_bundle(bare)), plates[Status.VALID]) == "OFFLINE_STATUS_UNKNOWN"


def test_nobody_computes_a_row_without_the_plates_text(workshop: Workshop) -> None:
    """The number under the symbol is not enough: all 2^45 could be tried."""
    plate_id = plate_ids()[Status.VALID]
    own = r_of(plate_of(workshop.ring, plate_id))
    other = r_of(workshop.plate)
    rows = b"".join(shards_of(workshop))

    assert plate_mask(plate_id, own)[:8] in rows
    for guess in (
        plate_mask(plate_id, other)[:8],
        sha256(plate_id.encode()).digest()[:8],
        plate_mask(plate_id, bytes(32))[:8],
        plate_mask(plate_ids()[Status.REVOKED], own)[:8],
    ):
        assert guess not in rows


def test_rows_tell_neither_the_list_nor_the_index_of_a_plate() -> None:
    """Equal entries under other keys have nothing in common, and the mask is no other plate's."""
    rows = {plate_row(plate_mask("7K2M9QXT4K", bytes([key] * 32)), position=0, index=7) for key in range(64)}

    assert len({row[8:] for row in rows}) == 64
    assert len({row[:8] for row in rows}) == 64


def test_the_twin_of_a_signature_is_refused_and_would_find_the_same_row(workshop: Workshop) -> None:
    """(r, n - s) verifies as ECDSA too. It is refused as a code, and only r counts for the table."""
    for text in proofs_of(workshop).plates.values():
        payload, _, written = text.rpartition(".")
        raw = decode_signature(written)
        twin = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
        malleated = f"{payload}.{encode_signature(twin)}"

        verdict = OfflineVerifier(read_bundle(bundle_of(workshop))).verify(malleated, now=NOW)

        assert (verdict.state, verdict.reasons) == (OfflineState.NOT_GENUINE, ("CODE_HIGH_S",))
        assert r_of(malleated) == r_of(text)


def test_a_verified_code_knows_the_first_half_of_its_signature(workshop: Workshop) -> None:
    text = workshop.plate

    verified = Verifier(workshop.ring.verification_keys(), origins=[ORIGIN]).verify_code(text, now=NOW)

    assert verified.r == r_of(text)
    assert len(verified.r) == 32


def test_the_size_of_a_shard_tells_nothing_and_its_filling_looks_like_rows(workshop: Workshop) -> None:
    rows = rows_of(workshop)
    few, more = (shard(rows[:count], number=0, bits=0, secret=SALT) for count in (2, 3))
    kept = {few[at : at + ROW_BYTES] for at in range(0, len(few), ROW_BYTES)}
    after = {more[at : at + ROW_BYTES] for at in range(0, len(more), ROW_BYTES)}

    assert len(few) == len(more) == SHARD_ROWS * ROW_BYTES <= MAX_SHARD_BYTES
    assert (kept - after).isdisjoint(rows)
    assert (len(kept - after), after - kept) == (1, {rows[2]})
    assert shard(rows, number=0, bits=0, secret=bytes(16)) != shard(rows, number=0, bits=0, secret=SALT)


@pytest.mark.parametrize("bits", [0, 1, 5, 12, 16])
def test_rows_stay_within_the_bounds_of_their_shard(bits: int) -> None:
    for number in {0, (1 << bits) // 2, (1 << bits) - 1}:
        content = shard((), number=number, bits=bits, secret=SALT)
        first, beyond = bounds(number, bits)
        rows = [content[at : at + ROW_BYTES] for at in range(0, len(content), ROW_BYTES)]

        assert all(first <= row and (beyond is None or row < beyond) for row in rows)
        assert {shard_of(row, bits) for row in rows} == {number}
        assert rows == sorted(set(rows))


def test_there_are_as_many_shards_as_keep_them_small() -> None:
    assert [bits_for(rows) for rows in (0, 1, MEAN_ROWS, MEAN_ROWS + 1, 400_000, 10_000_000)] == [
        0,
        0,
        0,
        1,
        7,
        12,
    ]
    assert bits_for(1, least=5) == 5
    assert MEAN_ROWS + 11 * MEAN_ROWS**0.5 < SHARD_ROWS  # chance alone never overfills one


def test_a_bundle_of_the_former_profile_says_that_it_is_of_another(workshop: Workshop) -> None:
    before = json.loads(
        (Path(__file__).parents[2] / "vectors/bundles-1/bundle.json").read_text(encoding="utf-8")
    )

    with pytest.raises(BundleError) as refusal:
        read_bundle(before)

    assert refusal.value.reason == BundleReason.BUNDLE_PROFILE
    assert index_of(shards_of(workshop)).shards == 2
