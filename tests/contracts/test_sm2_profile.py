"""The SM2 profile as published is enough: the verifier printed in the page agrees with ours on every vector."""

import json
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from keys import Algorithm
from keys.jwk import load_public
from keys.model import Purpose
from keys.policy import profile_algorithms
from keys.sm2 import VECTOR_POINT, Sm2PublicKey, Sm2Reason

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/profiles/sm2.md").read_text(encoding="utf-8")
VECTORS = sorted((ROOT / "tests/vectors/sm2").glob("*.json"))


def block(name: str) -> str:
    """The fenced block of the page with this name."""
    found = re.findall(rf"^```\w+ {name}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0])


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The verifier printed in the page, run as the file a stranger would make of it."""
    path = tmp_path_factory.mktemp("stranger") / "stranger.py"
    path.write_text(block("verifier"), encoding="utf-8")
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_stranger_agrees_with_a_vector(stranger: SimpleNamespace, path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    raw = [bytes.fromhex(case[name]) for name in ("public_key", "message", "signature")]

    if case["genuine"]:
        stranger.verify(*raw)
    else:
        with pytest.raises(stranger.Refused) as refusal:
            stranger.verify(*raw)
        assert str(refusal.value) == case["reason"]


def test_the_page_names_every_reason_in_the_order_of_the_steps() -> None:
    rows = re.findall(r"^\| (\d) \| .* \| (SM2_[A-Z_]+) \|$", PAGE, re.MULTILINE)

    assert [int(number) for number, _ in rows] == list(range(1, 8))
    assert [reason for _, reason in rows] == list(Sm2Reason)


def test_the_key_of_the_page_is_the_one_of_the_standard() -> None:
    assert load_public(Algorithm.SM2, json.loads(block("key"))) == Sm2PublicKey.from_bytes(VECTOR_POINT)


def test_the_page_tells_truly_what_each_profile_signs_with() -> None:
    rows = re.findall(
        r"^\| `(international|national|dual)` \| (.*) \| (\w+) \| (\w+) \|$", PAGE, re.MULTILINE
    )

    assert len(rows) == 3
    for profile, signed, log, openid in rows:
        algorithms = profile_algorithms(profile)
        for purpose in (
            Purpose.CODE_PLATE,
            Purpose.CODE_DYNAMIC,
            Purpose.CREDENTIAL,
            Purpose.STATUS,
            Purpose.RECEIPT,
        ):
            assert [each.value for each in algorithms[purpose]] == re.findall(r"ES256|SM2", signed)
        assert [each.value for each in algorithms[Purpose.LOG]] == [log]
        assert [each.value for each in algorithms[Purpose.BUNDLE]] == [log]
        assert [each.value for each in algorithms[Purpose.OIDC]] == [openid]
