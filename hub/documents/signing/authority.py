"""The hub's own demonstration authority for documents: a root and one certificate under it, in one private folder.

It shows how signed documents work and vouches for nothing: whoever wants readers to trust the signature puts a
certificate from a licensed authority in its place. Private keys lie in the same envelopes as the signing keys
(`keys.vault`, opened by HUB_KEYS_PASSPHRASE); the certificates lie beside them, `ca.pem` to be given to others.
"""

import os
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from keys import KeyFileDamagedError, RingDamagedError, ScryptCost
from keys.durable_files import FILE_MODE, locked, make_private_folder, read_json, write_json
from keys.vault import VAULT_FILE, Vault, binary

PrivateKey = EllipticCurvePrivateKey

ROOT, SIGNER = "pdf-root", "pdf-signer"
ROOT_PEM = "ca.pem"
ROOT_LIFE = timedelta(days=3653)
SIGNER_LIFE = timedelta(days=731)
RENEW_BEFORE = timedelta(days=30)
BACKDATED = timedelta(minutes=5)  # for readers whose clock is behind
MAX_NAME_CHARS = 64  # X.520: a common name or organisation has no more
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336

Pair = tuple[x509.Certificate, PrivateKey]


def demonstration_identity(
    folder: Path, passphrase: str, *, host: str, now: datetime, cost: ScryptCost
) -> tuple[tuple[x509.Certificate, ...], PrivateKey]:
    """Return the signer's certificate with the root above it, and its key; made, or renewed, where that is due.

    Raises: FolderModeError, EmptyPassphraseError, WrongPassphraseError, RingDamagedError, KeyFileDamagedError.
    """
    make_private_folder(folder)
    with locked(folder):
        has_vault = (folder / VAULT_FILE).exists()
        vault = Vault.open(folder, passphrase) if has_vault else Vault.create(folder, passphrase, cost=cost)
        root = _stored(folder, ROOT, vault)
        if root is None or root[0].not_valid_after_utc < now + SIGNER_LIFE:
            root = _keep(folder, ROOT, vault, _new_root(host, now))
            (folder / f"{SIGNER}.key.json").unlink(missing_ok=True)  # it was under another root
        _write_pem(folder / ROOT_PEM, root[0])
        signer = _stored(folder, SIGNER, vault)
        if signer is None or signer[0].not_valid_after_utc < now + RENEW_BEFORE:
            signer = _keep(folder, SIGNER, vault, _new_signer(host, root, now))
    return (signer[0], root[0]), signer[1]


def _stored(folder: Path, kid: str, vault: Vault) -> Pair | None:
    path = folder / f"{kid}.key.json"
    if not path.is_file():
        return None
    document = read_json(path)
    private = load_der_private_key(vault.unwrap(kid, document), password=None)
    certificate = _certificate(document, path)
    if not isinstance(private, EllipticCurvePrivateKey) or private.public_key() != certificate.public_key():
        raise KeyFileDamagedError(
            f"{path} holds another key than its certificate; delete it to make new ones"
        )
    return certificate, private


def _certificate(document: Mapping[str, object], path: Path) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(binary(document, "certificate"))
    except ValueError as error:
        raise RingDamagedError(f"{path} holds no certificate; restore it from a backup") from error


def _keep(folder: Path, kid: str, vault: Vault, pair: Pair) -> Pair:
    """Write certificate and encrypted key before anything is signed with them."""
    certificate, private = pair
    secret = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    write_json(
        folder / f"{kid}.key.json",
        {
            "version": 1,
            "kid": kid,
            "certificate": b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii"),
            **vault.wrap(kid, secret),
        },
    )
    return pair


def _new_root(host: str, now: datetime) -> Pair:
    private = generate_private_key(SECP256R1())
    name = _name("一照集成演示根 Demonstration CA", host)
    builder = (
        _builder(name, name, private.public_key(), now, ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return builder.sign(private, SHA256()), private


def _new_signer(host: str, root: Pair, now: datetime) -> Pair:
    private = generate_private_key(SECP256R1())
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(_ec_public(root[0]))
    builder = (
        _builder(
            _name("平台签名 Platform signature", host),
            root[0].subject,
            private.public_key(),
            now,
            SIGNER_LIFE,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(authority, critical=False)
    )
    return builder.sign(root[1], SHA256()), private


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    start = now - BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str, host: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, host[:MAX_NAME_CHARS]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _ec_public(certificate: x509.Certificate) -> EllipticCurvePublicKey:
    public = certificate.public_key()
    if not isinstance(public, EllipticCurvePublicKey):
        raise KeyFileDamagedError(
            "the root's certificate is not one of ours; delete the folder to make a new one"
        )
    return public


def _write_pem(path: Path, certificate: x509.Certificate) -> None:
    pem = certificate.public_bytes(Encoding.PEM)
    if path.exists() and path.read_bytes() == pem:
        return
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        file.write(pem)
    fresh.replace(path)
