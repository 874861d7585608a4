"""The pages about the log and its receipts are enough: programs taken from them agree with ours on every vector."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from keys import KeySet
from signing import SigningError
from signing.jws import TOKEN_KINDS
from signing.log import (
    LogReason,
    NoteKey,
    open_checkpoint,
    open_note,
    verify_consistency,
    verify_inclusion,
    verify_receipt,
)
from signing.log.note import MAX_NOTE_BYTES, parse_note
from signing.log.receipt import MAX_PROOF
from signing.log.tiles import MAX_ENTRY_BYTES
from signing.strict_json import NotCanonicalError, read_object
from signing.verified_token import TokenKind
from tests.support.applications import create_app, stop
from tests.support.logs import LogHub

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / f"docs/profiles/{name}.md").read_text(encoding="utf-8") for name in ("log", "receipt")}
VECTORS = {
    kind: sorted((ROOT / "tests/vectors").glob(pattern))
    for kind, pattern in {
        "note": "log/note-*.json",
        "inclusion": "log/inclusion-*.json",
        "consistency": "log/consistency-*.json",
        "receipt": "receipts/[!j]*.json",
    }.items()
}
JWKS = json.loads((ROOT / "tests/vectors/receipts/jwks.json").read_text(encoding="utf-8"))
Case = dict[str, Any]


def program(page: str, name: str) -> str:
    (found,) = re.findall(rf"^```python {name}\n(.*?)^```$", PAGES[page], re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def strangers() -> Iterator[tuple[ModuleType, ModuleType]]:
    """The reader and the verifier printed in the pages, as the modules a stranger would make of them."""
    reader, verifier = ModuleType("log"), ModuleType("receipt")
    sys.modules["log"] = reader
    try:
        for module, source in (
            (reader, program("log", "reader")),
            (verifier, program("receipt", "verifier")),
        ):
            assert "signing" not in source
            exec(compile(source, module.__name__, "exec"), module.__dict__)  # noqa: S102  # the page's own program
        yield reader, verifier
    finally:
        del sys.modules["log"]


def case_of(path: Path) -> Case:
    found: Case = json.loads(path.read_text(encoding="utf-8"))
    return found


def ids(path: Path) -> str:
    return path.stem


def ours(kind: str, case: Case) -> object:
    match kind:
        case "note":
            keys = [NoteKey.read(vkey) for vkey in case["vkeys"]]
            signers = [each.key.name for each in open_note(parse_note(case["note"]), keys)]
            if "signers" in case and "size" not in case:
                return signers, None
            opened = open_checkpoint(case["note"], keys=keys, origin=case["origin"])
            return signers, (opened.size, opened.root.hex())
        case "inclusion":
            return verify_inclusion(*unhexed(case, "leaf", "index", "size", "proof", "root"))
        case "consistency":
            return verify_consistency(*unhexed(case, "old", "new", "proof", "old_root", "new_root"))
    found = verify_receipt(
        case["receipt"],
        keys=KeySet.from_jwks(case.get("jwks", JWKS)),
        now=datetime.fromisoformat(case["now"]),
        issuer=case["issuer"],
        origin=case["origin"],
    )
    return dict(found.leaf), None if found.opening is None else dict(found.opening)


def theirs(kind: str, case: Case, reader: ModuleType, verifier: ModuleType) -> object:
    match kind:
        case "note":
            _, signers = reader.open_note(case["note"], case["vkeys"])
            if "signers" in case and "size" not in case:
                return signers, None
            size, root = reader.checkpoint(case["note"], case["vkeys"], case["origin"])
            return signers, (size, root.hex())
        case "inclusion":
            return reader.verify_inclusion(*unhexed(case, "leaf", "index", "size", "proof", "root"))
        case "consistency":
            return reader.verify_consistency(*unhexed(case, "old", "new", "proof", "old_root", "new_root"))
    now = int(datetime.fromisoformat(case["now"]).timestamp())
    jwks = case.get("jwks", JWKS)
    return verifier.verify(case["receipt"], jwks=jwks, now=now, issuer=case["issuer"], origin=case["origin"])


def unhexed(case: Case, *names: str) -> list[Any]:
    values = [case[name] for name in names]
    return [
        bytes.fromhex(value)
        if isinstance(value, str)
        else [bytes.fromhex(each) for each in value]
        if isinstance(value, list)
        else value
        for value in values
    ]


def wanted(kind: str, case: Case) -> object:
    match kind:
        case "note":
            return case["signers"], (case["size"], case["root"]) if "size" in case else None
        case "receipt":
            return case["leaf"], case["opening"]
    return None


ALL = [(kind, path) for kind, paths in VECTORS.items() for path in paths]


@pytest.mark.parametrize(("kind", "path"), ALL, ids=[path.stem for _, path in ALL])
def test_a_stranger_and_we_agree_with_a_vector(
    strangers: tuple[ModuleType, ModuleType], kind: str, path: Path
) -> None:
    case = case_of(path)
    assert case["provenance"]
    reader, verifier = strangers
    if "reason" not in case:
        assert ours(kind, case) == wanted(kind, case)
        assert theirs(kind, case, reader, verifier) == wanted(kind, case)
        return
    with pytest.raises(SigningError) as refused:
        ours(kind, case)
    with pytest.raises(reader.Refused) as told:
        theirs(kind, case, reader, verifier)
    assert str(refused.value.reason) == str(told.value) == case["reason"]


def test_there_are_vectors_of_every_sort() -> None:
    assert {kind: len(paths) >= 10 for kind, paths in VECTORS.items()} == dict.fromkeys(VECTORS, True)
    reasons = {case_of(path).get("reason") for _, path in ALL}
    without = {"NOTE_KEY", "NOTE_SIGNER", "TILE_PATH", "TILE_ENTRIES", "WITNESS_REQUEST", "WITNESS_SIZE"}
    assert {str(reason) for reason in LogReason} - without <= reasons


def test_the_pages_name_every_reason_and_every_limit() -> None:
    text = PAGES["log"] + PAGES["receipt"]
    assert [reason for reason in LogReason if reason not in text] == []
    assert f"{MAX_ENTRY_BYTES:,}".replace(",", " ") in PAGES["log"]
    assert f"{TOKEN_KINDS[TokenKind.RECEIPT].max_chars:,}".replace(",", " ") in PAGES["receipt"]
    assert f"at most {MAX_PROOF} hashes" in PAGES["receipt"]
    assert TOKEN_KINDS[TokenKind.RECEIPT].max_chars < MAX_NOTE_BYTES


def test_a_strangers_reader_recomputes_a_hubs_log(
    strangers: tuple[ModuleType, ModuleType], tmp_path: Path
) -> None:
    """From the log's address and its key set alone; then a receipt of an entry, and a later log against this one."""
    reader, verifier = strangers
    hub = LogHub.make(tmp_path / "var")
    act = hub.add(260)[7]
    app = create_app(hub.settings)
    client = app.test_client()

    def fetch(path: str) -> bytes:
        return client.get(f"/log/{path}").data

    jwks = client.get("/.well-known/jwks.json").get_json()
    now = int(datetime.now().astimezone().timestamp())
    vkeys = list(verifier.log_keys(jwks, hub.origin, now))
    found = reader.read_log(fetch, vkeys, hub.origin)
    text = client.get(f"/log/receipts/{act}").text
    leaf, opened = verifier.verify(text, jwks=jwks, now=now, issuer=hub.settings.base_url, origin=hub.origin)

    assert len(found) == 260
    assert verifier.canonical(leaf) in found
    assert opened is None
    stop(client.application)
    hub.db.close()


@pytest.mark.parametrize(
    "text",
    ['{"a":1e999}', '{"a":-1e999}', '{"a":NaN}', r'{"a":"\ud800"}', '{"a":1,"a":1}', "[]", "[" * 100_000],
)
def test_a_stranger_reads_json_as_strictly_as_we_do(
    text: str, strangers: tuple[ModuleType, ModuleType]
) -> None:
    _reader, verifier = strangers
    with pytest.raises(NotCanonicalError):
        read_object(text.encode())
    with pytest.raises(verifier.Refused, match=r"^RECEIPT_CLAIM$"):
        verifier.read_object(text.encode(), "RECEIPT_CLAIM")
