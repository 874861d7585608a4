"""An offline bundle is believed by its root key or refused for its reason."""

import json
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from keys import Purpose
from signing import Reason, SigningError, TokenError, load_bundle
from signing.bundle import (
    BUNDLE_SENTENCES,
    Bundle,
    BundleError,
    BundleReason,
    District,
    OfflineReason,
    read_bundle,
    sign_bundle,
)
from signing.bundle.district import MAX_DISTRICT_BYTES
from signing.bundle.loading import MAX_FILE_BYTES
from signing.status import Status, StatusList, sign_status_list
from signing.strict_json import encode_base64url
from tests.support.bundles import (
    INDEX,
    LIST,
    MADE,
    bundle_of,
    contents_of,
    district,
    plate_ids,
    plate_of,
    r_of,
    row_of,
    whole_of,
)
from tests.support.forged_bundles import REFUSED, of_another_purpose
from tests.support.forger import NOW, ORIGIN, Workshop, uscc


def test_a_genuine_bundle_gives_what_was_put_into_it(workshop: Workshop) -> None:
    bundle = read_bundle(bundle_of(workshop), now=NOW)

    assert (bundle.issuer, bundle.version, bundle.issued_at) == (ORIGIN, 1000, MADE)
    assert bundle.expires_at == MADE + timedelta(hours=24)
    assert {key.kid for key in bundle.keys} == {key.kid for key in workshop.ring.verification_keys()}
    assert bundle.revoked == {"receipt-2026-9-deadbeef": MADE - timedelta(days=2)}
    assert {status: status_of(workshop, bundle, plate_id) for status, plate_id in plate_ids().items()} == {
        status: (status, MADE) for status in Status
    }
    assert bundle.plate_status("ZZZZZZZZZZ", bytes(32)) is None
    assert bundle.list_status(LIST, INDEX[Status.REVOKED]) == (Status.REVOKED, MADE)
    assert bundle.list_status(LIST + "0", 1) is None
    assert bundle.list_status(LIST, 1 << 20) is None
    assert bundle.checkpoint is not None
    assert bundle.checkpoint.size == 11
    assert bundle.district == district()
    assert bundle.enterprise(uscc("TEXT1")) == district().enterprises[uscc("TEXT1")]
    assert bundle.enterprise(uscc("TEXT2")) is None


def test_a_bundle_without_log_and_district_is_a_bundle(workshop: Workshop) -> None:
    bundle = read_bundle(
        bundle_of(workshop, checkpoint=None, district=None, statuses=(), plates=whole_of([]), revoked={})
    )

    assert (bundle.checkpoint, bundle.district, dict(bundle.statuses)) == (None, None, {})
    assert bundle.enterprise(uscc("TEXT1")) is None


def test_a_bundle_is_read_from_a_file_by_its_pinned_root(workshop: Workshop, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    document = bundle_of(workshop)
    path.write_text(json.dumps(document), encoding="utf-8")

    first = load_bundle(path)

    assert load_bundle(str(path), root=first.root).root == first.root
    assert load_bundle(path, root=workshop.signer(Purpose.BUNDLE).info.jwk()).version == first.version
    assert load_bundle(path, first.root, at_least=1000, now=NOW).version == 1000


@pytest.mark.parametrize("name", REFUSED)
def test_a_bundle_that_is_not_ours_is_refused_for_its_reason(workshop: Workshop, name: str) -> None:
    forge, reason = REFUSED[name]
    root = read_bundle(bundle_of(workshop)).root

    assert _refusal(lambda: read_bundle(forge(workshop), root, at_least=1000)) == reason


def test_every_reason_for_which_a_bundle_is_refused_has_a_test() -> None:
    elsewhere = {BundleReason.BUNDLE_NOT_YET, BundleReason.BUNDLE_EXPIRED}

    assert (
        set(BundleReason)
        == {reason for _, reason in REFUSED.values() if reason in set(BundleReason)} | elsewhere
    )


def test_a_bundle_with_a_root_of_another_purpose_is_refused(workshop: Workshop) -> None:
    assert _refusal(lambda: read_bundle(of_another_purpose(workshop))) == Reason.TOKEN_KEY_UNKNOWN
    renamed = {
        **workshop.signer(Purpose.LOG).info.jwk(),
        "kid": workshop.signer(Purpose.BUNDLE).kid,
    }
    assert _refusal(lambda: read_bundle({**bundle_of(workshop), "root": renamed})) == Reason.TOKEN_KEY_PURPOSE


def test_whoever_trusts_the_first_file_trusts_a_foreign_one_too(workshop: Workshop) -> None:
    """What the documents warn of: without a pinned root, a bundle proves only that it is whole."""
    foreign = sign_bundle(
        contents_of(workshop, statuses=(), plates=whole_of([]), checkpoint=None),
        signer=workshop.foreign.signer(Purpose.BUNDLE),
        now=MADE,
    )

    assert read_bundle(foreign).root != read_bundle(bundle_of(workshop)).root


def test_a_bundle_is_not_used_before_and_after_its_time(workshop: Workshop) -> None:
    document = bundle_of(workshop)

    for moment, reason in (
        (MADE - timedelta(seconds=6), BundleReason.BUNDLE_NOT_YET),
        (MADE + timedelta(hours=24), BundleReason.BUNDLE_EXPIRED),
    ):
        assert _refusal(lambda now=moment: read_bundle(document, now=now)) == reason  # type: ignore[misc]  # a default
    assert read_bundle(document, now=MADE - timedelta(seconds=5))
    assert read_bundle(document, now=MADE + timedelta(hours=24, seconds=-1))


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"

    for content in (b"", b"[]", b"\xff", b'{"bundle":"a","bundle":"b"}', b" " * (MAX_FILE_BYTES + 1)):
        path.write_bytes(content)
        assert _refusal(lambda: load_bundle(path)) == BundleReason.BUNDLE_FORM
    with pytest.raises(FileNotFoundError):
        load_bundle(tmp_path / "absent.json")


def test_a_pinned_root_that_is_no_key_is_said_to_be_none(workshop: Workshop) -> None:
    document = bundle_of(workshop)

    assert _refusal(lambda: read_bundle(document, {"kty": "OKP"})) == BundleReason.BUNDLE_ROOT_FORM
    assert _refusal(lambda: read_bundle(document, "A" * 43)) == BundleReason.BUNDLE_ROOT


def test_a_district_that_inflates_beyond_the_cap_is_refused() -> None:
    bomb = {"region": "330802", "zip": _bomb()}

    assert District.read(District.of("330802", []).written()).enterprises == {}
    assert _refusal(lambda: District.read(bomb)) == BundleReason.BUNDLE_DISTRICT


def test_of_two_plates_with_one_name_the_worse_status_counts(workshop: Workshop) -> None:
    plate_id = plate_ids()[Status.VALID]
    rows = [row_of(workshop, plate_id, INDEX[status]) for status in (Status.VALID, Status.SUSPENDED)]
    bundle = read_bundle(bundle_of(workshop, plates=whole_of(rows)))

    assert status_of(workshop, bundle, plate_id) == (Status.SUSPENDED, MADE)


def status_of(shop: Workshop, bundle: Bundle, plate_id: str) -> object:
    return bundle.plate_status(plate_id, r_of(plate_of(shop.ring, plate_id)))


def test_an_entry_of_a_list_with_values_that_are_not_ours_is_one_to_ask_about(workshop: Workshop) -> None:
    token = sign_status_list(
        StatusList.of([(1, 9)], bits=4), uri=LIST, signer=workshop.signer(Purpose.STATUS), now=MADE
    )

    assert read_bundle(bundle_of(workshop, statuses=(token,), plates=whole_of([]))).list_status(LIST, 1) == (
        Status.CHANGED,
        MADE,
    )


def test_every_reason_has_both_sentences() -> None:
    for reason in (*BundleReason, *OfflineReason):
        sentence = BUNDLE_SENTENCES[reason]
        assert sentence.zh.endswith("。")
        assert sentence.en.endswith(".")
    leaves = {leaf.reason for leaf in BundleError.__subclasses__()}
    assert leaves == set(BundleReason)
    assert not issubclass(BundleError, TokenError)


def _bomb() -> str:
    return encode_base64url(zlib.compress(b'{"enterprises":"' + b"a" * MAX_DISTRICT_BYTES + b'"}'))


def _refusal(read: Callable[[], object]) -> str:
    with pytest.raises(SigningError) as refusal:
        read()
    assert refusal.value.message.zh
    return str(refusal.value.reason)
