"""GB/T 36903-2018: the metadata of an electronic license under the element codes that departments exchange."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

from hub.kernel.errors import InvalidInputError
from hub.kernel.identifiers import parse_license_id
from hub.licenses.metadata.holders import HOLDER_CODE_TYPES, ORGANISATION_BY_USCC

STANDARD = "GB/T 36903-2018"
SHANGHAI = timezone(timedelta(hours=8))  # one legal time, no summer time since 1991
MOMENT_FORMAT = "%Y-%m-%d %H:%M:%S"
NO_END = "长期"


class ElementMissingError(InvalidInputError):
    """`field` is the code of the element."""

    reason = "METADATA_MISSING"
    zh = "证照元数据缺少必填的数据元。"
    en = "A mandatory element of the license metadata is missing."


class HolderCodeTypeError(InvalidInputError):
    reason = "METADATA_HOLDER_CODE_TYPE"
    zh = "持证主体代码类型不合规。"
    en = "This kind of holder code is not in the standard."
    field = "CZZTDMLXDM"


@dataclass(frozen=True)
class LicenseMetadata:
    """One license in our terms. Texts are "" and dates None when absent; `valid_to` None means no end (长期).

    `sealed_at` is aware and to the second.
    Raises: ElementMissingError when a mandatory text is blank, HolderCodeTypeError.
    """

    type_name: str
    number: str
    holder: str
    holder_code: str
    holder_code_type: str = ORGANISATION_BY_USCC
    type_code: str = ""
    identifier: str = ""
    issuer: str = ""
    issuer_code: str = ""
    issuer_level: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    sealed_by: str = ""
    sealed_at: datetime | None = None
    seal_name: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        for element in ELEMENTS:
            if element.required and not getattr(self, element.attribute).strip():
                raise ElementMissingError(element.code)
        if self.holder_code_type not in HOLDER_CODE_TYPES:
            raise HolderCodeTypeError


def _write_text(value: str) -> str:
    return value


def _write_date(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _write_end(value: date | None) -> str:
    return NO_END if value is None else value.isoformat()


def _write_moment(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(SHANGHAI).strftime(MOMENT_FORMAT)


def _read_moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT_FORMAT).replace(tzinfo=SHANGHAI)


def _read_identifier(text: str) -> str:
    return str(parse_license_id(text))


@dataclass(frozen=True)
class Element:
    """A data element: its code on the wire, our attribute, how it is written ("" when absent)."""

    code: str
    attribute: str
    write: Callable[[Any], str] = _write_text
    required: bool = False


ELEMENTS: tuple[Element, ...] = (
    Element("ZZMC", "type_name", required=True),
    Element("ZZLXDM", "type_code"),
    Element("ZZBH", "number", required=True),
    Element("ZZBS", "identifier"),
    Element("ZZBFJG", "issuer"),
    Element("ZZBFJGDM", "issuer_code"),
    Element("ZZBFJGJB", "issuer_level"),
    Element("ZZBFRQ", "issued_on", _write_date),
    Element("CZZT", "holder", required=True),
    Element("CZZTDM", "holder_code", required=True),
    Element("CZZTDMLXDM", "holder_code_type"),
    Element("ZZYXQQSRQ", "valid_from", _write_date),
    Element("ZZYXQJZRQ", "valid_to", _write_end),
    Element("ZZQZR", "sealed_by"),
    Element("ZZQZSJ", "sealed_at", _write_moment),
    Element("ZZQZMC", "seal_name"),
    Element("ZT", "state"),
)
HOLDER_CODE_TYPE_NAME = "CZZTDMLX"  # follows from CZZTDMLXDM: written for people
STANDARD_CODES = frozenset({HOLDER_CODE_TYPE_NAME, *(element.code for element in ELEMENTS)})

# What the hub has no column for and passes on as a department delivered it, each with how it is read.
DELIVERED: Mapping[str, tuple[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "ZZLXDM": ("type_code", str),
        "ZZBS": ("identifier", _read_identifier),
        "ZZBFJGDM": ("issuer_code", str),
        "ZZBFJGJB": ("issuer_level", str),
        "ZZQZR": ("sealed_by", str),
        "ZZQZSJ": ("sealed_at", _read_moment),
        "ZZQZMC": ("seal_name", str),
    }
)


def to_36903(record: LicenseMetadata) -> dict[str, str]:
    """Return the record under its element codes; absent elements are left out, no end is 长期, times are Shanghai's."""
    pairs = ((element.code, element.write(getattr(record, element.attribute))) for element in ELEMENTS)
    written = {code: text for code, text in pairs if text}
    written[HOLDER_CODE_TYPE_NAME] = HOLDER_CODE_TYPES[record.holder_code_type]
    return written


def delivered(columns: Mapping[str, str]) -> dict[str, Any]:
    """Return what a department's further columns say under element codes, by attribute.

    What does not hold (an identifier whose check fails, a time in another form) is left out: whoever receives the export
    could not tell it from one that was checked.
    """
    found = {}
    for code, (attribute, read) in DELIVERED.items():
        text = columns.get(code, "").strip()
        value = _held(read, text) if text else None
        if value is not None:
            found[attribute] = value
    return found


def _held(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except (ValueError, InvalidInputError):
        return None
