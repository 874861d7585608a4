"""The bundle profile as published is enough: a stranger's reader, taken from the page, agrees with ours."""

import json
import re
import runpy
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from keys import KeySet
from signing import PlateClaims, SigningError, Verifier
from signing.bundle import BundleReason, OfflineReason, read_bundle
from signing.offline import OfflineVerdict, OfflineVerifier
from tests.support.judged import Case, Work, in_node

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/profiles/bundle.md").read_text(encoding="utf-8")
FOLDER = ROOT / "tests/vectors/bundles"
VECTORS = sorted(path for path in FOLDER.glob("*.json") if path.stem != "bundle")
BUNDLE = json.loads((FOLDER / "bundle.json").read_text(encoding="utf-8"))
BEYOND_THE_READER = {"log-of-another-name", "pending-log-key", "district-not-compressed"}  # steps 10, 11


def vector(path: Path) -> SimpleNamespace:
    content = json.loads(path.read_text(encoding="utf-8"))
    document = BUNDLE if content["document"] == "bundle.json" else content["document"]
    return SimpleNamespace(
        **{
            **dict.fromkeys(("text", "state", "reasons", "status", "refused")),
            **content,
            "written": content.get("shards"),
            "shards": {name: b64decode(text) for name, text in content.get("shards", {}).items()},
            "document": document,
            "now": datetime.fromisoformat(content["now"]),
        }
    )


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The reader printed in the page, run as the file a stranger would make of it."""
    (found,) = re.findall(r"^```python reader\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    path = tmp_path_factory.mktemp("stranger") / "stranger.py"
    path.write_text(found, encoding="utf-8")
    assert "signing" not in found
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_our_reader_agrees_with_a_vector(path: Path) -> None:
    case = vector(path)

    def judge() -> OfflineVerdict | None:
        known = {"at_least": case.at_least, "now": case.now, "shards": case.shards.get}
        bundle = read_bundle(case.document, case.root, **known)
        return None if case.text is None else OfflineVerifier(bundle).verify(case.text, now=case.now)

    if case.refused is not None:
        with pytest.raises(SigningError) as refusal:
            judge()
        assert refusal.value.reason == case.refused
        return
    verdict = judge()
    if verdict is not None:
        status = None if verdict.status is None else verdict.status.name.lower()
        assert (verdict.state, list(verdict.reasons), status) == (case.state, case.reasons, case.status)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_stranger_agrees_with_a_vector(stranger: SimpleNamespace, path: Path) -> None:
    case = vector(path)

    def read() -> Any:
        known = {"root": case.root, "at_least": case.at_least, "now": case.now, "shards": case.shards}
        claims = stranger.read(case.document, **known)
        if case.ask != "code" or case.state == "not-genuine":
            return None
        verifier = Verifier(KeySet.from_jwks({"keys": claims["keys"]}), origins=[claims["iss"]])
        believed = verifier.verify_code(case.text, now=case.now)
        if not isinstance(believed.claims, PlateClaims):
            return None
        return stranger.plate_status(claims, believed.claims.plate_id, believed.r, now=case.now)

    if case.refused is not None and path.stem not in BEYOND_THE_READER:
        with pytest.raises(stranger.Refused) as refusal:
            read()
        assert str(refusal.value) == case.refused
        return
    found = read()
    assert found is None or found == (case.state, case.status)


def test_the_javascript_verifier_agrees_with_every_vector() -> None:
    cases = []
    verifiers: dict[str, dict[str, object]] = {}
    for path in VECTORS:
        case = vector(path)
        rest = (("root", case.root), ("atLeast", str(case.at_least)), ("isNow", "yes"))
        if case.ask == "bundle":
            cases.append(
                Case(
                    path.stem, "bundle", json.dumps(case.document), case.now, case.refused or "OK", rest=rest
                )
            )
        elif case.ask != "credential":
            ask = "offlineCode" if case.ask == "code" else "offlineReceipt"
            verifiers[path.stem] = {"jwks": {"keys": []}, "bundle": case.document, "shards": case.written}
            said = case.refused or " ".join((case.state, *case.reasons))
            cases.append(Case(path.stem, ask, case.text, case.now, said, by=path.stem))
    work = Work(verifiers, cases)

    told = [_short(each) for each in in_node(work)]

    assert work.disagreements(told) == []


def _short(told: str) -> str:
    """State and reasons of a verdict's line; other answers as they are."""
    words = told.split(" ")
    if words[0] not in {"fresh", "aged", "not-genuine"}:
        return told
    return " ".join((words[0], *(word for word in words if word.isupper() and "_" in word)))


def test_every_vector_says_what_it_is_and_where_it_comes_from() -> None:
    assert len(VECTORS) >= 60
    assert all(vector(path).provenance and vector(path).about for path in VECTORS)


def test_the_page_names_every_reason_in_the_order_of_the_steps() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| (BUNDLE_[A-Z_]+|TOKEN_…) \|$", PAGE, re.MULTILINE)

    assert sorted({int(number) for number, _ in rows}) == list(range(1, 16))
    assert [int(number) for number, _ in rows] == sorted(int(number) for number, _ in rows)
    assert {reason for _, reason in rows} - {"TOKEN_…"} == set(BundleReason)
    assert all(reason in PAGE for reason in OfflineReason)
