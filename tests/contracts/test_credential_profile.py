"""The credential profile as published is enough: a stranger's verifier, taken from the page, agrees with ours."""

import json
import re
import runpy
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hub.credentials.types import BUSINESS_FIELDS, LICENSE_FIELDS
from hub.credentials.verdicts import REASONS
from keys import KeySet
from signing import Reason, SigningError
from signing.sdjwt import CredentialReason, verify_credential
from signing.sdjwt.disclosures import MAX_DEPTH, MAX_DISCLOSURES
from signing.sdjwt.text import MAX_CREDENTIAL_CHARS
from signing.strict_json import NotCanonicalError, read_object

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/profiles/credential.md").read_text(encoding="utf-8")
FOLDER = ROOT / "tests/vectors/credentials"
VECTORS = sorted(path for path in FOLDER.glob("*.json") if path.stem != "jwks")
JWKS = json.loads((FOLDER / "jwks.json").read_text(encoding="utf-8"))
HOLDERS_SIDE = {  # what only a wallet is told
    CredentialReason.CREDENTIAL_NO_SUCH_CLAIM,
    CredentialReason.HOLDER_KEY_OTHER,
}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The verifier printed in the page, run as the file a stranger would make of it."""
    found = re.findall(r"^```python verifier\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    assert "signing" not in found[0]
    path = tmp_path_factory.mktemp("stranger") / "stranger.py"
    path.write_text(found[0], encoding="utf-8")
    return SimpleNamespace(**runpy.run_path(str(path)))


def case_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def party(case: dict[str, Any]) -> dict[str, Any]:
    return {name: case.get(name) for name in ("audience", "nonce")}


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_our_verifier_and_a_strangers_agree_with_a_vector(path: Path, stranger: SimpleNamespace) -> None:
    case = case_of(path)
    now = datetime.fromisoformat(case["now"])

    def ours() -> list[str]:
        keys = KeySet.from_jwks(JWKS)
        found = verify_credential(case["text"], keys=keys, now=now, issuer=case["issuer"], **party(case))
        return sorted(found.disclosed)

    def theirs() -> list[str]:
        verify: Callable[..., tuple[object, list[str]]] = stranger.verify
        return verify(case["text"], JWKS, case["issuer"], int(now.timestamp()), **party(case))[1]

    if case["genuine"]:
        assert ours() == theirs() == case["disclosed"]
        return
    with pytest.raises(SigningError) as refusal:
        ours()
    with pytest.raises(stranger.Refused, match=f"^{case['reason']}$"):
        theirs()
    assert refusal.value.reason == case["reason"]


@pytest.mark.parametrize(
    "text", ['{"a":1e999}', '{"a":-1e999}', '{"a":NaN}', r'{"a":"\ud800"}', '{"a":1,"a":1}']
)
def test_a_stranger_reads_json_as_strictly_as_we_do(text: str, stranger: SimpleNamespace) -> None:
    with pytest.raises(NotCanonicalError):
        read_object(text.encode())
    with pytest.raises(stranger.Refused):
        stranger.strict(text.encode(), "CREDENTIAL_CLAIM", dict)


def test_the_page_names_every_reason_and_no_other() -> None:
    named = set(re.findall(r"\b(?:CREDENTIAL|BINDING|HOLDER_KEY)_[A-Z_]*[A-Z]\b", PAGE))

    assert {str(reason) for reason in set(CredentialReason) - HOLDERS_SIDE} - named == set()
    assert named - {str(reason) for reason in CredentialReason} - REASONS.keys() == set()
    assert set(re.findall(r"\bTOKEN_[A-Z_]*[A-Z]\b", PAGE)) <= {str(reason) for reason in Reason}


def test_the_page_has_the_limits_and_fields_of_the_code() -> None:
    for fields in (LICENSE_FIELDS, BUSINESS_FIELDS):
        assert " ".join(f"`{field.name}`" for field in fields) in PAGE
    assert f"at most {MAX_CREDENTIAL_CHARS:,} characters".replace(",", " ") in PAGE
    assert f"at most {MAX_DISCLOSURES} disclosures" in PAGE
    assert f"deeper than {MAX_DEPTH}" in PAGE


def test_there_are_vectors_of_every_kind() -> None:
    cases = [case_of(path) for path in VECTORS]

    assert len(cases) >= 80
    assert sum(case["genuine"] for case in cases) >= 6
    assert len({case["reason"] for case in cases if not case["genuine"]}) >= 30
