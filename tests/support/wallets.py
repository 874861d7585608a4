"""Wallets for tests: keys of both kinds, and a browser's way to register one."""

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub import config
from signing.sdjwt import SoftwareWallet, sign_proof
from tests.support.browser import Browser

KEYS = "/api/v1/holder-keys"


def wallet() -> SoftwareWallet:
    return SoftwareWallet.of(generate_private_key(SECP256R1()))


def ed25519_wallet() -> SoftwareWallet:
    return SoftwareWallet.of(Ed25519PrivateKey.generate())


def proof_for(browser: Browser, holder: SoftwareWallet) -> str:
    """What the wallet answers to a fresh challenge."""
    asked = browser.json(f"{KEYS}/challenge").get_json()
    return sign_proof(audience=asked["audience"], nonce=asked["nonce"], signer=holder, now=config.now())


def registered(browser: Browser, holder: SoftwareWallet | None = None) -> SoftwareWallet:
    """A wallet of the enterprise that the browser is logged in for."""
    holder = holder or wallet()
    answer = browser.json(KEYS, {"proof": proof_for(browser, holder), "label": "测试钱包"})
    assert answer.status_code == 201, answer.text
    return holder
