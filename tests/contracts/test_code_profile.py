"""The code profile as published is enough: a stranger's verifier, taken from the page, agrees with ours on everything."""

import json
import re
import runpy
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from keys import KeySet
from signing import CodeError, Reason, Verifier, is_plate_id, sign_plate
from signing.base32 import decode_signature
from signing.qr import QrLevel, code_symbol
from tests.support.forged_codes import CODE_FORGERIES
from tests.support.forger import LOCAL, NOW, ORIGIN, ForgeryClass, Workshop, bare, uscc

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/profiles/code.md").read_text(encoding="utf-8")
VECTORS = sorted(path for path in (ROOT / "tests/vectors/codes").glob("*.json") if path.stem != "jwks")
JWKS = json.loads((ROOT / "tests/vectors/codes/jwks.json").read_text(encoding="utf-8"))

Verify = Callable[..., list[str]]


def block(name: str) -> str:
    """The fenced block of the page with this name."""
    found = re.findall(rf"^```\w+ {name}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0]).rstrip("\n")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The verifier printed in the page, run as the file a stranger would make of it."""
    path = tmp_path_factory.mktemp("stranger") / "stranger.py"
    path.write_text(block("verifier"), encoding="utf-8")
    assert "signing" not in path.read_text(encoding="utf-8").replace("signing-input", "")
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.open(tmp_path_factory.mktemp("workshop"))


def vector(path: Path) -> SimpleNamespace:
    content = json.loads(path.read_text(encoding="utf-8"))
    return SimpleNamespace(**{**content, "now": datetime.fromisoformat(content["now"])})


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_our_verifier_agrees_with_a_vector(path: Path) -> None:
    case = vector(path)
    verifier = Verifier(KeySet.from_jwks(JWKS), origins=case.origins)

    if case.genuine:
        assert verifier.verify_code(case.text, now=case.now).uscc == case.claims["uscc"]
    else:
        with pytest.raises(CodeError) as refusal:
            verifier.verify_code(case.text, now=case.now)
        assert refusal.value.reason == case.reason


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_stranger_agrees_with_a_vector(stranger: SimpleNamespace, path: Path) -> None:
    case = vector(path)

    if case.genuine:
        fields = stranger.verify(case.text, jwks=JWKS, origins=case.origins, now=case.now)
        assert fields[:2] == list(case.claims.values())[:2]
    else:
        with pytest.raises(stranger.Refused) as refusal:
            stranger.verify(case.text, jwks=JWKS, origins=case.origins, now=case.now)
        assert str(refusal.value) == case.reason


def test_a_stranger_believes_fresh_codes_by_the_published_key_set(
    stranger: SimpleNamespace, workshop: Workshop
) -> None:
    jwks = json.loads(json.dumps(workshop.ring.jwks()))

    for text in (workshop.plate, workshop.other_plate, workshop.dynamic, bare(workshop.plate)):
        assert stranger.verify(text, jwks=jwks, origins=[ORIGIN], now=NOW)[0] in {
            uscc("TEXT1"),
            uscc("TEXT2"),
        }


@pytest.mark.parametrize("forgery", CODE_FORGERIES.values(), ids=CODE_FORGERIES.keys())
def test_a_stranger_refuses_what_we_refuse_for_the_same_reason(
    stranger: SimpleNamespace, workshop: Workshop, forgery: ForgeryClass
) -> None:
    jwks = workshop.ring.jwks()
    verifier = Verifier(KeySet.from_jwks(jwks), origins=[ORIGIN, LOCAL])
    for text in [forged for forged, _ in forgery(workshop)][::17]:
        with pytest.raises(CodeError) as ours:
            verifier.verify_code(text, now=NOW)
        with pytest.raises(stranger.Refused) as theirs:
            stranger.verify(text, jwks=jwks, origins=[ORIGIN, LOCAL], now=NOW)
        assert str(theirs.value) == ours.value.reason


def test_every_vector_says_where_it_comes_from() -> None:
    assert len(VECTORS) >= 25
    assert all(vector(path).provenance for path in VECTORS)
    assert JWKS["provenance"]


def test_the_page_names_every_reason_in_the_order_of_the_steps() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| (CODE_[A-Z0-9_]+) \|$", PAGE, re.MULTILINE)
    numbers = [int(number) for number, _ in rows]

    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 18))
    assert {reason for _, reason in rows} == {reason for reason in Reason if reason.startswith("CODE_")}


def test_the_examples_of_the_page_are_those_of_the_vectors() -> None:
    plate = vector(ROOT / "tests/vectors/codes/plate.json")
    dynamic = vector(ROOT / "tests/vectors/codes/dynamic.json")

    assert block("header") == plate.header
    assert block("signing-input") == plate.signing_input
    assert block("plate") == plate.text
    assert block("dynamic") == dynamic.text
    assert json.loads(block("key")) == JWKS["keys"][0]
    assert decode_signature(plate.text.rpartition(".")[2]).hex() == plate.signature_hex
    assert all(is_plate_id(example) for example in re.findall(r"`([0-9A-Z]{10})`", PAGE))


def test_the_page_tells_the_sizes_of_symbols_truly(workshop: Workshop) -> None:
    rows = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)

    assert len(rows) == 5
    for host, *versions in (map(int, row) for row in rows):
        text = f"https://{'a' * host}/c/{bare(workshop.plate)}"
        assert [code_symbol(text, level=level).version for level in QrLevel] == versions


def test_the_page_tells_the_length_of_a_plate_truly(workshop: Workshop) -> None:
    host, length = map(int, re.findall(r"host of (\d+) characters has (\d+)", PAGE)[0])
    signer = workshop.ring.infos[0].purpose
    text = sign_plate(
        uscc=uscc("TEXT1"),
        plate_id="7K2M9QXT4K",
        origin=f"https://{'a' * host}",
        signer=workshop.signer(signer),
    )

    assert len(text) == length
