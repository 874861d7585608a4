"""The status profile as published is enough: a stranger's reader, taken from the page, agrees with ours on everything."""

import json
import re
import runpy
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from keys import KeySet
from signing import Reason, SigningError, Verifier
from signing.jws import MAX_STATUS_LIST_CHARS
from signing.status import (
    KEEP_SECONDS,
    LIST_ENTRIES,
    MAX_LIST_BYTES,
    StatusList,
    StatusReason,
    verify_status_list,
)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/profiles/status.md").read_text(encoding="utf-8")
FOLDER = ROOT / "tests/vectors/status/signed"
VECTORS = sorted(path for path in FOLDER.glob("*.json") if path.stem != "jwks")
JWKS = json.loads((FOLDER / "jwks.json").read_text(encoding="utf-8"))
NOT_READERS = {  # reasons that no reader of one of our tokens gives
    Reason.TOKEN_ISSUER,  # lists name no issuer
    StatusReason.STATUS_VALUE,  # a writer's
}


def block(name: str) -> str:
    """The fenced block of the page with this name."""
    found = re.findall(rf"^```\w+ {name}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0]).rstrip("\n")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The reader printed in the page, run as the file a stranger would make of it."""
    path = tmp_path_factory.mktemp("stranger") / "stranger.py"
    path.write_text(block("reader"), encoding="utf-8")
    assert not re.search(
        "import (signing|keys|hub)|from (signing|keys|hub)", path.read_text(encoding="utf-8")
    )
    return SimpleNamespace(**runpy.run_path(str(path)))


def vector(path: Path) -> SimpleNamespace:
    content = json.loads(path.read_text(encoding="utf-8"))
    if "token_repeats" in content:
        text, count = content["token_repeats"]
        content["token"] = text * count
    return SimpleNamespace(**{**content, "now": datetime.fromisoformat(content["now"])})


def ours(case: SimpleNamespace) -> int:
    verifier = Verifier(KeySet.from_jwks(JWKS))
    return verify_status_list(case.token, uri=case.uri, verifier=verifier, now=case.now).status(case.idx)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_our_reader_agrees_with_a_vector(path: Path) -> None:
    case = vector(path)

    if case.genuine:
        assert ours(case) == case.value
    else:
        with pytest.raises(SigningError) as refusal:
            ours(case)
        assert refusal.value.reason == case.reason


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_stranger_agrees_with_a_vector(stranger: SimpleNamespace, path: Path) -> None:
    case = vector(path)
    asked = {"uri": case.uri, "idx": case.idx, "jwks": JWKS, "now": int(case.now.timestamp())}

    if case.genuine:
        assert stranger.status(case.token, **asked) == case.value
    else:
        with pytest.raises(stranger.Refused) as refusal:
            stranger.status(case.token, **asked)
        assert str(refusal.value) == case.reason


def test_every_vector_says_where_it_comes_from() -> None:
    assert len(VECTORS) >= 50
    assert all(vector(path).provenance for path in VECTORS)
    assert JWKS["provenance"]


def test_the_page_names_every_reason_in_the_order_of_the_steps() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| ((?:TOKEN|STATUS)_[A-Z0-9_]+) \|$", PAGE, re.MULTILINE)
    numbers = [int(number) for number, _ in rows]
    known = {reason for reason in (*Reason, *StatusReason) if reason.startswith(("TOKEN_", "STATUS_"))}

    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 22))
    assert {reason for _, reason in rows} == known - NOT_READERS - POLICIES


POLICIES = {
    reason for reason in Reason if "NOT_ACCEPTED" in reason
}  # the verifier's own choice, not the token's


def test_every_reason_of_the_page_has_a_vector() -> None:
    named = set(re.findall(r"\| ((?:TOKEN|STATUS)_[A-Z0-9_]+) \|$", PAGE, re.MULTILINE))

    assert {vector(path).reason for path in VECTORS if not vector(path).genuine} == named


def test_the_example_of_the_page_is_the_specification_s(stranger: SimpleNamespace) -> None:
    example = json.loads(block("list"))
    published = json.loads((ROOT / "tests/vectors/status/two-bits-short.json").read_text(encoding="utf-8"))

    assert example == published["status_list"]
    assert StatusList.decode(example["lst"], bits=2).packed == bytes.fromhex("c944f9")
    assert stranger.inflate(example["lst"]) == bytes.fromhex("c944f9")


def test_the_limits_of_the_page_are_ours(stranger: SimpleNamespace) -> None:
    assert (stranger.LONGEST, stranger.LARGEST) == (MAX_STATUS_LIST_CHARS, MAX_LIST_BYTES)
    assert f"({KEEP_SECONDS})" in PAGE
    assert LIST_ENTRIES == 1 << 20
