"""The platform's signature on PDF documents: PAdES baseline B-B (`hub.documents.signing.pades`).

The certificate is one that the operator was given (`HUB_PDF_CERTIFICATE`), or that of the hub's own demonstration
authority (`hub.documents.signing.authority`).
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import Certificate, load_pem_x509_certificates

from hub.documents.signing.authority import PrivateKey, demonstration_identity
from hub.kernel.errors import SettingsError, UnavailableError
from keys import PRODUCTION_COST, ScryptCost


class PdfCertificateExpiredError(UnavailableError):
    """The certificate that signs documents is not valid now; nothing is signed with it."""

    reason = "PDF_CERTIFICATE_EXPIRED"
    zh = "平台文件签名证书不在有效期内，请联系运维人员。"
    en = "The certificate that signs documents is not valid now; tell the operator."


class PdfCertificateError(SettingsError):
    """The files named by HUB_PDF_CERTIFICATE and HUB_PDF_KEY are not a certificate and its key."""

    reason = "PDF_CERTIFICATE"
    zh = "文件签名证书配置有误。"
    en = "The certificate for documents is configured wrongly."


@dataclass(frozen=True, slots=True)
class PdfIdentity:
    """A certificate (first of `chain`), those above it, and its private key."""

    chain: tuple[Certificate, ...]
    private: PrivateKey | RSAPrivateKey
    is_demonstration: bool

    @property
    def certificate(self) -> Certificate:
        return self.chain[0]

    def is_valid(self, moment: datetime) -> bool:
        return self.certificate.not_valid_before_utc <= moment <= self.certificate.not_valid_after_utc


@dataclass(frozen=True, slots=True)
class PdfSource:
    """Where the identity comes from: files of the operator's, else the demonstration authority in `folder`."""

    folder: Path
    passphrase: str
    host: str
    certificate: Path | None = None
    key: Path | None = None
    key_passphrase: str | None = None
    cost: ScryptCost = PRODUCTION_COST


class PdfSigning:
    """Signs documents. Safe to share among threads.

    The operator's files are opened at once, so that a wrong setting stops the start; the demonstration authority at
    its first use.
    Raises: PdfCertificateError.
    """

    def __init__(self, source: PdfSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._identity = None if source.certificate is None else _of_files(source)

    def identity(self, *, now: datetime) -> PdfIdentity:
        """Return the certificate and key that sign now; the demonstration authority renews its own in time.

        Raises: PdfCertificateError, PdfCertificateExpiredError, KeysError when the authority's folder does not open.
        """
        with self._lock:
            found = self._identity
            if found is None or not found.is_valid(now):
                found = self._identity = open_identity(self._source, now=now)
        if not found.is_valid(now):
            raise PdfCertificateExpiredError
        return found

    def sign(self, pdf: bytes, *, reason: str, now: datetime) -> bytes:
        """Return the document with a certifying signature over the whole of it: any later change breaks it.

        Raises: as `identity`.
        """
        from hub.documents.signing.pades import certify  # noqa: PLC0415  # 30 MB for those who print, and for them alone

        identity = self.identity(now=now)
        return certify(
            pdf, chain=identity.chain, private=identity.private, reason=reason, location=self._source.host
        )


def open_identity(source: PdfSource, *, now: datetime) -> PdfIdentity:
    """Open the operator's files, or the demonstration authority (made when it is not there).

    Raises: PdfCertificateError, KeysError.
    """
    if source.certificate is not None:
        return _of_files(source)
    chain, private = demonstration_identity(
        source.folder, source.passphrase, host=source.host, now=now, cost=source.cost
    )
    return PdfIdentity(tuple(chain), private, is_demonstration=True)


def _of_files(source: PdfSource) -> PdfIdentity:
    if source.certificate is None or source.key is None:
        raise PdfCertificateError("HUB_PDF_CERTIFICATE and HUB_PDF_KEY belong together")
    try:
        chain = tuple(load_pem_x509_certificates(source.certificate.read_bytes()))
        secret = None if source.key_passphrase is None else source.key_passphrase.encode()
        key = load_pem_private_key(source.key.read_bytes(), secret)
    except (OSError, ValueError, TypeError) as error:
        raise PdfCertificateError(f"HUB_PDF_CERTIFICATE or HUB_PDF_KEY cannot be read: {error}") from error
    if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey):
        raise PdfCertificateError("HUB_PDF_KEY must be an RSA or an elliptic curve key")
    if _public(key) != _public(chain[0]):
        raise PdfCertificateError(
            "HUB_PDF_KEY is not the key of the first certificate in HUB_PDF_CERTIFICATE"
        )
    return PdfIdentity(chain, key, is_demonstration=False)


def _public(holder: PrivateKey | RSAPrivateKey | Certificate) -> bytes:
    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
