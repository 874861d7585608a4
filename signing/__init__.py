"""What is signed and how it is believed. Knows no hub, no database and no network.

QR symbols are in `signing.qr`, imported apart: only they need Pillow and qrcode.
"""

from keys.messages import Message as Sentence
from keys.messages import sentences
from signing.bundle.loading import load_bundle
from signing.codes import CODE_KINDS, MAX_CODE_CHARS, MAX_DYNAMIC_SECONDS, sign_dynamic, sign_plate
from signing.crockford import is_nonce, is_plate_id, new_nonce, new_plate_id, normalise_plate_id
from signing.errors import CodeError, PlateIdError, Reason, SigningError, WrongSignerError
from signing.jws import TOKEN_KINDS, sign_token
from signing.scanned_text import Form, ScanReader, form_of, trimmed
from signing.token_errors import TokenError
from signing.verified_token import (
    CodeKind,
    DynamicClaims,
    PlateClaims,
    TokenKind,
    VerifiedCode,
    VerifiedToken,
)
from signing.verifier import Verifier

SENTENCES = sentences(CodeError, PlateIdError, TokenError, WrongSignerError)

__all__ = [
    "CODE_KINDS",
    "MAX_CODE_CHARS",
    "MAX_DYNAMIC_SECONDS",
    "SENTENCES",
    "TOKEN_KINDS",
    "CodeError",
    "CodeKind",
    "DynamicClaims",
    "Form",
    "PlateClaims",
    "PlateIdError",
    "Reason",
    "ScanReader",
    "Sentence",
    "SigningError",
    "TokenError",
    "TokenKind",
    "VerifiedCode",
    "VerifiedToken",
    "Verifier",
    "WrongSignerError",
    "form_of",
    "is_nonce",
    "is_plate_id",
    "load_bundle",
    "new_nonce",
    "new_plate_id",
    "normalise_plate_id",
    "sign_dynamic",
    "sign_plate",
    "sign_token",
    "trimmed",
]
