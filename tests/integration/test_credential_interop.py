"""Credentials beside the reference implementations, in both directions: Python `sd-jwt`, npm `@sd-jwt/sd-jwt-vc`."""

import fcntl
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from hub.credentials.types import BUSINESS_LICENSE, credential_type, type_metadata
from hub.licenses.catalogue.loader import shipped_catalogue
from keys import KeySet, Purpose, public_jwk
from signing.sdjwt import SoftwareWallet, VerifiedCredential, issue_credential, present, verify_credential
from signing.status import StatusList, sign_status_list
from signing.strict_json import decode_base64url, encode_base64url, read_object
from tests.support import node
from tests.support.credentials import AUDIENCE, CLAIMS, FACE, MOMENT, NONCE, signer_of
from tests.support.forger import NOW, ORIGIN, Workshop

STATUS_URI = f"{ORIGIN}/status/1"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.open(tmp_path_factory.mktemp("interop"))


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> None:
    lock = tmp_path_factory.getbasetemp().parent / "npm.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # two workers of the suite install once
        node.install()


def issuer_jwk(shop: Workshop) -> dict[str, str]:
    return public_jwk(signer_of(shop).public_key)


def private_jwk(private: EllipticCurvePrivateKey | Ed25519PrivateKey) -> dict[str, str]:
    secret = (
        private.private_bytes_raw()
        if isinstance(private, Ed25519PrivateKey)
        else private.private_numbers().private_value.to_bytes(32, "big")
    )
    return {**public_jwk(private.public_key()), "d": encode_base64url(secret)}


def credential(shop: Workshop, holder: SoftwareWallet, **changed: object) -> str:
    return issue_credential({**CLAIMS, **changed}, FACE, signer=signer_of(shop), holder=holder.key, decoys=2)


def our_keys(jwk: Mapping[str, str], kid: str) -> KeySet:
    """A key set of ours that names a foreign issuer's key."""
    times = {"iat": MOMENT - 86_400, "nbf": MOMENT - 86_400}
    own = {"kid": kid, "alg": "ES256", "use": "sig", "purpose": Purpose.CREDENTIAL, "state": "active"}
    return KeySet.from_jwks({"keys": [{**jwk, **own, **times}]})


def iat_of(shown: str) -> int:
    """When the holder's token says to have been signed."""
    claims = read_object(decode_base64url(shown.rpartition("~")[2].split(".")[1]))
    return int(str(claims["iat"]))


def believe(text: str, keys: KeySet, *, asked: bool = False) -> VerifiedCredential:
    return verify_credential(
        text,
        keys=keys,
        now=NOW,
        issuer=ORIGIN,
        audience=AUDIENCE if asked else None,
        nonce=NONCE if asked else None,
    )


def by_reference(shop: Workshop, text: str, *, asked: bool = False) -> Mapping[str, Any]:
    key = JWK.from_json(json.dumps(issuer_jwk(shop)))
    verifier = SDJWTVerifier(
        text, lambda _issuer, _header: key, AUDIENCE if asked else None, NONCE if asked else None
    )
    payload: Mapping[str, Any] = verifier.get_verified_payload()
    return payload


def test_the_python_reference_verifies_what_we_issue_and_present(shop: Workshop) -> None:
    holder = SoftwareWallet.of(generate_private_key(SECP256R1()))
    text = credential(shop, holder)
    shown = present(text, ["number", "address"], audience=AUDIENCE, nonce=NONCE, signer=holder, now=NOW)

    whole, part = by_reference(shop, text), by_reference(shop, shown, asked=True)

    assert {name: whole[name] for name in FACE} == FACE
    assert FACE.keys() & part.keys() == {"number", "address"}
    with pytest.raises(ValueError, match="nonce"):
        SDJWTVerifier(
            shown, lambda _issuer, _header: JWK.from_json(json.dumps(issuer_jwk(shop))), AUDIENCE, "other"
        )


def test_a_presentation_of_the_python_reference_is_believed(shop: Workshop) -> None:
    private = generate_private_key(SECP256R1())
    never = 4_102_444_800  # 2100: the library reads the clock, whatever the day of the test
    text = credential(shop, SoftwareWallet.of(private), exp=never)
    holder = SDJWTHolder(text)
    holder.create_presentation(
        {"number": True}, NONCE, AUDIENCE, JWK.from_json(json.dumps(private_jwk(private)))
    )
    moment = iat_of(holder.sd_jwt_presentation)  # it reads the clock itself

    found = verify_credential(
        holder.sd_jwt_presentation,
        keys=shop.ring.verification_keys(),
        now=datetime.fromtimestamp(moment, UTC),
        audience=AUDIENCE,
        nonce=NONCE,
        issuer=ORIGIN,
    )

    assert found.disclosed == {"number"}


def test_what_the_python_reference_issues_is_read_with_nested_and_array_disclosures() -> None:
    private = generate_private_key(SECP256R1())
    claims = {
        **{name: value for name, value in CLAIMS.items() if name != "status"},
        SDObj("number"): "JY1",
        SDObj("address"): {SDObj("street"): "中心路", "country": "CN"},
        "items": [SDObj("A"), "B"],
    }
    made = SDJWTIssuer(
        claims,
        JWK.from_json(json.dumps(private_jwk(private))),
        add_decoy_claims=True,
        extra_header_parameters={"kid": "foreign-1", "typ": "dc+sd-jwt"},
    )

    found = believe(made.sd_jwt_issuance, our_keys(public_jwk(private.public_key()), "foreign-1"))

    assert (found.claims["number"], found.claims["items"]) == ("JY1", ["A", "B"])
    assert found.claims["address"] == {"street": "中心路", "country": "CN"}


@pytest.mark.parametrize(
    "kind", [generate_private_key(SECP256R1()), Ed25519PrivateKey.generate()], ids=["P-256", "Ed25519"]
)
def test_the_npm_reference_verifies_what_we_issue_and_present_and_its_status(
    shop: Workshop, kind: EllipticCurvePrivateKey | Ed25519PrivateKey
) -> None:
    holder = SoftwareWallet.of(kind)
    text = credential(shop, holder)
    shown = present(text, ["number"], audience=AUDIENCE, nonce=NONCE, signer=holder, now=NOW)
    status_signer = shop.signer(Purpose.STATUS)
    key = public_jwk(status_signer.public_key)

    def published(value: int) -> dict[str, object]:
        entries = StatusList.of([(7, value)])
        return {
            "token": sign_status_list(entries, uri=STATUS_URI, signer=status_signer, now=NOW),
            "key": key,
        }

    question = {"issuer": issuer_jwk(shop), "status": published(0), "now": MOMENT + 1}

    whole = node.ask("verify", text=text, **question)
    part = node.ask("verify", text=shown, nonce=NONCE, **question)
    replayed = node.ask("verify", text=shown, nonce="another", **question)

    assert {name: whole["payload"][name] for name in FACE} == FACE
    assert FACE.keys() & part["payload"].keys() == {"number"}
    assert (part["kb"]["aud"], part["kb"]["nonce"]) == (AUDIENCE, NONCE)
    assert "refused" in replayed
    assert "refused" in node.ask("verify", text=text, **{**question, "status": published(1)})
    assert "refused" in node.ask("verify", text=text.replace("~", "~WyJhIl0~", 1), **question)


def test_a_presentation_of_the_npm_reference_is_believed(shop: Workshop) -> None:
    private = generate_private_key(SECP256R1())
    text = credential(shop, SoftwareWallet.of(private))

    shown = node.ask(
        "present",
        text=text,
        names=["number", "valid_to"],
        holder=private_jwk(private),
        alg="ES256",
        aud=AUDIENCE,
        nonce=NONCE,
        now=MOMENT,
    )["text"]

    found = believe(shown, shop.ring.verification_keys(), asked=True)
    assert found.disclosed == {"number", "valid_to"}
    assert found.binding is not None
    assert found.binding.issued_at == NOW


def test_what_the_npm_reference_issues_is_read() -> None:
    private = generate_private_key(SECP256R1())
    plain = {name: value for name, value in CLAIMS.items() if name != "status"}
    frame = {"_sd": ["number", "address"], "address": {"_sd": ["street"], "_sd_decoy": 2}}

    text = node.ask(
        "issue",
        claims={**plain, "number": "JY1", "address": {"street": "中心路"}},
        frame=frame,
        key=private_jwk(private),
        kid="foreign-1",
    )["text"]

    found = believe(text, our_keys(public_jwk(private.public_key()), "foreign-1"))
    assert (found.claims["number"], found.claims["address"]) == ("JY1", {"street": "中心路"})


def test_the_npm_reference_reads_every_type_document() -> None:
    codes = [BUSINESS_LICENSE, *(kind.code for kind in shipped_catalogue().types[:3])]
    for code in codes:
        kind = credential_type(code, shipped_catalogue())
        assert kind is not None
        document = dict(type_metadata(kind, ORIGIN))
        assert node.ask("type", document=document) == {"name": f"{ORIGIN}/vct/{code}"}
