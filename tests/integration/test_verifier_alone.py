"""`signing` and `keys` install and verify alone: their own wheel, no hub, no network."""

import json
from pathlib import Path

import pytest

from signing.bundle import read_bundle
from signing.status import Status
from tests.support.alone import NEEDED, ROOT, build_wheel, clean_environment, install, installed, run_alone
from tests.support.bundles import bundle_of, proofs_of
from tests.support.forger import NOW, Workshop

SCRIPT = Path(__file__).parents[1] / "support" / "alone_script.py"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python of an environment with the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("alone")
    found = clean_environment(folder / "env")
    install(build_wheel(folder), found)
    return found


def test_nothing_is_installed_but_the_verifier_and_what_it_asks_for(python: Path) -> None:
    assert installed(python) == {"yizhao-verifier", *NEEDED}


def test_codes_credentials_and_receipts_verify_from_a_bundle_with_no_network(
    python: Path, tmp_path: Path
) -> None:
    shop = Workshop.open(tmp_path / "shop")
    proofs, document = proofs_of(shop), bundle_of(shop)
    plate, revoked = proofs.plates[Status.VALID], proofs.plates[Status.REVOKED]
    credential = proofs.credentials[Status.SUSPENDED]
    texts = [
        plate,
        revoked,
        credential,
        proofs.opened,
        shop.dynamic,
        plate.replace("TEXT1", "TEXT2"),
        credential + "~",
    ]
    asked = {"now": NOW.isoformat(), "root": read_bundle(document).root, "texts": texts}
    (tmp_path / "bundle.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "asked.json").write_text(json.dumps(asked), encoding="utf-8")

    told = json.loads(run_alone(python, SCRIPT, tmp_path))

    assert [(each["state"], each["kind"], each["reasons"][0]) for each in told["verdicts"]] == [
        ("fresh", "plate", "OFFLINE_FRESH"),
        ("fresh", "plate", "OFFLINE_REVOKED"),
        ("fresh", "credential", "OFFLINE_SUSPENDED"),
        ("fresh", "receipt", "OFFLINE_FRESH"),
        ("aged", "dynamic", "OFFLINE_STATUS_UNKNOWN"),
        ("not-genuine", None, "CODE_USCC"),
        ("not-genuine", "credential", "CREDENTIAL_FORM"),
    ]
    assert told["example"] == "fresh"
    assert told["foreign"] == []
    assert not told["home"].startswith(str(ROOT))
    assert {"index.js", "package.json"} <= set(told["javascript"])
