"""`hub credential` and `hub verify` as an operator and a wallet's holder type them."""

import json
from pathlib import Path
from uuid import UUID

import click
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.access.proposals.errors import SecondPersonNeededError
from hub.cli.context import HubContext
from hub.cli.credential import credential
from hub.cli.verify import verify
from hub.config import Settings
from hub.credentials.maker import CredentialOffice
from hub.credentials.queries import holder_keys
from hub.credentials.rules import HolderKeyNeededError
from hub.credentials.service import CredentialRequest, take_credential
from hub.kernel.database import Database
from signing.sdjwt import verify_proof
from signing.sdjwt.errors import CredentialNoSuchClaimError, HolderKeyPrivateError
from tests.support.issued_credentials import standing
from tests.support.plates import NOW, OPERATOR, USCC, add_enterprise, add_license
from tests.support.proposals import approve, official
from tests.support.reference import TABLES

AUDIENCE, NONCE = "https://bank.example", "7f3a"


@pytest.fixture
def hub(settings: Settings, db: Database) -> HubContext:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=db)  # what it would open by itself from the environment
    return context


@pytest.fixture
def food(db: Database) -> UUID:
    add_enterprise(db)
    return add_license(db)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "wallet.pem"
    path.write_bytes(pem)
    return path


@pytest.fixture
def jwk(hub: HubContext, key: Path, tmp_path: Path) -> Path:
    """The public half, as a wallet would hand it over: out of a proof."""
    proof = run(
        hub, credential, "prove", "--holder-key", key, "--audience", "x", "--nonce", "y"
    ).output.strip()
    found, _nonce = verify_proof(proof, audience="x", now=NOW)
    path = tmp_path / "wallet.jwk.json"
    path.write_text(json.dumps(dict(found.jwk)))
    return path


def run(hub: HubContext, command: click.Command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], obj=hub)


def issue(hub: HubContext, *arguments: object) -> Result:
    """Ask, let a second person approve, and ask again."""
    asked = run(hub, credential, "issue", *arguments, "--json")
    assert asked.exit_code == 4, asked.output
    proposal = json.loads(asked.stdout)["proposal"]
    approve(proposal, by=official("陈予"), settings=hub.settings, now=NOW, db=hub.db)
    return run(hub, credential, "issue", *arguments)


def test_from_issue_to_verdict(hub: HubContext, food: UUID, key: Path, jwk: Path, tmp_path: Path) -> None:
    out, shown = tmp_path / "food.txt", tmp_path / "shown.txt"
    told = json.loads(issue(hub, "--license", food, "--holder", jwk, "--out", out, "--json").output)
    seen = json.loads(run(hub, credential, "show", out).output)
    presented = run(
        hub, credential, "present", out, "--disclose", "number, valid_to", "--holder-key", key,
        "--audience", AUDIENCE, "--nonce", NONCE,
    )  # fmt: skip
    shown.write_text(presented.output)

    right = run(hub, verify, shown, "--audience", AUDIENCE, "--nonce", NONCE, "--json")
    unasked = run(hub, verify, shown)
    other = run(hub, verify, shown, "--audience", AUDIENCE, "--nonce", "other", "--json")

    assert told["license"] == str(food)
    assert "credential" not in told
    assert {"number", "holder_name"} <= set(seen["disclosable"])
    assert (right.exit_code, json.loads(right.output)["verdict"]) == (0, "valid")
    assert json.loads(right.output)["credential"]["disclosed"].keys() == {"number", "valid_to"}
    assert (unasked.exit_code, "number: JY1" in unasked.output) == (1, True)
    assert (other.exit_code, json.loads(other.output)["reasons"]) == (2, ["BINDING_NONCE"])


def test_issuing_again_gives_the_same_and_on_standard_output(hub: HubContext, food: UUID) -> None:
    first = issue(hub, "--license", food).output
    second = run(hub, credential, "issue", "--license", food).output

    assert first == second
    assert run(hub, verify, first.strip()).exit_code == 0
    assert run(hub, verify, first.strip()[:-5]).exit_code == 2


def test_a_wallet_that_the_operator_was_handed_gets_nothing_before_a_second_person_agrees(
    hub: HubContext, food: UUID, jwk: Path
) -> None:
    command = ("issue", "--license", food, "--holder", jwk, "--json")
    asked, again = (run(hub, credential, *command) for _ in range(2))

    with hub.db.read() as session:
        assert (holder_keys(session, USCC), standing(session, USCC, str(food))) == ((), ())
    assert (asked.exit_code, again.stdout) == (4, asked.stdout)
    with pytest.raises(SecondPersonNeededError):
        take_credential(
            CredentialRequest(str(food)),
            office=CredentialOffice.of(hub.issuer(), hub.settings, tables=TABLES),
            by=OPERATOR,
            now=NOW,
            db=hub.db,
        )


def test_a_user_is_told_what_is_wrong(hub: HubContext, food: UUID, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "food.txt"
    issue(hub, "--license", food, "--out", out)
    secret, noise = tmp_path / "secret.json", tmp_path / "noise"
    secret.write_text('{"kty":"EC","crv":"P-256","d":"AA"}')
    noise.write_text("{")

    refused = run(hub, credential, "issue", "--license", USCC)
    private = run(hub, credential, "issue", "--license", food, "--holder", secret)
    no_json = run(hub, credential, "issue", "--license", food, "--holder", noise)
    no_claim = run(hub, credential, "present", out, "--disclose", "phone")
    alone = run(hub, credential, "present", out, "--nonce", "x")
    no_key = run(hub, credential, "present", out, "--holder-key", noise, "--audience", "a", "--nonce", "b")
    half = run(hub, verify, out, "--audience", "a")

    assert isinstance(refused.exception, HolderKeyNeededError)
    assert isinstance(private.exception, HolderKeyPrivateError)
    assert isinstance(no_claim.exception, CredentialNoSuchClaimError)
    assert "not JSON" in no_json.output
    assert "go together" in alone.output
    assert "PEM" in no_key.output
    assert "--nonce" in half.output
    assert key.is_file()
