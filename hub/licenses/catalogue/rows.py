"""Rows of the catalogue as texts: what files, the command line and the database keep, read and checked in one place."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from math import prod
from typing import Final, TypeVar

from hub.kernel.identifiers import IdentifierError, parse_uscc
from hub.kernel.messages import Message
from hub.kernel.visible_characters import is_visible, shows_nothing
from hub.licenses.catalogue.errors import (
    MAX_ALIASES,
    MAX_DAYS,
    MAX_MONTHS,
    MAX_TEXT_CHARS,
    MAX_WAYS,
    LicenseTypeError,
    TypeAuthorityError,
    TypeCodeError,
    TypeColumnsError,
    TypePatternError,
    TypePeriodError,
    TypeRenewalError,
    TypeTextError,
    TypeTwiceError,
    TypeValueError,
)
from hub.licenses.catalogue.rules import (
    SEQUENCE_DIGITS,
    LicenseNature,
    LicenseType,
    NumberCheck,
    RenewalRule,
    WindowUnit,
)

W = TypeVar("W", bound=StrEnum)

KEY: Final = ("code", "valid_from", "valid_to")
COLUMNS: Final = (
    "code", "name", "name_en", "aliases", "department", "department_en", "nature", "validity_months",
    "opens", "closes", "unit", "opens_is_advice", "number_pattern", "number_check", "site_bound",
    "authority_uscc", "authority_seq", "basis", "verified", "valid_from", "valid_to",
)  # fmt: skip
BUSINESS_LICENSE: Final = "business-license"  # names the business license itself among credentials

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,39}\Z")
_TEXTS: Final = ("name", "name_en", "department", "department_en", "basis")
_PER_MONTH: Final = 60 / MAX_DAYS
_CLASS: Final = re.compile(r"\\.|\[[^\]]*\]")  # an escape or a set of characters counts as one character
_REPEATED: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}|([*+?|])")


def read_type(row: Mapping[str, str]) -> LicenseType:
    """Return the kind of license that a row of texts says. Raises: LicenseTypeError leaves, with the column."""
    texts = {name: row.get(name, "") or "" for name in COLUMNS}
    pattern = texts["number_pattern"] or None
    check = _word(texts, "number_check", NumberCheck)
    if check is not NumberCheck.NONE and pattern is None:
        raise TypePatternError
    for name in _TEXTS:
        if not _is_text(texts[name]):
            raise TypeTextError(name)
    kind = LicenseType(
        code=texts["code"],
        name=texts["name"],
        name_en=texts["name_en"],
        aliases=tuple(filter(None, texts["aliases"].split("|"))),
        department=Message(texts["department"], texts["department_en"]),
        nature=_word(texts, "nature", LicenseNature),
        validity_months=_number(texts, "validity_months") if texts["validity_months"] else None,
        renewal=_renewal(texts),
        number_pattern=pattern,
        number_check=check,
        site_bound=_truth(texts, "site_bound"),
        authority_uscc=texts["authority_uscc"],
        authority_seq=texts["authority_seq"],
        basis=texts["basis"],
        verified=_truth(texts, "verified"),
        valid_from=_day(texts, "valid_from"),
        valid_to=_day(texts, "valid_to") if texts["valid_to"] else None,
    )
    check_type(kind)
    return kind


def type_texts(kind: LicenseType) -> dict[str, str]:
    """Return the row of texts that says this kind of license; `read_type` gives the kind back."""
    rule = kind.renewal
    values = {
        **{name: getattr(kind, name) for name in COLUMNS if hasattr(kind, name)},
        "aliases": "|".join(kind.aliases),
        "department": kind.department.zh,
        "department_en": kind.department.en,
        **(
            {}
            if rule is None
            else {name: getattr(rule, name) for name in ("opens", "closes", "unit", "opens_is_advice")}
        ),
    }
    return {name: _text(values.get(name)) for name in COLUMNS}


def read_table(content: bytes) -> tuple[list[LicenseType], list[tuple[int, LicenseTypeError]]]:
    """Return the kinds of a CSV file in UTF-8, and for each row that says none its line and why.

    Raises: TypeColumnsError when it is no such table.
    """
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = [(table.line_num, row) for row in table]
    except (UnicodeDecodeError, csv.Error) as error:
        raise TypeColumnsError from error
    if not set(COLUMNS) <= set(table.fieldnames or ()):
        raise TypeColumnsError
    kinds: dict[tuple[str, date], LicenseType] = {}
    faults: list[tuple[int, LicenseTypeError]] = []
    for line, row in rows:
        try:
            kind = read_type(row)
            if (kind.code, kind.valid_from) in kinds:
                raise TypeTwiceError
        except LicenseTypeError as error:
            faults.append((line, error))
            continue
        kinds[kind.code, kind.valid_from] = kind
    return list(kinds.values()), faults


def write_table(kinds: Iterable[LicenseType]) -> str:
    """Return the CSV that `read_table` reads."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(type_texts, kinds))
    return out.getvalue()


def check_type(kind: LicenseType) -> None:
    """Hold a kind of license against what every row must be. Raises: LicenseTypeError leaves."""
    if not _CODE.match(kind.code) or kind.code == BUSINESS_LICENSE:
        raise TypeCodeError
    texts = type_texts(kind)
    for name in _TEXTS:
        if not _is_text(texts[name]):
            raise TypeTextError(name)
    if len(kind.aliases) > MAX_ALIASES or not all(map(_is_text, kind.aliases)):
        raise TypeTextError("aliases")
    if kind.validity_months is not None and not 0 < kind.validity_months <= MAX_MONTHS:
        raise TypeValueError("validity_months")
    _check_renewal(kind.renewal)
    if kind.number_pattern is not None:
        _check_pattern(kind.number_pattern)
    _check_authority(kind)
    if kind.valid_to is not None and kind.valid_to < kind.valid_from:
        raise TypePeriodError


def _check_renewal(rule: RenewalRule | None) -> None:
    if rule is None:
        return
    most = MAX_DAYS * _PER_MONTH if rule.unit is WindowUnit.MONTHS else MAX_DAYS
    if not 0 <= rule.closes <= rule.opens <= most:
        raise TypeRenewalError


def _check_pattern(pattern: str) -> None:
    """A pattern that could be tried in very many ways on one number would hold up an import for ever."""
    plain = _CLASS.sub("x", pattern)
    if len(pattern) > MAX_TEXT_CHARS or not pattern.endswith(r"\Z") or "(?" in plain:
        raise TypePatternError
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        raise TypePatternError from error
    ways = [_ways(found) for found in _REPEATED.finditer(plain)]
    if None in ways or prod(each or 1 for each in ways) > MAX_WAYS:
        raise TypePatternError


def _ways(found: re.Match[str]) -> int | None:
    """In how many ways a repetition can be tried; None: without bound."""
    least, is_range, most, sign = found.groups()
    if sign is not None:
        return 2 if sign in "?|" else None
    if not is_range:
        return 1 if int(least) <= MAX_TEXT_CHARS else None
    return int(most) - int(least) + 1 if most and int(most) <= MAX_TEXT_CHARS else None


def _check_authority(kind: LicenseType) -> None:
    seq, code = kind.authority_seq, kind.authority_uscc
    if seq and (len(seq) != SEQUENCE_DIGITS or not (seq.isascii() and seq.isdigit())):
        raise TypeAuthorityError("authority_seq")
    try:
        if code and parse_uscc(code).code != code:
            raise TypeAuthorityError
    except IdentifierError as error:
        raise TypeAuthorityError from error


def _is_text(text: str) -> bool:
    return (
        0 < len(text) <= MAX_TEXT_CHARS
        and text == text.strip()
        and is_visible(text)
        and not shows_nothing(text)
    )


def _renewal(texts: Mapping[str, str]) -> RenewalRule | None:
    if not texts["unit"]:
        if texts["opens"] or texts["closes"]:
            raise TypeRenewalError("unit")
        return None
    return RenewalRule(
        opens=_number(texts, "opens"),
        closes=_number(texts, "closes"),
        unit=_word(texts, "unit", WindowUnit),
        opens_is_advice=_truth(texts, "opens_is_advice"),
    )


def _number(texts: Mapping[str, str], name: str) -> int:
    text = texts[name]
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_MONTHS))):
        raise TypeValueError(name)
    return int(text)


def _truth(texts: Mapping[str, str], name: str) -> bool:
    if texts[name] not in {"true", "false"}:
        raise TypeValueError(name)
    return texts[name] == "true"


def _day(texts: Mapping[str, str], name: str) -> date:
    try:
        found = date.fromisoformat(texts[name])
    except ValueError as error:
        raise TypeValueError(name) from error
    if found.isoformat() != texts[name]:
        raise TypeValueError(name)
    return found


def _word(texts: Mapping[str, str], name: str, words: type[W]) -> W:
    try:
        return words(texts[name])
    except ValueError as error:
        raise TypeValueError(name) from error


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)
