"""What is required at the command line is required without a network too: an algorithm, and for whom a holder signed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli.context import HubContext
from hub.cli.verify import verify
from signing.bundle import read_bundle
from signing.sdjwt import present
from signing.status import Status
from tests.support import credentials
from tests.support.bundles import INDEX, bundle_of, credential, proofs_of
from tests.support.forger import NOW, Workshop


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.open(tmp_path_factory.mktemp("rings"))


@pytest.fixture
def bundle(workshop: Workshop, tmp_path: Path) -> Path:
    document, path = bundle_of(workshop), tmp_path / "bundle.json"
    assert read_bundle(document, now=NOW)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def shown(text: str, bundle: Path, *arguments: str) -> Result:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(state_folder=bundle.parent / "state")
    command = [text, "--offline", "--bundle", str(bundle), "--json", *arguments]
    return CliRunner().invoke(verify, command, obj=context)


def test_a_required_algorithm_is_required_of_every_kind(workshop: Workshop, bundle: Path) -> None:
    proofs = proofs_of(workshop)
    for text, reason in (
        (proofs.plates[Status.VALID], "CODE_ALGORITHM_NOT_ACCEPTED"),
        (proofs.credentials[Status.VALID], "TOKEN_ALGORITHM_NOT_ACCEPTED"),
        (proofs.receipt, "TOKEN_ALGORITHM_NOT_ACCEPTED"),
    ):
        refused = shown(text, bundle, "--algorithm", "SM2")

        assert (refused.exit_code, json.loads(refused.output)["reasons"]) == (2, [reason])
        assert shown(text, bundle, "--algorithm", "ES256", "--algorithm", "SM2").exit_code == 0


def test_a_holder_proves_it_to_whom_it_was_presented_and_to_nobody_else(
    workshop: Workshop, bundle: Path
) -> None:
    bound = credential(workshop, INDEX[Status.VALID], holder=credentials.HOLDER.key)
    to_whom = {"audience": credentials.AUDIENCE, "nonce": credentials.NONCE}
    text = present(bound, ["number"], signer=credentials.HOLDER, now=NOW, **to_whom)
    asked = ("--audience", credentials.AUDIENCE, "--nonce", credentials.NONCE)

    copied, unasked, ours = shown(bound, bundle), shown(text, bundle), shown(text, bundle, *asked)
    others = shown(text, bundle, "--audience", "https://other.example", "--nonce", credentials.NONCE)

    assert (copied.exit_code, unasked.exit_code, ours.exit_code, others.exit_code) == (1, 1, 0, 2)
    assert "HOLDER_NOT_PROVEN" in json.loads(copied.output)["reasons"]
    assert "HOLDER_NOT_ASKED" in json.loads(unasked.output)["reasons"]
    assert json.loads(unasked.output)["attention"] is True
    assert shown(text, bundle, "--audience", credentials.AUDIENCE).exit_code == 3, "one without the other"
