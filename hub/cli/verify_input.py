"""What was given to `hub verify`: a text, a text in a file, or the codes in a picture."""

import codecs
from pathlib import Path

import click

from hub.codes.picture_reading import MAX_PICTURE_BYTES
from hub.codes.pictures import PictureCodes, sort_out, texts_in
from hub.kernel.errors import InvalidInputError
from hub.kernel.sandbox import Sandbox
from signing import ScanReader

MAX_FILE_BYTES = 64 * 1024  # a presentation with every field of a license is 10 KB
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
_MARKS = (  # at the beginning of a text file; the longer ones first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_DOCUMENTS = ("%PDF-", "<")


def shown(code_or_file: str, *, origin: str, sandbox: Sandbox) -> PictureCodes:
    """Return the texts to verify, and the codes of others in the same picture. `origin`: whose codes are ours.

    Raises: OSError; click.ClickException for a picture without a code or that cannot be read; ParserBusyError,
    ParserAwayError.
    """
    path = Path(code_or_file)
    if not _is_file(path):
        return PictureCodes((code_or_file,), ())
    with path.open("rb") as file:
        raw = file.read(MAX_PICTURE_BYTES + 1)
    text = None if path.suffix.lower() in PICTURE_SUFFIXES else _text(raw)
    if text is not None:
        return PictureCodes((text,), ())
    try:
        return sort_out(texts_in(raw, sandbox=sandbox), ScanReader([origin]))
    except InvalidInputError as error:
        raise click.ClickException(f"{path}: {error.message.en} {error.message.zh}") from error


def tell_passed_over(codes: PictureCodes) -> None:
    """Name the codes of others, beside the verdicts and not among them."""
    for each in codes.passed_over:
        click.echo(f"hub: not ours and not checked: {each}. 非本系统的码，未核验。", err=True)


def _text(raw: bytes) -> str | None:
    """The text in a file; None for what is none, or is a document: no code begins so. A leading mark is an editor's."""
    if not raw or len(raw) > MAX_FILE_BYTES:
        return None
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text or text.lstrip("\ufeff \t\r\n").startswith(_DOCUMENTS) else text


def _is_file(path: Path) -> bool:
    """Something that is there; or a name that can only be meant as a file, so that its absence is told."""
    try:
        return (bool(path.name) and path.exists()) or path.suffix.lower() in PICTURE_SUFFIXES
    except (OSError, ValueError):  # longer than a path may be, or with a NUL: a text
        return False
