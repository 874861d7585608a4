"""电子证照标识, the electronic license identifier (GB/T 36904-2018).

`1.2.156.3005.2.<type 21>.<issuer>.<serial>.<version 3>.<check>`; the check is ISO 7064 MOD 37,36 over the
first four parts joined without dots and without the root.
"""

from dataclasses import dataclass
from typing import Final

from hub.kernel.identifiers.checks import ALPHABET_36, DIGITS, hybrid_check
from hub.kernel.identifiers.folding import fold
from hub.kernel.identifiers.problems import IdentifierError, IdentifierProblem, shown, unusual
from hub.kernel.identifiers.uscc import USCC_CHARS

LICENSE_ID_ROOT: Final = "1.2.156.3005.2"
TYPE_CHARS: Final = 21  # the defining authority's USCC and a sequence of three digits
MAX_SERIAL_CHARS: Final = 64  # longest seen is a UUID of 32; more does not fit the identifier's printed line
MAX_VERSION: Final = 999
_PARTS: Final = 5
_ALPHABET: Final = frozenset(ALPHABET_36)
_DIGITS: Final = frozenset(DIGITS)


@dataclass(frozen=True, slots=True, order=True)
class LicenseId:
    """An identifier whose parts and check hold; it cannot be made otherwise (IdentifierError).

    The issuer part may be a region code, which older data has.
    """

    text: str

    def __post_init__(self) -> None:
        if problems := _problems(self.text):
            raise IdentifierError("license_id", problems)

    def __str__(self) -> str:
        return self.text

    @property
    def parts(self) -> tuple[str, str, str, str, str]:
        """Type, issuer, serial, version, check."""
        kind, issuer, serial, version, check = self.text[len(LICENSE_ID_ROOT) + 1 :].split(".")
        return kind, issuer, serial, version, check

    @property
    def type_code(self) -> str:
        return self.parts[0]

    @property
    def issuer(self) -> str:
        return self.parts[1]

    @property
    def serial(self) -> str:
        return self.parts[2]

    @property
    def version(self) -> int:
        return int(self.parts[3])


def parse_license_id(text: str) -> LicenseId:
    """Return the identifier in `text`, read tolerantly: NFKC, upper case, without white space and invisible characters.

    Raises: IdentifierError with LICENSE_ID_ROOT, _PARTS, _ALPHABET, _VERSION or _CHECK.
    """
    return LicenseId(fold(text, keep_hyphens=True))


def _problems(text: str) -> tuple[IdentifierProblem, ...]:
    value = shown(text)
    if not text.startswith(LICENSE_ID_ROOT + "."):
        return (*unusual(text, value), IdentifierProblem("LICENSE_ID_ROOT", 0, value))
    start = len(LICENSE_ID_ROOT) + 1
    parts = text[start:].split(".")
    out = unusual(text, value)
    out += [] if _well_shaped(parts) else [IdentifierProblem("LICENSE_ID_PARTS", None, value)]
    foreign = [i for i, c in enumerate(text[start:], start) if c != "." and c not in _ALPHABET]
    out += [IdentifierProblem("LICENSE_ID_ALPHABET", i, value) for i in foreign]
    if len(parts) == _PARTS and not _is_version(parts[3]):
        out.append(IdentifierProblem("LICENSE_ID_VERSION", text.index(parts[3], start), value))
    if not out and hybrid_check("".join(parts[:4]), ALPHABET_36) != parts[4]:
        out.append(IdentifierProblem("LICENSE_ID_CHECK", len(text) - 1, value))
    return tuple(out)


def _well_shaped(parts: list[str]) -> bool:
    if len(parts) != _PARTS:
        return False
    kind, issuer, serial, _, check = parts
    shaped_type = len(kind) == TYPE_CHARS and _DIGITS.issuperset(kind[USCC_CHARS:])
    return (
        shaped_type
        and 0 < len(issuer) <= USCC_CHARS
        and 0 < len(serial) <= MAX_SERIAL_CHARS
        and len(check) == 1
    )


def _is_version(text: str) -> bool:
    return len(text) == 3 and _DIGITS.issuperset(text) and text != "000"  # noqa: PLR2004  # three digits by the standard
