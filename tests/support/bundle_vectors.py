"""Writes the vectors of `tests/vectors/bundles`, with a key ring made for them alone and thrown away.

    python -m tests.support.bundle_vectors

What is to be said of a case is what the Python verifier says; the page's reader and the JavaScript verifier are held to it.
"""

import json
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from signing import SigningError
from signing.bundle import read_bundle
from signing.offline import OfflineVerifier
from signing.sdjwt import present
from signing.status import Status
from tests.support import credentials
from tests.support.bundles import (
    INDEX,
    MADE,
    bundle_of,
    credential,
    index_of,
    plate_ids,
    proofs_of,
    row_of,
    shards_of,
    short_status,
)
from tests.support.forged_bundles import REFUSED, under_our_root
from tests.support.forged_shards import judged_shards
from tests.support.forger import NOW, Workshop

FOLDER = Path(__file__).parents[1] / "vectors/bundles"
PROVENANCE = "Made for these vectors with a key ring generated for them alone and thrown away; judged by the Python verifier."
GENUINE = "bundle.json"
WRONG = "Signed by the right key, and wrong: "
FORGED = {
    "version-0": "version 0",
    "eight-days": "eight days",
    "no-keys": "no keys",
    "foreign-status": "foreign status",
    "half-a-row": "half a row",
    "rows-unsorted": "rows unsorted",
    "row-twice": "a row twice",
    "three-shards": "three shards",
    "log-of-another-name": "log of another name",
    "pending-log-key": "log by a key that is still pending",
    "district-not-compressed": "district not compressed",
    "profile-1": "profile 1",
    "profile-3": "profile 3",
    "plates-as-in-profile-1": "plates as in profile 1",
    "one-shard-too-few": "one shard too few",
}


@dataclass(frozen=True)
class Vector:
    """`document` None: the genuine one. `shards`: those at hand, by digest; None: those of the document."""

    about: str
    ask: str = "bundle"
    text: str | None = None
    document: Mapping[str, Any] | None = None
    now: datetime = NOW
    root: str | None = None
    at_least: int = 0
    shards: Mapping[str, bytes] | None = field(default=None)


def vectors(shop: Workshop) -> Iterator[tuple[str, Vector]]:
    """All of them by name."""
    yield from _of_the_bundle(shop)
    yield from _of_plates(shop)
    yield from _of_others(shop)
    yield from _of_ended_lists(shop)
    yield from _of_shards(shop)
    for name, forged in FORGED.items():
        yield name, Vector(f"{WRONG}{forged}.", document=REFUSED[forged][0](shop))


def _of_the_bundle(shop: Workshop) -> Iterator[tuple[str, Vector]]:
    yield "genuine", Vector("The bundle itself.")
    yield "expired", Vector("A day after it was made.", now=MADE + timedelta(days=1))
    yield "not-yet", Vector("Six seconds before it was made.", now=MADE - timedelta(seconds=6))
    yield "other-root", Vector("Another root key is pinned.", root="A" * 43)
    yield "rolled-back", Vector("A higher version has been used before.", at_least=1001)
    yield "altered", Vector("The payload was altered.", document=REFUSED["altered"][0](shop))
    yield (
        "foreign",
        Vector("Signed by another ring, under the right root key.", document=under_our_root(shop)),
    )


def _of_plates(shop: Workshop) -> Iterator[tuple[str, Vector]]:
    proofs = proofs_of(shop)
    valid = proofs.plates[Status.VALID]
    edge = MADE + timedelta(seconds=900)
    for name, text, now, about in (
        ("fresh", valid, NOW, "A plate in force, five minutes after the bundle was made."),
        ("aged", valid, NOW + timedelta(hours=7), "The same plate seven hours later."),
        ("edge-of-fresh", valid, edge, "The last second of freshness."),
        ("past-the-edge", valid, edge + timedelta(seconds=1), "One second later."),
        ("revoked", proofs.plates[Status.REVOKED], NOW, "A plate that was revoked."),
        (
            "suspended",
            proofs.plates[Status.SUSPENDED],
            NOW,
            "A plate that was suspended, in the last entry of its list.",
        ),
        (
            "changed",
            proofs.plates[Status.CHANGED],
            NOW,
            "A plate whose entry says: ask the hub; the first entry of its list.",
        ),
        ("unlisted", proofs.unlisted, NOW, "A genuine plate that is in no table."),
        ("dynamic", shop.dynamic, NOW, "A dynamic code: whether it was used, only the hub knows."),
        (
            "altered-plate",
            _renumbered(valid),
            NOW,
            "A plate of another plate's number.",
        ),
        (
            "look-alike-host",
            valid.replace("yizhao", "yizha0"),
            NOW,
            "A plate under an address that is not the issuer's.",
        ),
    ):
        yield name, Vector(about, "code", text, now=now)


def _renumbered(text: str) -> str:
    ids = plate_ids()
    return text.replace(ids[Status.VALID], ids[Status.REVOKED])


def _of_others(shop: Workshop) -> Iterator[tuple[str, Vector]]:
    proofs = proofs_of(shop)
    bound = credential(shop, INDEX[Status.VALID], holder=credentials.HOLDER.key)
    shown = present(
        bound,
        ["number"],
        signer=credentials.HOLDER,
        now=NOW,
        audience=credentials.AUDIENCE,
        nonce=credentials.NONCE,
    )
    for name, ask, text, about in (
        ("credential", "credential", proofs.credentials[Status.VALID], "A credential in force."),
        (
            "credential-revoked",
            "credential",
            proofs.credentials[Status.REVOKED],
            "A credential that was revoked.",
        ),
        (
            "holder-not-proven",
            "credential",
            bound,
            "A credential in force that is bound to a holder, who did not sign.",
        ),
        ("holder-not-asked", "credential", shown, "The same, presented to another verifier."),
        ("receipt", "receipt", proofs.receipt, "A receipt whose entry is committed to and not opened."),
        ("receipt-opened", "receipt", proofs.opened, "A receipt that shows what its entry had committed to."),
        (
            "receipt-altered",
            "receipt",
            proofs.receipt[:-1] + ("A" if proofs.receipt[-1] != "A" else "Q"),
            "The receipt with another last character.",
        ),
    ):
        yield name, Vector(about, ask, text)


def _of_ended_lists(shop: Workshop) -> Iterator[tuple[str, Vector]]:
    proofs, document = proofs_of(shop), bundle_of(shop, statuses=(short_status(shop),))
    ended = MADE + timedelta(seconds=600)
    last = ended - timedelta(seconds=1)
    for name, ask, text, now, about in (
        (
            "list-ended",
            "code",
            proofs.plates[Status.VALID],
            ended,
            "A list that has ended inside a bundle that has not: what it called valid is not known any more.",
        ),
        (
            "list-not-ended",
            "code",
            proofs.plates[Status.VALID],
            last,
            "The last second of a list that ends before its bundle.",
        ),
        (
            "list-ended-revoked",
            "code",
            proofs.plates[Status.REVOKED],
            ended,
            "That a plate was revoked stays known after its list has ended.",
        ),
        (
            "list-ended-suspended",
            "code",
            proofs.plates[Status.SUSPENDED],
            ended,
            "That a plate was suspended stays known after its list has ended.",
        ),
        (
            "list-ended-credential",
            "credential",
            proofs.credentials[Status.VALID],
            ended,
            "A credential whose list has ended: its status is not known any more.",
        ),
    ):
        yield name, Vector(about, ask, text, document=document, now=now)


def _of_shards(shop: Workshop) -> Iterator[tuple[str, Vector]]:
    text = proofs_of(shop).plates[Status.VALID]
    for name, changed, shards, _said in judged_shards(shop):
        document = bundle_of(shop, shards=(), **changed)
        names = read_bundle(document).plates.shard_names()
        if not any(word in name for word in ("long", "64")):  # of 60 KB and more
            held = dict(zip(names, shards, strict=True))
            written = "shards-" + name.replace(", ", "-").replace(" ", "-")
            yield written, Vector(f"Shards from elsewhere: {name}.", "code", text, document, shards=held)
    document = bundle_of(shop, shards=())
    yield (
        "shards-missing",
        Vector("The shard of the plate is not at hand.", "code", text, document, shards={}),
    )
    worst = shards_of(shop, [row_of(shop, plate_ids()[Status.VALID], INDEX[status]) for status in Status])
    document = bundle_of(shop, plates=index_of(worst), shards=worst)
    yield "one-name-twice", Vector("Rows with one name: the worst status counts.", "code", text, document)


def written(vector: Vector, genuine: Mapping[str, Any]) -> dict[str, Any]:
    """The file of a case."""
    document = genuine if vector.document is None else vector.document
    root = read_bundle(genuine).root
    told: dict[str, Any] = {
        "about": vector.about,
        "provenance": PROVENANCE,
        "document": GENUINE if vector.document is None else dict(document),
        "root": vector.root or root,
        "at_least": vector.at_least,
        "now": vector.now.isoformat().replace("+00:00", "Z"),
        "ask": vector.ask,
    }
    if vector.shards is not None:
        told["shards"] = {name: b64encode(content).decode() for name, content in vector.shards.items()}
    if vector.text is not None:
        told["text"] = vector.text
    return {**told, **_said(vector, document, told["root"])}


def _said(vector: Vector, document: Mapping[str, Any], root: str) -> dict[str, Any]:
    source = None if vector.shards is None else vector.shards.get
    try:
        bundle = read_bundle(document, root, at_least=vector.at_least, now=vector.now, shards=source)
        if vector.text is None:
            return {"believed": True}
        verdict = OfflineVerifier(bundle).verify(vector.text, now=vector.now)
    except SigningError as refusal:
        return {"refused": str(refusal.reason)}
    status = None if verdict.status is None else verdict.status.name.lower()
    return {"state": verdict.state.value, "reasons": list(verdict.reasons), "status": status}


def main() -> None:
    """Write all files anew."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop.open(Path(folder))
        genuine = bundle_of(shop)
        for path in FOLDER.glob("*.json"):
            path.unlink()
        (FOLDER / GENUINE).write_text(json.dumps(genuine, indent=1) + "\n", encoding="utf-8")
        for name, vector in vectors(shop):
            text = json.dumps(written(vector, genuine), ensure_ascii=False, indent=1)
            (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
