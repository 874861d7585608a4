"""SM2 signatures as docs/profiles/sm2.md has them: the standard's example, and everything that only looks like one."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import gmalg
import pytest

from keys.sm2 import DISTINGUISHING_ID, SM2_SENTENCES, Sm2KeyError, Sm2PublicKey, Sm2Reason

VECTORS = sorted((Path(__file__).parents[2] / "vectors/sm2").glob("*.json"))


def vector(path: Path) -> SimpleNamespace:
    content = json.loads(path.read_text(encoding="utf-8"))
    raw = {name: bytes.fromhex(content[name]) for name in ("public_key", "message", "signature")}
    return SimpleNamespace(**{"reason": None, **content, **raw})


def ours(case: SimpleNamespace) -> Sm2Reason | None:
    try:
        return Sm2PublicKey.from_bytes(case.public_key).refusal(case.signature, case.message)
    except Sm2KeyError as error:
        return error.reason


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_our_verifier_agrees_with_a_vector(path: Path) -> None:
    case = vector(path)

    assert ours(case) == case.reason
    assert (case.reason is None) is case.genuine


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_an_independent_implementation_agrees_with_a_vector(path: Path) -> None:
    case = vector(path)
    if case.reason not in {None, Sm2Reason.SM2_SIGNATURE}:
        return  # shapes, ranges and points are ours to refuse: not every library does
    other = gmalg.SM2(pk=b"\x04" + case.public_key, uid=DISTINGUISHING_ID)

    assert other.verify(case.message, case.signature[:32], case.signature[32:]) is case.genuine


def test_the_hostile_vectors_are_many_and_show_every_reason() -> None:
    cases = [vector(path) for path in VECTORS]

    assert sum(not case.genuine for case in cases) >= 40
    assert {case.reason for case in cases} == {None, *Sm2Reason}
    assert all(case.what and case.provenance for case in cases)


@pytest.mark.parametrize("reason", Sm2Reason)
def test_a_reason_is_told_in_both_languages(reason: Sm2Reason) -> None:
    sentence = SM2_SENTENCES[reason]

    assert re.search(r"[\u4e00-\u9fff].*。\Z", sentence.zh)
    assert re.search(r"\A[A-Za-z][ -~]+\.\Z", sentence.en)
    assert reason.value == reason.name
