"""A certifying PAdES B-B signature (ETSI EN 319 142-1) by pyHanko; `hub.documents.signing.signer` decides who signs.

Apart from it because pyHanko and what it needs take 30 MB, which a web process has no use for before it prints.
"""

from collections.abc import Sequence
from io import BytesIO

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "PlatformSignature"
SIGNATURE_BYTES = 16 * 1024  # room for a chain of four certificates; the signature itself is 72 bytes


def certify(
    pdf: bytes,
    *,
    chain: Sequence[Certificate],
    private: EllipticCurvePrivateKey | RSAPrivateKey,
    reason: str,
    location: str,
) -> bytes:
    """Return the document with a signature over the whole of it by the first of `chain`: any later change breaks it."""
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        location=location,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signed = BytesIO()
    PdfSigner(metadata, signer=_signer(chain, private), new_field_spec=SigFieldSpec(FIELD)).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), output=signed, bytes_reserved=SIGNATURE_BYTES
    )
    return signed.getvalue()


def _signer(chain: Sequence[Certificate], private: EllipticCurvePrivateKey | RSAPrivateKey) -> SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # no hints in pyHanko here
    store.register_multiple(Asn1Certificate.load(each.public_bytes(Encoding.DER)) for each in chain)
    secret = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=Asn1Certificate.load(chain[0].public_bytes(Encoding.DER)),
        signing_key=PrivateKeyInfo.load(secret),
        cert_registry=store,
    )
