"""Certificates for documents: the demonstration authority in its folder, the operator's own files, their mistakes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import Certificate

from hub.config import Settings
from hub.documents.signing.authority import ROOT_PEM, demonstration_identity
from hub.documents.signing.signer import (
    PdfCertificateError,
    PdfCertificateExpiredError,
    PdfSigning,
    PdfSource,
)
from hub.kernel.errors import SettingsError
from keys import FolderModeError, KeyFileDamagedError, ScryptCost, WrongPassphraseError

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CHEAP = ScryptCost(n=2)
PASSPHRASE = "pass"
Private = ec.EllipticCurvePrivateKey


def made(
    folder: Path, *, now: datetime = NOW, passphrase: str = PASSPHRASE
) -> tuple[tuple[Certificate, ...], Private]:
    return demonstration_identity(folder, passphrase, host="hub.example", now=now, cost=CHEAP)


def write_files(folder: Path, *, secret: str | None = None, key: object = None) -> PdfSource:
    """The files an operator would name, with a certificate of the demonstration authority's making."""
    chain, private = made(folder / "ca")
    certificate, path = folder / "chain.pem", folder / "key.pem"
    certificate.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in chain))
    chosen = key or private
    lock = NoEncryption() if secret is None else BestAvailableEncryption(secret.encode())
    path.write_bytes(chosen.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))  # type: ignore[attr-defined]  # a key
    return PdfSource(folder / "unused", "pass", "hub.example", certificate, path, secret, CHEAP)


def test_the_authority_is_made_once(tmp_path: Path) -> None:
    chain, private = made(tmp_path / "ca")
    again, same = made(tmp_path / "ca", now=NOW + timedelta(days=300))

    assert chain == again
    assert private.private_numbers() == same.private_numbers()
    chain[0].verify_directly_issued_by(chain[1])
    chain[1].verify_directly_issued_by(chain[1])
    assert (tmp_path / "ca" / ROOT_PEM).read_bytes() == chain[1].public_bytes(Encoding.PEM)


def test_no_private_key_lies_open(tmp_path: Path) -> None:
    _, private = made(tmp_path / "ca")
    secret = private.private_numbers().private_value.to_bytes(32, "big")

    for path in (tmp_path / "ca").iterdir():
        assert secret not in path.read_bytes()
        assert b"PRIVATE" not in path.read_bytes()


def test_the_signer_is_renewed_before_it_ends_and_the_root_stays(tmp_path: Path) -> None:
    chain, _ = made(tmp_path / "ca")
    renewed, _ = made(tmp_path / "ca", now=chain[0].not_valid_after_utc - timedelta(days=29))

    assert renewed[0] != chain[0]
    assert renewed[1] == chain[1]


def test_a_root_that_would_end_before_its_signer_is_made_anew(tmp_path: Path) -> None:
    chain, _ = made(tmp_path / "ca")
    later = chain[1].not_valid_after_utc - timedelta(days=100)
    renewed, _ = made(tmp_path / "ca", now=later)

    assert renewed[1] != chain[1]
    renewed[0].verify_directly_issued_by(renewed[1])
    assert renewed[0].not_valid_after_utc <= renewed[1].not_valid_after_utc


def test_a_wrong_passphrase_an_open_folder_and_a_twisted_file_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ca"
    made(folder)
    with pytest.raises(WrongPassphraseError):
        made(folder, passphrase="other")  # of a test
    (folder / "pdf-signer.key.json").write_bytes((folder / "pdf-root.key.json").read_bytes())
    with pytest.raises(KeyFileDamagedError):
        made(folder)
    folder.chmod(0o755)
    with pytest.raises(FolderModeError):
        made(folder)


@pytest.mark.parametrize("secret", [None, "geheim"])
def test_the_operators_own_certificate_signs_in_its_place(tmp_path: Path, secret: str | None) -> None:
    source = write_files(tmp_path, secret=secret)
    identity = PdfSigning(source).identity(now=NOW)

    assert not identity.is_demonstration
    assert len(identity.chain) == 2
    assert not source.folder.exists()


def test_an_ended_certificate_of_the_operators_signs_nothing(tmp_path: Path) -> None:
    signing = PdfSigning(write_files(tmp_path))

    with pytest.raises(PdfCertificateExpiredError):
        signing.identity(now=NOW + timedelta(days=4_000))
    with pytest.raises(PdfCertificateExpiredError):
        signing.identity(now=NOW - timedelta(days=1))


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        rsa.generate_private_key(65537, 2048),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["another", "rsa", "ed25519"],
)
def test_a_key_of_another_certificate_stops_the_start(tmp_path: Path, key: object) -> None:
    with pytest.raises(PdfCertificateError, match="HUB_PDF_KEY"):
        PdfSigning(write_files(tmp_path, key=key))


def test_files_that_are_no_certificate_or_do_not_open_stop_the_start(tmp_path: Path) -> None:
    good = write_files(tmp_path, secret="geheim")  # of a test
    assert good.certificate is not None
    assert good.key is not None
    for certificate, key, secret in (
        (good.key, good.key, "geheim"),
        (good.certificate, good.certificate, "geheim"),
        (good.certificate, good.key, "falsch"),
        (good.certificate, good.key, None),
        (tmp_path / "absent", good.key, "geheim"),
    ):
        with pytest.raises(PdfCertificateError, match="cannot be read"):
            PdfSigning(PdfSource(tmp_path / "x", "pass", "hub.example", certificate, key, secret, CHEAP))


@pytest.mark.parametrize("name", ["HUB_PDF_CERTIFICATE", "HUB_PDF_KEY"])
def test_a_certificate_and_its_key_are_set_together(environ: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match="belong together"):
        Settings.from_env(environ | {name: "/srv/x.pem"})
